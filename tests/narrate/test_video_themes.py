from __future__ import annotations

import pytest

from narrate.errors import SettingsError
from narrate.video.themes import THEMES, Theme, contrast, theme


def test_contrast_is_wcags() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_all_text_can_be_read(look: Theme) -> None:
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
    assert contrast(look.captions_text, look.captions) >= 7.0


def test_unknown_theme_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="'light'"):
        theme("ligth")
