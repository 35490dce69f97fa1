"""Packages with the fonts of the world's scripts, and where their files are.

The base install has one with the scripts of most of the world's lessons. The extra `fonts` adds
Chinese, Japanese and Korean, colour emoji, and some seventy scripts with fewer readers. Nothing is
imported from these packages; only their font files are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

INSTALL = "pip install 'narrate-lectures[fonts]'"


@dataclass(frozen=True, slots=True)
class FontPackage:
    """A package with fonts: its distribution, its module, and the folder in it."""

    distribution: str
    module: str
    folder: str = ""


BASE_FONTS = FontPackage("manimgx-fonts", "manimgx_fonts")
"""Noto Sans with Latin, Greek and Cyrillic, and the fonts of nineteen more scripts, each in all
weights; emoji without colours (3.5 MB)."""

EXTRA_FONTS: tuple[FontPackage, ...] = (
    FontPackage("manimgx-fonts-cjk", "manimgx_fonts_cjk"),  # all weights of each region (20 MB)
    FontPackage("dynamic-font", "dynamic_font", "assets/fonts"),  # the others (24 MB)
)
"""All fonts here are under the SIL Open Font License."""

DISTRIBUTIONS = tuple(package.distribution for package in (BASE_FONTS, *EXTRA_FONTS))


def has_extra_fonts() -> bool:
    """Whether the fonts of the extra `fonts` are all here."""
    return all(find_folder(package) for package in EXTRA_FONTS)


@cache
def find_folder(package: FontPackage) -> str:
    """The folder with the files of a package; empty if it is not installed."""
    try:
        spec = find_spec(package.module)
    except (ImportError, ValueError):
        return ""
    if spec is None or not spec.origin:
        return ""
    return str(Path(spec.origin).parent / package.folder)


def find_folders() -> tuple[str, ...]:
    """The folders with fonts that are installed, those of the base first."""
    return tuple(filter(None, map(find_folder, (BASE_FONTS, *EXTRA_FONTS))))
