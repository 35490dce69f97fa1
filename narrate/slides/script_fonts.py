"""Fonts of scripts that the base fonts do not have, from packages of the extra `fonts`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

INSTALL = "pip install 'narrate-lectures[fonts]'"


@dataclass(frozen=True, slots=True)
class ScriptFont:
    """A package with a font: its distribution, its module, the folder in it, and the family."""

    distribution: str
    module: str
    folder: str
    family: str


SCRIPT_FONTS = (
    ScriptFont(
        "fontpkg-noto-sans-devanagari", "fontpkg_noto_sans_devanagari", "files",
        "Noto Sans Devanagari",
    ),
    ScriptFont(
        "fontpkg-noto-sans-arabic", "fontpkg_noto_sans_arabic", "files", "Noto Sans Arabic"
    ),
    ScriptFont("fontpkg-noto-sans-thai", "fontpkg_noto_sans_thai", "files", "Noto Sans Thai"),
    ScriptFont(
        "cvttf-notosanscjk-regular", "cvttf_NotoSansCJK_Regular", "", "Noto Sans CJK TC"
    ),
)  # fmt: skip
"""All are under the SIL Open Font License. The CJK font is the largest, with 16 MB: it has the
characters of Chinese, Japanese and Korean, and the shapes of each."""

DISTRIBUTIONS = tuple(font.distribution for font in SCRIPT_FONTS)


@cache
def find_script_fonts() -> tuple[tuple[str, str], ...]:
    """The family and the folder of each of these fonts that is installed. Imports none of them."""
    found: list[tuple[str, str]] = []
    for font in SCRIPT_FONTS:
        try:
            spec = find_spec(font.module)
        except (ImportError, ValueError):
            continue
        if spec is not None and spec.origin:
            found.append((font.family, str(Path(spec.origin).parent / font.folder)))
    return tuple(found)
