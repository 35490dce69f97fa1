"""How the parts of a slide share its room, and its pages where that is not enough."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lessons.model import (
    Box,
    Code,
    ItemList,
    ListItem,
    Paragraph,
    Picture,
    Run,
    Slide,
    Table,
    Visual,
)
from narrate.layout import lay_out_lecture
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.legibility import count_characters
from narrate.slides.pictures.reading import reading_from
from narrate.slides.themes import THEMES

SMALL = SlideLook(lay_out_lecture((960, 540), has_presenter=False))
LARGE = SlideLook(lay_out_lecture(has_presenter=False))
BESIDE = SlideLook(lay_out_lecture((960, 540)))


def slide(*visuals: Visual, title: str = "Title", steps: int = 1) -> Slide:
    return Slide(3, title, visuals, (), line=7, steps=steps)


def text(words: str) -> tuple[Run, ...]:
    return (Run(words),)


def draw(one: Slide, root: Path, look: SlideLook = SMALL) -> DrawnSlide:
    return draw_slide(one, look, read=reading_from(root))


def find(png: bytes, colour: str) -> npt.NDArray[np.bool_]:
    """Where a picture has a colour."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(np.int16)
    return np.asarray(np.abs(pixels - wanted).max(axis=2) <= 2)


def paint(root: Path, count: int, size: tuple[int, int]) -> Sequence[Picture]:
    for number in range(count):
        Image.new("RGB", size, "#c00000").save(root / f"{number}.png")
    return [Picture(f"{number}.png", "a colour") for number in range(count)]


def measure_parts(png: bytes, colour: str) -> list[tuple[int, int]]:
    """The width and height of each connected part with a colour."""
    import cv2

    found = cv2.connectedComponentsWithStats(find(png, colour).astype(np.uint8))[2][1:]
    return [(int(row[2]), int(row[3])) for row in found if row[4] > 100]


def test_little_code_has_the_whole_width_above_the_presenter(tmp_path: Path) -> None:
    wide = "call(" + "argument, " * 6 + "last)"
    panel = THEMES["light"].panel
    content = BESIDE.layout.content
    for code, beyond in ((Code(wide), True), (Code("\n".join([wide] * 12)), False)):
        drawn = draw(slide(code), tmp_path, BESIDE)
        assert (np.nonzero(find(drawn.pictures[0], panel))[1].max() > content.right + 10) == beyond
        assert drawn.findings == ()


def test_a_picture_may_stand_above_the_presenter_beside_text(tmp_path: Path) -> None:
    points = ItemList(tuple(ListItem(text("some words to read " * 4)) for _ in range(11)))
    (picture,) = paint(tmp_path, 1, (300, 220))
    drawn = draw(slide(points, picture), tmp_path, BESIDE)
    left = int(np.nonzero(find(drawn.pictures[0], "#c00000"))[1].min())
    assert drawn.findings == () and left > BESIDE.layout.content.right


@pytest.mark.parametrize(("count", "size"), [(4, (400, 300)), (6, (400, 300)), (3, (300, 900))])
def test_several_pictures_take_the_grid_that_shows_most(
    count: int, size: tuple[int, int], tmp_path: Path
) -> None:
    drawn = draw(slide(*paint(tmp_path, count, size)), tmp_path)
    shown = measure_parts(drawn.pictures[0], "#c00000")
    assert drawn.findings == () and len(shown) == count
    room = SMALL.layout.content.width * (SMALL.layout.content.height - 90)
    assert sum(width * height for width, height in shown) > 0.45 * room
    assert all(w / h == pytest.approx(size[0] / size[1], rel=0.05) for w, h in shown)


def test_pictures_that_would_be_too_small_are_divided(tmp_path: Path) -> None:
    drawn = draw(slide(*paint(tmp_path, 30, (900, 600))), tmp_path)
    assert [f.rule for f in drawn.findings] == ["slide-divided"]
    for png in drawn.pictures:
        assert all(width >= 148 for width, _ in measure_parts(png, "#c00000"))
    assert sum(len(measure_parts(png, "#c00000")) for png in drawn.pictures) == 30


def test_the_text_of_all_pages_has_the_same_size(tmp_path: Path) -> None:
    points = ItemList(tuple(ListItem(text("some words to read " * 4)) for _ in range(25)))
    drawn = draw(slide(points), tmp_path, LARGE)
    letters = {line.letter for page in drawn.legibility for line in page.lines[1:-1]}
    assert len(drawn.legibility) > 1 and max(letters) - min(letters) <= 1


def test_pages_are_filled_alike(tmp_path: Path) -> None:
    points = ItemList(tuple(ListItem(text("some words to read " * 4)) for _ in range(22)))
    lines = [len(page.lines) for page in draw(slide(points), tmp_path, LARGE).legibility]
    assert len(lines) == 2 and abs(lines[0] - lines[1]) <= 4


