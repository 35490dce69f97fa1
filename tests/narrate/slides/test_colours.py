from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrate.slides.colours import contrast, is_dark, make_readable, mix

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_contrast_is_computed_as_in_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_colours_are_mixed_by_their_parts() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#ffffff", 0) == "#102030"


@pytest.mark.parametrize(("colour", "dark"), [("#000000", True), ("#fbfaf7", False)])
def test_dark_is_what_white_text_is_read_on(colour: str, dark: bool) -> None:
    assert is_dark(colour) is dark


def test_a_readable_colour_is_left_alone() -> None:
    assert make_readable("#1f5fa8", ["#ffffff"], 4.5) == "#1f5fa8"


def test_a_faint_colour_keeps_its_hue() -> None:
    made = make_readable("#ff6666", ["#ffffff"], 4.5)
    red, green = int(made[1:3], 16), int(made[3:5], 16)
    assert contrast(made, "#ffffff") >= 4.5 and red > 2 * green


@given(COLOURS, COLOURS)
def test_every_colour_can_be_made_readable_on_every_ground(colour: str, ground: str) -> None:
    assert contrast(make_readable(colour, [ground], 4.5), ground) >= 4.5
