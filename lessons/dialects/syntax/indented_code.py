"""Code that is marked by four spaces before each line gets a fence.

So every other rule knows it for code: an example of markup in it stays as it is. Only code that
stands in no list is recognised, since what a list item holds is indented too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.source import Edit, Source

_INDENT = re.compile(r"(?: {4}| {0,3}\t)")
_LIST = re.compile(
    r" {0,3}(?:[-*+:~]|\(?(?:\d{1,9}|[A-Za-z#]|[ivxlc]{1,8})[.)]|\(@[\w-]{0,60}\)"
    r"|\[\^[^\]\s]{1,60}\]:)(?:[ \t]|$)"
)
_CLOSING = re.compile(r"(?:#{1,6}[ \t]|:::|<!--|---+[ \t]*$)")
_CELL = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*\{")


def fence_indented_code(source: Source, context: Context) -> Source:
    """Write a fence around each block of indented code."""
    if "\n    " not in source.text and "\n\t" not in source.text:
        return source
    lines = scan_lines(source.text)
    return source.edit(_make_edit(source, lines[a : b + 1]) for a, b in _find_blocks(lines))


def _find_blocks(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each block."""
    in_list = False
    begins = True  # whether a block of text may begin in the line
    number = 0
    while number < len(lines):
        line = lines[number]
        if not line.text.strip():
            begins = True
        elif line.kind in ("comment", "math", "code"):
            begins = False
        elif not _INDENT.match(line.text):
            if _LIST.match(line.text):
                in_list = True
            elif _CLOSING.match(line.text) or (begins and line.text[0] not in " \t"):
                in_list = False
            begins = bool(_CLOSING.match(line.text)) and line.kind == "text"
        elif begins and not in_list:
            first, (number, is_code) = number, _find_last(lines, number)
            if is_code:
                yield first, number
            begins = False
        else:
            begins = False
        number += 1


def _find_last(lines: Sequence[Line], first: int) -> tuple[int, bool]:
    """The last line of the block that was read, and whether the block is code: it is not if it is
    rather HTML, or a cell that is run."""
    if lines[first].text.lstrip().startswith("<"):
        return first, False
    last = number = first
    while number < len(lines):
        line = lines[number]
        if line.kind in ("comment", "math") or _CELL.match(line.text):
            return number, False
        if line.text.strip():
            if not _INDENT.match(line.text):
                break
            last = number
        number += 1
    return last, any(line.kind == "text" for line in lines[first : last + 1])


def _make_edit(source: Source, lines: Sequence[Line]) -> Edit:
    start, end = lines[0].start, lines[-1].end
    code = source[start:end]
    indents = [
        Edit(line.start - start, line.start - start + found.end())
        for line in lines
        if (found := _INDENT.match(line.text))
    ]
    longest = max((len(run) for run in re.findall(r"`{3,}", code.text)), default=2)
    fence = "`" * (longest + 1)
    return Edit(start, end, (f"{fence}\n", code.edit(indents), f"\n{fence}"))
