"""Tables with more columns than fit: as several tables that repeat the first column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lessons.model import Inline, Table

LETTER = 0.56  # em, of the text font in bold on average
INSET = 1.2  # em, of a cell on both sides
LONGEST_WORD = 24  # characters; longer words are broken


def measure_columns(table: Table) -> tuple[float, ...]:
    """The least width of each column in em: that of its longest word, and at least as much as lets
    its longest cell have six lines."""
    rows = (table.header, *table.rows)
    count = max(map(len, rows), default=0)
    return tuple(
        max((_measure_cell(row[at]) for row in rows if at < len(row)), default=1.0)
        for at in range(count)
    )


def split_columns(table: Table, width: float) -> tuple[Table, ...]:
    """The table, or several if its columns need more than `width` em. Each has the first column,
    unless that alone takes most of the width."""
    needs = measure_columns(table)
    if sum(needs) <= width or len(needs) < 3:
        return (table,)
    first = needs[0]
    repeats = first <= width / 2
    parts: list[list[int]] = []
    part: list[int] = []
    used = 0.0
    for at in range(1 if repeats else 0, len(needs)):
        room = width - (first if repeats else 0.0)
        if part and used + needs[at] > room:
            parts.append(part)
            part, used = [], 0.0
        part.append(at)
        used += needs[at]
    parts.append(part)
    return tuple(_choose(table, [0, *part] if repeats else part) for part in parts)


def _choose(table: Table, columns: Sequence[int]) -> Table:
    """The table with these columns alone."""

    def choose(row: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(row[at] if at < len(row) else () for at in columns)

    return replace(
        table,
        header=choose(table.header),
        rows=tuple(choose(row) for row in table.rows),
        align=tuple(table.align[at] if at < len(table.align) else "left" for at in columns),
    )


def _measure_cell(cell: Inline) -> float:
    text = "".join(run.text for run in cell)
    longest = max((len(word) for word in text.split()), default=1)
    wanted = max(min(longest, LONGEST_WORD), len(text) / 6)
    return min(wanted, 40) * LETTER + INSET
