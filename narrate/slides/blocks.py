"""What a slide's template needs to know about the visuals of a slide.

A visual of the script becomes a `Block`, with those inside it. Pictures and formulas become files
that the slide's document includes. What cannot be shown is replaced, with a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from foundation.languages import direction
from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import shorten
from lessons.box_kinds import BOX_KINDS
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
from narrate.slides.block_model import Block, DrawnRun, FormulaFile, Item, Runs
from narrate.slides.code_lines import count_code_columns, cut_code_lines, find_code_width
from narrate.slides.column_widths import share_width
from narrate.slides.direction import Direction, find_direction, keep_signs
from narrate.slides.formula_pictures import FormulaPicture, draw_formula
from narrate.slides.long_text import split_text
from narrate.slides.pictures.diagram_sources import check_diagram
from narrate.slides.pictures.raster import Ink, SlidePicture
from narrate.slides.pictures.reading import ReadPicture, load_diagram, load_picture
from narrate.slides.printable import make_one_line, set_small_capitals
from narrate.slides.themes import Theme, contrast
from narrate.slides.wide_tables import measure_columns, split_columns
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
TABLE_TEXT = 31
"""Pixels at 1080p of the text of a table that takes all the width."""

LIGHT_PLATE, DARK_PLATE = "#ffffff", "#1c242f"

FORMULA_PADDING = 36
"""Pixels at 1080p between a formula and the edge of its card."""
TALLEST_FORMULA = 0.7
"""Of the height of the content. A taller formula is made smaller."""
LEAST_FORMULA = 18
"""Pixels at 1080p of the letters of a formula. Its x then has 8, and its indices have 5."""

LONGEST_HEAD = 80
"""Characters of a paragraph that may be the head of what follows it."""

_WORDS = ("plain", "strong", "emphasis", "link", "highlight", "smallcaps")
"""Styles of text in the lesson's language: code and formulas do not tell its direction."""
_LONGEST_NAME = 40  # characters of the name in a placeholder


