"""The SSML 1.1 elements that spoken text may carry, and what becomes of each.

https://www.w3.org/TR/speech-synthesis11/

break      a pause: `time` (500ms, 2s) or `strength`
sub        `alias` is said, the text is captioned
phoneme    `ph` is said; `alphabet` ipa, x-sampa or arpabet
say-as     `interpret-as`, `format`: see `lessons.say_as`
emphasis   `level` strong, moderate, reduced or none
prosody    `rate` x-slow … x-fast, 80%, +10%, 1.2; nested rates multiply
lang       `xml:lang`: said by the voice that the course's `voices` names for the language
p, s       part paragraphs and sentences

Elements may nest, run over several sentences of a paragraph, and stand inside Markdown's own
emphasis. What is not honoured is a finding of severity error, with its line: other attributes of
`prosody`, `voice`, `audio`, `mark`, vendors' elements, unknown values, an element that is not
closed in its paragraph or crosses another. Captions show the text as it is written, and neither
they nor slides show the tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from lessons.inline import Tag
from lessons.model import Emphasis, Severity
from lessons.phonetic import ALPHABETS, alphabet_of, to_ipa
from lessons.say_as import DATE_FORMATS, INTERPRETATIONS, is_known_in, read_as
from lessons.settings import LANGUAGE
from lessons.speakable import say
from lessons.speakable.reader import share_reading
from lessons.speakable.words import Atom

LONGEST_PAUSE_MS = 60_000
SLOWEST, FASTEST = 0.5, 2.0
"""Of words against their sentence; beyond these every voice slurs or gabbles."""

_DURATION = re.compile(r"\s*\+?(\d{1,6}(?:\.\d{1,3})?|\.\d{1,3})\s*(ms|s|sec|seconds?)?\s*", re.I)
# SSML 1.1 leaves the strengths of a break to the processor; these are the usual ones, in ms.
_STRENGTHS = {
    "none": 0,
    "x-weak": 100,
    "weak": 200,
    "medium": 400,
    "strong": 700,
    "x-strong": 1200,
}
# And the labels of a rate; slow and fast are those of slideSonnet's paces.
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
_REFUSED = {
    "voice": "Give the voice a note of its own: <!-- say(voice=NAME): … -->.",
    "audio": "Take it out; a lesson's own sound is its 'recording'.",
    "mark": "Take it out.",
    "token": "Take it out, or use <phoneme> or <sub>.",
    "w": "Take it out, or use <phoneme> or <sub>.",
    "lexicon": "Write a lexicon.yaml beside the course.yaml.",
    "lookup": "Write a lexicon.yaml beside the course.yaml.",
    "meta": "Take it out.",
    "metadata": "Take it out.",
}
OPENING = frozenset({"sub", "phoneme", "say-as", "emphasis", "prosody", "lang", "mark"})
"""Elements that are closed. A `sub` or `mark` without attributes is HTML's, and changes nothing."""


