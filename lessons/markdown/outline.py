"""The outline of a lesson file, found line by line before Markdown is parsed.

Markdown must not see front matter, comments, separators and speaker notes. They are masked with as
many other characters, so that every offset in the masked text is an offset in the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from foundation.problem import Place
from lessons.errors import LessonError

FILLER = "\ue000"
"""Replaces a masked character beside text. Markdown takes it for a letter; readers remove it."""

CommentKind = Literal["comment", "note"]

_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_RULE = re.compile(r"^(?:-{3,}|--)[ \t]*$")
_NOTE = re.compile(r"[ \t]*notes?:[ \t]*", re.IGNORECASE)
_KEY = re.compile(r"^[A-Za-z_$][\w.$-]*[ \t]*:(?:[ \t]|$)")
_BLOCK = re.compile(r"[ \t]*(?:#{1,6}[ \t]|`{3}|~{3}|[-*+][ \t]|\d{1,9}[.)][ \t]|>|<|\||-{3,}\s*$)")
_SLOT = re.compile(r"^[ \t]*::[\w-]+::[ \t]*$")
_VUE = re.compile(
    r"<(?!phoneme\b|sub\b|say-as\b)[A-Za-z][\w.:-]*(?=[^<>\n]*\s[@:#][\w-])(?:\"[^\"\n]*\"|[^<>\"\n])*>"
)
_FOOTNOTE_TEXT = re.compile(r"^ {0,3}\[\^[^\]\s]{1,40}\]:")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A part of the file: `text` is `file[start:start + len(text)]`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment or the notes of reveal.js. The span from `start` to `end` was masked."""

    kind: CommentKind
    inside: SourceSpan
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """`masked` is as long as the file. `separators` are the offsets of the slide separators.
    `headers` maps the offset of a separator to the front matter that follows it (Slidev)."""

    masked: str
    comments: tuple[Comment, ...]
    separators: tuple[int, ...]
    headers: dict[int, SourceSpan]

    @property
    def has_notes(self) -> bool:
        return any(comment.kind == "note" for comment in self.comments)


def read_outline(
    text: str, *, path: str, as_deck: bool | None = None, split_at_underlines: bool = False
) -> Outline:
    """The outline of a lesson. Raises LessonError for front matter or a comment without an end.

    `as_deck` tells whether `---` separates slides; if it is None, the file decides by what it
    holds. With `split_at_underlines` a `---` right under text separates slides too, as in Slidev;
    Markdown and Marp take it for the underline of a heading.
    """
    clean = _normalize_line_ends(text)
    lines = _split_lines(clean)
    first = _find_front_matter(clean, lines, path)[1]
    if as_deck is None:
        as_deck = _looks_like_deck(lines[first:])
    return _OutlineReader(clean, lines, path, as_deck, split_at_underlines).read(first)


def find_front_matter(text: str, *, path: str) -> SourceSpan | None:
    """The YAML between the first two `---` lines, if the file begins with such a line."""
    clean = _normalize_line_ends(text)
    return _find_front_matter(clean, _split_lines(clean), path)[0]


def _normalize_line_ends(text: str) -> str:
    """Line ends and NUL as Markdown sees them, without moving any character."""
    return text.replace("\r\n", " \n").replace("\r", "\n").replace("\0", "\ufffd")


def _split_lines(text: str) -> list[SourceSpan]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(SourceSpan(line, start))
        start += len(line) + 1
    return lines


def _find_front_matter(
    text: str, lines: list[SourceSpan], path: str
) -> tuple[SourceSpan | None, int]:
    opening = lines[0].text.removeprefix("\ufeff").rstrip()
    if opening != "---" or len(lines) < 2 or not lines[1].text.strip():
        return None, 0  # an empty line follows: a deck that opens with a separator
    for number, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() in ("---", "..."):
            start = lines[1].start
            return SourceSpan(text[start : line.start], start), number + 1
    if not _KEY.match(lines[1].text):
        return None, 0
    raise LessonError(
        "The front matter that begins here is not closed.",
        remedy="End it with a line that holds only '---'.",
        place=Place(path, 1),
    )


