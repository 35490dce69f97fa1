"""What themes put on slides besides the text: title pages, sections, edges, logos."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lessons.errors import MediaError
from lessons.model import ItemList, ListItem, Paragraph, Run, Slide, Visual
from narrate.layout import Layout, lay_out_lecture, lay_out_lipreadable
from narrate.slides.drawing import SlideLook, draw_slide
from narrate.slides.theme import Shape, Theme
from narrate.slides.theme_pages import choose_cover_page
from narrate.slides.themes import THEMES

SIZE = (960, 540)
TEXT = Paragraph((Run("A short text."),))
LIST = ItemList((ListItem((Run("one"),)), ListItem((Run("two"),), 1), ListItem((Run("three"),))))
LAYOUTS: dict[str, Layout] = {
    "lecture": lay_out_lecture(SIZE),
    "left": lay_out_lecture(SIZE, corner="upper left"),
    "lipreadable": lay_out_lipreadable(SIZE),
    "signer": lay_out_lipreadable(SIZE, "reserve"),
}


def slide(number: int, *visuals: Visual, title: str = "Waves") -> Slide:
    return Slide(number, title, visuals, (), line=1)


def nothing(path: str, part: str) -> bytes:
    raise MediaError("There is none.", remedy="Add it.")


def draw(
    one: Slide, theme: Theme, layout: Layout, read: Callable[[str, str], bytes] = nothing
) -> npt.NDArray[np.int16]:
    look = SlideLook(layout, theme, footer="A course", provenance="A voice")
    drawn = draw_slide(one, look, read=read)
    assert all(f.rule == "theme-logo-unusable" for f in drawn.findings), drawn.findings
    return np.asarray(Image.open(io.BytesIO(drawn.pictures[0])).convert("RGB")).astype(np.int16)


def as_pixel(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (slide(1), "title_page"),
        (slide(1, TEXT), "title_page"),
        (slide(1, LIST), None),
        (slide(2), "section"),
        (slide(2, TEXT), None),
        (slide(2, title=""), None),
    ],
)
def test_pages_with_a_title_alone_have_compositions_of_their_own(
    one: Slide, kind: str | None
) -> None:
    theme = THEMES["playful"]
    assert choose_cover_page(one, theme) == (getattr(theme, kind) if kind else None)


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_colours_its_pages(name: str) -> None:
    theme, layout = THEMES[name], LAYOUTS["lecture"]
    margin = (270, 24)  # between the edge of the picture and all text
    assert tuple(draw(slide(2, LIST), theme, layout)[margin]) == as_pixel(theme.background)
    page = theme.for_page(theme.section)
    assert tuple(draw(slide(2), theme, layout)[margin]) == as_pixel(page.background)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", THEMES)
def test_nothing_is_behind_text_or_faces(name: str, layout: str) -> None:
    theme, where = THEMES[name], LAYOUTS[layout]
    plain = replace(theme, shape=replace(theme.shape, border="plain"))
    one = slide(2, LIST)
    edges = np.any(draw(one, theme, where) != draw(one, plain, where), axis=2)
    for box in (where.content, where.title, where.footer, where.presenter, where.captions):
        if box is not None:
            assert not edges[box.y : box.bottom, box.x : box.right].any()


@pytest.mark.parametrize(
    "rule", ["short", "bar", "full", "double", "dots", "wave", "chalk", "none"]
)
@pytest.mark.parametrize("marker", ["square", "dot", "ring", "dash", "arrow", "dots"])
def test_all_shapes_can_be_drawn(rule: str, marker: str) -> None:
    shape = Shape(rule=rule, marker=marker, border="margin")  # type: ignore[arg-type]
    pages = [
        replace(THEMES["light"].title_page, rule=rule, align=align)  # type: ignore[arg-type]
        for align in ("left", "centre")
    ]
    theme = replace(THEMES["light"], shape=shape, title_page=pages[0], section=pages[1])
    for one in (slide(1, TEXT), slide(2), slide(3, LIST)):
        assert draw(one, theme, LAYOUTS["lecture"]).shape == (540, 960, 3)


def red_square(path: str, part: str) -> bytes:
    assert path == "logo.png"
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), "#ff0000").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_logo_is_at_the_foot_and_large_on_the_title_page() -> None:
    theme, layout = replace(THEMES["light"], logo="logo.png"), LAYOUTS["lecture"]
    usual, title = (
        np.all(draw(one, theme, layout, red_square) == (255, 0, 0), axis=2)
        for one in (slide(2, LIST), slide(1))
    )
    assert usual[: layout.footer.y - 4].sum() == 0 and 150 < usual.sum() < 500
    assert title.sum() > 3000


def test_a_logo_that_is_missing_is_left_out() -> None:
    theme = replace(THEMES["light"], logo="logo.png")
    look = SlideLook(LAYOUTS["lecture"], theme)
    drawn = draw_slide(slide(2, LIST), look, read=nothing)
    assert [f.rule for f in drawn.findings] == ["theme-logo-unusable"]


@pytest.mark.parametrize("footer", ['#panic("x")', '"); #read("/etc/passwd")', "$x$ *b* \\u{41}"])
def test_a_footer_is_text_whatever_is_in_it(footer: str) -> None:
    theme = replace(THEMES["light"], footer=footer)
    picture = draw(slide(2, LIST), theme, LAYOUTS["lecture"])
    foot = LAYOUTS["lecture"].footer
    assert (picture[foot.y : foot.bottom, foot.x : foot.x + 60] != picture[270, 24]).any()


def test_a_course_can_be_drawn_without_the_fonts_of_its_theme(tmp_path: Path) -> None:
    theme = THEMES["chalk"]
    missing = replace(theme, typeface=replace(theme.typeface, title="Nowhere", text="No Such"))
    assert draw(slide(2, LIST), missing, LAYOUTS["lecture"]).any()
