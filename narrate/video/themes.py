"""The colours of a video.

Text and its background have a contrast of at least 4.5:1 (WCAG 1.4.3), and of at least 7:1 (1.4.6)
in the theme `contrast`.
"""

from __future__ import annotations

from dataclasses import dataclass

from foundation.near_words import find_near
from narrate.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`.

    `panel` is the background of code, formulas and every second row of a table. The `code_` colours
    are only used on `panel`, those of other text on `background` and `panel`.
    """

    name: str
    background: str
    text: str
    title: str
    muted: str
    accent: str
    panel: str
    line: str
    code_keyword: str
    code_string: str
    code_number: str
    code_name: str
    code_comment: str
    captions: str = "#0b0f14"
    captions_text: str = "#ffffff"
    signer: str = "#2b3a4a"  # plain and fairly dark: hands and faces of every skin colour are clear


THEMES: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(
            name="light",
            background="#fbfaf7",
            text="#1d2430",
            title="#12263f",
            muted="#586273",
            accent="#1f5fa8",
            panel="#eef1f4",
            line="#c9d0d8",
            code_keyword="#8a2b8f",
            code_string="#27663a",
            code_number="#9a4a00",
            code_name="#1a549c",
            code_comment="#5a6575",
        ),
        Theme(
            name="dark",
            background="#11161d",
            text="#e9edf2",
            title="#ffffff",
            muted="#a3afbd",
            accent="#7db7ff",
            panel="#1c242f",
            line="#3a4656",
            code_keyword="#d7a6ff",
            code_string="#9fdc9a",
            code_number="#ffbf7a",
            code_name="#8ec5ff",
            code_comment="#a3afbd",
            captions="#05080c",
        ),
        Theme(
            name="contrast",
            background="#000000",
            text="#ffffff",
            title="#ffe14d",
            muted="#e0e0e0",
            accent="#ffe14d",
            panel="#1a1a1a",
            line="#ffffff",
            code_keyword="#ffb3ff",
            code_string="#a6ffa6",
            code_number="#ffd08a",
            code_name="#9fd8ff",
            code_comment="#e0e0e0",
            captions="#000000",
            signer="#1f2a36",
        ),
    )
}


def find_theme(name: str) -> Theme:
    """Return the theme with this name.

    Raises:
        SettingsError: there is no such theme.
    """
    found = THEMES.get(name)
    if found is None:
        near = find_near(name, THEMES)
        raise SettingsError(
            f"There is no theme {name!r}.",
            remedy=(f"Did you mean {near!r}? " if near else "")
            + f"The themes are {', '.join(sorted(THEMES))}.",
        )
    return found


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two `#rrggbb` colours, 1..21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_compute_luminance(first), _compute_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _compute_luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0..1 (WCAG 2.2, relative luminance)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
