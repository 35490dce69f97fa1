"""Boxes, columns, placeholders and marked text, as small pixel maps."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lessons.model import (
    Box,
    Code,
    Columns,
    Formula,
    ItemList,
    ListItem,
    Paragraph,
    Picture,
    Placeholder,
    Run,
    Slide,
    Table,
    Visual,
)
from narrate.layout import lay_out_lecture, lay_out_lipreadable
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.pictures.reading import reading_from
from narrate.slides.themes import THEMES

Pixels = npt.NDArray[np.int16]

SMALL = SlideLook(lay_out_lecture((960, 540), has_presenter=False))
NARROW = SlideLook(lay_out_lipreadable((960, 540), "reserve"))
TITLE = 90  # rows of the title and the line below it
TONES = {
    "plain": "example", "info": "note", "good": "tip", "warning": "warning", "danger": "danger",
    "task": "challenge", "answer": "solution",
}  # fmt: skip


def text(words: str) -> tuple[Run, ...]:
    return (Run(words),)


def paragraph(words: str, step: int = 0) -> Paragraph:
    return Paragraph(text(words), step)


def draw(
    *visuals: Visual, root: Path = Path(), look: SlideLook = SMALL, steps: int = 1
) -> DrawnSlide:
    return draw_slide(Slide(3, "Title", visuals, (), 7, steps), look, read=reading_from(root))


def pixels(data: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(np.int16)


def shown(*visuals: Visual, root: Path = Path(), look: SlideLook = SMALL) -> Pixels:
    drawn = draw(*visuals, root=root, look=look)
    assert drawn.findings == ()
    return pixels(drawn.pictures[0])


def find(picture: Pixels, colour: str) -> tuple[int, int, int, int]:
    """The left, top, right and bottom of what has a colour; all -1 if nothing has."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    rows, columns = np.nonzero(np.abs(picture - wanted).max(axis=2) <= 2)
    if not len(rows):
        return (-1, -1, -1, -1)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def paint(root: Path, name: str, size: tuple[int, int], colour: str) -> Picture:
    Image.new("RGB", size, colour).save(root / name)
    return Picture(name, "a colour")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("tone", "kind"), TONES.items())
def test_a_box_has_the_colours_of_its_tone(theme: str, tone: str, kind: str) -> None:
    look = replace(SMALL, theme=THEMES[theme])
    (colours,) = (t for name, t in THEMES[theme].tones.items() if name == tone)
    picture = shown(Box(kind, "Label", (), (paragraph("Some text"),)), look=look)[TITLE:]
    edge, fill = find(picture[:, :56], colours.edge), find(picture, colours.fill)
    assert edge[2] - edge[0] in (3, 4) and fill[2] > 900
    assert edge[1] <= fill[1] + 8 and edge[3] >= fill[3] - 8


def test_a_box_without_label_and_title_has_just_its_edge() -> None:
    bare = find(shown(Box("quote", "", (), (paragraph("Some text"),))), "#f1f2f4")
    named = find(shown(Box("quote", "Quote", (), (paragraph("Some text"),))), "#f1f2f4")
    assert 0 < bare[3] - bare[1] < named[3] - named[1] - 20


def test_a_box_holds_everything(tmp_path: Path) -> None:
    picture = paint(tmp_path, "red.png", (300, 200), "#ff0000")
    inside = Box("solution", "Solution", (), (Code("x = 1", "python"), picture))
    outside = Box(
        "challenge", "Challenge", text("What?"),
        (paragraph("A phrase"), Table((text("a"),), ((text("1"),),), ("left",)), inside),
    )  # fmt: skip
    drawn = draw(outside, root=tmp_path)
    page = pixels(drawn.pictures[0])[TITLE:]
    tones = THEMES["light"].tones
    outer, inner = find(page, tones["task"].edge), find(page, tones["answer"].edge)
    red, code = find(page, "#ff0000"), find(page, THEMES["light"].panel)
    assert outer[0] < inner[0] < red[0] and outer[1] < inner[1] < code[1] < red[1]
    assert red[3] < inner[3] < outer[3]
    assert (red[2] - red[0]) / (red[3] - red[1]) == pytest.approx(1.5, rel=0.06)


@pytest.mark.parametrize("widths", [(0.5, 0.5), (0.3, 0.7), (3.0, 1.0)])
def test_columns_are_side_by_side_with_their_widths(
    widths: tuple[float, float], tmp_path: Path
) -> None:
    left = paint(tmp_path, "red.png", (900, 300), "#ff0000")
    right = paint(tmp_path, "blue.png", (900, 300), "#0000ff")
    page = shown(Columns(((left,), (right,)), widths), root=tmp_path)
    red, blue = find(page, "#ff0000"), find(page, "#0000ff")
    assert red[2] < blue[0] and abs(red[1] - blue[1]) <= 2
    share = (red[2] - red[0]) / (red[2] - red[0] + blue[2] - blue[0])
    assert share == pytest.approx(widths[0] / sum(widths), abs=0.02)


