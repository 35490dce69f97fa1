"""Whatever a slide holds, it is drawn in time, nothing of it stands where it may not, and what is
cut is told."""

from __future__ import annotations

import io
import time
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hostile_slides import CASES, TEXTS, WORDS, Make, items, slide, text
from PIL import Image

from foundation.problem import Place
from lessons.model import Box, Columns, Finding, Paragraph, Picture, Slide, Table
from narrate.layout import Layout, lay_out_lecture, lay_out_lipreadable
from narrate.slides.bounds import (
    LONGEST_CAPTION,
    LONGEST_CELL,
    LONGEST_TITLE,
    MOST_CHARACTERS,
    MOST_MARKS,
    bound_slide,
)
from narrate.slides.drawing import MOST_PAGES, DrawnSlide, SlideLook, draw_slide
from narrate.slides.pictures.reading import reading_from

LAYOUTS = (
    lay_out_lecture((640, 360)),
    lay_out_lipreadable((640, 360), signer="reserve"),
    lay_out_lecture((1280, 720)),
    lay_out_lecture(),
)
SLOW = {"code of 5,000 lines", "table of 1,000 rows", "2,000 items",
        "paragraph of 30,000 characters"}  # fmt: skip
"""These are drawn once, in the smallest layout."""

LONGEST = 40
"""Seconds for a slide of 40 pages on a busy machine; an idle one takes three. What is quadratic in
the length of a slide takes minutes."""


def turns() -> list[tuple[str, Layout]]:
    """Each case in one of the layouts, so that each layout has its share of all kinds of cases."""
    return [
        (name, LAYOUTS[0 if name in SLOW else at % len(LAYOUTS)]) for at, name in enumerate(CASES)
    ]


def draw(one: Slide, layout: Layout, folder: Path) -> DrawnSlide:
    look = SlideLook(layout, footer="A course", provenance="Synthetic")
    return draw_slide(one, look, read=reading_from(folder), path="01.md")


def pixels(png: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)


@cache
def draw_empty(layout: Layout) -> npt.NDArray[np.int16]:
    return pixels(draw(slide(title=""), layout, Path()).pictures[0])


@cache
def find_free(layout: Layout) -> npt.NDArray[np.bool_]:
    """Where the slide's own things may be: its boxes, and a little more for accents above the first
    line, descenders below the last one, and the number of a page above a slide without a title."""
    free = np.zeros((layout.size[1], layout.size[0]), bool)
    rim = round(16 * layout.unit)
    top = round(46 * layout.unit)
    for box in (layout.title, layout.content, layout.above, layout.aside, layout.footer):
        if box is not None:
            free[max(box.y - top, 0) : box.bottom + rim, max(box.x - rim, 0) : box.right + rim] = 1
    for box in (layout.presenter, layout.signer, layout.captions):
        if box is not None:
            free[box.y : box.bottom, box.x : box.right] = 0
    return free


def find_margins(layout: Layout) -> npt.NDArray[np.bool_]:
    rim = round(40 * layout.unit)
    margins = np.zeros((layout.size[1], layout.size[0]), bool)
    margins[:, : layout.content.x + rim] = 1
    for box in (layout.presenter, layout.signer, layout.captions):
        if box is not None:
            margins[box.y : box.bottom, box.x : box.right] = 0
    return margins


