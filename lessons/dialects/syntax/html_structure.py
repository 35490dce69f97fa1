"""Which HTML tags belong together, and what the tables and figures of a text hold."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from lessons.dialects.syntax.html_rows import Row
from lessons.dialects.syntax.html_tags import BLOCK, HtmlTag
from lessons.markdown.markers import MARK
from lessons.wordset import word_set

LINES = word_set("h1 h2 h3 h4 h5 h6 p summary legend")
"""Elements whose content is one line in Markdown."""
_HEADINGS = word_set("h1 h2 h3 h4 h5 h6")
PARTS = word_set("li dt dd tr td th thead tbody tfoot option rt colgroup")
"""Elements that need no end tag."""
WHOLE = word_set(
    "address article aside blockquote center details dialog div dl fieldset figcaption figure "
    "footer form header main nav noscript ol pre section table ul iframe video audio object svg "
    "math style script template button select textarea datalist canvas head title picture caption"
)
"""Elements that may hold several blocks, or anything."""
_FULL = word_set("pre ul ol dl table blockquote h1 h2 h3 h4 h5 h6 iframe video hr details")
"""Elements that the cell of a table cannot hold."""

MOST_COLUMNS = 200
MOST_LAYOUT_ROWS = 8
MOST_LAYOUT_COLUMNS = 4


@dataclass(slots=True, eq=False)
class TableShape:
    """What a table holds: `cells` are the numbers of cells of its rows; `plain` tells whether each
    cell is one paragraph of text, so that a table with `|` can hold them."""

    cells: list[int] = field(default_factory=list)
    plain: bool = True
    pictures: int = 0
    text: bool = False

    @property
    def columns(self) -> int:
        return min(max(self.cells, default=0), MOST_COLUMNS)

    @property
    def layout(self) -> bool:
        """Whether the table only puts things side by side."""
        return not self.plain or (self.pictures > 0 and not self.text)

    @property
    def beside(self) -> bool:
        """Whether there is room to put them side by side."""
        return len(self.cells) <= MOST_LAYOUT_ROWS and 2 <= self.columns <= MOST_LAYOUT_COLUMNS


@dataclass(slots=True)
class FigureShape:
    """The last picture of a figure (the index of its tag), and its caption (of those of the
    caption)."""

    picture: int = -1
    caption: tuple[int, int] | None = None


@dataclass(slots=True)
class Structure:
    """`pairs` maps the index of a tag to that of its partner. Tables and figures are found by the
    index of their first tag."""

    pairs: dict[int, int] = field(default_factory=dict)
    tables: dict[int, TableShape] = field(default_factory=dict)
    figures: dict[int, FigureShape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Counts what a pair of tags must not enclose: ends of paragraphs, lines that cannot be joined,
    slides."""

    paragraph: int
    block: int
    slide: int


def read_structure(text: str, rows: Sequence[Row], tags: Sequence[HtmlTag]) -> Structure:
    """The structure of a text. Takes time in proportion to its length."""
    return _Reader(text, rows).read(tags)


def _name_pair(tag: HtmlTag) -> str:
    """What a tag's partner must be. The end of a heading of any level ends a heading."""
    return "heading" if tag.name in _HEADINGS else tag.name


class _Reader:
    def __init__(self, text: str, rows: Sequence[Row]) -> None:
        self.text, self.rows = text, rows
        self.stretches: list[_Stretch] = []
        paragraph = block = slide = 0
        above: Row | None = None
        for row in rows:
            if row.blank or row.item or row.inline or (above is not None and above.inline):
                paragraph += 1
            if row.kind in ("code", "marker") or row.line.kind == "math":
                paragraph, block = paragraph + 1, block + 1
            slide += row.line.text.startswith(MARK + "slide")
            self.stretches.append(_Stretch(paragraph, block, slide))
            above = row
        self.starts = [row.line.start for row in rows]
        self.made = Structure()
        self.opened: dict[str, list[tuple[int, _Stretch]]] = {}
        self.tables: list[tuple[int, TableShape, int]] = []  # with the blocks before it
        self.figures: list[int] = []
        self.in_cell = False

    def read(self, tags: Sequence[HtmlTag]) -> Structure:
        blocks, at = 0, 0
        for index, tag in enumerate(tags):
            if self.tables:
                self._look_at_text(self.text[at : tag.start])
            at = tag.end
            blocks += tag.name in BLOCK
            line = self.stretches[bisect_right(self.starts, tag.start) - 1]
            here = _Stretch(line.paragraph + blocks, line.block, line.slide)
            if tag.closing:
                self._close(index, tag, here)
            else:
                self._look_at(index, tag, line)
                if not tag.empty and tag.name not in PARTS:
                    self.opened.setdefault(_name_pair(tag), []).append((index, here))
        for index, shape, _ in self.tables:  # those without an end are no tables
            shape.plain = False
            self.made.tables.pop(index, None)
        return self.made

    def _close(self, index: int, tag: HtmlTag, here: _Stretch) -> None:
        opened = self.opened.get(_name_pair(tag))
        if tag.name in ("td", "th"):
            self.in_cell = False
        if not opened:
            return
        begin, there = opened.pop()
        if tag.name == "table":
            self._close_table(begin, here)
        elif tag.name == "figure" and self.figures:
            self.figures.pop()
        if tag.name in LINES:
            fits = here.block == there.block
        elif tag.name in WHOLE:
            fits = here.slide == there.slide
        else:
            fits = here.paragraph == there.paragraph
        if fits:
            self.made.pairs[begin] = index
            self.made.pairs[index] = begin
            if tag.name == "figcaption" and self.figures:
                figure = self.made.figures[self.figures[-1]]
                figure.caption = figure.caption or (begin, index)

    def _close_table(self, begin: int, here: _Stretch) -> None:
        while self.tables:
            index, shape, blocks = self.tables.pop()
            shape.plain = shape.plain and here.block == blocks and shape.columns > 0
            if self.tables:
                self.tables[-1][1].plain = False
                self.in_cell = True
            if index == begin:
                return
            self.made.tables.pop(index, None)

    def _look_at(self, index: int, tag: HtmlTag, line: _Stretch) -> None:
        name = tag.name
        if self.figures and name == "img":
            self.made.figures[self.figures[-1]].picture = index
        if self.tables:
            shape = self.tables[-1][1]
            shape.pictures += name == "img"
            if name in _FULL:
                shape.plain = False
            if name == "tr":
                shape.cells.append(0)
                self.in_cell = False
            elif name in ("td", "th"):
                self.in_cell = True
                if not shape.cells:
                    shape.cells.append(0)
                shape.cells[-1] += read_span(tag, "colspan")
            elif name == "caption":
                self.in_cell = True
        if name == "table":
            self.tables.append((index, TableShape(), line.block))
            self.made.tables[index] = self.tables[-1][1]
            self.in_cell = False
        elif name == "figure":
            self.figures.append(index)
            self.made.figures[index] = FigureShape()

    def _look_at_text(self, text: str) -> None:
        bare = text.strip()
        if not bare:
            return
        shape = self.tables[-1][1]
        if not self.in_cell and bare.strip("> "):
            shape.plain = False
        if re.search(r"\n[ \t>]*\n", bare):
            shape.plain = False
        shape.text = shape.text or any(map(str.isalnum, bare))


def read_span(tag: HtmlTag, name: str) -> int:
    """How many columns or rows a cell takes."""
    value = tag.read_attributes().get(name, "").strip()
    return min(max(int(value), 1), 30) if value.isdecimal() and len(value) < 6 else 1