class AddFinding(Protocol):
    """Takes a finding's code, message, remedy, offset in the file and severity."""

    def __call__(
        self, code: str, message: str, remedy: str, at: int, severity: Severity = ...
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Style:
    """How words are said: see `lessons.model.Token`."""

    rate: float = 1.0
    emphasis: Emphasis = ""
    language: str | None = None


PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Element:
    """An open element: the style inside it, and where it begins in the file."""

    tag: Tag
    at: int
    style: Style
    reads: Literal["", "sub", "phoneme", "say-as"] = ""

    @property
    def matters(self) -> bool:
        """Whether it is SSML's, and not HTML's of the same name."""
        return bool(self.reads) or self.tag.name not in ("sub", "mark")


def parse_duration_ms(text: str) -> int | None:
    """`2s`, `500ms`, `1.5` (seconds), held to LONGEST_PAUSE_MS; None for anything else."""
    asked = _parse_ms(text)
    return None if asked is None else min(asked, LONGEST_PAUSE_MS)


def _parse_ms(text: str) -> int | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    factor = 1 if (match[2] or "s").lower() == "ms" else 1000
    return round(float(match[1]) * factor)


def read_break_ms(tag: Tag, at: int, remark: AddFinding) -> int:
    time, strength = tag.attributes.get("time"), tag.attributes.get("strength", "medium")
    if time is not None:
        asked = _parse_ms(time)
        if asked is not None:
            if asked > LONGEST_PAUSE_MS:
                remark(
                    "ssml-attribute",
                    f"The break of {time} is held to {LONGEST_PAUSE_MS // 1000} s.",
                    f"Wait {LONGEST_PAUSE_MS // 1000} s at most.",
                    at,
                )
            return min(asked, LONGEST_PAUSE_MS)
        remark(
            "ssml-attribute",
            f"The break's time {time!r} is not a duration.",
            'Write <break time="500ms"/> or <break time="2s"/>.',
            at,
        )
    elif strength not in _STRENGTHS:
        remark(
            "ssml-attribute",
            f"A break has no strength {strength!r}.",
            f"Write one of {', '.join(_STRENGTHS)}.",
            at,
        )
    return _STRENGTHS.get(strength, _STRENGTHS["medium"])


def report_unread(tag: Tag, at: int, remark: AddFinding) -> None:
    """Say of an element that is no part of HTML's inline text that it is not honoured."""
    html = tag.name == "mark" and "name" not in tag.attributes and not tag.empty
    if not tag.closing and not html and (tag.name in _REFUSED or ":" in tag.name):
        remedy = _REFUSED.get(tag.name, "Take it out: it is one service's own.")
        message = f"The element <{tag.name}> is not honoured; text inside it is read as usual."
        remark("ssml-unread", message, remedy, at)


def open_element(tag: Tag, at: int, style: Style, language: str, remark: AddFinding) -> Element:
    """The element that a tag opens in text of a style. `language` is the utterance's own."""
    plain = Element(tag, at, style)

    def wrong(message: str, remedy: str) -> Element:
        remark("ssml-attribute", message, remedy, at)
        return plain

    values = tag.attributes
    match tag.name:
        case "sub":
            return replace(plain, reads="sub") if "alias" in values else plain
        case "phoneme":
            alphabet = alphabet_of(values.get("alphabet", ""))
            if alphabet is None:
                return wrong(
                    f"The phonetic alphabet {values['alphabet']!r} is not known; the text is read.",
                    f"Write it in one of {', '.join(ALPHABETS)}.",
                )
            if "ph" not in values:
                return wrong(
                    "This <phoneme> has no ph attribute and is read as it is written.",
                    'Write <phoneme ph="…">.',
                )
            if to_ipa(values["ph"], alphabet) is None:
                return wrong(
                    f"{values['ph']!r} is no pronunciation in {alphabet}; the text is read.",
                    'Write it as <phoneme ph="ˈhɔɪɡənz">.',
                )
            return replace(plain, reads="phoneme")
        case "say-as":
            return _open_say_as(plain, style.language or language, wrong)
        case "emphasis":
            level = values.get("level", "moderate")
            if level not in _LEVELS:
                return wrong(
                    f"There is no level of emphasis {level!r}.",
                    f"Write one of {', '.join(_LEVELS)}.",
                )
            return replace(plain, style=replace(style, emphasis=_LEVELS[level]))
        case "prosody":
            return _open_prosody(plain, wrong)
        case "lang":
            name = values.get("xml:lang", "").replace("_", "-")
            if not LANGUAGE.fullmatch(name):
                return wrong(
                    f"{name!r} is no language tag; the text is read as usual."
                    if name
                    else "This <lang> names no language; its text is read as usual.",
                    'Write <lang xml:lang="fr">.',
                )
            other = None if name.lower() == language.lower() else name
            return replace(plain, style=replace(style, language=other))
        case _:
            return plain


class _Refuse(Protocol):
    def __call__(self, message: str, remedy: str) -> Element: ...


def _open_say_as(element: Element, language: str, wrong: _Refuse) -> Element:
    values = element.tag.attributes
    name, format = values.get("interpret-as", ""), values.get("format", "")
    if name not in INTERPRETATIONS:
        return wrong(
            f"There is no way of reading {name!r}; the text is read as usual."
            if name
            else "This <say-as> has no interpret-as; its text is read as usual.",
            f"Write one of {', '.join(INTERPRETATIONS)}, or use <sub>.",
        )
    if not is_known_in(name, language):
        return wrong(
            f"Text in the language {language} cannot be read as {name}; it is read as usual.",
            'Say it in words: <sub alias="…">.',
        )
    if name == "date" and format.lower() not in ("", *DATE_FORMATS):
        return wrong(
            f"There is no date format {format!r}; the text is read as usual.",
            f"Write one of {', '.join(DATE_FORMATS)}.",
        )
    return Element(element.tag, element.at, element.style, "say-as")


def _open_prosody(element: Element, wrong: _Refuse) -> Element:
    values, style = element.tag.attributes, element.style
    others = [name for name in values if name != "rate"]
    if others:
        wrong(
            f"Of <prosody>, {', '.join(others)} cannot be honoured.",
            "Take it out; rate is honoured, and <emphasis> makes words stand out.",
        )
    if "rate" not in values:
        return element if others else wrong(
            "This <prosody> has no rate and changes nothing.", 'Write <prosody rate="slow">.'
        )  # fmt: skip
    factor = _parse_rate(values["rate"].strip().lower())
    if factor is None:
        return wrong(
            f"The rate {values['rate']!r} is not understood.",
            f"Write one of {', '.join(_RATES)}, or 80%, +10% or 1.2.",
        )
    rate = round(style.rate * factor, 4)
    if not SLOWEST <= rate <= FASTEST:
        wrong(
            f"The rate comes to {rate:g}; it is held to {SLOWEST:g} to {FASTEST:g}.",
            f"Keep it from {SLOWEST:.0%} to {FASTEST:.0%}.",
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
    element: Element, written: Sequence[str], language: str, remark: AddFinding
) -> list[Atom]:
    """What an element with a reading of its own says for each of the words written in it."""
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
            remark(
                "ssml-say-as",
                f"{text!r} cannot be read as {values['interpret-as']}"
                f"{' ' + values['format'] if values.get('format') else ''}; it is read as usual.",
                "Correct the one or the other, or say it with <sub>.",
                element.at,
            )
            spoken = say(text, language)
    if not spoken:
        return [Atom("said", word) for word in written]
    parts = share_reading(spoken, len(written))
    return [Atom("said", word, part or " ") for word, part in zip(written, parts, strict=True)]
