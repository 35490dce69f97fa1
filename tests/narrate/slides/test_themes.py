from __future__ import annotations

import tomllib

import pytest

from lessons.box_kinds import BOX_KINDS
from narrate.errors import SettingsError
from narrate.slides.colours import contrast
from narrate.slides.palettes import find_least_contrast
from narrate.slides.theme import Theme
from narrate.slides.theme_fonts import EMBEDDED, PACKAGED
from narrate.slides.themes import LOOKS, ORDER, THEMES, describe_theme, find_theme


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_all_text_has_enough_contrast(look: Theme) -> None:
    least = 7.0 if look.name == "contrast" else 4.5
    code = (
        look.code_keyword,
        look.code_string,
        look.code_number,
        look.code_name,
        look.code_comment,
    )
    for colour in (look.text, look.title, look.muted, look.accent):
        assert contrast(colour, look.background) >= least
    for colour in (look.text, look.accent, *code):
        assert contrast(colour, look.panel) >= least
    for tone in look.tones.values():
        for ground in (tone.fill, look.background):
            for colour in (look.text, look.muted, look.accent, tone.label):
                assert contrast(colour, ground) >= least
            assert contrast(tone.edge, ground) >= 3.0  # WCAG 1.4.11
    assert set(look.tones) == {kind.tone for kind in BOX_KINDS.values()}
    assert contrast(look.highlight_text, look.highlight) >= least
    assert contrast(look.captions_text, look.captions) >= 7.0
    for edge in (look.line, look.border):
        assert contrast(edge, look.background) >= 3.0
    assert find_least_contrast(look) >= least


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_pages_with_a_title_alone_have_enough_contrast(look: Theme) -> None:
    least = 7.0 if look.name == "contrast" else 4.5
    for page in (look.title_page, look.section):
        shown = look.for_page(page)
        for colour in (shown.text, shown.title, shown.muted, shown.accent):
            assert contrast(colour, shown.background) >= least
        for colour in (shown.text, shown.muted, shown.accent):
            assert contrast(colour, shown.panel) >= least
        for edge in (shown.line, shown.border):
            assert contrast(edge, shown.background) >= 3.0


def test_every_file_is_a_theme_that_says_what_it_is_like() -> None:
    assert sorted(path.stem for path in LOOKS.glob("*.toml")) == sorted(ORDER)
    assert len(THEMES) >= 6
    for name in THEMES:
        assert describe_theme(name).endswith(".") and len(describe_theme(name)) < 200
    assert describe_theme("school") == ""


def test_the_fonts_of_themes_are_those_that_are_installed_with_narrate() -> None:
    families = {font.family for font in PACKAGED} | set(EMBEDDED)
    project = tomllib.loads((LOOKS.parents[2] / "pyproject.toml").read_text())["project"]
    for font in PACKAGED:
        assert any(line.startswith(font.distribution) for line in project["dependencies"])
    for theme in THEMES.values():
        assert {theme.typeface.title, theme.typeface.text, theme.typeface.code} <= families


def test_the_error_for_an_unknown_theme_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="'light'"):
        find_theme("ligth")
