from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lessons.model import Box, Code, ItemList, ListItem, Paragraph, Quote, Run, Slide, Visual
from narrate.layout import lay_out_lecture, lay_out_lipreadable, mirror
from narrate.slides.direction import Direction, find_direction, find_line_space, keep_signs
from narrate.slides.drawing import SlideLook, draw_slide

WIDE = lay_out_lecture((960, 540), has_presenter=False)


@pytest.mark.parametrize(
    ("text", "page", "found"),
    [
        ("The word שלום means peace.", "ltr", "ltr"),
        ("שלום means peace.", "ltr", "ltr"),
        ("هذه فقرة عربية، رقمها 42.", "ltr", "rtl"),
        ("Python היא שפה", "rtl", "rtl"),
        ("Hello world.", "rtl", "ltr"),
        ("1, 2, 3!", "rtl", "rtl"),
        ("1, 2, 3!", "ltr", "ltr"),
    ],
)
def test_letters_decide(text: str, page: Direction, found: Direction) -> None:
    assert find_direction(text, page) == found


def test_a_sign_stays_before_its_number() -> None:
    assert keep_signs("של -5 עד 7-9, a-1", "rtl") == "של \u200e-5 עד 7-9, a-1"
    assert keep_signs("from -5", "ltr") == "from -5"


def test_tall_scripts_need_space_between_lines() -> None:
    assert find_line_space(["plain Ωж"]) == 0
    assert find_line_space(["plain", "ไทย"]) < find_line_space(["ខ្មែរ", "ไทย"])


def draw(
    language: str, *visuals: Visual, title: str = "", footer: str = ""
) -> npt.NDArray[np.bool_]:
    """Where a slide has ink."""
    slide = Slide(3, title, visuals, (), line=1)
    look = SlideLook(WIDE, language=language, footer=footer, provenance="")
    drawn = draw_slide(slide, look, read=lambda path, part: b"")
    assert drawn.findings == ()
    with Image.open(io.BytesIO(drawn.pictures[0])) as page:
        pixels = np.asarray(page.convert("RGB")).astype(np.int16)
    return np.asarray(np.abs(pixels - pixels[0, 0]).max(axis=2) > 24)


def edges(ink: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """The free space on the left and on the right."""
    columns = np.flatnonzero(ink.any(axis=0))
    return int(columns[0]), int(ink.shape[1] - 1 - columns[-1])


def words(text: str) -> tuple[Run, ...]:
    return (Run(text),)


ITEMS = ItemList((ListItem(words("שלום עולם")), ListItem(words("HTTP/2"))))
BLOCKS: Sequence[tuple[Visual, str]] = [
    (Paragraph(words("פסקה קצרה מאוד של טקסט")), ""),
    (Quote(words("ציטוט קצר")), ""),
    (ITEMS, ""),
    (ITEMS, "כותרת"),
]


@pytest.mark.parametrize(("visual", "title"), BLOCKS)
def test_a_right_to_left_slide_begins_on_the_right(visual: Visual, title: str) -> None:
    left, right = edges(draw("he", visual, title=title))
    assert right < 60 < 300 < left
    if visual is not ITEMS:
        left, right = edges(draw("en", visual))  # a paragraph in a lesson in English
        assert right < 60 < 300 < left


def test_a_box_has_its_edge_where_lines_begin() -> None:
    ink = draw("he", Box("note", "", (), (Paragraph(words("שלום")),)))
    columns = np.flatnonzero(ink.sum(axis=0) > 20)
    assert columns.min() > 480


def test_code_stays_on_the_left() -> None:
    code = Code("x = 1", "python")
    assert np.array_equal(draw("he", code), draw("en", code))


def test_the_footer_changes_sides() -> None:
    left, right = edges(draw("ar", footer="دورة", title="").copy()[500:])
    assert right < 60 < left


@pytest.mark.parametrize("layout", [lay_out_lecture(), lay_out_lipreadable(signer="reserve")])
def test_a_mirrored_layout_keeps_sizes_and_gaps(layout: object) -> None:
    from narrate.layout import Layout

    assert isinstance(layout, Layout) and layout.presenter
    turned = mirror(layout)
    assert turned.presenter and turned.presenter.size == layout.presenter.size
    assert turned.presenter.x == layout.size[0] - layout.presenter.right
    assert turned.content.right == layout.size[0] - layout.content.x
    assert turned.captions == layout.captions and mirror(turned) == layout
