"""Spoken inline content to words, words to sentences, sentences to utterances."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lessons.inline import Bit, Tag, parse_tag
from lessons.model import Token, Utterance
from lessons.sentences import ends_sentence
from lessons.speakable import ATOM, Atom, Reader, Word

SSML_UNREAD = frozenset(
    {"say-as", "emphasis", "prosody", "lang", "voice", "audio", "mark", "p", "s"}
)
"""Elements whose inside is read as if they were not there."""

_REMARKABLE = SSML_UNREAD - {"p", "s"}
_SPACE = frozenset(" \t\n\r\f\v\u2028\u2029\u3000")
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

LONGEST_PAUSE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence after a sentence, after a paragraph and between slides, in milliseconds."""

    sentence: int = 350
    paragraph: int = 600
    slide: int = 800


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a stretch is said: see `Utterance`."""

    step: int = 0
    voice: str | None = None
    rate: float = 1.0


Remark = Callable[[str, str, str, int], None]
"""Takes a finding's code, message, remedy and offset in the file."""


def duration_ms(text: str) -> int | None:
    """`2s`, `500ms`, `1.5` (seconds); None for anything else."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    factor = 1 if (match[2] or "s").lower() == "ms" else 1000
    return min(round(float(match[1]) * factor), LONGEST_PAUSE_MS)


def utter(
    bits: Sequence[Bit],
    delivery: Delivery,
    *,
    pauses: Pauses,
    reader: Reader,
    line_of: Callable[[int], int],
    remark: Remark,
) -> list[Utterance]:
    """The utterances of a paragraph, the last with the paragraph's pause."""
    utterances: list[Utterance] = []
    words, breaks = _words(bits, remark)
    for sentence, pause in _sentences(words, breaks, pauses):
        tokens = tuple(
            Token(said.written, said.spoken, word.start, word.end, said.phones)
            for word, said in zip(sentence, reader.read(sentence), strict=True)
        )
        utterances.append(
            Utterance(
                tokens=tokens,
                pause_ms=pause,
                line=line_of(tokens[0].start),
                step=delivery.step,
                voice=delivery.voice,
                rate=delivery.rate,
            )
        )
    if utterances:
        last = utterances[-1]
        pause = max(last.pause_ms, pauses.paragraph)
        utterances[-1] = replace(last, pause_ms=pause, ends_paragraph=True)
    return utterances


def _sentences(
    words: list[Word], breaks: dict[int, int], pauses: Pauses
) -> list[tuple[list[Word], int]]:
    """Sentences with the silence after them. `breaks` are pauses (ms) before the word at an index:
    they part a sentence too."""
    made: list[tuple[list[Word], int]] = []
    current: list[Word] = []
    for position, word in enumerate(words):
        current.append(word)
        following = words[position + 1] if position + 1 < len(words) else None
        asked = breaks.get(position + 1)
        done = ends_sentence(word.text, following.text if following else None)
        if asked is not None:
            made.append((current, max(asked, 1)))
            current = []
        elif done and following is not None:
            made.append((current, pauses.sentence))
            current = []
    if current:
        made.append((current, pauses.sentence))
    return made


class _Element:
    """An SSML element that is open, and where its inside begins among the characters."""

    def __init__(self, tag: Tag, at: int) -> None:
        self.tag = tag
        self.at = at


