"""What a slide shows at most: texts that are longer than any slide can show are cut before they are
laid out, and a finding says where the rest is.

The limits keep a slide readable, and the time to draw it in proportion to what is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from foundation.problem import Place, Problem
from foundation.shortening import shorten
from lessons.model import (
    Box,
    Code,
    Columns,
    Finding,
    Inline,
    ItemList,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Slide,
    Table,
    Visual,
)

LONGEST_TITLE = 160
"""Characters: three lines above a presenter, and six in the narrowest column of text."""
LONGEST_CELL = 1000
LONGEST_HEADER = 160  # of a column of a table, and of a box
LONGEST_CAPTION = 400  # of a picture
LONGEST_DESCRIPTION = 480  # of a picture or a clip that cannot be shown

MOST_MARKS = 8
"""Marks on one letter. No script needs more than five; text with dozens of them is a prank, covers
its neighbours and takes minutes to shape."""

DEEPEST = 4  # boxes and columns inside each other; deeper ones are shown without their frames

MOST_CHARACTERS = 60_000  # of a slide: 40 pages of 1,500
MOST_LINES = 2000  # of code, of a list or of a table: 40 pages of 50

_MARKED = re.compile(f"[^\x00-\u02ff]{{{MOST_MARKS + 1},}}")

_PROBLEMS = {
    "title": Problem(
        f"The slide's title is cut after {LONGEST_TITLE} characters. The transcript has all of it.",
        "Shorten the title.",
    ),
    "text": Problem(
        f"The end of the slide is left out, since it has more than {MOST_CHARACTERS:,} characters "
        f"or {MOST_LINES:,} lines. The transcript has all of it.",
        "Split the slide into several.",
    ),
    "cell": Problem(
        "The text of a cell of a table is cut. The transcript has all of it.",
        f"Shorten cells to at most {LONGEST_CELL} characters, and headers to at most "
        f"{LONGEST_HEADER}.",
    ),
    "box": Problem(
        f"The title of a box is cut after {LONGEST_HEADER} characters. The transcript has all of "
        "it.",
        "Shorten the title, or write it as a paragraph in the box.",
    ),
    "caption": Problem(
        f"The caption of a picture is cut after {LONGEST_CAPTION} characters. The transcript has "
        "all of it.",
        "Shorten the caption, or write it as a paragraph.",
    ),
    "description": Problem(
        "The description in place of something that cannot be shown is cut after "
        f"{LONGEST_DESCRIPTION} characters. The transcript has all of it.",
        "Shorten the description.",
    ),
    "marks": Problem(
        f"Only the first {MOST_MARKS} of the marks on a letter are shown.",
        "Remove the marks that no language uses.",
    ),
}

T = TypeVar("T")


@dataclass(slots=True)
class _Bounds:
    """What may still be shown of a slide, and what was cut of it."""

    characters: int = MOST_CHARACTERS
    lines: int = MOST_LINES
    cuts: dict[str, None] = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        return self.characters <= 0 or self.lines <= 0

    def note(self, what: str) -> None:
        self.cuts[what] = None

    def cut_text(self, text: str, limit: int, what: str) -> str:
        text = self.thin_marks(text)
        if len(text) > limit:
            self.note(what)
        return shorten(text, limit)

    def cut_runs(self, content: Inline, limit: int, what: str) -> Inline:
        """The first runs that have at most `limit` characters together."""
        kept: list[Run] = []
        left = limit
        for run in content:
            text = run.text if run.style == "formula" else self.thin_marks(run.text)
            if len(text) > left:
                self.note(what)
                if run.style != "formula":
                    kept.append(replace(run, text=shorten(text, max(left, 1))))
                break
            kept.append(replace(run, text=text))
            left -= len(text)
        return tuple(kept)

    def take_runs(self, content: Inline) -> Inline:
        """As much of a text as the slide may still have."""
        kept = self.cut_runs(content, max(self.characters, 1), "text")
        self.characters -= sum(len(run.text) for run in kept)
        return kept

    def thin_marks(self, text: str) -> str:
        """The text with at most `MOST_MARKS` marks on one letter."""
        if not _MARKED.search(text):
            return text
        kept: list[str] = []
        marks = 0
        for character in text:
            marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
            if marks <= MOST_MARKS:
                kept.append(character)
        if len(kept) < len(text):
            self.note("marks")
        return "".join(kept)


def bound_slide(slide: Slide, place: Place) -> tuple[Slide, tuple[Finding, ...]]:
    """The slide with what can be shown of it, and findings that say what cannot."""
    bounds = _Bounds()
    title = bounds.cut_text(" ".join(slide.title.split()), LONGEST_TITLE, "title")
    visuals = tuple(
        tuple(_bound(visual, bounds, 0)) if not bounds.spent else () for visual in slide.visuals
    )
    if slide.visuals and not visuals[-1] and bounds.spent:
        bounds.note("text")
    anchors = tuple(
        anchor for part, anchor in zip(visuals, slide.anchors, strict=False) for _ in part
    )
    bounded = tuple(visual for part in visuals for visual in part)
    slide = replace(slide, title=title, visuals=bounded, anchors=anchors)
    found = (replace(_PROBLEMS[what], place=place) for what in bounds.cuts)
    return slide, tuple(Finding("slide-cut", "warning", problem) for problem in found)


def _bound(visual: Visual, bounds: _Bounds, depth: int) -> Iterator[Visual]:
    """The visual, or what is shown of it: nothing if nothing more may be shown."""
    if bounds.spent:
        bounds.note("text")
        return
    match visual:
        case Paragraph(content) | Quote(content):
            yield replace(visual, content=bounds.take_runs(content))
        case ItemList(items):
            kept = [replace(x, content=bounds.take_runs(x.content)) for x in _take(items, bounds)]
            yield replace(visual, items=tuple(kept))
        case Code():
            yield _bound_code(visual, bounds)
        case Table():
            yield _bound_table(visual, bounds)
        case Picture(title=title):
            yield replace(visual, title=bounds.cut_text(title, LONGEST_CAPTION, "caption"))
        case Placeholder(alt=alt):
            yield replace(visual, alt=bounds.cut_text(alt, LONGEST_DESCRIPTION, "description"))
        case Box():
            yield from _bound_box(visual, bounds, depth)
        case Columns(columns):
            parts = tuple(tuple(_bound_all(column, bounds, depth + 1)) for column in columns)
            if depth < DEEPEST:
                yield replace(visual, columns=parts)
            else:
                yield from (inner for part in parts for inner in part)
        case _:
            bounds.lines -= 1
            yield visual


def _bound_all(visuals: Iterable[Visual], bounds: _Bounds, depth: int) -> Iterator[Visual]:
    for visual in visuals:
        yield from _bound(visual, bounds, depth)


def _bound_box(box: Box, bounds: _Bounds, depth: int) -> Iterator[Visual]:
    label = bounds.cut_text(box.label, LONGEST_HEADER, "box")
    title = bounds.cut_runs(box.title, LONGEST_HEADER, "box")
    content = tuple(_bound_all(box.content, bounds, depth + 1))
    if depth < DEEPEST:
        yield replace(box, label=label, title=title, content=content)
        return
    head = (*((Run(label, "strong"), Run(" ")) if label else ()), *title)
    if head:
        yield Paragraph(head, box.step)
    yield from content


def _bound_code(code: Code, bounds: _Bounds) -> Code:
    lines = code.text.split("\n")
    text = "\n".join(_take(lines, bounds))
    if len(text) > max(bounds.characters, 1):
        bounds.note("text")
        text = text[: max(bounds.characters, 1)]
    bounds.characters -= len(text)
    return replace(code, text=text)


def _bound_table(table: Table, bounds: _Bounds) -> Table:
    header = tuple(bounds.cut_runs(cell, LONGEST_HEADER, "cell") for cell in table.header)
    rows = tuple(
        tuple(bounds.cut_runs(cell, LONGEST_CELL, "cell") for cell in row)
        for row in _take(table.rows, bounds)
    )
    bounds.characters -= sum(len(run.text) for row in rows for cell in row for run in cell)
    return replace(table, header=header, rows=rows)


def _take(parts: Iterable[T], bounds: _Bounds) -> list[T]:
    """As many of the lines, items or rows as the slide may still have."""
    parts = list(parts)
    if len(parts) > bounds.lines:
        bounds.note("text")
    kept = parts[: max(bounds.lines, 1)]
    bounds.lines -= len(kept)
    return kept
