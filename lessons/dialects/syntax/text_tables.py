"""Tables that are drawn with dashes: pandoc's simple, multi-line and grid tables.

They are written as rows of cells between bars, which Markdown knows. What a cell holds stays in one
line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source, join_sources

_DASHES = re.compile(r"^ {0,3}-{2,}(?:[ \t]+-{2,})+[ \t]*$")
_FULL = re.compile(r"^ {0,3}-{4,}[ \t]*$")
_GRID = re.compile(r"^ {0,3}\+(?:[:]?[-=]+[:]?\+)+[ \t]*$")
_CAPTION = re.compile(r"^ {0,3}(?:Table)?:[ \t]+(?=\S)")
_MARKS = re.compile(r"[#*_~^`\[\]<>{}$]")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_MOST_ROWS = 2000


@dataclass(slots=True)
class _Table:
    """The lines that a table takes, its rows of cells, and how its columns are aligned."""

    first: int
    last: int
    rows: list[list[Source]]
    align: list[str]


def rewrite_text_tables(source: Source, context: Context) -> Source:
    """Rewrite tables, and their captions, which become paragraphs before them."""
    text = source.text
    if "--" not in text and "+=" not in text and "\n: " not in text:
        return source
    lines = scan_lines(text)
    edits: list[Edit] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        table = None
        if line.kind == "text" and line.text.lstrip().startswith(("-", "+")):
            if _GRID.match(line.text):
                table = _read_grid(source, lines, number)
            elif _DASHES.match(line.text):
                table = _read_simple(source, lines, number)
            elif _FULL.match(line.text):
                table = _read_multiline(source, lines, number)
        if table is None:
            number += 1
            while (
                line.text.lstrip().startswith("+")
                and number < len(lines)
                and (lines[number].text.lstrip().startswith(("+", "|")))
            ):
                number += 1  # none of them begins a grid either
            continue
        edits.append(
            Edit(lines[table.first].start, lines[table.last].end, tuple(_write(table, source)))
        )
        number = table.last + 1
    source = source.edit(edits)
    return source.edit(_find_captions(scan_lines(source.text)))


def _write(table: _Table, source: Source) -> list[str | Source]:
    parts: list[str | Source] = ["\n"]
    for number, row in enumerate(table.rows):
        parts.append("|")
        for cell in row:
            parts += [" ", cell, " |"]
        parts.append("\n")
        if number == 0:
            signs = {"left": " --- |", "right": " ---: |", "center": " :---: |"}
            parts += ["|", *(signs[side] for side in table.align), "\n"]
    return parts


def _find_spans(dashes: str) -> list[tuple[int, int]]:
    return [run.span() for run in re.finditer(r"-+", dashes)]


def _cut(source: Source, line: Line, start: int, end: int | None) -> Source:
    """A stretch of a line without the space around it, with its bars escaped."""
    piece = line.text[start:end]
    bare = piece.strip()
    begin = line.start + start + len(piece) - len(piece.lstrip())
    part = source[begin : begin + len(bare)]
    bars = [Edit(x.start(), x.start(), ("\\",)) for x in re.finditer(r"(?<!\\)\|", bare)]
    return part.edit(bars)


def _cut_row(
    source: Source, lines: Sequence[Line], spans: Sequence[tuple[int, int]]
) -> list[Source]:
    """The cells of a row, which may take several lines."""
    cells: list[Source] = []
    for position, (start, _) in enumerate(spans):
        end = spans[position + 1][0] if position + 1 < len(spans) else None
        begin = 0 if position == 0 else start
        parts: list[str | Source] = []
        for line in lines:
            piece = _cut(source, line, begin, end)
            if len(piece):
                parts += [" ", piece] if parts else [piece]
        at = lines[0].start if lines else 0
        cells.append(join_sources(parts, source, at))
    return cells


def _find_sides(header: Line | None, spans: Sequence[tuple[int, int]]) -> list[str]:
    sides = []
    for start, end in spans:
        piece = header.text[start:end].ljust(end - start) if header else ""
        if not piece.strip() or not piece.startswith(" "):
            sides.append("left")
        else:
            sides.append("center" if piece.endswith(" ") else "right")
    return sides


def _read_simple(source: Source, lines: Sequence[Line], number: int) -> _Table | None:
    """A simple table: a header over dashes, or two lines of dashes around the rows."""
    spans = _find_spans(lines[number].text)
    above = lines[number - 1] if number else None
    header = above if above is not None and above.text.strip() and above.kind == "text" else None
    if header is not None and (
        header.text.lstrip().startswith(("#", ":::", ">")) or header.text.startswith("\ue001")
    ):
        return None
    last = number + 1
    rows: list[list[Source]] = []
    while last < len(lines) and lines[last].text.strip() and lines[last].kind == "text":
        if _DASHES.match(lines[last].text) or _FULL.match(lines[last].text):
            break
        rows.append(_cut_row(source, [lines[last]], spans))
        last += 1
        if len(rows) > _MOST_ROWS:
            return None
    closed = last < len(lines) and bool(lines[last].text.strip())
    if header is None and not closed:
        return _read_multiline(source, lines, number)
    if not rows:
        return None
    first = header.number if header else number
    top = _cut_row(source, [header], spans) if header else _make_blank(source, spans)
    sides = _find_sides(header or lines[number + 1], spans)
    return _Table(first, last if closed else last - 1, [top, *rows], sides)


def _make_blank(source: Source, spans: Sequence[tuple[int, int]]) -> list[Source]:
    return [source[0:0] for _ in spans]


def _read_multiline(source: Source, lines: Sequence[Line], number: int) -> _Table | None:
    """A table between two lines of dashes whose rows are separated by blank lines."""
    if number and lines[number - 1].text.strip():
        return None  # a heading, or what follows a paragraph
    head: list[Line] = []
    middle = number
    if _FULL.match(lines[number].text):
        middle = number + 1
        while (
            middle < len(lines) and middle - number < 12 and not _DASHES.match(lines[middle].text)
        ):
            if not lines[middle].text.strip() or lines[middle].kind != "text":
                return None
            head.append(lines[middle])
            middle += 1
        if middle >= len(lines) or not head or not _DASHES.match(lines[middle].text):
            return None
    spans = _find_spans(lines[middle].text)
    rows: list[list[Source]] = []
    row: list[Line] = []
    last = middle + 1
    while last < len(lines) and lines[last].kind == "text":
        text = lines[last].text
        closing = _FULL.match(text) or (not head and _DASHES.match(text))
        if row and (closing or not text.strip()):
            rows.append(_cut_row(source, row, spans))
            row = []
        if closing:
            break
        if text.strip():
            row.append(lines[last])
        last += 1
        if last - middle > _MOST_ROWS:
            return None
    else:
        return None
    if not rows:
        return None
    top = _cut_row(source, head, spans) if head else _make_blank(source, spans)
    return _Table(number, last, [top, *rows], _find_sides(head[0] if head else None, spans))


def _read_grid(source: Source, lines: Sequence[Line], number: int) -> _Table | None:
    border = lines[number].text.rstrip()
    corners = [at for at, char in enumerate(border) if char == "+"]
    spans = [(corner + 1, corner + 2) for corner in corners[:-1]]
    rows: list[list[Source]] = []
    row: list[Line] = []
    header = False
    sides = ["left"] * len(spans)
    last = number + 1
    while last < len(lines) and lines[last].kind == "text":
        text = lines[last].text
        if text.lstrip().startswith("+") and set(text.strip()) <= set("+-=: |"):
            if row:
                rows.append(_cut_grid(source, row, corners))
                row = []
            if "=" in text and not header and len(rows) == 1:
                header = True
                sides = _read_sides(text, corners)
        elif text.lstrip().startswith("|"):
            row.append(lines[last])
        else:
            break
        last += 1
        if last - number > _MOST_ROWS:
            return None
    if not rows or row:
        return None
    if not header:
        sides = _read_sides(border, corners)
        rows.insert(0, _make_blank(source, spans))
    return _Table(number, last - 1, rows, sides)


def _read_sides(border: str, corners: Sequence[int]) -> list[str]:
    sides = []
    for start, end in pairwise(corners):
        piece = border[start + 1 : end]
        if piece.endswith(":"):
            sides.append("center" if piece.startswith(":") else "right")
        else:
            sides.append("left")
    return sides


def _cut_grid(source: Source, lines: Sequence[Line], corners: Sequence[int]) -> list[Source]:
    cells: list[Source] = []
    for start, end in pairwise(corners):
        parts: list[str | Source] = []
        for line in lines:
            if line.text[start : start + 1] not in ("|", "+", ""):
                continue  # the cell to the left goes on
            stop = end
            while stop < len(line.text) and line.text[stop] not in "|+":
                stop += 1
            piece = _cut(source, line, start + 1, stop)
            piece = piece[2:] if piece.text.startswith(("- ", "* ")) else piece
            if len(piece):
                parts += [*([" "] if parts else []), *_mark(piece, line.text[start + 1 : stop])]
        cells.append(join_sources(parts, source, lines[0].start))
    return cells


def _mark(piece: Source, cell: str) -> Parts:
    """A line of a cell of a grid. Code that is indented stays code, and a heading gets bold."""
    if cell.startswith("     ") and _MARKS.search(piece.text) and "``" not in piece.text:
        sign = "``" if "`" in piece.text else "`"
        space = " " if "`" in piece.text else ""
        return (sign, space, piece, space, sign)
    if (heading := _HEADING.match(piece.text)) and len(piece) > heading.end():
        return ("**", piece[heading.end() :], "**")
    return (piece,)


def _find_captions(lines: Sequence[Line]) -> list[Edit]:
    """Take out the sign of a caption that stands before or after a table."""
    edits: list[Edit] = []
    for line in lines:
        found = _CAPTION.match(line.text) if line.kind == "text" else None
        if found is None:
            continue
        near = (_find_near(lines, line.number, -1), _find_near(lines, line.number, 1))
        if any(text.startswith("|") for text in near) or line.text.startswith("Table: "):
            edits.append(Edit(line.start, line.start + found.end(), ("\n",)))
    return edits


def _find_near(lines: Sequence[Line], number: int, step: int) -> str:
    for other in (number + step, number + 2 * step, number + 3 * step):
        if 0 <= other < len(lines) and lines[other].text.strip():
            return lines[other].text.lstrip()
    return ""
