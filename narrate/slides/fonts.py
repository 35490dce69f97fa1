"""Chooses the fonts of a document: which one draws each character follows from the language, and
not from the order in which fonts happen to be found.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from foundation.languages import find_script, normalize_tag, primary
from narrate.slides.script_fonts import find_folders
from narrate.slides.theme_fonts import find_font_folders
from narrate.templating import typst_literal

if TYPE_CHECKING:
    import typst

TEXT_FONT = "Atkinson Hyperlegible"
CODE_FONT = "DejaVu Sans Mono"
SERIF_FONT = "Libertinus Serif"

TEXT_TOP = 0.668
"""The height of capitals in the text font, in em. Lines take this height whatever fonts are in
them, so that a word in another script does not push lines apart."""
CODE_TOP = 0.729
"""The height of capitals in the font of code."""

_WIDE = "Noto Sans"
"""Latin with all its accents, phonetic letters, Greek and Cyrillic."""
_SYMBOLS = ("Noto Sans Symbols 2", "Noto Sans Symbols")
_EMBEDDED = ("DejaVu Sans Mono", "New Computer Modern Math", "New Computer Modern", SERIF_FONT)
"""Fonts that Typst contains: they have arrows, boxes and mathematics."""
_EMOJI = ("Noto Color Emoji", "Noto Emoji")

_CJK = {"JP": "Noto Sans CJK JP", "KR": "Noto Sans CJK KR", "SC": "Noto Sans CJK SC",
        "TC": "Noto Sans CJK TC", "HK": "Noto Sans CJK HK"}  # fmt: skip
"""The same characters have other shapes in each of these places."""
_CJK_ORDER = ("SC", "TC", "JP", "KR", "HK")  # by the number of readers

_NOT_FALLBACK = frozenset({TEXT_FONT, _WIDE, "Noto Naskh Arabic", *_SYMBOLS, *_EMOJI, *_EMBEDDED})

_EMOJI_SHOWN = r"[\p{Emoji_Presentation}\p{Emoji_Modifier}\p{Regional_Indicator}]"
"""Characters that are pictures by themselves. Others, such as ✔ and ▶, are text unless a variation
selector follows (Unicode TR 51), and look better in the colour of the text."""
EMOJI_SEQUENCE = (
    r"\p{Emoji}(?:\p{Emoji_Modifier}|\x{FE0F}\x{20E3}?)?"
    r"(?:\x{200D}\p{Emoji}(?:\p{Emoji_Modifier}|\x{FE0F})?)+"
    r"|\p{Emoji}\x{FE0F}\x{20E3}?"
)
"""What is a picture because of what follows: a variation selector, or joiners."""


def list_fonts(*first: str, language: str = "en") -> Markup:
    """Return a Typst array of fonts: the first choices, then those that fill their gaps.

    Chinese, Japanese and Korean characters get the shapes of the language. In Chinese and Japanese,
    quotation marks and dashes are as wide as the characters.
    """
    region = choose_cjk_region(language)
    cjk = dict.fromkeys((region, *_CJK_ORDER))
    own = primary(language) in ("zh", "ja", "yue") and CODE_FONT not in first
    covers = '(name: {}, covers: "latin-in-cjk")' if own else "{}"
    latin = [covers.format(typst_literal(name)) for name in dict.fromkeys((*first, _WIDE))]
    shown = f"covers: regex({typst_literal(_EMOJI_SHOWN)})"
    emoji = [f'(name: "{name}", {shown})' for name in find_emoji()]
    names = (*(_CJK[place] for place in cjk), *_find_families(), *_SYMBOLS, *_EMBEDDED, *_EMOJI)
    rest = [f'"{name}"' for name in dict.fromkeys(names) if _is_here(name)]
    return Markup("(" + ", ".join((latin[0], *emoji, *latin[1:], *rest)) + ")")


def list_emoji_fonts() -> Markup:
    """Return a Typst array of the fonts for `EMOJI_SEQUENCE`; an empty one if there are none."""
    return Markup("(" + "".join(f'"{name}", ' for name in find_emoji()) + ")")


def emoji_sequences() -> Markup:
    """Return a Typst regular expression for `EMOJI_SEQUENCE`."""
    return Markup(f"regex({typst_literal(EMOJI_SEQUENCE)})")


def upright_letters() -> Markup:
    """Return a Typst string: a regular expression for words in scripts without italics."""
    return Markup(typst_literal(r"[[\p{L}\p{M}]--[\p{Latin}\p{Greek}\p{Cyrillic}]]+"))


def find_emoji() -> tuple[str, ...]:
    """The families of emoji that are here, the one with colours first."""
    return tuple(name for name in _EMOJI if _is_here(name))


def choose_cjk_region(language: str) -> str:
    """Return whose shapes Chinese characters have in a language: a key such as `JP` or `TC`."""
    code = primary(language)
    if code in ("ja", "ko"):
        return {"ja": "JP", "ko": "KR"}[code]
    if code not in ("zh", "yue", "lzh"):
        return "SC"
    parts = _split(language)
    if "HK" in parts or "MO" in parts or (code == "yue" and "CN" not in parts):
        return "HK"
    return "TC" if find_script(language) == "Hant" or "TW" in parts else "SC"


def cjk_family(language: str) -> str:
    """The family with the shapes that Chinese characters have in a language."""
    return _CJK[choose_cjk_region(language)]


def _split(language: str) -> list[str]:
    try:
        return normalize_tag(language).split("-")
    except ValueError:
        return []


def _is_here(name: str) -> bool:
    return name in _all_families()


@cache
def _find_families() -> tuple[str, ...]:
    """The fonts of single scripts. Their order does not matter, since no two share letters."""
    return tuple(
        name
        for name in sorted(_all_families())
        if name.startswith("Noto Sans ") and "CJK" not in name and name not in _NOT_FALLBACK
    )


@cache
def _all_families() -> frozenset[str]:
    return frozenset(load_fonts().families())


@cache
def load_fonts(more: tuple[str, ...] = ()) -> typst.Fonts:
    """The fonts that documents can use, and those in the folders `more`. System fonts are not among
    them."""
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[*(folder for _, folder in find_font_folders()), *find_folders(), *more],
    )