def test_a_narrow_slide_stacks_columns(tmp_path: Path) -> None:
    left = paint(tmp_path, "red.png", (900, 300), "#ff0000")
    right = paint(tmp_path, "blue.png", (900, 300), "#0000ff")
    page = shown(Columns(((left,), (right,)), (0.5, 0.5)), root=tmp_path, look=NARROW)
    red, blue = find(page, "#ff0000"), find(page, "#0000ff")
    assert red[3] < blue[1] and abs(red[0] - blue[0]) <= 2


def test_code_in_columns_is_cut_into_the_lines_that_fit() -> None:
    """Code in a column does not run into the other one, which keeps a share of the width."""
    code, empty = Code("x" * 300), paragraph(" ")
    page = shown(Columns(((code,), (empty,)), (0.5, 0.5)))
    alone = shown(code)
    panel = THEMES["light"].panel
    right = find(page, panel)[2]
    assert 480 < right < 700 < find(alone, panel)[2]
    rest = page[120:480, right + 2 : 900]
    assert (rest == rest[0, 0]).all()


def test_a_placeholder_is_a_dashed_frame_with_its_words() -> None:
    muted = THEMES["light"].muted
    words = Placeholder("Video", "https://www.example.com/a", "A beam that splits.")
    look = SlideLook(lay_out_lecture(has_presenter=False))
    page = shown(words, look=look)[2 * TITLE :]
    left, top, right, _ = find(page, muted)
    assert right - left > 1700  # the frame, which is as wide as the content
    row = np.abs(page[top, left:right] - page[0, 0]).max(axis=1) > 60
    assert np.count_nonzero(np.diff(row.astype(int))) > 100  # dashes
    assert draw(words).pictures != draw(replace(words, alt="")).pictures
    assert draw(words).pictures == draw(replace(words, name="example.com/a")).pictures


@pytest.mark.parametrize("theme", THEMES)
def test_marked_text_has_its_ground(theme: str) -> None:
    look = replace(SMALL, theme=THEMES[theme])
    content = (Run("Some "), Run("marked", "highlight"), Run(" text"))
    page = shown(ItemList((ListItem(content),)), look=look)[TITLE:, 80:]
    left, top, right, bottom = find(page, THEMES[theme].highlight)
    assert 40 < right - left < 200 and 15 < bottom - top < 60
    plain = shown(paragraph("Some marked text"), look=look)[TITLE:]
    assert theme == "contrast" or find(plain, THEMES[theme].highlight)[0] == -1


def test_small_capitals_are_capitals_and_smaller() -> None:
    def size(run: Run) -> int:
        page = shown(ItemList((ListItem((run,)),)))[TITLE:, 80:]
        rows = np.flatnonzero((page.max(axis=2) < 100).any(axis=1))
        return int(np.ptp(rows))

    small, capital, lower = size(Run("xox", "smallcaps")), size(Run("XOX")), size(Run("xox"))
    assert 0.7 * capital < small < 0.9 * capital and small > lower


@pytest.mark.parametrize("boxed", [False, True])
def test_a_share_limits_the_width_of_a_picture(boxed: bool, tmp_path: Path) -> None:
    picture = paint(tmp_path, "red.png", (1600, 400), "#ff0000")

    def width(share: float) -> int:
        shown_one: Visual = replace(picture, share=share)
        if boxed:
            shown_one = Box("note", "Note", (), (shown_one,))
        left, _, right, _ = find(shown(shown_one, root=tmp_path), "#ff0000")
        return right - left

    assert width(0.25) / width(0) == pytest.approx(0.25, abs=0.02)
    assert width(1.0) == width(0)


def test_a_share_is_one_of_the_slide_and_not_of_a_column(tmp_path: Path) -> None:
    picture = replace(paint(tmp_path, "red.png", (1600, 400), "#ff0000"), share=0.4)
    whole = find(shown(picture, root=tmp_path), "#ff0000")
    page = shown(Columns(((picture,), (paragraph("some text"),)), (0.5, 0.5)), root=tmp_path)
    left, _, right, _ = find(page, "#ff0000")
    assert right - left == pytest.approx(whole[2] - whole[0], rel=0.1)


def test_hidden_parts_of_boxes_keep_their_places(tmp_path: Path) -> None:
    picture = replace(paint(tmp_path, "red.png", (300, 90), "#ff0000"), step=2)
    items = ItemList((ListItem(text("first")), ListItem(text("second"), step=1)))
    boxes = Box("challenge", "Challenge", (), (items, picture, paragraph("last", 1)))
    late = Box("solution", "Solution", (), (paragraph("answer"),), step=3)
    columns = Columns(((paragraph("left"),), (paragraph("right", 2),)), (0.5, 0.5))
    drawn = draw(boxes, columns, late, root=tmp_path, steps=4)
    pages = [pixels(page) for page in drawn.pictures]
    for before, after in pairwise(pages):
        changed = np.any(before != after, axis=2)
        assert changed.any()
        # What is added was plain ground before: one of the colours that fill the slide.
        grounds = {tuple(colour) for colour in before[changed].tolist()}
        assert len(grounds) <= 2, grounds
    assert find(pages[1], "#ff0000")[0] == -1 < find(pages[2], "#ff0000")[0]
    answer = THEMES["light"].tones["answer"].edge
    assert find(pages[2], answer)[0] == -1 < find(pages[3], answer)[0]