def _words(bits: Sequence[Bit], remark: Remark) -> tuple[list[Word], dict[int, int]]:
    """Words parted by white space, and the pauses (ms) by the index of the word they precede."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    atoms: dict[int, Atom] = {}
    pauses: dict[int, int] = {}  # by index into chars
    opened: list[_Element] = []

    def add(char: str, start: int, end: int) -> None:
        chars.append(char)
        starts.append(start)
        ends.append(end)

    def close(element: _Element) -> None:
        """Make one atom of what an element with a reading of its own holds."""
        inside = range(element.at, len(chars))
        written = "".join(
            atoms[i].written if i in atoms else "\u202f" if chars[i] in _SPACE else chars[i]
            for i in inside
        ).strip("\u202f")
        if not written:
            return
        first = next(i for i in inside if chars[i] not in _SPACE)
        last = next(i for i in reversed(inside) if chars[i] not in _SPACE)
        span = starts[first], ends[last]
        del chars[element.at :], starts[element.at :], ends[element.at :]
        for i in [i for i in atoms if i >= element.at]:
            del atoms[i]
        values = element.tag.attributes
        kind = element.tag.name
        atoms[element.at] = (
            Atom("sub", written, values["alias"])
            if kind == "sub"
            else Atom("phoneme", written, values["ph"])
        )
        add(ATOM, *span)

    for bit in bits:
        match bit.kind:
            case "text" if bit.plain:
                for offset, char in enumerate(bit.text, start=bit.start):
                    add(char, offset, offset + 1)
            case "text" | "break":
                for char in bit.text:
                    add(char, bit.start, bit.end)
            case "code" | "formula":
                atoms[len(chars)] = Atom(bit.kind, bit.text)
                add(ATOM, bit.start, bit.end)
            case "html":
                tag = parse_tag(bit.text)
                if tag is None:
                    continue
                if tag.name == "break" and not tag.closing:
                    pauses[len(chars)] = _break_ms(tag, bit.start, remark)
                    add(" ", bit.start, bit.start)
                elif tag.name in ("br", "div", "p", "li", "td", "tr"):
                    add(" ", bit.start, bit.start)
                elif tag.name in ("sub", "phoneme"):
                    if tag.closing:
                        if opened and opened[-1].tag.name == tag.name:
                            close(opened.pop())
                    elif _needed(tag) in tag.attributes:
                        opened.append(_Element(tag, len(chars)))
                    elif tag.name == "phoneme":
                        remark(
                            "ssml-attribute",
                            "This <phoneme> has no ph attribute and is read as it is written.",
                            'Write <phoneme ph="…">.',
                            bit.start,
                        )
                elif tag.name in _REMARKABLE and not tag.closing:
                    remark(
                        "ssml-unread",
                        f"The SSML element <{tag.name}> is not honoured; its text is read.",
                        "Take it out, or say it with <break>, <sub> or <phoneme>.",
                        bit.start,
                    )
            case _:
                pass
    for element in opened:
        remark(
            "ssml-open",
            f"The SSML element <{element.tag.name}> is not closed; its text is read.",
            f"Close it with </{element.tag.name}>.",
            starts[element.at] if element.at < len(starts) else bits[-1].start,
        )
    return _group(chars, starts, ends, atoms, pauses)


def _needed(tag: Tag) -> str:
    return "alias" if tag.name == "sub" else "ph"


def _break_ms(tag: Tag, at: int, remark: Remark) -> int:
    if "time" in tag.attributes:
        asked = duration_ms(tag.attributes["time"])
        if asked is not None:
            return asked
        remark(
            "ssml-attribute",
            f"The break's time {tag.attributes['time']!r} is not a duration.",
            'Write <break time="500ms"/> or <break time="2s"/>.',
            at,
        )
    return _STRENGTHS.get(tag.attributes.get("strength", "medium"), 400)


def _group(
    chars: list[str],
    starts: list[int],
    ends: list[int],
    atoms: dict[int, Atom],
    pauses: dict[int, int],
) -> tuple[list[Word], dict[int, int]]:
    words: list[Word] = []
    breaks: dict[int, int] = {}
    position, size = 0, len(chars)
    waiting = 0
    while position < size:
        waiting += pauses.get(position, 0)
        if chars[position] in _SPACE:
            position += 1
            continue
        if waiting:
            breaks[len(words)] = waiting
            waiting = 0
        first = position
        while position < size and chars[position] not in _SPACE:
            position += 1
        words.append(
            Word(
                "".join(chars[first:position]),
                tuple(atoms[i] for i in range(first, position) if chars[i] == ATOM and i in atoms),
                starts[first],
                ends[position - 1],
            )
        )
    waiting += pauses.get(size, 0)
    if waiting:
        breaks[len(words)] = waiting
    return words, breaks
