"""Goes through the HTML of a text and collects what replaces each tag.

The handlers of elements (`html_blocks`, `html_inline`, `html_media`, `html_tables`) are called for
start tags; what belongs in the place of the end tag they leave with `at_end`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lessons.dialects.base import Context
from lessons.dialects.syntax.html_formulas import find_formulas
from lessons.dialects.syntax.html_rows import Row
from lessons.dialects.syntax.html_structure import TableShape, read_structure
from lessons.dialects.syntax.html_tags import BLOCK, HtmlTag
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source

_PLAIN = re.compile(r"[\\`*_\[\]~]")
_PLAIN_START = re.compile(
    r"\s*(>|(?:#{1,6}|[+-]|\d{1,9}[.)])(?=\s|$)|(?:-{2,}|=+)(?=[ \t]*$))", re.MULTILINE
)
"""What Markdown would take for signs in text that has none: anywhere, and where a line begins."""


MOST_SPANNED = 5000
"""How many empty cells all tables together get for cells that span several of them."""


@dataclass(slots=True, eq=False)
class TableState:
    """A table that is open. `spans` are the columns that cells of rows above still take."""

    shape: TableShape
    column: int = 0
    in_row: bool = False
    in_cell: bool = False
    width: int = 1  # columns of the open cell
    headed: bool = False
    spans: dict[int, int] = field(default_factory=dict)

    @property
    def piped(self) -> bool:
        """Whether it becomes a table with `|`."""
        return not self.shape.layout


@dataclass(slots=True)
class OpenList:
    """A list that is open: its next number (-1: it has bullets), and how many lists and quotes are
    around it."""

    number: int
    depth: int


class HtmlWriter:
    """Collects edits of a text.

    `base` is what further lines begin with in the list or quote of Markdown around, and `extra`
    adds those of HTML. It is `fresh` where a block may begin, since its block holds nothing so far.
    `joined` counts the open elements that must stay in one line. Up to `done`, all is rewritten.
    """

    def __init__(
        self,
        source: Source,
        context: Context,
        masked: str,
        rows: list[Row],
        tags: list[HtmlTag],
        *,
        plain: bool = False,
    ) -> None:
        self.source, self.context, self.masked = source, context, masked
        self.rows, self.tags, self.plain = rows, tags, plain
        self.formulas = find_formulas(source.text)[::-1] if plain else []  # the next is the last
        self.structure = read_structure(source.text, rows, tags)
        self.starts = [row.line.start for row in rows]
        self.row = rows[0]
        self.first = self.last = 0  # where the words of the row begin and end
        self.edits: list[Edit] = []
        self.ends: dict[int, Callable[[HtmlTag], None]] = {}
        self.base = ""
        self.extra: list[str] = []
        self.lists: list[OpenList] = []
        self.tables: list[TableState] = []
        self.in_term = False
        self.spare = MOST_SPANNED
        self.fresh = True
        self.joined = 0
        self.done = 0
        self.captions: dict[int, str] = {}  # of pictures, by the index of their tag
        # What begins a column, by the index of the tag that is one, and whether it is the last one.
        self.columns: dict[int, tuple[Parts, bool]] = {}
        self.dropped: set[int] = set()  # captions that are shown with their pictures

    def write(
        self, handlers: Mapping[str, Handler], end_handlers: Mapping[str, EndHandler]
    ) -> Source:
        """The text with all tags replaced."""
        index = 0
        for row in self.rows:
            at = self._begin_row(row)
            while index < len(self.tags) and self.tags[index].start <= row.line.end:
                tag = self.tags[index]
                if tag.start >= self.done and row.kind in ("text", "html"):
                    self._pass_text(at, tag.start)
                    self._replace_tag(index, tag, handlers, end_handlers)
                    at = max(tag.end, self.done)
                index += 1
            self._pass_text(at, row.line.end)
        return self.source.edit(self.edits)

    # What handlers use

    @property
    def prefix(self) -> str:
        """What a new line begins with."""
        return self.base + "".join(self.extra)

    @property
    def in_line(self) -> bool:
        """Whether what is written must stay in its line."""
        return self.joined > 0 or self.row.inline or bool(self.tables and self.tables[-1].piped)

    def replace(self, start: int, end: int, *parts: str | Source) -> None:
        self.edits.append(Edit(start, end, parts))
        self.done = max(self.done, end)

    def make_break(self) -> str:
        """What ends the paragraph before."""
        if self.in_line:
            return " "
        if self.fresh:
            return ""
        self.fresh = True
        return f"\n{self.prefix}\n{self.prefix}"

    def make_line(self, parts: Parts) -> Parts:
        """A marker on a line of its own."""
        before = () if self.fresh else ("\n" + self.prefix,)
        self.fresh = True
        return (*before, *parts, self.prefix)

    def skip_space(self, at: int, *, lines: bool = False) -> int:
        """The offset behind the white space at `at`; behind that of further lines too if asked."""
        text = self.source.text
        number = bisect_right(self.starts, at) - 1
        while True:
            end = self.rows[number].line.end
            while at < end and text[at] in " \t":
                at += 1
            if at < end or not lines or number + 1 >= len(self.rows):
                return at
            following = self.rows[number + 1]
            if following.kind not in ("text", "html") or following.item or following.inline:
                return at
            number += 1
            at = following.content

    def find_partner(self, index: int) -> HtmlTag | None:
        partner = self.structure.pairs.get(index)
        return None if partner is None else self.tags[partner]

    def at_end(self, index: int, action: Callable[[HtmlTag], None]) -> None:
        """Do this at the end tag that belongs to the start tag with this index."""
        self.ends[self.structure.pairs[index]] = action

    def break_at(self, tag: HtmlTag) -> None:
        """Put the end of a paragraph in the place of a tag."""
        self.replace(tag.start, self.skip_space(tag.end), self.make_break())

    def remove(self, tag: HtmlTag) -> None:
        """Take out a tag; also the line end behind it if it stands alone amid a paragraph."""
        end, row = tag.end, self.row
        number = row.line.number + 1
        if (
            self.is_alone(tag.start, end)
            and not self.fresh
            and number < len(self.rows)
            and not self.rows[number].blank
        ):
            end = max(end, self.skip_space(end, lines=True))
        self.replace(tag.start, end)

    def is_alone(self, start: int, end: int) -> bool:
        """Whether the row holds nothing but what is from `start` to `end`."""
        return start <= self.first and self.last <= end

    # Rows, text and tags

    def _begin_row(self, row: Row) -> int:
        """Write what a row begins with; returns where its text begins."""
        self.row = row
        text = self.source.text[row.content : row.line.end]
        self.first = row.line.end - len(text.lstrip())
        self.last = row.content + len(text.rstrip())
        if self.done and row.line.start <= self.done:
            self.base = self.base if row.blank else row.base
            return max(self.done, row.content)
        if row.kind == "marker":
            self.fresh = True
            return row.line.end
        self.base = row.base
        if row.line.start and self._joins(row):
            self.replace(row.line.start - 1, row.content, " ")
            return row.content
        if row.blank and row.kind != "code":
            self.fresh = True
            if any(">" in part for part in self.extra):
                self.replace(row.keep, row.keep, *self.extra)
            return row.line.end
        self.fresh = self.fresh or row.item
        if row.kind == "html":
            self.replace(row.keep, row.content, *self.extra)
        elif self.extra and row.kind in ("code", "text"):
            self.replace(row.keep, row.keep, *self.extra)
        return row.content

    def _joins(self, row: Row) -> bool:
        """Whether a row goes on in the line before it."""
        if row.kind not in ("text", "html") or row.item:
            return False
        return self.joined > 0 or bool(self.tables and self.tables[-1].piped)

    def _pass_text(self, start: int, end: int) -> None:
        start = max(start, self.done)
        if start >= end or not self.masked[start:end].strip():
            return
        text = self.source.text
        if self.plain:
            self._escape(start, end)
        self.fresh = False
        if self.tables and self.tables[-1].piped:
            at = text.find("|", start, end)
            while at >= 0:
                if text[at - 1] != "\\":
                    self.edits.append(Edit(at, at, ("\\",)))
                at = text.find("|", at + 1, end)

    def _escape(self, start: int, end: int) -> None:
        """Escape what Markdown would take for a sign, outside of formulas."""
        begins = self.fresh or start <= self.first
        sign = _PLAIN_START.match(self.source.text, start, end) if begins else None
        places = [sign.end() - 1] if sign else []
        places += [found.start() for found in _PLAIN.finditer(self.source.text, start, end)]
        for at in places:
            while self.formulas and self.formulas[-1][1] <= at:
                self.formulas.pop()
            if not self.formulas or at < self.formulas[-1][0]:
                self.edits.append(Edit(at, at, ("\\",)))

    def _replace_tag(
        self,
        index: int,
        tag: HtmlTag,
        handlers: Mapping[str, Handler],
        end_handlers: Mapping[str, EndHandler],
    ) -> None:
        partner = self.find_partner(index)
        if tag.spoken or (tag.closing and partner is not None and partner.spoken):
            self.fresh = False
            return
        if tag.text == "<p>" and self.row.kind == "text" and not self.fresh and not self.in_line:
            return  # in the middle of a sentence, it is that of SSML
        if tag.closing:
            if index in self.ends:
                self.ends[index](tag)
                return
            end_handler = end_handlers.get(tag.name)
            if end_handler is not None and end_handler(self, tag):
                return
        else:
            handler = handlers.get(tag.name)
            if handler is not None and handler(self, index, tag):
                return
        if tag.name in BLOCK:
            self.break_at(tag)
        else:
            self.remove(tag)


Handler = Callable[[HtmlWriter, int, HtmlTag], bool]
"""Replaces a start tag; False if it has no meaning here, so that only the tag vanishes."""

EndHandler = Callable[[HtmlWriter, HtmlTag], bool]
"""Replaces an end tag to which no start tag left anything."""
