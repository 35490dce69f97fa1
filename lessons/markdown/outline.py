"""The outline of a lesson: its comments and notes, found line by line before Markdown is parsed.

Markdown must not see comments and speaker notes. They are masked with as many other characters, so
that every offset in the masked text is an offset in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lessons.markdown.markers import MARK, OPENING, parse_marker

FILLER = "\ue000"
"""Replaces a masked character beside text. Markdown takes it for a letter; readers remove it."""

CommentKind = Literal["comment", "note"]

_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_RESERVED = re.compile("[\0\ud800-\udfff\ue000-\ue00f]")
_HEXADECIMAL = re.compile(r"(&(?:amp;)*#[xX]0*)[eE]00[0-9a-fA-F](?![0-9a-fA-F])")
_DECIMAL = re.compile(r"(&(?:amp;)*#0*)573(?:4[4-9]|5\d)(?!\d)")
"""Character references that mean a reserved character."""
_OWN_TAG = re.compile(r"(</?narrate)-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A part of a text: `text` is `whole[start:start + len(text)]`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment or speaker notes. The span from `start` to `end` was masked."""

    kind: CommentKind
    inside: SourceSpan
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """`masked` is as long as the text."""

    masked: str
    comments: tuple[Comment, ...]

    @property
    def has_notes(self) -> bool:
        return any(comment.kind == "note" for comment in self.comments)


def clean_text(text: str) -> str:
    """A file's text with line ends, NUL, halves of surrogate pairs, and what the reader reserves
    for itself replaced, without moving any character."""
    text = _RESERVED.sub("\ufffd", text.replace("\r\n", " \n").replace("\r", "\n"))
    if "&" in text:
        text = _DECIMAL.sub(r"\g<1>65533", _HEXADECIMAL.sub(r"\g<1>fffd", text))
    return _OWN_TAG.sub(r"\1_", text)


def read_outline(text: str, unclosed: Callable[[int], None]) -> Outline:
    """The outline of a text that `clean_text` has cleaned. `unclosed` is told the offset of a
    comment that has no end; what follows it is then read as text."""
    return _OutlineReader(text, unclosed).read()


class _OutlineReader:
    """Reads a text line by line and masks what Markdown must not see."""

    def __init__(self, text: str, unclosed: Callable[[int], None]) -> None:
        self.text, self.unclosed = text, unclosed
        self.lines: list[SourceSpan] = []
        start = 0
        for line in text.split("\n"):
            self.lines.append(SourceSpan(line, start))
            start += len(line) + 1
        self.masked: list[str] = []
        self.comments: list[Comment] = []
        self.last_close = text.rfind("-->")
        self.fence = ""  # what closes the code block that is being read

    def read(self) -> Outline:
        number = 0
        while number < len(self.lines):
            number = self._read_line(number) + 1
        return Outline("".join(self.masked), tuple(self.comments))

    def _read_line(self, number: int) -> int:
        """Read a line, and those that belong to it; returns the number of the last of them."""
        line = self.lines[number].text
        if self.fence:
            if _closes(line, self.fence):
                self.fence = ""
        elif opened := _FENCE.match(line):
            self.fence = opened[1]
        elif line.startswith(MARK + "notes"):
            return self._mask_notes(number)
        else:
            return self._mask_comments(number)
        self.masked.append(line + self._line_end(number))
        return number

    def _line_end(self, number: int) -> str:
        return "\n" if number + 1 < len(self.lines) else ""

    def _mask_notes(self, first: int) -> int:
        """Mask notes up to their end; returns the number of their last line."""
        depth, last = 0, first
        for last in range(first, len(self.lines)):
            found = parse_marker(self.lines[last].text)
            if found is not None and found[0].name in OPENING:
                depth += 1
            elif found is not None and found[0].name == "end":
                depth -= 1
            if depth == 0:
                break
        start, stop = self.lines[first].start, self.lines[last].end
        begin = self.lines[first].end + 1
        finish = self.lines[last].start if depth == 0 else stop
        inside = SourceSpan(self.text[begin:finish], begin)
        if last > first:
            self.comments.append(Comment("note", inside, start, stop))
        self.masked.append(_fill_with(self.text[start:stop], " ") + self._line_end(last))
        return last

    def _mask_comments(self, number: int) -> int:
        """Mask the comments that begin in a line; returns the number of the last line read."""
        at, stop = self.lines[number].start, self.lines[number].end
        comments = _CommentFinder(self.text, stop)
        first = True
        while (begin := comments.find(at)) is not None:
            close = -1 if begin > self.last_close else self.text.find("-->", begin + 4)
            if close < 0:
                self.unclosed(begin)
                self.masked.append(self.text[at:begin] + FILLER * 4)
                at, first = begin + 4, False
                continue
            end = close + 3
            while self.lines[number].end < end:
                number += 1
            if stop != self.lines[number].end:
                stop = self.lines[number].end
                comments = _CommentFinder(self.text, stop)
            inside = SourceSpan(self.text[begin + 4 : close], begin + 4)
            self.comments.append(Comment("comment", inside, begin, end))
            alone = first and not self.text[at:begin].strip() and not self.text[end:stop].strip()
            self.masked.append(self.text[at:begin])
            self.masked.append(_fill_with(self.text[begin:end], " " if alone else FILLER))
            at, first = end, False
        self.masked.append(self.text[at:stop] + self._line_end(number))
        return number


def _closes(line: str, fence: str) -> bool:
    bare = line.strip().lstrip("> \t")
    return bare.startswith(fence) and not bare.strip(fence[0])


_TICKS = re.compile("`+")


class _CommentFinder:
    """Finds the comments of a line that are not in a code span, from left to right."""

    def __init__(self, text: str, stop: int) -> None:
        self.text, self.stop = text, stop
        self.begin = -2  # of the comment that was found last; -1: there are no more
        self.missing: set[int] = set()  # lengths of runs of backticks that nothing closes

    def find(self, at: int) -> int | None:
        """The next `<!--` from `at` on."""
        while True:
            if self.begin != -1 and self.begin < at:
                self.begin = self.text.find("<!--", at, self.stop)
            if self.begin < 0:
                return None
            run = _TICKS.search(self.text, at, self.begin)
            if run is None:
                return self.begin
            at = self._skip_code(run)

    def _skip_code(self, opening: re.Match[str]) -> int:
        """The end of the code span that a run of backticks opens, or of the run itself."""
        length = len(opening[0])
        if length not in self.missing:
            for run in _TICKS.finditer(self.text, opening.end(), self.stop):
                if len(run[0]) == length:
                    return run.end()
            self.missing.add(length)
        return opening.end()


def _fill_with(text: str, filler: str) -> str:
    return "".join(c if c == "\n" else filler for c in text)
