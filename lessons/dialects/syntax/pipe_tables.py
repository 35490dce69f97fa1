"""Tables with `|` whose header has fewer cells than the line below it, as pandoc reads them."""

from __future__ import annotations

import re

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import scan_lines
from lessons.markdown.source import Edit, Source

_DELIMITERS = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*){1,200}\|?[ \t]*$")
_BETWEEN = re.compile(r"(?<!\\)\|")


def widen_headers(source: Source, context: Context) -> Source:
    """Add the cells that the headers of tables lack."""
    if "|" not in source.text:
        return source
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    for line in lines[1:]:
        above = lines[line.number - 1]
        if line.kind != "text" or above.kind != "text" or "|" not in above.text:
            continue
        if "-" in line.text and _DELIMITERS.match(line.text):
            missing = _count_cells(line.text) - _count_cells(above.text)
            if missing > 0:
                closed = above.text.rstrip().endswith("|")
                cells = " |" * missing if closed else " | " * missing + "|"
                edits.append(Edit(above.end, above.end, (cells,)))
    return source.edit(edits)


def _count_cells(row: str) -> int:
    bare = row.strip(" \t>").removeprefix("|").removesuffix("|")
    return len(_BETWEEN.findall(bare)) + 1
