"""Finds the direction of a text, and how much room its lines need.

A slide is mirrored as a whole if its language is written from right to left. A block on it has its
own direction if its letters say so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Direction = Literal["ltr", "rtl"]

_SIGNED = re.compile(r"(?<![\w.,)\]%])([-−+±])(?=[0-9۰-۹])")

_TALL: tuple[tuple[int, int, float], ...] = (
    (0x0590, 0x05FF, 0.1),  # Hebrew, with its points
    (0x0600, 0x08FF, 0.2),  # Arabic, Syriac, Thaana, N'Ko
    (0x0900, 0x0DFF, 0.2),  # the scripts of India and Sri Lanka
    (0x0E00, 0x0EFF, 0.3),  # Thai and Lao: two marks above each other
    (0x0F00, 0x0FFF, 0.6),  # Tibetan: stacks of letters
    (0x1000, 0x109F, 0.5),  # Myanmar
    (0x1200, 0x139F, 0.1),  # Ethiopic
    (0x1780, 0x17FF, 0.5),  # Khmer: letters below letters
    (0x1A20, 0x1BFF, 0.4),  # Tai Tham, Balinese, Sundanese, Batak
    (0x2E80, 0x9FFF, 0.25),  # Chinese and Japanese: squares of 1 em without descenders
    (0xA960, 0xA97F, 0.25),
    (0xA980, 0xAADF, 0.4),  # Javanese, Myanmar's additions, Cham, Tai Viet
    (0xAC00, 0xD7FF, 0.25),  # Korean
    (0x12000, 0x143FF, 0.3),  # cuneiform and hieroglyphs
    (0x20000, 0x3FFFF, 0.25),
)
"""First and last character, and the space that its lines need beyond that of Latin, in em: what is
drawn above the height of Latin's capitals and below its descenders in the Noto fonts."""


def find_direction(text: str, page: Direction) -> Direction:
    """The direction in which to set a text on a page.

    On a page from left to right, the majority of the letters decides: a word in Hebrew does not
    turn an English sentence. On a page from right to left, any letter of such a script does,
    because technical terms in Latin letters often begin or fill a line there. A text without
    letters follows the page.
    """
    kinds = [unicodedata.bidirectional(c) for c in text]
    leftward = sum(kind in ("R", "AL") for kind in kinds)
    rightward = kinds.count("L")
    if page == "rtl":
        return "ltr" if rightward and not leftward else "rtl"
    return "rtl" if leftward > rightward else "ltr"


def keep_signs(text: str, page: Direction) -> str:
    """The text, in which a number's sign stays on its left on a page from right to left.

    Without a mark, −5 becomes 5− there. The mark is the one that CLDR writes before the minus sign
    of Hebrew and Persian.
    """
    return _SIGNED.sub("\u200e\\1", text) if page == "rtl" else text


def find_line_space(texts: Iterable[str]) -> float:
    """The space that lines of these texts need beyond that of Latin letters, in em."""
    characters = {ord(c) for text in texts for c in text if ord(c) >= _TALL[0][0]}
    needed = (
        space for first, last, space in _TALL if any(first <= code <= last for code in characters)
    )
    return max(needed, default=0.0)
