"""Fonts of themes: those of installed packages, and files beside a theme."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from foundation.files import bytes_digest

EMBEDDED = ("DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern")
"""Families that Typst contains."""


@dataclass(frozen=True, slots=True)
class PackagedFont:
    """A family, and the distribution whose folder `files` holds it."""

    family: str
    distribution: str

    @property
    def module(self) -> str:
        return self.distribution.replace("-", "_")


PACKAGED = tuple(
    PackagedFont(family, "fontpkg-" + family.lower().replace(" ", "-"))
    for family in (
        "Atkinson Hyperlegible", "Fredoka", "Kalam", "Lexend", "Lora", "Nunito", "Source Code Pro",
        "Source Sans 3",
    )
)  # fmt: skip
"""All are under the SIL Open Font License. A family that is not installed is replaced by the base
font, which is always there."""

FONT_DISTRIBUTIONS = tuple(font.distribution for font in PACKAGED)


@cache
def find_font_folders() -> tuple[tuple[str, str], ...]:
    """The family and the folder of each of these fonts that is installed. Imports none of them."""
    found: list[tuple[str, str]] = []
    for font in PACKAGED:
        spec = find_spec(font.module)
        if spec is not None and spec.origin:
            found.append((font.family, str(Path(spec.origin).parent / "files")))
    return tuple(found)


def is_installed(family: str) -> bool:
    """Whether a family can be used without a file."""
    return family in EMBEDDED or any(family == name for name, _ in find_font_folders())


def keep_fonts(fonts: Iterable[bytes]) -> tuple[str, ...]:
    """Write fonts to folders from which Typst reads them until the program ends."""
    return tuple(_keep(bytes_digest(data), data) for data in fonts)


def _keep(digest: str, data: bytes) -> str:
    if digest not in _kept:
        folder = tempfile.TemporaryDirectory(prefix="narrate-fonts-", ignore_cleanup_errors=True)
        (Path(folder.name) / "font.ttf").write_bytes(data)
        _kept[digest] = folder
    return _kept[digest].name


_kept: dict[str, tempfile.TemporaryDirectory[str]] = {}