def test_a_head_stands_on_the_page_of_what_follows_it(tmp_path: Path) -> None:
    """A page never ends with words in bold or before a colon: what they announce is below them."""
    panel = THEMES["light"].panel
    code = Code("\n".join(f"line {n}" for n in range(9)))
    for head in (Paragraph((Run("A head", "strong"),)), Paragraph(text("Look at this:"))):
        parts = [part for _ in range(4) for part in (head, code)]
        drawn = draw(slide(*parts), tmp_path)
        assert len(drawn.pictures) > 1
        for png in drawn.pictures:
            below = np.nonzero(find(png, panel))[0].max()
            dark = np.nonzero(find(png, THEMES["light"].text)[: SMALL.layout.content.bottom])[0]
            assert dark.max() <= below


def test_a_table_on_several_pages_repeats_its_head(tmp_path: Path) -> None:
    rows = tuple((text(f"{n}"), text(f"value {n}")) for n in range(40))
    drawn = draw(slide(Table((text("n"), text("Head")), rows, ("left", "left"))), tmp_path, LARGE)
    accent = THEMES["light"].accent
    assert len(drawn.pictures) > 1
    for png in drawn.pictures:  # the line below the head is the only long one in this colour
        assert find(png, accent).sum(axis=1).max() > 200


def test_running_text_has_no_long_lines(tmp_path: Path) -> None:
    words = "The air scatters the short waves of light far more than the long ones. "
    for count in (8, 18, 60):
        drawn = draw(slide(Paragraph(text(words * count))), tmp_path, LARGE)
        longest = max(count_characters(x) for page in drawn.legibility for x in page.lines)
        assert "lines-long" not in [f.rule for f in drawn.findings] and longest < 95


def test_too_much_text_shrinks_and_is_then_divided(tmp_path: Path) -> None:
    def points(count: int) -> Slide:
        return slide(
            ItemList(tuple(ListItem(text("some words to read " * 4)) for _ in range(count)))
        )

    drawn = [draw(points(n), tmp_path) for n in (3, 9, 40)]
    assert [[f.rule for f in d.findings] for d in drawn] == [[], [], ["slide-divided"]]
    assert [len(d.frames) for d in drawn][:2] == [1, 1] and len(drawn[2].frames) > 2
    assert [frame.page for frame in drawn[2].frames] == list(range(len(drawn[2].frames)))


def test_a_table_of_long_cells_is_not_divided_without_need(tmp_path: Path) -> None:
    head, long = text("words of this kind " * 8), text("some words to read " * 16)
    table = Table((head, head), ((long, long),), ())
    drawn = draw(slide(table), tmp_path, SlideLook(lay_out_lecture()))
    assert drawn.findings == () and len(drawn.pictures) == 1
    ground = find(drawn.pictures[0], THEMES["light"].background)
    rows = np.flatnonzero(~ground[:980, :1300].all(axis=1))
    assert 400 < rows[-1] < 700


def test_pages_are_turned_in_order_and_never_back(tmp_path: Path) -> None:
    """Code appears at once, and the list before it point by point: the page with the code waits."""
    items = ItemList(tuple(ListItem(text("some words to read " * 4), step=n) for n in range(5)))
    code = Code("\n".join(f"line {n}" for n in range(60)))
    drawn = draw(replace(slide(items, code), steps=6), tmp_path)
    pages = [frame.page for frame in drawn.frames]
    assert pages == sorted(pages) and pages[-1] > 1
    assert [frame.step for frame in drawn.frames if frame.page == 0] == [0, 1, 2, 3, 4]
    assert {frame.step for frame in drawn.frames if frame.page > 0} <= {4, 5}


def test_what_is_in_a_box_appears_with_it(tmp_path: Path) -> None:
    boxes = [Box("note", "Note", (), (Code("\n".join("x" * 9 for _ in range(9))),), step=n)
             for n in range(3)]  # fmt: skip
    drawn = draw(replace(slide(*boxes), steps=3), tmp_path)
    assert [(frame.step, frame.page) for frame in drawn.frames] == [(0, 0), (1, 1), (2, 2)]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_long_slides_are_forgotten(tmp_path: Path) -> None:
    """Typst would remember 100 MB and more of each of the last ten."""

    def measure() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

    def draw_table(number: int) -> None:
        cells = tuple(
            tuple(text(f"{number} {row * column}") for column in range(8)) for row in range(30)
        )
        draw(slide(Table(cells[0], cells, ("left",) * 8)), tmp_path, LARGE)

    draw_table(0)
    before = measure()
    for number in range(1, 6):
        draw_table(number)
    assert measure() - before < 300 << 20
