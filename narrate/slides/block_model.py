"""What the template needs to know about a slide's parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lessons.box_kinds import Tone
from narrate.slides.code_lines import CodeLine
from narrate.slides.direction import Direction

PICTURE_WEIGHT = 120
"""A picture is looked at for about as long as so many characters are read."""


@dataclass(frozen=True, slots=True)
class FormulaFile:
    file: str
    width: float
    height: float
    depth: float


@dataclass(frozen=True, slots=True)
class DrawnRun:
    text: str
    style: str
    formula: FormulaFile | None = None


Runs = tuple[DrawnRun, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """`goes_on` tells that it is a further part of the item before it, and has no mark."""

    runs: Runs
    level: int
    step: int
    number: str | None
    direction: Direction = "ltr"
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A part of a block that is not divided: the reveal step at which it appears, how many
    characters a viewer reads in it, and whether a page may well begin with it."""

    step: int
    weight: int
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """What the template needs to know about a visual. Each kind uses its own fields.

    `need` is the least width in pixels in which it can be drawn. `keeps` tells that it belongs to
    what follows it. `below` is what columns hold, made for the whole width: they are put below each
    other if they do not fit on a page side by side.
    """

    kind: str
    step: int = 0
    need: float = 0.0
    direction: Direction = "ltr"
    keeps: bool = False
    runs: Runs = ()
    chunks: tuple[Runs, ...] = ()
    lines: tuple[CodeLine, ...] = ()
    items: tuple[Item, ...] = ()
    marker: float = 0.0
    text: str = ""
    language: str = ""
    formula: FormulaFile | None = None
    columns: int = 0
    ems: float = 1.0
    align: tuple[str, ...] = ()
    header: tuple[Runs, ...] = ()
    rows: tuple[tuple[Runs, ...], ...] = ()
    file: str = ""
    width: int = 0
    height: int = 0
    share: float = 0.0
    plate: str = ""
    caption: str = ""
    tone: Tone = "plain"
    label: str = ""
    nested: bool = False
    widths: tuple[float, ...] = ()
    parts: tuple[tuple[Block, ...], ...] = ()
    below: tuple[Block, ...] = ()

    @property
    def children(self) -> tuple[Block, ...]:
        """The blocks of all parts."""
        return tuple(block for part in self.parts for block in part)

    @property
    def is_prose(self) -> bool:
        """Whether it is nothing but running text."""
        if self.kind in ("box", "columns"):
            return all(block.is_prose for block in self.children)
        return self.kind in ("paragraph", "list", "quote")

    @property
    def splits(self) -> tuple[BlockRow, ...]:
        """The rows between which the block may be divided; there is at least one."""
        match self.kind:
            case "paragraph" | "quote":
                rows = [BlockRow(self.step, count_characters(chunk)) for chunk in self.chunks]
            case "list":
                rows = [BlockRow(item.step, count_characters(item.runs)) for item in self.items]
            case "code":
                rows = [BlockRow(self.step, len(x.text) + 4, x.opens) for x in self.lines]
            case "table":
                weights = [sum(map(count_characters, row)) for row in self.rows]
                rows = [BlockRow(self.step, weight, True) for weight in weights]
            case "box":
                inside = (row for block in self.children for row in block.splits)
                rows = [replace(row, step=max(row.step, self.step)) for row in inside]
            case "columns":
                rows = [BlockRow(self.step, sum(r.weight for b in self.children for r in b.splits))]
            case _:
                rows = [BlockRow(self.step, PICTURE_WEIGHT)]
        return tuple(rows) or (BlockRow(self.step, 1),)


def count_characters(runs: Runs) -> int:
    """How many characters are read in this text; a formula counts as four."""
    return sum(len(run.text) or 4 for run in runs)


def walk_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks and those inside them, in reading order."""
    for block in blocks:
        yield block
        yield from walk_blocks(block.children)


def count_picture_rows(blocks: Iterable[Block], *, narrow: bool) -> int:
    """How many pictures are above each other at most, which share the height of the slide."""
    rows = 0
    for block in blocks:
        inside = [count_picture_rows(part, narrow=narrow) for part in block.parts]
        rows += (sum(inside) if narrow else max(inside, default=0)) + (block.kind == "picture")
    return rows
