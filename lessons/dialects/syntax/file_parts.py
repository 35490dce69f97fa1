"""Parts of text files that lessons bring in: by lines, by anchors, and by what stands in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.markdown.source import Edit, Source

_MOST_RANGES = 50


def take_lines(source: Source, first: int, last: int) -> Source:
    """The lines from `first` to `last`, both included and counted from 1."""
    starts = [0, *(match.end() for match in re.finditer("\n", source.text))]
    if first > len(starts) or last < first:
        return source[0:0]
    start = starts[max(first, 1) - 1]
    return source[start : starts[last] if last < len(starts) else len(source)]


def parse_range(text: str, separator: str = ":") -> tuple[int, int] | None:
    """A range of lines as `2:5`, `2:`, `:5`, `2`; None for anything else."""
    first, found, last = text.strip().partition(separator)
    if not (first.isdecimal() or not first) or not (last.isdecimal() or not last):
        return None
    if not first and not last:
        return (1, 10**9) if found else None
    if len(first) > 9 or len(last) > 9:
        return None
    start = int(first) if first else 1
    return start, int(last) if last else (10**9 if found else start)


def find_ranges(text: str) -> list[tuple[int, int]]:
    """Ranges of lines as `1,3-5,7-` writes them."""
    ranges = [parse_range(part, "-") for part in text.split(",")[:_MOST_RANGES]]
    return [found for found in ranges if found is not None]


def take_anchor(source: Source, opening: re.Pattern[str], closing: re.Pattern[str]) -> Source:
    """The lines between the first that matches `opening` and the next that matches `closing`."""
    start: int | None = None
    at = 0
    for line in source.text.split("\n"):
        end = at + len(line) + 1
        if start is None and opening.search(line):
            start = end
        elif start is not None and closing.search(line):
            return source[start:at]
        at = end
    return source[len(source) if start is None else start : len(source)]


def drop_lines(source: Source, pattern: re.Pattern[str]) -> Source:
    """The source without the lines that match."""
    edits: list[Edit] = []
    at = 0
    for line in source.text.split("\n"):
        if pattern.search(line):
            edits.append(Edit(at, min(at + len(line) + 1, len(source))))
        at += len(line) + 1
    return source.edit(edits)


def dedent(source: Source) -> Source:
    """The source without the white space that all its lines begin with."""
    lines = source.text.split("\n")
    widths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    width = min(widths, default=0)
    return remove_indent(source, width)


def remove_indent(source: Source, width: int) -> Source:
    """The source with up to `width` characters of white space less at the start of each line."""
    if not width:
        return source
    edits: list[Edit] = []
    at = 0
    for line in source.text.split("\n"):
        taken = min(width, len(line) - len(line.lstrip()))
        if taken:
            edits.append(Edit(at, at + taken))
        at += len(line) + 1
    return source.edit(edits)


def take_parts(source: Source, ranges: Sequence[tuple[int, int]]) -> list[Source]:
    """The lines of each range."""
    return [take_lines(source, first, last) for first, last in ranges]