@pytest.mark.parametrize(("name", "layout"), turns(), ids=[name for name, _ in turns()])
def test_nothing_breaks_a_slide(name: str, layout: Layout, tmp_path: Path) -> None:
    begun = time.monotonic()
    drawn = draw(CASES[name](tmp_path), layout, tmp_path)
    assert time.monotonic() - begun < LONGEST
    assert 1 <= len({frame.page for frame in drawn.frames}) <= MOST_PAGES
    # Marks on letters reach into the margins, and no further.
    free = find_free(layout) | (find_margins(layout) if "marks" in name else False)
    last = {frame.page: frame.png for frame in drawn.frames}
    for png in [*last.values()][:3] + [*last.values()][-1:]:
        outside = (np.abs(pixels(png) - draw_empty(layout)).max(axis=2) > 24) & ~free
        assert not outside.any(), np.argwhere(outside)[:3]
    for finding in drawn.findings:
        assert finding.rule != "slide-unshown", finding.message
        assert finding.remedy and finding.place.slide == 3
        if finding.rule in ("slide-cut", "slide-overflows"):
            assert "transcript" in finding.message or "marks" in finding.message


def test_ink_outside_of_the_boxes_would_be_seen(tmp_path: Path) -> None:
    """The check above is able to fail: a slide of the whole picture's width is told apart."""
    layout = lay_out_lecture((1280, 720))
    wide = draw(slide(items(20, WORDS * 3)), lay_out_lecture((1280, 720), False), tmp_path)
    other = np.abs(pixels(wide.pictures[0]) - draw_empty(layout)).max(axis=2) > 24
    assert (other & ~find_free(layout)).any()


def find_cuts(one: Slide) -> tuple[Slide, list[Finding]]:
    bounded, found = bound_slide(one, Place("01.md", 1, one.number))
    return bounded, list(found)


def test_an_ordinary_slide_is_left_as_it_is() -> None:
    one = slide(Paragraph(text("Text")), items(3, WORDS), title="A title")
    assert find_cuts(one) == (one, [])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (slide(title="t" * (LONGEST_TITLE + 1)), "title is cut"),
        (slide(Table((), ((text("c" * (LONGEST_CELL + 1)),),), ())), "cell of a table"),
        (slide(Box("note", "", text(WORDS * 4), ())), "title of a box"),
        (slide(Picture("p.png", "", title="c" * (LONGEST_CAPTION + 1))), "caption"),
        (slide(Paragraph(text("o" + "\u0301" * 99))), f"first {MOST_MARKS} of the marks"),
        (slide(items(3, "w" * MOST_CHARACTERS)), "end of the slide is left out"),
        (slide(items(5000, "w")), "end of the slide is left out"),
    ],
)  # fmt: skip
def test_what_is_cut_is_told(make: Slide, words: str) -> None:
    _, (finding,) = find_cuts(make)
    assert finding.rule == "slide-cut" and words in finding.message and finding.remedy


def test_at_the_limit_nothing_is_cut() -> None:
    one = slide(Table((), ((text("c" * LONGEST_CELL),),), ()), title="t" * LONGEST_TITLE)
    assert find_cuts(one) == (one, [])


def test_deep_frames_are_left_out_and_their_content_is_shown() -> None:
    inside: Paragraph | Box | Columns = Paragraph(text("the core"))
    for _ in range(30):
        inside = Box("note", "Note", (), (inside,))
        inside = Columns(((inside,),), (1.0,))
    bounded, found = find_cuts(slide(inside))
    assert found == []
    depth = 0
    rest = bounded.visuals
    while not isinstance(rest[-1], Paragraph):
        rest = rest[-1].content if isinstance(rest[-1], Box) else rest[-1].columns[-1]  # type: ignore[union-attr]
        depth += 1
    assert depth <= 6 and rest[-1] == Paragraph(text("the core"))


def test_anchors_follow_their_visuals() -> None:
    deep = Box("note", "", (), (Paragraph(text("a")), Paragraph(text("b"))))
    one = Slide(3, "", (deep, Paragraph(text("c"))), (), 7, anchors=(0, 2))
    bounded, _ = find_cuts(one)
    assert len(bounded.anchors) == len(bounded.visuals)


def test_the_cases_are_many() -> None:
    assert len(TEXTS) >= 9 and len(CASES) >= 50
    assert {name for name in CASES if name in SLOW} == SLOW
    assert all(isinstance(name, str) for name in CASES), Make
