"""The bits of a paragraph to words, with what SSML asks for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from lessons import ssml
from lessons.inline import Bit, Tag, parse_tag
from lessons.speakable import ATOM, Atom, WrittenWord
from lessons.ssml import PLAIN, AddFinding, Element, Style

_SPACE = frozenset(" \t\n\r\f\v\u2028\u2029\u3000")
_BROKEN_TAG = re.compile(
    r"</?(?:break|sub|phoneme|say-as|emphasis|prosody|lang|voice|audio|mark)(?=[\s/>])"
)
_ENDS = ",;:!?…"
"""Punctuation that belongs to the sentence where an element with a reading ends with it."""

DEEPEST = 24
"""Open elements; nobody nests four."""


@dataclass(frozen=True, slots=True)
class StyledWord:
    word: WrittenWord
    style: Style


@dataclass(frozen=True, slots=True)
class ParagraphWords:
    """The words of a paragraph. `breaks` are the pauses (ms) that the script asks for, `stops` the
    ends of sentences (False) and paragraphs (True), by the index of the word that follows."""

    words: tuple[StyledWord, ...]
    breaks: dict[int, int]
    stops: dict[int, bool]


def collect_words(bits: Sequence[Bit], language: str, remark: AddFinding) -> ParagraphWords:
    """`language` is that of the text, where SSML names no other."""
    collector = _WordCollector(language, remark)
    for bit in bits:
        collector.take(bit)
    return collector.finish()


@dataclass(slots=True)
class _Char:
    """A character, or ATOM with its atom, and its place in the file."""

    char: str
    start: int
    end: int
    style: Style
    atom: Atom | None = None


@dataclass(slots=True)
class _WordCollector:
    language: str
    remark: AddFinding
    chars: list[_Char] = field(default_factory=list)
    # Each with its index into chars: pauses in ms, ends (of a paragraph: True), open elements.
    asked: list[tuple[int, int]] = field(default_factory=list)
    parted: list[tuple[bool, int]] = field(default_factory=list)
    opened: list[tuple[Element, int]] = field(default_factory=list)

    def take(self, bit: Bit) -> None:
        match bit.kind:
            case "text" if bit.plain:
                self._look_for_broken_tags(bit)
                for offset, char in enumerate(bit.text, start=bit.start):
                    self._add(char, offset, offset + 1)
            case "text" | "break":
                for char in bit.text:
                    self._add(char, bit.start, bit.end)
            case "code" | "formula":
                self._add(ATOM, bit.start, bit.end, Atom(bit.kind, bit.text))
            case "html":
                if (tag := parse_tag(bit.text)) is not None:
                    self._tag(tag, bit.start)
            case _:
                pass

    def _look_for_broken_tags(self, bit: Bit) -> None:
        for match in _BROKEN_TAG.finditer(bit.text):
            self.remark(
                "ssml-broken",
                f"{match[0]!r} begins an SSML element that is not written rightly; it is read as "
                "text.",
                'Write it as <break time="1s"/> or <sub alias="…">…</sub>, with straight quotes; '
                "or \\< if the sign is meant.",
                bit.start + match.start(),
                severity="error",
            )

    def finish(self) -> ParagraphWords:
        for element, _ in self.opened:
            if element.matters:
                self.remark(
                    "ssml-open",
                    f"The SSML element <{element.tag.name}> is not closed in its paragraph"
                    f"{'; its text is read' if element.reads else ''}.",
                    f"Close it with </{element.tag.name}>, in every paragraph that it is for.",
                    element.at,
                )
        words: list[StyledWord] = []
        before = [0] * (len(self.chars) + 1)  # words that have begun before a character
        position = 0
        for space, group in groupby(self.chars, key=lambda char: char.char in _SPACE):
            run = list(group)
            if not space:
                words.append(_make_word(run))
            for _ in run:
                position += 1
                before[position] = len(words)
        breaks: dict[int, int] = {}
        for ms, at in self.asked:
            if ms:
                index = before[at]
                breaks[index] = min(breaks.get(index, 0) + ms, ssml.LONGEST_PAUSE_MS)
        stops: dict[int, bool] = {}
        for whole, at in self.parted:
            stops[before[at]] = stops.get(before[at], False) or whole
        return ParagraphWords(tuple(words), breaks, stops)

    @property
    def _style(self) -> Style:
        return self.opened[-1][0].style if self.opened else PLAIN

    def _add(self, char: str, start: int, end: int, atom: Atom | None = None) -> None:
        self.chars.append(_Char(char, start, end, self._style, atom))

    def _tag(self, tag: Tag, at: int) -> None:
        ssml.report_unread(tag, at, self.remark)
        if tag.name == "break":
            if not tag.closing:
                self.asked.append((ssml.read_break_ms(tag, at, self.remark), len(self.chars)))
                self._add(" ", at, at)
        elif tag.name in ("p", "s"):
            self.parted.append((tag.name == "p", len(self.chars)))
            self._add(" ", at, at)
        elif tag.name in ("br", "div", "li", "td", "tr"):
            self._add(" ", at, at)
        elif tag.name not in ssml.OPENING:
            return
        elif tag.closing:
            self._close(tag, at)
        elif not tag.empty:
            self._open(tag, at)
        elif tag.name != "mark":
            self.remark(
                "ssml-empty",
                f"The SSML element <{tag.name}/> holds no text and changes nothing.",
                f"Put it around the words that it is for: <{tag.name} …>…</{tag.name}>.",
                at,
            )

    def _open(self, tag: Tag, at: int) -> None:
        if len(self.opened) >= DEEPEST:
            self.remark(
                "ssml-deep",
                f"More than {DEEPEST} SSML elements are open here; this one changes nothing.",
                "Close them.",
                at,
            )
            return
        element = ssml.open_element(tag, at, self._style, self.language, self.remark)
        outer = next((e for e, _ in self.opened if e.reads), None)
        if outer is not None and (element.reads or element.style != self._style):
            self.remark(
                "ssml-nested",
                f"<{tag.name}> inside <{outer.tag.name}> has no effect: that is said instead.",
                f"Put <{outer.tag.name}> inside <{tag.name}>.",
                at,
            )
            element = replace(element, reads="", style=self._style)
        self.opened.append((element, len(self.chars)))

    def _close(self, tag: Tag, at: int) -> None:
        matching = [n for n, (e, _) in enumerate(self.opened) if e.tag.name == tag.name]
        if not matching:
            if tag.name not in ("sub", "mark"):
                self.remark(
                    "ssml-close",
                    f"There is no <{tag.name}> open that </{tag.name}> could close.",
                    "Take it out, or open the element in the same paragraph.",
                    at,
                )
            return
        place = matching[-1]
        element, begin = self.opened.pop(place)
        crossed = [inner for inner, _ in self.opened[place:] if inner.matters]
        if crossed and element.matters:
            self.remark(
                "ssml-crossing",
                f"<{element.tag.name}> and <{crossed[0].tag.name}> cross each other.",
                f"Close <{crossed[0].tag.name}> before <{element.tag.name}>.",
                at,
            )
        if element.reads:
            self._read(element, begin)

    def _read(self, element: Element, begin: int) -> None:
        """Make atoms, said as the element asks, of the words since `begin`."""
        ends = _ENDS + "." * (element.reads == "phoneme")
        inside = self.chars[begin:]
        after: list[_Char] = []
        while inside and (inside[-1].char in _SPACE or inside[-1].char in ends):
            after.insert(0, inside.pop())
        runs = [
            (space, list(group))
            for space, group in groupby(inside, key=lambda char: char.char in _SPACE)
        ]
        written = [_make_word(run).word.written for space, run in runs if not space]
        if not written:
            self.remark(
                "ssml-empty",
                f"The SSML element <{element.tag.name}> holds no text and is not said.",
                "Put it around the text that captions show.",
                element.at,
            )
            return
        atoms = iter(ssml.read_element(element, written, self.language, self.remark))
        kept: list[_Char] = []
        moved: list[int] = []  # from the old index to the new one, both less `begin`
        for space, run in runs:
            moved += range(len(kept), len(kept) + len(run)) if space else [len(kept)] * len(run)
            if space:
                kept += run
            else:
                kept.append(_Char(ATOM, run[0].start, run[-1].end, run[0].style, next(atoms)))
        moved += range(len(kept), len(kept) + len(after) + 1)
        self.chars[begin:] = [*kept, *after]

        for places in (self.asked, self.parted, self.opened):
            _shift_positions(places, begin, moved)


def _shift_positions(places: list[tuple[Any, int]], begin: int, moved: Sequence[int]) -> None:
    """Set the places (in order) that lie after `begin` to where they are now."""
    for n in reversed(range(len(places))):
        what, at = places[n]
        if at <= begin:
            return
        places[n] = (what, begin + moved[at - begin])


def _make_word(run: Sequence[_Char]) -> StyledWord:
    """A word that is styled in a part of it has that style as a whole: voices say words."""
    text = "".join(char.char for char in run)
    atoms = tuple(char.atom for char in run if char.char == ATOM and char.atom is not None)
    letters = [char.style for char in run if char.char.isalnum() or char.atom is not None]
    style = next((s for s in letters if s != PLAIN), PLAIN) if letters else run[0].style
    return StyledWord(WrittenWord(text, atoms, run[0].start, run[-1].end), style)
