"""The colours of a video.

Text and its background have a contrast of at least 4.5:1 (WCAG 1.4.3), and of at least 7:1 (1.4.6)
in the theme `contrast`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.near_words import find_near
from lessons.box_kinds import Tone
from narrate.errors import SettingsError


@dataclass(frozen=True, slots=True)
class ToneColours:
    """The colours of a box: its `edge`, the `fill` behind its text, and its `label`. A box inside a
    box has the theme's background as its fill."""

    edge: str
    fill: str
    label: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`.

    `panel` is the background of code, formulas and every second row of a table. The `code_` colours
    are only used on `panel`, those of other text on `background`, `panel` and the fills of `tones`.
    `highlight_text` is only used on `highlight`.
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
    highlight: str
    highlight_text: str
    tones: Mapping[Tone, ToneColours]
    captions: str = "#0b0f14"
    captions_text: str = "#ffffff"
    signer: str = "#2b3a4a"  # plain and fairly dark: hands and faces of every skin colour are clear


_LIGHT_TONES: Mapping[Tone, ToneColours] = {
    "plain": ToneColours("#7d8796", "#f1f2f4", "#3d4757"),
    "info": ToneColours("#1f5fa8", "#e8f0fa", "#1a5291"),
    "good": ToneColours("#2c7a45", "#e8f4eb", "#22653a"),
    "warning": ToneColours("#b36b00", "#fdf3e0", "#7d4a00"),
    "danger": ToneColours("#b3261e", "#fdebe9", "#9a1f18"),
    "task": ToneColours("#6b3fa0", "#f2ecf9", "#5a3389"),
    "answer": ToneColours("#0f7377", "#e3f4f4", "#0b5d61"),
}

_DARK_TONES: Mapping[Tone, ToneColours] = {
    "plain": ToneColours("#7c8998", "#171d26", "#c3ccd6"),
    "info": ToneColours("#5b9bea", "#14243a", "#8fc1ff"),
    "good": ToneColours("#4fae6a", "#142a1d", "#8fdca4"),
    "warning": ToneColours("#d99a2b", "#2f2512", "#ffc977"),
    "danger": ToneColours("#e0675f", "#351b1c", "#ffaaa4"),
    "task": ToneColours("#a67fe0", "#251c38", "#ceb2ff"),
    "answer": ToneColours("#3fb0b0", "#11292c", "#84dede"),
}

_CONTRAST_TONES: Mapping[Tone, ToneColours] = {
    "plain": ToneColours("#ffffff", "#141414", "#ffffff"),
    "info": ToneColours("#9fd8ff", "#141414", "#9fd8ff"),
    "good": ToneColours("#a6ffa6", "#141414", "#a6ffa6"),
    "warning": ToneColours("#ffd08a", "#141414", "#ffd08a"),
    "danger": ToneColours("#ffb0a8", "#141414", "#ffb0a8"),
    "task": ToneColours("#ffb3ff", "#141414", "#ffb3ff"),
    "answer": ToneColours("#9ff5f0", "#141414", "#9ff5f0"),
}

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
            highlight="#ffe680",
            highlight_text="#1d2430",
            tones=_LIGHT_TONES,
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
            highlight="#6b5300",
            highlight_text="#ffffff",
            tones=_DARK_TONES,
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
            highlight="#ffe14d",
            highlight_text="#000000",
            tones=_CONTRAST_TONES,
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
