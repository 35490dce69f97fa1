"""What Quarto gives to pandoc, as far as it can be known without running code.

Quarto itself cannot be installed from a package registry. It makes slides with pandoc, whose
settings it changes, so that pandoc with those settings is the witness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

FILTER = Path(__file__).with_name("quarto.lua")
DEEPEST = 10  # files that include one another

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+?)\s*>\}\}[ \t]*$", re.MULTILINE)
_CELL = re.compile(r"^(\s*)(`{3,})\{(\w+)[^}\n]*\}[ \t]*$", re.MULTILINE)

_VALUE = re.compile(r"(?<!`)`r [^`\n]+`")


@dataclass(frozen=True, slots=True)
class QuartoDeck:
    """The Markdown that pandoc reads, and the options it is run with."""

    text: str
    options: tuple[str, ...]


def read_quarto(path: Path, prepare: Callable[[str], str] = str) -> QuartoDeck:
    """Read a Quarto file, with the files it includes, as pandoc would get it for slides.

    `prepare` changes the Markdown first.
    """
    text = prepare(_include(path, DEEPEST))
    text = _CELL.sub(r"\1\2 \3", text)  # what a cell prints is not known
    text = _VALUE.sub("", text)
    settings = _read_settings(text)
    level = settings.get("slide-level", 2)
    options = [f"--slide-level={level}", f"--lua-filter={FILTER}"]
    if settings.get("toc"):
        options.append("--toc")
    if settings.get("incremental"):
        options.append("--incremental")
    return QuartoDeck(text, tuple(options))


def _include(path: Path, depth: int) -> str:
    text = path.read_text("utf-8").replace("\r\n", "\n")

    def insert(found: re.Match[str]) -> str:
        file = path.parent / found[1]
        return _include(file, depth - 1) if depth and file.is_file() else ""

    return _INCLUDE.sub(insert, text)


def _read_settings(text: str) -> dict[str, object]:
    """The settings of the file, with those that it has for slides only."""
    front = _FRONT_MATTER.match(text)
    whole = _mapping(yaml.safe_load(front[1])) if front else {}
    formats = _mapping(whole.get("format"))
    return {**whole, **_mapping(formats.get("revealjs"))}


def _mapping(value: object) -> dict[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}
