"""Tables as kramdown has them: without a header, with lines between groups of rows, with a foot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessons.dialects.syntax.scan import HIDDEN, Line, mask_code, scan_lines
from lessons.markdown.source import Edit, Source

_ROW = re.compile(r" {0,3}\|")
_RULE = re.compile(r"[ \t]*\|[+|: \t=-]*$")
_BETWEEN = re.compile(r"(?<!\\)\|")
_MOST_COLUMNS = 60


def rewrite_kramdown_tables(source: Source) -> Source:
    """Give tables without a header an empty one, and take out the lines between their rows."""
    if "|" not in source.text:
        return source
    lines = scan_lines(source.text)
    masked = mask_code(source.text)
    edits: list[Edit] = []
    first = 0
    while first < len(lines):
        last = first
        while last < len(lines) and lines[last].kind == "text" and _ROW.match(lines[last].text):
            last += 1
        above = lines[first - 1].text.strip() if first else ""
        if last > first and (not above or above.startswith(("{:", "#"))):
            edits += _rewrite(lines[first:last], masked)
        first = max(last, first + 1)
    return source.edit(edits)


def _rewrite(lines: Sequence[Line], masked: str) -> Iterator[Edit]:
    rules = [bool(_RULE.match(line.text)) and line.text.strip() != "|" for line in lines]
    if all(rules):
        return
    begin = rules.index(False)
    headed = rules[begin + 1 : begin + 2] == [True] and "-" in lines[begin + 1].text
    kept = begin + 1 if headed else -1
    for line, rule in zip(lines, rules, strict=True):
        if rule and line is not lines[kept]:
            yield Edit(line.start, line.end + 1)
    first = lines[begin]
    if not headed:
        count = _count_columns(masked[first.start : first.end])
        head = "|" + "  |" * count + "\n|" + "---|" * count + "\n"
        yield Edit(first.start, first.start, (head,))


def _count_columns(row: str) -> int:
    bare = row.replace(HIDDEN, "x").strip().removeprefix("|").removesuffix("|")
    return min(len(_BETWEEN.findall(bare)) + 1, _MOST_COLUMNS)