def _looks_like_deck(lines: list[SourceSpan]) -> bool:
    """Whether slides are separated (by `---` after a blank line), or notes of reveal.js are found,
    outside code and comments."""
    fence, comment, blank = "", False, True
    for number, line in enumerate(lines):
        if fence:
            fence = "" if _closes(line.text, fence) else fence
        elif comment:
            comment = "-->" not in line.text
        elif opened := _FENCE.match(line.text):
            fence = opened[1]
        else:
            comment = line.text.rfind("<!--") > line.text.rfind("-->")
            if line.text.rstrip() == "---" and (blank or _opens_header(lines, number)):
                return True
            if _NOTE.match(line.text) and blank and line.text.lower().startswith("note"):
                return True
        blank = _ends_block(line.text)
    return False


def _ends_block(line: str) -> bool:
    """Whether a `---` under this line is a rule, and not the underline of a heading."""
    return not line.strip() or _BLOCK.match(line) is not None or line.rstrip().endswith("-->")


def _closes(line: str, fence: str) -> bool:
    bare = line.strip().lstrip("> \t")
    return bare.startswith(fence) and not bare.strip(fence[0])


def _opens_header(lines: list[SourceSpan], number: int) -> bool:
    """Whether a Slidev header follows line `number`: keys, then `---`, without a blank line."""
    return _find_header_end(lines, number) is not None


def _find_header_end(lines: list[SourceSpan], number: int) -> int | None:
    if number + 1 >= len(lines) or not _KEY.match(lines[number + 1].text):
        return None
    if _NOTE.match(lines[number + 1].text):
        return None
    for last in range(number + 1, min(number + 60, len(lines))):
        line = lines[last].text
        if line.rstrip() == "---":
            return last
        if not line.strip():
            return None
    return None


