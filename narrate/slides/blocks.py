"""What a slide's template needs to know about the visuals of a slide.

A visual of the script becomes a `Block`, with those inside it. Pictures and formulas become files
that the slide's document includes. What cannot be shown is replaced, with a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from foundation.languages import direction
from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import shorten
from lessons.box_kinds import BOX_KINDS, Tone
from lessons.course.settings import DEFAULTS
from lessons.model import (
    Box,
    Code,
    Columns,
    Diagram,
    Finding,
    Formula,
    Inline,
    ItemList,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Table,
    Visual,
)
from narrate.errors import DecodingError, RenderError
from narrate.layout import LEAST_TEXT, Layout
from narrate.slides.direction import Direction, find_direction, keep_signs
from narrate.slides.formula_pictures import FormulaPicture, draw_formula
from narrate.slides.pictures.diagram_sources import check_diagram
from narrate.slides.pictures.raster import Ink, SlidePicture
from narrate.slides.pictures.reading import ReadPicture, load_diagram, load_picture
from narrate.slides.printable import make_one_line, set_small_capitals, wrap_code
from narrate.slides.themes import Theme, contrast
from narrate.typography import keep_spaces
from narrate.words import find_words

GUTTER = 48
"""Pixels at 1080p between columns."""
PADDING = 28
"""Pixels at 1080p between a box's or a card's edge and its content."""
EDGE = 8
"""Pixels at 1080p of the coloured edge of a box."""
LEAST_COLUMN = 210
"""Pixels at 1080p. Narrower columns, of some eight letters, are put below each other."""
WIDE_SHARE = 0.58
"""The share of the width for code, a table or a formula beside a picture."""

LIGHT_PLATE, DARK_PLATE = "#ffffff", "#1c242f"

_WORDS = ("plain", "strong", "emphasis", "link", "highlight", "smallcaps")
"""Styles of text in the lesson's language: code and formulas do not tell its direction."""
_LONGEST_NAME = 40  # characters of the name in a placeholder


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
    runs: Runs
    level: int
    step: int
    number: str | None
    direction: Direction = "ltr"


@dataclass(frozen=True, slots=True)
class Block:
    """What the template needs to know about a visual. Each kind uses its own fields."""

    kind: str
    step: int = 0
    direction: Direction = "ltr"
    runs: Runs = ()
    items: tuple[Item, ...] = ()
    marker: float = 0.0
    text: str = ""
    language: str = ""
    formula: FormulaFile | None = None
    columns: int = 0
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

    @property
    def children(self) -> tuple[Block, ...]:
        """The blocks of all parts."""
        return tuple(block for part in self.parts for block in part)


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


