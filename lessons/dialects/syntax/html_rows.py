"""The lines of a text as HTML sees them: in which list or quote each of them stands, and which of
them belong to a block of HTML, in which indentation means nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from lessons.dialects.syntax.html_tags import BLOCK, HtmlTag
from lessons.dialects.syntax.scan import Line
from lessons.markdown.markers import MARK
from lessons.wordset import word_set

RowKind = Literal["text", "html", "code", "hidden", "marker"]

_QUOTE = re.compile(r"(?:[ \t]{0,12}>[ \t]?)+")
_ITEM = re.compile(r"([-*+]|\d{1,9}[.)])([ \t]{1,4})(?=\S)|>[ ]?")
_DELIMITERS = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_HEADING = re.compile(r"#{1,6}[ \t]")
_OPENING = re.compile(r"</?([A-Za-z][\w:.-]*)(?=[\s/>]|$)")
_ALONE = re.compile(r"(?:<[^<>]*>[ \t]*)+$")
_ENCLOSING = word_set(
    "div section article details center figure table ul ol blockquote aside main header footer nav"
)


@dataclass(slots=True)
class Row:
    """A line. `base` is what a further line in the same list or quote begins with. `keep` is the
    offset behind the part of the line that does so, and `content` that of its text. An `inline`
    row is one that must stay one line: a heading or the row of a table."""

    line: Line
    kind: RowKind
    base: str
    keep: int
    content: int
    inline: bool = False
    item: bool = False

    @property
    def blank(self) -> bool:
        return self.content >= self.line.end


def read_rows(
    lines: Sequence[Line], masked: str, tags: Iterable[HtmlTag], *, plain: bool = False
) -> list[Row]:
    """The rows of a text, one for each line. In `plain` HTML no line has a sign of Markdown."""
    if plain:
        return [_read_plain(line) for line in lines]
    reader = _RowReader(masked, tags)
    tables = find_table_lines(lines)
    return [reader.read(line, line.number in tables) for line in lines]


def find_table_lines(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines that are rows of a table with `|`."""
    found: set[int] = set()
    for line in lines[1:]:
        if line.number in found or "|" not in line.text or line.kind != "text":
            continue
        above = lines[line.number - 1]
        if "-" in line.text and _DELIMITERS.match(line.text) and "|" in above.text:
            found.add(above.number)
            last = line.number
            while last < len(lines) and lines[last].kind == "text" and "|" in lines[last].text:
                found.add(last)
                last += 1
    return found


def _read_plain(line: Line) -> Row:
    content = line.start + len(line.text) - len(line.text.lstrip())
    kind: RowKind = "marker" if line.text.startswith(MARK) else "html"
    return Row(line, kind, "", line.start, content)


class _RowReader:
    def __init__(self, masked: str, tags: Iterable[HtmlTag]) -> None:
        self.masked = masked
        self.tags = [tag for tag in tags if tag.name in _ENCLOSING and not tag.empty]
        self.next_tag = 0
        self.depth = 0  # how many elements with blocks in them are open
        self.offsets: list[int] = []  # the indentation of what is in each open list item
        self.quotes = 0
        self.html = False  # whether the block of HTML that has begun goes on
        self.before: RowKind | Literal["blank"] = "blank"

    def read(self, line: Line, in_table: bool) -> Row:
        row = self._read_containers(line, in_table)
        if line.text.startswith(MARK):
            self.html, self.before = False, "marker"
        else:
            self.before = "blank" if row.blank and row.kind != "code" else row.kind
        while self.next_tag < len(self.tags) and self.tags[self.next_tag].start <= line.end:
            tag = self.tags[self.next_tag]
            if row.kind not in ("code", "hidden"):
                self.depth = max(self.depth + (-1 if tag.closing else 1), 0)
            self.next_tag += 1
        return row

    def _read_containers(self, line: Line, in_table: bool) -> Row:
        text = line.text
        quote = _QUOTE.match(text)
        begin = quote.end() if quote else 0
        head = quote[0] if quote else ""
        if head and not head.endswith((" ", "\t")):
            head += " "
        content = len(text) - len(text[begin:].lstrip(" \t")) if text[begin:].strip() else len(text)
        indent = len(text[begin:content].expandtabs(4))
        blank = content >= len(text)
        depth = head.count(">")
        if depth != self.quotes and not (blank and not depth):
            self.quotes, self.offsets = depth, []
        if line.kind != "text":
            kind: RowKind = "code" if line.kind in ("fence", "code") else "hidden"
            if kind == "code":
                self.html = False
            offset = self.offsets[-1] if self.offsets else 0
            keep = begin + min(offset, len(text[begin:]) - len(text[begin:].lstrip(" ")))
            return Row(line, kind, head + " " * offset, line.start + keep, line.start + content)
        if blank:
            self.html = False
            offset = self.offsets[-1] if self.offsets else 0
            at = line.start + len(text)
            return Row(line, "text", head + " " * offset, at, at)
        if not self.html:
            lazy = self.before == "text" and not _ITEM.match(text, content)
            while self.offsets and indent < self.offsets[-1] and not lazy:
                self.offsets.pop()
        offset = self.offsets[-1] if self.offsets else 0
        if (
            indent - offset >= 4
            and self.before in ("blank", "code", "marker")
            and not self.html
            and not (self.depth and text.startswith("<", content))
        ):
            return Row(line, "code", head + " " * offset, line.start + begin, line.start + content)
        return self._read_text(line, begin, content, head, in_table)

    def _read_text(self, line: Line, begin: int, content: int, head: str, in_table: bool) -> Row:
        text = line.text
        item = False
        inner = ""
        while not self.html and (marker := _ITEM.match(text, content)) and len(self.offsets) < 40:
            item = True
            if marker[1]:
                self.offsets.append(len(text[begin : marker.end()].expandtabs(4)))
            else:
                inner += "> "
            content = marker.end()
        offset = self.offsets[-1] if self.offsets else 0
        base = head + " " * offset + inner
        blanks = len(text[begin:]) - len(text[begin:].lstrip(" "))
        keep = content if item else begin + min(offset, blanks)
        start = line.start
        inline = in_table or bool(_HEADING.match(text, content))
        if not self.html and not inline:
            self.html = self._begins_html(line, content)
        kind: RowKind = "marker" if text.startswith(MARK) else "html" if self.html else "text"
        return Row(line, kind, base, start + keep, start + content, inline, item)

    def _begins_html(self, line: Line, content: int) -> bool:
        masked = self.masked[line.start + content : line.end]
        opened = _OPENING.match(masked)
        if opened is None:
            return False
        name = opened[1].lower()
        if name in BLOCK or name in ("script", "style", "textarea", "iframe", "source"):
            return True
        return self.before != "text" and _ALONE.match(masked) is not None
