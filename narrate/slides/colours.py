"""Colours as `#rrggbb`: how well they can be told apart, and how to make them readable."""

from __future__ import annotations

from collections.abc import Iterable

BLACK, WHITE = "#000000", "#ffffff"

_STEPS = 40
"""Steps from a colour to black or white. A finer one could not be seen."""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two `#rrggbb` colours, 1..21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_compute_luminance(first), _compute_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_dark(colour: str) -> bool:
    """Whether white text is read more easily on this colour than black text."""
    return contrast(colour, WHITE) > contrast(colour, BLACK)


def mix(first: str, second: str, share: float) -> str:
    """Return the first colour with a share (0..1) of the second."""
    return _write(a + (b - a) * share for a, b in zip(_read(first), _read(second), strict=True))


def make_readable(colour: str, grounds: Iterable[str], least: float) -> str:
    """Return the colour, or the nearest towards black or white that has a contrast of `least` on
    every ground; if none has, black or white, whichever is better."""
    grounds = tuple(grounds)
    if _find_least(colour, grounds) >= least:
        return colour
    for step in range(1, _STEPS + 1):
        for end in (BLACK, WHITE):
            tried = mix(colour, end, step / _STEPS)
            if _find_least(tried, grounds) >= least:
                return tried
    return max((BLACK, WHITE), key=lambda end: _find_least(end, grounds))


def _find_least(colour: str, grounds: Iterable[str]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def _compute_luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0..1 (WCAG 2.2, relative luminance)."""
    parts = [part / 255 for part in _read(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _read(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _write(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{min(max(round(part), 0), 255):02x}" for part in parts)
