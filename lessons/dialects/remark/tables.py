"""Tables as remark reads them: a bar before the first cell of a row may stand for an empty cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.dialects.syntax.scan import scan_lines
from lessons.markdown.source import Edit, Source

_DELIMITERS = re.compile(r" *:?-+:? *(?:\| *:?-+:? *)+\|?[ \t]*$")
_BAR = re.compile(r"(?<!\\)\|")


def rewrite_open_tables(source: Source) -> Source:
    """Put a cell before the bar that begins a row, in tables whose delimiters have no such bar and
    one column more than the header row."""
    return source if "|" not in source.text else source.edit(list(_find_cells(source.text)))


def _find_cells(text: str) -> Iterator[Edit]:
    lines = scan_lines(text)
    inside = False
    for number, line in enumerate(lines):
        inside = inside and line.kind == "text" and "|" in line.text
        following = lines[number + 1] if number + 1 < len(lines) else None
        if not inside and following is not None and line.kind == following.kind == "text":
            inside = _is_open(line.text, following.text)
        bare = line.text.lstrip(" ")
        if inside and bare.startswith("|"):
            start = line.start + len(line.text) - len(bare)
            yield Edit(start, start, ("| ",))


def _is_open(header: str, delimiters: str) -> bool:
    if not header.lstrip(" ").startswith("|") or _DELIMITERS.match(delimiters) is None:
        return False
    return _count(header) + 1 == _count(delimiters)


def _count(row: str) -> int:
    """How many cells a row has, if a bar at either end is none between cells."""
    return len(_BAR.findall(row.strip().removeprefix("|").removesuffix("|"))) + 1
