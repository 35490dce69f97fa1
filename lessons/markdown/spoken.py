"""The words of a paragraph, each with the style that SSML asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from foundation.cjk import split_clauses
from lessons.directives import audio_tags, ssml
from lessons.directives.ssml import PLAIN, AddFinding, Element, Style
from lessons.markdown.inline import Bit, Tag, parse_tag
from lessons.markdown.line_ends import BROKEN, ends_line
from lessons.speakable import ATOM, Atom, WrittenWord

_SPACES = " \t\n\r\f\v\u2028\u2029\u3000"
_PIECE = re.compile(f"[^{_SPACES}]+")
_BROKEN_TAG = re.compile(
    r"</?(?:break|sub|phoneme|say-as|emphasis|prosody|lang|voice|audio|mark)(?=[\s/>])"
)
_ENDS = ",;:!?…"
"""Punctuation at the end of an element with a reading; it belongs to the sentence."""

DEEPEST = 24
"""How many elements may be open; real scripts nest two or three."""


class StyledWord(NamedTuple):
    word: WrittenWord
    style: Style


@dataclass(frozen=True, slots=True)
class ParagraphWords:
    """The words of a paragraph, and by the index of the following word: `breaks`, the pauses in ms
    that the script asks for, `stops`, where it ends a paragraph (True) or sentence (False), and
    `paces`, factors on the rate of the sentence that this word is in."""

    words: tuple[StyledWord, ...]
    breaks: dict[int, int]
    stops: dict[int, bool]
    paces: dict[int, float] = field(default_factory=dict)


def collect_words(bits: Sequence[Bit], language: str, add_finding: AddFinding) -> ParagraphWords:
    """The words of a paragraph. `language` applies where SSML does not name another."""
    collector = _WordCollector(language, add_finding)
    for bit in bits:
        collector.add(bit)
    return collector.finish()


@dataclass(slots=True)
class _Piece:
    """A word or a part of one, or ATOM with its atom, and its position in the file. `begins` says
    that white space is before it."""

    text: str
    start: int
    end: int
    style: Style
    begins: bool
    atom: Atom | None = None


@dataclass(slots=True)
class _WordCollector:
    language: str
    add_finding: AddFinding
    pieces: list[_Piece] = field(default_factory=list)
    spaced: bool = True  # whether white space is before the next piece
    # Each with its index in `pieces`: pauses (ms), stops (True: of a paragraph), open elements.
    breaks: list[tuple[int, int]] = field(default_factory=list)
    stops: list[tuple[bool, int]] = field(default_factory=list)
    broken: list[tuple[None, int]] = field(default_factory=list)  # lines
    paces: list[tuple[float, int]] = field(default_factory=list)
    opened: list[tuple[Element, int]] = field(default_factory=list)

    def add(self, bit: Bit) -> None:
        match bit.kind:
            case "text" if bit.plain:
                self._look_for_broken_tags(bit)
                self._add_tagged_text(bit)
            case "text" | "break":
                if bit.kind == "break" and bit.text == BROKEN:
                    self.broken.append((None, len(self.pieces)))
                self._add_text(bit)
            case "code" | "formula":
                atom = Atom(bit.kind, bit.text)
                self.pieces.append(_Piece(ATOM, bit.start, bit.end, self._style, self.spaced, atom))
                self.spaced = False
            case "html":
                if (tag := parse_tag(bit.text)) is not None:
                    self._read_tag(tag, bit.start)
            case _:
                pass

    def _look_for_broken_tags(self, bit: Bit) -> None:
        for match in _BROKEN_TAG.finditer(bit.text):
            self.add_finding(
                "ssml-broken",
                f"{match[0]!r} begins an SSML element that is not written correctly; it is read as "
                "text.",
                'Write it like <break time="1s"/> or <sub alias="…">…</sub>, with straight quotes. '
                "If you mean the sign itself, write \\<.",
                bit.start + match.start(),
                severity="error",
            )

    def finish(self) -> ParagraphWords:
        for element, _ in self.opened:
            if element.matters:
                self.add_finding(
                    "ssml-open",
                    f"The SSML element <{element.tag.name}> is not closed in its paragraph"
                    f"{', so its text is read as usual' if element.reads else ''}.",
                    f"Open it and close it with </{element.tag.name}> in every paragraph where it "
                    "applies.",
                    element.at,
                )
        words: list[StyledWord] = []
        before = [0]  # words that have begun before a piece
        for run in _split_runs(self.pieces):
            words.append(_make_word(run))
            before += [len(words)] * len(run)
        breaks: dict[int, int] = {}
        for ms, at in self.breaks:
            if ms:
                index = before[at]
                breaks[index] = min(breaks.get(index, 0) + ms, ssml.LONGEST_PAUSE_MS)
        stops: dict[int, bool] = {}
        for whole, at in self.stops:
            stops[before[at]] = stops.get(before[at], False) or whole
        for _, at in self.broken:
            index = before[at]
            around = [styled.word.text for styled in words[max(index - 1, 0) : index + 1]]
            if index and len(around) == 2 and ends_line(*around):
                stops.setdefault(index, False)
        paces = {before[at]: rate for rate, at in self.paces}
        return ParagraphWords(tuple(words), breaks, stops, paces)

    @property
    def _style(self) -> Style:
        return self.opened[-1][0].style if self.opened else PLAIN

    def _add_tagged_text(self, bit: Bit) -> None:
        """Add text in which signs in brackets may ask for a pause, a sound or a manner."""
        done = 0
        for found in audio_tags.TAG.finditer(bit.text):
            tag = audio_tags.read_tag(found[1])
            if tag is None:
                continue
            self._add_text(_cut_text(bit, done, found.start()))
            done = found.end()
            trailing = audio_tags.TRAILING.match(bit.text, done)
            if trailing and tag.kind != "sound":
                done = trailing.end()
                self._end_before_sign(_cut_text(bit, trailing.start(), done))
            self._obey_tag(tag, found[0], bit.start + found.start(), bit.start + found.end())
        self._add_text(_cut_text(bit, done, len(bit.text)) if done else bit)

    def _end_before_sign(self, punctuation: Bit) -> None:
        """Put the punctuation behind a sign that leaves no words to the word before it, unless that
        ends with some."""
        last = self.pieces[-1].text[-1:] if self.pieces else "."
        self.spaced = not self.pieces
        if last not in _ENDS + ".":
            self._add_text(punctuation)

    def _obey_tag(self, tag: audio_tags.AudioTag, text: str, start: int, end: int) -> None:
        match tag.kind:
            case "pause":
                self.breaks.append((tag.pause_ms, len(self.pieces)))
                self.spaced = True
            case "sound":
                atom = Atom("sound", text)
                self.pieces.append(_Piece(ATOM, start, end, self._style, self.spaced, atom))
                self.spaced = False
            case "manner" if tag.rate != 1.0:
                self.paces.append((tag.rate, len(self.pieces)))
            case _:
                self.add_finding(
                    "tag-manner",
                    f"{text!r} asks for a manner of speaking that no voice here has, so it is left "
                    "out.",
                    "It may stay. Where words should stand out, write <emphasis>…</emphasis> or "
                    '<prosody rate="slow">…</prosody>.',
                    start,
                    severity="note",
                )

    def _add_text(self, bit: Bit) -> None:
        style, spaced, behind = self._style, self.spaced, 0
        for found in _PIECE.finditer(bit.text):
            start, end = found.span()
            spaced, behind = spaced or start > behind, end
            if bit.plain:
                start, end = bit.start + start, bit.start + end
            else:
                start, end = bit.start, bit.end
            for clause in split_clauses(found[0]):  # of Chinese and Japanese, without spaces
                if bit.plain:
                    end = start + len(clause)
                self.pieces.append(_Piece(clause, start, end, style, spaced))
                spaced, start = True, end if bit.plain else start
            spaced = False
        self.spaced = spaced or behind < len(bit.text)

    def _read_tag(self, tag: Tag, at: int) -> None:
        ssml.report_unread(tag, at, self.add_finding)
        if tag.name == "break":
            if not tag.closing:
                ms = ssml.read_break_ms(tag, at, self.add_finding)
                self.breaks.append((ms, len(self.pieces)))
                self.spaced = True
        elif tag.name in ("p", "s"):
            self.stops.append((tag.name == "p", len(self.pieces)))
            self.spaced = True
        elif tag.name in ("br", "div", "li", "td", "tr"):
            if tag.name == "br":
                self.broken.append((None, len(self.pieces)))
            self.spaced = True
        elif tag.name not in ssml.OPENING:
            return
        elif tag.closing:
            self._close_element(tag, at)
        elif not tag.empty:
            self._open_element(tag, at)
            if tag.name == "voice":
                self._end_sentence()
        elif tag.name != "mark":
            self.add_finding(
                "ssml-empty",
                f"The SSML element <{tag.name}/> is empty and changes nothing.",
                f"Put it around the words that it applies to: <{tag.name} …>…</{tag.name}>.",
                at,
            )

    def _end_sentence(self) -> None:
        """Let a sentence end here, since one voice says a whole one."""
        self.stops.append((False, len(self.pieces)))

    def _open_element(self, tag: Tag, at: int) -> None:
        if len(self.opened) >= DEEPEST:
            self.add_finding(
                "ssml-deep",
                f"More than {DEEPEST} SSML elements are open here, so this one is ignored.",
                "Close the elements that are no longer needed.",
                at,
            )
            return
        element = ssml.open_element(tag, at, self._style, self.language, self.add_finding)
        outer = next((e for e, _ in self.opened if e.reads), None)
        if outer is not None and (element.reads or element.style != self._style):
            self.add_finding(
                "ssml-nested",
                f"<{tag.name}> has no effect inside <{outer.tag.name}>, which replaces its text.",
                f"Put <{outer.tag.name}> inside <{tag.name}> instead.",
                at,
            )
            element = replace(element, reads="", style=self._style)
        self.opened.append((element, len(self.pieces)))

    def _close_element(self, tag: Tag, at: int) -> None:
        matching = [n for n, (e, _) in enumerate(self.opened) if e.tag.name == tag.name]
        if not matching:
            if tag.name not in ("sub", "mark"):
                self.add_finding(
                    "ssml-close",
                    f"</{tag.name}> closes an element that is not open.",
                    f"Delete it, or open <{tag.name}> in the same paragraph.",
                    at,
                )
            return
        innermost = matching[-1]
        element, begin = self.opened.pop(innermost)
        crossed = [inner for inner, _ in self.opened[innermost:] if inner.matters]
        if crossed and element.matters:
            self.add_finding(
                "ssml-crossing",
                f"<{element.tag.name}> is closed before <{crossed[0].tag.name}>, which was opened "
                "inside it.",
                f"Close <{crossed[0].tag.name}> before <{element.tag.name}>.",
                at,
            )
        if element.reads:
            self._replace_by_atoms(element, begin)
        if tag.name == "voice":
            self._end_sentence()

    def _replace_by_atoms(self, element: Element, begin: int) -> None:
        """Replace the words since `begin` by atoms with the reading of the element."""
        ends = _ENDS + "." * (element.reads == "phoneme")
        self._cut_end(begin, ends)
        inside = self.pieces[begin:]
        after: list[_Piece] = []
        while inside and not inside[-1].text.strip(ends):
            after.append(inside.pop())
        after.reverse()
        runs = list(_split_runs(inside))
        written = [_make_word(run).word.written for run in runs]
        if not written:
            self.add_finding(
                "ssml-empty",
                f"The SSML element <{element.tag.name}> contains no text, so it is not spoken.",
                "Put it around the text that the captions show.",
                element.at,
            )
            return
        atoms = iter(ssml.read_element(element, written, self.language, self.add_finding))
        kept: list[_Piece] = []
        moved: list[int] = []  # the new index by the old one, both counted from `begin`
        for run in runs:
            moved += [len(kept)] * len(run)
            first = run[0]
            kept.append(
                _Piece(ATOM, first.start, run[-1].end, first.style, first.begins, next(atoms))
            )
        moved += range(len(kept), len(kept) + len(after) + 1)
        self.pieces[begin:] = [*kept, *after]
        self._move_positions(begin, moved)

    def _cut_end(self, begin: int, ends: str) -> None:
        """Make a piece of the punctuation `ends` at the end of the last word since `begin`."""
        at = len(self.pieces) - 1
        while at >= begin and not self.pieces[at].text.strip(ends):
            at -= 1
        if at < begin:
            return
        last = self.pieces[at]
        bare = last.text.rstrip(ends)
        if bare == last.text:
            return
        plain = last.end - last.start == len(last.text)
        cut = last.start + len(bare)
        self.pieces[at : at + 1] = [
            replace(last, text=bare, end=cut if plain else last.end),
            _Piece(
                last.text[len(bare) :], cut if plain else last.start, last.end, last.style, False
            ),
        ]
        self._move_positions(at, [0, *range(2, len(self.pieces) - at + 1)])

    def _move_positions(self, begin: int, moved: Sequence[int]) -> None:
        for positions in (self.breaks, self.stops, self.broken, self.paces, self.opened):
            _shift_positions(positions, begin, moved)


def _cut_text(bit: Bit, start: int, end: int) -> Bit:
    """A part of plain text."""
    text = bit.text[start:end]
    return replace(bit, text=text, start=bit.start + start, end=bit.start + end)


def _split_runs(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """The pieces of each word."""
    run: list[_Piece] = []
    for piece in pieces:
        if piece.begins and run:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _shift_positions(positions: list[tuple[Any, int]], begin: int, moved: Sequence[int]) -> None:
    """Move the positions after `begin` to their new indices. `positions` must be in order."""
    for n in reversed(range(len(positions))):
        what, at = positions[n]
        if at <= begin:
            return
        positions[n] = (what, begin + moved[at - begin])


def _make_word(run: Sequence[_Piece]) -> StyledWord:
    """A word of which a part is styled has that style as a whole, since voices say whole words."""
    if len(run) == 1 and run[0].atom is None:
        piece = run[0]
        return StyledWord(WrittenWord(piece.text, (), piece.start, piece.end), piece.style)
    text = "".join(piece.text for piece in run)
    atoms = tuple(piece.atom for piece in run if piece.atom is not None)
    lettered = [
        piece.style for piece in run if piece.atom is not None or any(map(str.isalnum, piece.text))
    ]
    style = next((s for s in lettered if s != PLAIN), PLAIN) if lettered else run[0].style
    return StyledWord(WrittenWord(text, atoms, run[0].start, run[-1].end), style)
