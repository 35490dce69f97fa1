"""Small decks in which tools differ from what one expects, and how each tool reads them.

They are in the folder `edges`. The command `edges` asks the tools again. Those of remark hold for
its version 0.15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .slides import OracleSlide

FOLDER = Path(__file__).with_name("edges")


@dataclass(frozen=True, slots=True)
class Edge:
    """A deck and the slides that `tool` makes of it. `name` says what is at stake."""

    tool: str
    name: str
    text: str
    slides: tuple[OracleSlide, ...]


def read_edges(tool: str | None = None) -> list[Edge]:
    """The small decks of a tool, or of all tools."""
    return [
        Edge(file.stem, item["name"], item["text"], tuple(map(_read_slide, item["slides"])))
        for file in sorted(FOLDER.glob("*.yaml"))
        if tool in (None, file.stem)
        for item in yaml.safe_load(file.read_text("utf-8"))
    ]


def _read_slide(slide: str | Mapping[str, Any]) -> OracleSlide:
    return OracleSlide(slide) if isinstance(slide, str) else OracleSlide(**slide)
