from __future__ import annotations

import io

from PIL import Image

from narrate.layout import Corner, Layout, lay_out_lecture
from narrate.slides.theme_sheet import CELL_WIDTH, Sampled, draw_samples, draw_sheet, make_samples
from narrate.slides.themes import THEMES


def lay_out(corner: Corner) -> Layout:
    return lay_out_lecture((640, 360), corner=corner)


def test_every_sample_is_drawn_without_findings() -> None:
    drawn = dict(draw_samples(Sampled(THEMES["paper"]), lay_out("lower right")))
    assert list(drawn) == list(make_samples())
    assert {Image.open(io.BytesIO(png)).size for png in drawn.values()} == {(640, 360)}


def test_a_sheet_has_a_row_for_each_theme() -> None:
    one = Image.open(io.BytesIO(draw_sheet([Sampled(THEMES["light"])], lay_out)))
    two = Image.open(
        io.BytesIO(draw_sheet([Sampled(THEMES[n]) for n in ("light", "dark")], lay_out))
    )
    assert one.width == two.width > len(make_samples()) * CELL_WIDTH
    assert two.height > 1.8 * one.height
