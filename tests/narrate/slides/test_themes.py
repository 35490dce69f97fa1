from __future__ import annotations

import pytest

from lessons.box_kinds import BOX_KINDS
from narrate.errors import SettingsError
from narrate.slides.themes import THEMES, Theme, contrast, find_theme


def test_contrast_is_computed_as_in_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


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


def test_the_error_for_an_unknown_theme_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="'light'"):
        find_theme("ligth")