@dataclass(slots=True)
class Material:
    """Gathers the files of a slide's document and the findings, with what is needed to make them.

    `names` are the pictures' own names. `place` is that of the slide, and `language` that of its
    text.
    """

    theme: Theme
    read: ReadPicture
    layout: Layout
    place: Place
    language: str = DEFAULTS.language
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def make_blocks(
        self, visuals: Sequence[Visual], width: float, *, boxes: int = 0
    ) -> tuple[Block, ...]:
        """The blocks of visuals that have a width in pixels, inside of so many boxes."""
        return tuple(
            block for visual in visuals for block in self.make_parts(visual, width, boxes=boxes)
        )

    def make_parts(self, visual: Visual, width: float, *, boxes: int = 0) -> tuple[Block, ...]:
        """The blocks of a visual: one, or several if it is too wide."""
        if isinstance(visual, Table):
            if not any((visual.header, *visual.rows)):  # it has no columns
                return ()
            em = TABLE_TEXT * self.layout.unit
            return tuple(self._make_table(part) for part in split_columns(visual, width / em))
        if (isinstance(visual, ItemList) and not visual.items) or visual == Columns((), ()):
            return ()
        return (self._make_block(visual, width, boxes),)

    def _make_block(self, visual: Visual, width: float, boxes: int) -> Block:
        match visual:
            case Paragraph(content, step):
                return self._make_paragraph("paragraph", content, step)
            case Quote(content, step):
                return self._make_paragraph("quote", content, step)
            case ItemList():
                return self._make_list(visual)
            case Code():
                return self._make_code(visual, width)
            case Diagram():
                return self._make_diagram(visual, width)
            case Formula(latex, step):
                try:
                    drawn = self._add_formula(latex, inline=False)
                except RenderError as error:
                    self._report_formula(error)
                    return self._make_code(Code(latex.strip() or "?", "latex", step), width)
                self._check_formula(drawn, width)
                need = (drawn.width * LEAST_TEXT + 2 * FORMULA_PADDING) * self.layout.unit
                return Block("formula", step, min(need, width), formula=drawn)
            case Table():
                return self._make_table(visual)
            case Picture():
                return self._make_picture(visual, width)
            case Placeholder(what, name, alt, step):
                return self._make_placeholder(what, name, alt, step)
            case Box():
                return self._make_box(visual, width, boxes)
            case Columns():
                return self._make_columns(visual, width, boxes)

    def _check_formula(self, drawn: FormulaFile, width: float) -> None:
        """Tell of a formula that is only shown completely if it is made very small."""
        unit = self.layout.unit
        tall = TALLEST_FORMULA * self.layout.content.height
        size = min(width / drawn.width, tall / drawn.height) / unit
        if size < LEAST_FORMULA:
            message = f"A formula is so large that its letters are shown in a size of {size:.0f}."
            remedy = f"Write it as several formulas: {LEAST_FORMULA} pixels can be read."
            problem = Problem(message, remedy, self.place)
            self.findings.append(Finding("text-small", "warning", problem))

    def _make_paragraph(self, kind: str, content: Inline, step: int) -> Block:
        chunks = tuple(self._add_runs(part) for part in split_text(content))
        text = "".join(run.text for run in content).strip()
        strong = all(run.style == "strong" or not run.text.strip() for run in content)
        keeps = len(text) <= LONGEST_HEAD and (strong or text.endswith((":", "：")))
        runs = tuple(run for chunk in chunks for run in chunk)
        turned = self._turn(content)
        return Block(kind, step, keeps=keeps, direction=turned, runs=runs, chunks=chunks)

    def _make_list(self, visual: ItemList) -> Block:
        drawn = tuple(
            Item(
                self._add_runs(part),
                min(item.level, 5),
                item.step,
                None if item.number is None or at else f"{shorten(str(item.number), 8)}.",
                self._turn(item.content),
                goes_on=at > 0,
            )
            for item in visual.items
            for at, part in enumerate(split_text(item.content))
        )
        widest = max((len(i.number) for i in drawn if i.number), default=0)
        # Its bullets are on one side, even if some items are only a term in Latin letters.
        turned = self._turn(*(item.content for item in visual.items))
        marker = 0.82 if not widest else 0.5 + 0.45 * widest
        return Block("list", direction=turned, items=drawn, marker=marker)

    def _make_code(self, code: Code, width: float) -> Block:
        unit = self.layout.unit
        lines = cut_code_lines(code, count_code_columns(width, unit, PADDING))
        need = find_code_width(lines, unit, PADDING)
        return Block("code", code.step, min(need, width), lines=lines, language=code.language)

    def _make_table(self, visual: Table) -> Block:
        header, rows = visual.header, visual.rows
        count = max([len(header), *(len(row) for row in rows)], default=0)
        ems = sum(measure_columns(visual))
        turned = self._turn(*header, *(cell for row in rows for cell in row))
        return Block(
            "table",
            visual.step,
            ems * LEAST_TEXT * self.layout.unit,
            columns=count,
            ems=round(max(ems, 1.0), 3),
            direction=turned,
            align=_mirror(tuple([*visual.align, *["left"] * count][:count]), turned),
            header=self._make_cells(header, count),
            rows=tuple(self._make_cells(row, count) for row in rows),
        )

    def _make_cells(self, cells: Sequence[Inline], count: int) -> tuple[Runs, ...]:
        filled = [*cells, *[()] * count][:count]
        return tuple(self._add_runs(cell) for cell in filled)

    def _make_picture(self, visual: Picture, width: float) -> Block:
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
        self.names[f"picture-{len(self.files)}.png"] = visual.path.rpartition("/")[2]
        # A share is one of the slide's width: of a column, it would leave too little to be seen.
        share = visual.share * max(self.layout.content.width / width, 1.0)
        return self._show_picture(picture, visual.title, visual.step, share)

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
            return self._make_code(Code(visual.text, visual.kind, visual.step), width)
        self.names[f"picture-{len(self.files)}.png"] = f"of the {visual.kind} diagram"
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
        rim = (EDGE + 2 * PADDING) * self.layout.unit
        kind = BOX_KINDS.get(visual.kind, BOX_KINDS["plain"])
        content = self.make_blocks(visual.content, width - rim, boxes=boxes + 1)
        return Block(
            "box",
            visual.step,
            max((block.need for block in content), default=0.0) + rim,
            direction=self.direction,
            runs=title,
            tone=kind.tone,
            label=self._set(visual.label),
            nested=boxes % 2 == 1,
            parts=(content,),
        )

    def _make_columns(self, visual: Columns, width: float, boxes: int) -> Block:
        unit = self.layout.unit
        stacked = [self.make_blocks(column, width, boxes=boxes) for column in visual.columns]
        below = tuple(block for part in stacked for block in part)
        gutters = GUTTER * unit * (len(stacked) - 1)
        rooms = share_width(
            visual.widths,
            [max((block.need for block in part), default=0.0) for part in stacked],
            width - gutters,
            LEAST_COLUMN * unit,
        )
        if self.layout.narrow or not rooms:
            need = max((block.need for block in below), default=0.0)
            return Block("columns", visual.step, need, parts=tuple(stacked), below=below)
        parts = tuple(
            self.make_blocks(column, room, boxes=boxes)
            for column, room in zip(visual.columns, rooms, strict=True)
        )
        total = sum(rooms)
        shares = tuple(round(room / total, 4) for room in rooms)
        # All of its parts need the width that they were made for.
        needs = [max((block.need for block in part), default=0.0) for part in parts]
        need = max(need / share for need, share in zip(needs, shares, strict=True)) + gutters
        return Block(
            "columns", visual.step, min(need, width), widths=shares, parts=parts, below=below
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