def test_nested_content_shrinks_and_is_then_divided(tmp_path: Path) -> None:
    picture = paint(tmp_path, "red.png", (900, 900), "#ff0000")

    def crowd(count: int) -> list[str]:
        items = ItemList((ListItem(text("some words to read " * 3)),) * count)
        inside = Box("solution", "Solution", (), (items, picture))
        return [f.rule for f in draw(Box("note", "Note", (), (inside,)), root=tmp_path).findings]

    assert crowd(1) == [] and crowd(40) == ["slide-divided"]


def test_a_picture_shrinks_before_text_does(tmp_path: Path) -> None:
    picture = paint(tmp_path, "red.png", (900, 900), "#ff0000")
    heights = []
    for count in (1, 4):
        items = ItemList((ListItem(text("words")),) * count)
        page = shown(Box("note", "Note", (), (items, picture)), root=tmp_path)
        _, top, _, bottom = find(page, "#ff0000")
        heights.append(bottom - top)
        assert find(page, THEMES["light"].tones["info"].label)[3] > 0
    assert heights[0] > 1.2 * heights[1] > 100


def test_missing_glyphs_in_boxes_are_found() -> None:
    boxed = Box("note", "𗀀", text("𗀁"), (Columns(((paragraph("𗀂"),), ()), (0.5, 0.5)),))
    (finding,) = draw(boxed, Placeholder("Video", "x", "𗀃")).findings
    assert finding.rule == "missing-glyphs"
    assert {c for c in "𗀀𗀁𗀂𗀃" if c in finding.message} == set("𗀀𗀁𗀂𗀃")


def test_a_formula_in_a_box_is_shown_as_latex_if_it_is_wrong() -> None:
    (finding,) = draw(Box("theorem", "Theorem", (), (Formula(r"\nothing{x}"),))).findings
    assert finding.rule == "formula-unshown" and finding.place.slide == 3


@pytest.mark.parametrize(
    ("theme", "colour", "plate"),
    [("dark", "#000000", True), ("light", "#000000", False), ("light", "#ffffff", True),
     ("dark", "#ffffff", False)],
)  # fmt: skip
def test_a_transparent_picture_is_seen_on_every_ground(
    theme: str, colour: str, plate: bool, tmp_path: Path
) -> None:
    picture = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    picture.paste(colour, (100, 100, 300, 300))
    picture.save(tmp_path / "a.png")
    page = shown(Picture("a.png", "x"), root=tmp_path, look=replace(SMALL, theme=THEMES[theme]))
    left, top, _, _ = find(page[150:500, 300:660], colour)
    beside = page[150 + top + 40, 300 + left - 12]
    assert bool(np.abs(beside - page[0, 0]).max() > 100) is plate


def test_text_above_several_pictures_is_not_lost(tmp_path: Path) -> None:
    wide = [paint(tmp_path, f"{n}.png", (900, 120), "#C00000") for n in range(2)]
    picture = shown(paragraph("Words that matter"), *wide, root=tmp_path)[TITLE:]
    assert find(picture, THEMES["light"].text) != (-1, -1, -1, -1)
    top = find(picture, "#C00000")[1]
    assert find(picture, THEMES["light"].text)[3] < top


def test_pictures_after_long_code_are_seen_on_one_of_its_pages(tmp_path: Path) -> None:
    pictures = [paint(tmp_path, f"{n}.png", (400, 300), "#C00000") for n in range(3)]
    code = Code("\n".join(f"line {n}" for n in range(60)))
    drawn = draw(code, *pictures, root=tmp_path)
    assert [finding.rule for finding in drawn.findings] == ["slide-divided"]
    areas = []
    for page in drawn.pictures:
        left, top, right, bottom = find(pixels(page), "#C00000")
        areas.append((right - left) * (bottom - top))
    assert max(areas) > 100 * 100 and areas[0] == 0


def test_columns_that_do_not_fit_on_a_page_are_put_below_each_other() -> None:
    code = Code("\n".join(f"line_{n} = {n}" for n in range(60)))
    items = ItemList(tuple(ListItem(text(f"point {n}")) for n in range(3)))
    beside = draw(Columns(((items,), (items,)), ()))
    below = draw(Columns(((code,), (items,)), ()))
    assert len(beside.frames) == 1 < len(below.frames)
    assert [f.rule for f in below.findings] == ["slide-divided"]
    panel = THEMES["light"].panel
    assert find(pixels(below.pictures[0]), panel)[2] > 600
    assert find(pixels(below.pictures[-1]), THEMES["light"].accent)[0] > 0