class _OutlineReader:
    """Reads a file line by line and masks what Markdown must not see."""

    def __init__(
        self,
        text: str,
        lines: list[SourceSpan],
        path: str,
        as_deck: bool,
        split_at_underlines: bool,
    ) -> None:
        self.text, self.lines, self.path = text, lines, path
        self.as_deck, self.split_at_underlines = as_deck, split_at_underlines
        self.masked: list[str] = []
        self.comments: list[Comment] = []
        self.separators: list[int] = []
        self.headers: dict[int, SourceSpan] = {}
        self.fence = ""  # what closes the code block that is being read
        self.note_start: int | None = None  # where the speaker notes that are being read begin
        self.after_block = True  # whether a `---` would be a rule here, and not an underline

    def read(self, first: int) -> Outline:
        """Read the lines from number `first` on; those before it are front matter."""
        body = self.lines[first].start if first < len(self.lines) else len(self.text)
        self.masked.append(_blank_out(self.text[:body]))
        number = first
        while number < len(self.lines):
            number = self._read_line(number)
            self.after_block = _ends_block(self.lines[number].text)
            number += 1
        self._end_note(len(self.text))
        return Outline(
            "".join(self.masked), tuple(self.comments), tuple(self.separators), self.headers
        )

    def _read_line(self, number: int) -> int:
        """Read a line, and those that belong to it; returns the number of the last of them."""
        line = self.lines[number].text
        if self.fence:
            if _closes(line, self.fence):
                self.fence = ""
            self._keep(number)
        elif opened := _FENCE.match(line):
            self.fence = opened[1]
            self._keep(number)
        elif self.as_deck and _RULE.match(line) and self._separates(number):
            return self._read_separator(number)
        elif self.as_deck and _SLOT.match(line):
            self._mask(number)
        else:
            if self.as_deck and self.note_start is None and _opens_notes(line, self.after_block):
                self.note_start = self.lines[number].start
            if self.note_start is None:
                return self._mask_comments(number)
            self._mask(number)
        return number

    def _keep(self, number: int) -> None:
        """Leave a line to Markdown, unless speaker notes are being read."""
        if self.note_start is None:
            self.masked.append(self.lines[number].text + self._line_end(number))
        else:
            self._mask(number)

    def _mask(self, number: int) -> None:
        self.masked.append(" " * len(self.lines[number].text) + self._line_end(number))

    def _line_end(self, number: int) -> str:
        return "\n" if number + 1 < len(self.lines) else ""

    def _separates(self, number: int) -> bool:
        """Whether a rule separates slides: it must follow a blank line, or else it underlines a
        heading; or a Slidev header must follow it. A `--` (which separates the vertical slides of
        reveal.js) needs blank lines on both sides."""
        if self.lines[number].text.rstrip() == "--":
            after = self.lines[number + 1].text if number + 1 < len(self.lines) else ""
            return self.after_block and not after.strip()
        return (
            self.after_block
            or self.split_at_underlines
            or _find_header_end(self.lines, number) is not None
        )

    def _read_separator(self, number: int) -> int:
        line = self.lines[number]
        self._end_note(line.start)
        self.separators.append(line.start)
        size = len(line.text)
        rule = "***" if size > 2 else "  "  # which is never the underline of a heading
        self.masked.append(rule.ljust(size) + self._line_end(number))
        last = _find_header_end(self.lines, number)
        if last is None:
            return number
        start, stop = self.lines[number + 1].start, self.lines[last].start
        self.headers[line.start] = SourceSpan(self.text[start:stop], start)
        end = self.lines[last].end + (1 if last + 1 < len(self.lines) else 0)
        self.masked.append(_blank_out(self.text[start:end]))
        return last

    def _end_note(self, end: int) -> None:
        if self.note_start is None:
            return
        head = _NOTE.match(self.text, self.note_start)
        start = head.end() if head else self.note_start
        inside = SourceSpan(self.text[start:end], start)
        self.comments.append(Comment("note", inside, self.note_start, end))
        self.note_start = None

    def _mask_comments(self, number: int) -> int:
        """Mask the comments that begin in a line; returns the number of the last line read."""
        at, stop = self.lines[number].start, self.lines[number].end
        while (begin := _find_comment(self.text, at, stop)) is not None:
            close = self.text.find("-->", begin + 4)
            if close < 0:
                raise LessonError(
                    "The comment that begins here is not closed.",
                    remedy="End it with '-->'.",
                    place=Place(self.path, number + 1),
                )
            end = close + 3
            while self.lines[number].end < end:
                number += 1
            stop = self.lines[number].end
            inside = SourceSpan(self.text[begin + 4 : close], begin + 4)
            self.comments.append(Comment("comment", inside, begin, end))
            line_start = self.text.rfind("\n", 0, begin) + 1
            alone = not self.text[line_start:begin].strip() and not self.text[end:stop].strip()
            self.masked.append(_mask_unread(self.text[at:begin]))
            self.masked.append(_fill_with(self.text[begin:end], " " if alone else FILLER))
            at = end
        self.masked.append(_mask_unread(self.text[at:stop]) + self._line_end(number))
        return number


def _opens_notes(line: str, blank: bool) -> bool:
    """Whether a line opens speaker notes. reveal.js accepts `Note:` at the start of any line. Here
    it must follow a blank line or be alone on its line, since a sentence may begin with it too."""
    head = _NOTE.match(line)
    return head is not None and (blank or not line[head.end() :].strip())


def _find_comment(text: str, at: int, stop: int) -> int | None:
    """The next `<!--` in the line that is not in a code span."""
    while True:
        begin = text.find("<!--", at, stop)
        if begin < 0:
            return None
        ticks = text.find("`", at, begin)
        if ticks < 0:
            return begin
        run = len(text[ticks:stop]) - len(text[ticks:stop].lstrip("`"))
        close = re.compile(rf"(?<!`)`{{{run}}}(?!`)").search(text, ticks + run, stop)
        at = close.end() if close else ticks + run


def _mask_unread(text: str) -> str:
    """Mask footnotes and their marks, which are neither shown nor spoken, and the tags of Vue
    (Slidev), whose attributes Markdown does not understand."""
    if "<" in text:
        text = _VUE.sub(lambda tag: FILLER * len(tag[0]), text)
    if "[^" not in text:
        return text
    if _FOOTNOTE_TEXT.match(text):
        return _blank_out(text)
    return _FOOTNOTE.sub(lambda mark: FILLER * len(mark[0]), text)


def _fill_with(text: str, filler: str) -> str:
    return "".join(c if c == "\n" else filler for c in text)


def _blank_out(text: str) -> str:
    return _fill_with(text, " ")
