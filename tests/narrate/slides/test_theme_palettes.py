from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from narrate.slides.colours import contrast
from narrate.slides.palettes import (
    colour_theme,
    complete,
    correct,
    list_names,
    list_pairs,
    read_colours,
)
from narrate.slides.themes import THEMES

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
WRITTEN = st.dictionaries(st.sampled_from(sorted(list_names())), COLOURS, max_size=12)


@settings(max_examples=150, deadline=None)
@given(WRITTEN, st.sampled_from(sorted(THEMES)), st.sampled_from([4.5, 7.0]))
def test_whatever_is_written_can_be_read_in_the_end(
    written: dict[str, str], base: str, least: float
) -> None:
    found = correct(complete(read_colours(THEMES[base]), written), least)
    for pair in list_pairs(least):
        # On a middling ground neither black nor white has 7:1: the better of the two remains.
        best = max(contrast(end, found[pair.ground]) for end in ("#000000", "#ffffff"))
        seen = contrast(found[pair.colour], found[pair.ground])
        assert seen >= min(pair.least, best, 4.5 if pair.least > 4 else 3.0), pair


def test_a_theme_is_the_same_after_its_colours_were_read() -> None:
    for theme in THEMES.values():
        assert colour_theme(theme, read_colours(theme)) == theme


def test_what_can_be_read_is_not_changed() -> None:
    for theme in THEMES.values():
        assert correct(read_colours(theme), theme.least_contrast) == read_colours(theme)


def test_panels_follow_a_new_background() -> None:
    found = complete(read_colours(THEMES["light"]), {"background": "#dff0d8"})
    assert contrast(found["panel"], "#dff0d8") < 1.3
    assert found["cover.background"] == "#dff0d8"
