"""The SSML 1.1 elements that spoken text may contain, and what each of them does.

https://www.w3.org/TR/speech-synthesis11/

break      a pause: `time` (500ms, 2s) or `strength`
sub        `alias` is spoken, the text is captioned
phoneme    `ph` is spoken; `alphabet` is ipa, x-sampa or arpabet
say-as     `interpret-as`, `format`: see `lessons.directives.say_as`
emphasis   `level` strong, moderate, reduced or none
prosody    `rate` x-slow … x-fast, 80%, +10%, 1.2; nested rates multiply
lang       `xml:lang`: spoken by the voice that `voices` in the course names for the language
voice      `name`: a speaker of the course, or a voice
p, s       divide paragraphs and sentences

Elements may be nested, span several sentences of a paragraph, and be inside the emphasis of
Markdown. A voice says whole sentences, so `voice` divides them. Whatever is not supported gives a
finding of severity error, with its line: other attributes of `prosody`, `audio`, `mark`, vendors'
elements, unknown values, and an element that is not closed in its paragraph or that
overlaps another. Captions show the text as it is written, and neither captions nor slides show the
tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from foundation.languages import is_tag, normalize_tag
from lessons.directives.phone_alphabets import ALPHABETS, alphabet_of, to_ipa
from lessons.directives.say_as import DATE_FORMATS, INTERPRETATIONS, is_known_in, read_as
from lessons.markdown.inline import Tag
from lessons.model import Emphasis, Severity
from lessons.speakable import say
from lessons.speakable.reader import share_reading
from lessons.speakable.words import Atom

LONGEST_PAUSE_MS = 60_000
SLOWEST, FASTEST = 0.5, 2.0
"""Factors on the rate of the sentence. Beyond them every voice becomes unintelligible."""

_DURATION = re.compile(
    r"\s*\+?(\d{1,6}(?:\.\d{1,3})?|\.\d{1,3})(?:\s*(ms|s|sec|seconds?))?\s*", re.I
)
# SSML 1.1 leaves the strengths of a break to the processor; these are common ones, in ms.
_STRENGTHS = {
    "none": 0,
    "x-weak": 100,
    "weak": 200,
    "medium": 400,
    "strong": 700,
    "x-strong": 1200,
}
# Likewise the labels of a rate. slow and fast are those of the paces in slideSonnet.
_RATES = {
    "x-slow": 0.7,
    "slow": 0.85,
    "medium": 1.0,
    "default": 1.0,
    "fast": 1.15,
    "x-fast": 1.35,
}
_RATE = re.compile(r"([+-]?)(\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(%?)")
_LEVELS: dict[str, Emphasis] = {
    "strong": "strong",
    "moderate": "moderate",
    "reduced": "reduced",
    "none": "",
}
_UNSUPPORTED = {
    "audio": "Delete it; to use a recorded voice, set 'recording' in the lesson.",
    "mark": "Delete it.",
    "token": "Delete it, or use <phoneme> or <sub>.",
    "w": "Delete it, or use <phoneme> or <sub>.",
    "lexicon": "Write a lexicon.yaml next to course.yaml.",
    "lookup": "Write a lexicon.yaml next to course.yaml.",
    "meta": "Delete it.",
    "metadata": "Delete it.",
}
OPENING = frozenset({"sub", "phoneme", "say-as", "emphasis", "prosody", "lang", "voice", "mark"})
"""Elements that are closed. Without attributes, `sub` and `mark` are HTML and do nothing."""


class AddFinding(Protocol):
    """Adds a finding, given its rule, message, remedy, offset in the file and severity."""

    def __call__(
        self, rule: str, message: str, remedy: str, at: int, severity: Severity = ...
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Style:
    """How words are said; the fields are those of `lessons.model.Token`. `voice` is the speaker or
    the voice that `<voice>` names; it is the same for all words of a sentence."""

    rate: float = 1.0
    emphasis: Emphasis = ""
    language: str | None = None
    voice: str | None = None


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Element:
    """An open element: the style inside it, and the offset in the file where it begins.

    `reads` names the element if it replaces the reading of its text.
    """

    tag: Tag
    at: int
    style: Style
    reads: Literal["", "sub", "phoneme", "say-as"] = ""

    @property
    def matters(self) -> bool:
        """Whether this is SSML, and not the HTML element of the same name."""
        return bool(self.reads) or self.tag.name not in ("sub", "mark")


def parse_duration_ms(text: str) -> int | None:
    """The duration of `2s`, `500ms` or `1.5` (seconds), at most LONGEST_PAUSE_MS; None for
    any other text."""
    asked = _parse_ms(text)
    return None if asked is None else min(asked, LONGEST_PAUSE_MS)


def _parse_ms(text: str) -> int | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    factor = 1 if (match[2] or "s").lower() == "ms" else 1000
    return round(float(match[1]) * factor)


def read_break_ms(tag: Tag, at: int, add_finding: AddFinding) -> int:
    time, strength = tag.attributes.get("time"), tag.attributes.get("strength", "medium")
    if time is not None:
        asked = _parse_ms(time)
        if asked is not None:
            if asked > LONGEST_PAUSE_MS:
                add_finding(
                    "ssml-attribute",
                    f"The break of {time} is shortened to {LONGEST_PAUSE_MS // 1000} s.",
                    f"Make the break {LONGEST_PAUSE_MS // 1000} s or shorter.",
                    at,
                )
            return min(asked, LONGEST_PAUSE_MS)
        add_finding(
            "ssml-attribute",
            f"The time {time!r} of the break is not a duration.",
            'Write <break time="500ms"/> or <break time="2s"/>.',
            at,
        )
    elif strength not in _STRENGTHS:
        add_finding(
            "ssml-attribute",
            f"{strength!r} is not a strength of a break.",
            f"Use one of {', '.join(_STRENGTHS)}.",
            at,
        )
    return _STRENGTHS.get(strength, _STRENGTHS["medium"])


def report_unread(tag: Tag, at: int, add_finding: AddFinding) -> None:
    """Add a finding if the element is not supported and is not inline HTML either."""
    html = tag.name == "mark" and "name" not in tag.attributes and not tag.empty
    if not tag.closing and not html and (tag.name in _UNSUPPORTED or ":" in tag.name):
        remedy = _UNSUPPORTED.get(tag.name, "Delete it; only one speech service understands it.")
        message = f"The element <{tag.name}> is not supported; text inside it is read as usual."
        add_finding("ssml-unread", message, remedy, at)


def open_element(
    tag: Tag, at: int, style: Style, language: str, add_finding: AddFinding
) -> Element:
    """The element that a tag opens in text of a style. `language` is that of the utterance."""
    plain = Element(tag, at, style)

    def refuse(message: str, remedy: str) -> Element:
        add_finding("ssml-attribute", message, remedy, at)
        return plain

    match tag.name:
        case "sub" if "alias" in tag.attributes:
            return replace(plain, reads="sub")
        case "phoneme":
            return _open_phoneme(plain, refuse)
        case "say-as":
            return _open_say_as(plain, style.language or language, refuse)
        case "emphasis":
            return _open_emphasis(plain, refuse)
        case "prosody":
            return _open_prosody(plain, refuse)
        case "lang":
            return _open_lang(plain, language, refuse)
        case "voice":
            return _open_voice(plain, refuse)
        case _:
            return plain


class _Refuse(Protocol):
    """Adds a finding about an element and returns the element without any effect."""

    def __call__(self, message: str, remedy: str) -> Element: ...


def _open_phoneme(element: Element, refuse: _Refuse) -> Element:
    values = element.tag.attributes
    alphabet = alphabet_of(values.get("alphabet", ""))
    if alphabet is None:
        return refuse(
            f"{values['alphabet']!r} is not a known phonetic alphabet, so the text is read "
            "as usual.",
            f"Use one of {', '.join(ALPHABETS)}.",
        )
    if "ph" not in values:
        return refuse(
            "This <phoneme> has no ph attribute, so its text is read as usual.",
            'Write <phoneme ph="…">.',
        )
    if to_ipa(values["ph"], alphabet) is None:
        return refuse(
            f"{values['ph']!r} is not a pronunciation in {alphabet}, so the text is read as usual.",
            'Write it like <phoneme ph="ˈhɔɪɡənz">.',
        )
    return replace(element, reads="phoneme")


def _open_emphasis(element: Element, refuse: _Refuse) -> Element:
    level = element.tag.attributes.get("level", "moderate")
    if level not in _LEVELS:
        return refuse(
            f"{level!r} is not a level of emphasis.",
            f"Use one of {', '.join(_LEVELS)}.",
        )
    return replace(element, style=replace(element.style, emphasis=_LEVELS[level]))


def _open_lang(element: Element, language: str, refuse: _Refuse) -> Element:
    name = element.tag.attributes.get("xml:lang", "")
    if not is_tag(name):
        return refuse(
            f"{name!r} is not a language tag, so the text is read as usual."
            if name
            else "This <lang> does not name a language, so its text is read as usual.",
            'Write <lang xml:lang="fr">.',
        )
    name = normalize_tag(name)
    other = None if name.lower() == language.lower() else name
    return replace(element, style=replace(element.style, language=other))


def _open_voice(element: Element, refuse: _Refuse) -> Element:
    name = " ".join(element.tag.attributes.get("name", "").split())
    if not name:
        return refuse(
            "This <voice> does not name a speaker or a voice, so its text is read as usual.",
            'Write <voice name="…"> with one of `speakers` in course.yaml, or with a voice; '
            "`narrate voices` lists them.",
        )
    return replace(element, style=replace(element.style, voice=name))


def _open_say_as(element: Element, language: str, refuse: _Refuse) -> Element:
    values = element.tag.attributes
    name, format = values.get("interpret-as", ""), values.get("format", "")
    if name not in INTERPRETATIONS:
        return refuse(
            f"{name!r} is not a value of interpret-as, so the text is read as usual."
            if name
            else "This <say-as> has no interpret-as, so its text is read as usual.",
            f"Use one of {', '.join(INTERPRETATIONS)}, or use <sub>.",
        )
    if not is_known_in(name, language):
        return refuse(
            f"Text in the language {language} cannot be read as {name}, so it is read as usual.",
            'Write it in words: <sub alias="…">.',
        )
    if name == "date" and format.lower() not in ("", *DATE_FORMATS):
        return refuse(
            f"{format!r} is not a date format, so the text is read as usual.",
            f"Use one of {', '.join(DATE_FORMATS)}.",
        )
    return Element(element.tag, element.at, element.style, "say-as")


def _open_prosody(element: Element, refuse: _Refuse) -> Element:
    values, style = element.tag.attributes, element.style
    others = [name for name in values if name != "rate"]
    if others:
        refuse(
            f"These attributes of <prosody> are not supported: {', '.join(others)}.",
            "Delete them. Only rate is supported; use <emphasis> to make words stand out.",
        )
    if "rate" not in values:
        return element if others else refuse(
            "This <prosody> has no rate, so it changes nothing.", 'Write <prosody rate="slow">.'
        )  # fmt: skip
    factor = _parse_rate(values["rate"].strip().lower())
    if factor is None:
        return refuse(
            f"{values['rate']!r} is not a rate.",
            f"Use one of {', '.join(_RATES)}, or a number like 80%, +10% or 1.2.",
        )
    rate = round(style.rate * factor, 4)
    if not SLOWEST <= rate <= FASTEST:
        refuse(
            f"The rate comes to {rate:g}, which is not between {SLOWEST:g} and {FASTEST:g}; the "
            "nearest of these is used.",
            f"Keep the rate between {SLOWEST:.0%} and {FASTEST:.0%}.",
        )
        rate = min(max(rate, SLOWEST), FASTEST)
    return replace(element, style=replace(style, rate=rate))


def _parse_rate(text: str) -> float | None:
    """`slow`, `80%` (of the rate), `+10%` and `-10%` (a change), `1.2` (a factor)."""
    if text in _RATES:
        return _RATES[text]
    match = _RATE.fullmatch(text)
    if match is None or (match[1] and not match[3]):
        return None
    number = float(match[2]) / (100 if match[3] else 1)
    change = {"+": 1.0 + number, "-": 1.0 - number}
    return change.get(match[1], number)


def read_element(
    element: Element, written: Sequence[str], language: str, add_finding: AddFinding
) -> list[Atom]:
    """The reading of an element, divided among the words written in it."""
    values, language = element.tag.attributes, element.style.language or language
    text = " ".join(written)
    if element.reads == "phoneme":
        ipa = to_ipa(values["ph"], alphabet_of(values.get("alphabet", "")) or "ipa") or ""
        return [
            Atom("phoneme", word, part) if part else Atom("said", word, " ")
            for word, part in zip(written, share_reading(ipa, len(written)), strict=True)
        ]
    if element.reads == "sub":
        spoken: str | None = say(values["alias"], language)
    else:
        spoken = read_as(
            text,
            values["interpret-as"],
            language,
            format=values.get("format", ""),
            detail=values.get("detail", ""),
        )
        if spoken is None:
            add_finding(
                "ssml-say-as",
                f"{text!r} cannot be read as {values['interpret-as']}"
                f"{' ' + values['format'] if values.get('format') else ''}, so it is read as "
                "usual.",
                "Correct the text or the attributes, or use <sub>.",
                element.at,
            )
            spoken = say(text, language)
    if not spoken:
        return [Atom("said", word) for word in written]
    parts = share_reading(spoken, len(written))
    return [Atom("said", word, part or " ") for word, part in zip(written, parts, strict=True)]