@dataclass(slots=True)
class Material:
    """Gathers the files of a slide's document and the findings, with what is needed to make them.

    `place` is that of the slide, and `language` that of its text.
    """

    theme: Theme
    read: ReadPicture
    layout: Layout
    place: Place
    language: str = DEFAULTS.language
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def make_blocks(
        self, visuals: Sequence[Visual], width: float, *, boxes: int = 0
    ) -> tuple[Block, ...]:
        """The blocks of visuals that have a width in pixels, inside of so many boxes."""
        return tuple(self._make_block(visual, width, boxes) for visual in visuals)

    def _make_block(self, visual: Visual, width: float, boxes: int) -> Block:
        match visual:
            case Paragraph(content, step):
                turned = self._turn(content)
                return Block("paragraph", step, turned, runs=self._add_runs(content))
            case Quote(content, step):
                return Block("quote", step, self._turn(content), runs=self._add_runs(content))
            case ItemList():
                return self._make_list(visual)
            case Code(text, language, step):
                return self._make_code(text, language, step, width)
            case Diagram():
                return self._make_diagram(visual, width)
            case Formula(latex, step):
                try:
                    drawn = self._add_formula(latex, inline=False)
                except RenderError as error:
                    self._report_formula(error)
                    return self._make_code(latex.strip() or "?", "latex", step, width)
                return Block("formula", step, formula=drawn)
            case Table():
                return self._make_table(visual)
            case Picture():
                return self._make_picture(visual)
            case Placeholder(what, name, alt, step):
                return self._make_placeholder(what, name, alt, step)
            case Box():
                return self._make_box(visual, width, boxes)
            case Columns():
                return self._make_columns(visual, width, boxes)

    def _make_list(self, visual: ItemList) -> Block:
        drawn = tuple(
            Item(
                self._add_runs(item.content),
                min(item.level, 5),
                item.step,
                None if item.number is None else f"{item.number}.",
                self._turn(item.content),
            )
            for item in visual.items
        )
        widest = max((len(i.number) for i in drawn if i.number), default=0)
        # Its bullets are on one side, even if some items are only a term in Latin letters.
        turned = self._turn(*(item.content for item in visual.items))
        return Block(
            "list",
            direction=turned,
            items=drawn,
            marker=0.82 if not widest else 0.5 + 0.45 * widest,
        )

    def _make_code(self, text: str, language: str, step: int, width: float) -> Block:
        columns = count_code_columns(width, self.layout.unit)
        return Block("code", step, text=wrap_code(text, columns), language=language)

    def _make_table(self, visual: Table) -> Block:
        header, rows = visual.header, visual.rows
        count = max([len(header), *(len(row) for row in rows)], default=0)
        return Block(
            "table",
            visual.step,
            turned := self._turn(*header, *(cell for row in rows for cell in row)),
            columns=count,
            align=_mirror(tuple([*visual.align, *["left"] * count][:count]), turned),
            header=self._make_cells(header, count),
            rows=tuple(self._make_cells(row, count) for row in rows),
        )

    def _make_cells(self, cells: Sequence[Inline], count: int) -> tuple[Runs, ...]:
        filled = [*cells, *[()] * count][:count]
        return tuple(self._add_runs(cell) for cell in filled)

    def _make_picture(self, visual: Picture) -> Block:
        place = Place(line=visual.line or None).within(self.place)
        try:
            picture = load_picture(
                self.read(visual.path, visual.part),
                visual.path.rpartition("/")[2],
                within=self.layout.size,
                language=self.language,
            )
        except ProblemError as error:
            self.findings.append(
                Finding("picture-unshown", "error", Problem(error.message, error.remedy, place))
            )
            return self._make_placeholder(
                "Picture", visual.path.rpartition("/")[2], visual.alt, visual.step
            )
        if picture.missing:
            problem = Problem(picture.missing, picture.remedy, place)
            self.findings.append(Finding("picture-incomplete", "warning", problem))
        return self._show_picture(picture, visual.title, visual.step, visual.share)

    def _make_diagram(self, visual: Diagram, width: float) -> Block:
        try:
            check_diagram(visual.kind)
            drawn = load_diagram(
                visual.text, visual.kind, within=self.layout.size, language=self.language
            )
        except DecodingError as error:
            place = Place(line=visual.line or None).within(self.place)
            message = f"{error.message} The diagram is shown as code."
            problem = replace(error.problem, message=message, place=place)
            self.findings.append(Finding("diagram-undrawn", "warning", problem))
            return self._make_code(visual.text, visual.kind, visual.step, width)
        return self._show_picture(drawn, visual.title, visual.step)

    def _show_picture(
        self, picture: SlidePicture, title: str, step: int, share: float = 0.0
    ) -> Block:
        name = f"picture-{len(self.files)}.png"
        self.files[name] = picture.png
        return Block(
            "picture",
            step,
            file=name,
            width=picture.width,
            height=picture.height,
            plate=choose_plate(picture.ink, self.theme),
            share=round(min(max(share, 0.0), 1.0), 4),
            caption=self._set(title),
        )

    def _make_box(self, visual: Box, width: float, boxes: int) -> Block:
        title = self._add_runs(visual.title)
        inner = width - (EDGE + 2 * PADDING) * self.layout.unit
        kind = BOX_KINDS.get(visual.kind, BOX_KINDS["plain"])
        return Block(
            "box",
            visual.step,
            self.direction,
            runs=title,
            tone=kind.tone,
            label=self._set(visual.label),
            nested=boxes % 2 == 1,
            parts=(self.make_blocks(visual.content, inner, boxes=boxes + 1),),
        )

    def _make_columns(self, visual: Columns, width: float, boxes: int) -> Block:
        count = max(len(visual.columns), 1)
        widths = tuple([*visual.widths, *[1 / count] * count][:count])
        total = sum(widths) or 1.0
        shares = tuple(round(share / total, 4) for share in widths)
        free = width - GUTTER * self.layout.unit * (count - 1)
        stacked = self.layout.narrow or min(shares) * free < LEAST_COLUMN * self.layout.unit
        return Block(
            "columns",
            visual.step,
            widths=() if stacked else shares,
            parts=tuple(
                self.make_blocks(column, width if stacked else share * free, boxes=boxes)
                for column, share in zip(visual.columns, shares, strict=False)
            ),
        )

    def _add_formula(self, latex: str, *, inline: bool) -> FormulaFile:
        drawn: FormulaPicture = draw_formula(latex, colour=self.theme.text, inline=inline)
        name = f"formula-{len(self.files)}.svg"
        self.files[name] = drawn.svg
        return FormulaFile(
            name, round(drawn.width, 4), round(drawn.height, 4), round(drawn.depth, 4)
        )

    def _add_runs(self, content: Inline) -> Runs:
        return tuple(drawn for run in content for drawn in self._make_runs(run))

    def _make_runs(self, run: Run) -> Iterator[DrawnRun]:
        if run.style == "formula":
            try:
                yield DrawnRun("", run.style, self._add_formula(run.text, inline=True))
            except RenderError as error:
                self._report_formula(error)
                yield DrawnRun(make_one_line(run.text).strip() or "?", "code")
        elif run.style == "smallcaps":
            for text, small in set_small_capitals(self._set(run.text)):
                yield DrawnRun(text, "smallcaps" if small else "plain")
        else:
            text = make_one_line(run.text) if run.style == "code" else self._set(run.text)
            yield DrawnRun(text, run.style)

    @property
    def direction(self) -> Direction:
        """That of the slide."""
        return direction(self.language)

    def _turn(self, *contents: Inline) -> Direction:
        """The direction of text with these contents."""
        shown = (run.text for content in contents for run in content if run.style in _WORDS)
        return find_direction("".join(shown), self.direction)

    def _set(self, text: str) -> str:
        return keep_spaces(keep_signs(make_one_line(text), self.direction), self.language)

    def _make_placeholder(self, what: str, name: str, alt: str, step: int) -> Block:
        name = re.sub(r"^https?://(?:www\.)?", "", name.strip())
        what = find_words(self.language).name_placeholder(what)
        return Block(
            "placeholder",
            step,
            label=make_one_line(shorten(what, _LONGEST_NAME)),
            text=make_one_line(shorten(name, _LONGEST_NAME)),
            caption=self._set(" ".join(alt.split())),
        )

    def _report_formula(self, error: RenderError) -> None:
        message = f"{error.message} Its LaTeX is shown instead."
        problem = replace(error.problem, message=message, place=self.place)
        self.findings.append(Finding("formula-unshown", "error", problem))


def _mirror(sides: tuple[str, ...], turned: Direction) -> tuple[str, ...]:
    """The alignment of a table's columns, in which `left` is the side where lines begin."""
    if turned == "ltr":
        return sides
    return tuple({"left": "right", "right": "left"}.get(side, side) for side in sides)


def choose_plate(ink: Ink, theme: Theme) -> str:
    """The colour to put behind a transparent picture that could not be seen; empty for none."""
    on_dark = contrast(theme.background, "#ffffff") > contrast(theme.background, "#000000")
    if ink == "dark" and on_dark:
        return LIGHT_PLATE
    return DARK_PLATE if ink == "light" and not on_dark else ""


def count_code_columns(width: float, unit: float) -> int:
    """Return how many characters of code fit in a width in pixels, at the smallest size.

    Each character of the font is 0.602 em wide.
    """
    columns = int((width - 2 * PADDING * unit) / (0.602 * LEAST_TEXT * unit)) - 1
    return max(columns, 8)
