"""How many parts stand side by side where attributes such as `layout-ncol=2` lay them out."""

from __future__ import annotations

import json
from collections.abc import Mapping

_MOST_ROWS = 40


def share_layout(values: Mapping[str, str], count: int) -> list[list[float]]:
    """The widths of the parts in each row, as shares; 0 stands for an equal share.

    `values` are attributes, and `count` is how many parts there are. A part for which the layout
    has no place comes alone in a row of its own, or not at all.
    """
    columns = _read_number(values.get("layout-ncol", ""))
    lines = _read_number(values.get("layout-nrow", ""))
    if "layout" in values:
        return _read_rows(values["layout"], count)
    if not columns and lines:
        columns = -(-count // lines)
    if columns < 2:
        return []
    rows: list[list[float]] = []
    while count > 0:
        rows.append([0.0] * min(columns, count))
        count -= columns
    return rows


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def _read_rows(text: str, count: int) -> list[list[float]]:
    """A layout such as `[70,30]` or `[[1,1],[1]]`; negative numbers are gaps."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(read, list):
        return []
    given = read if any(isinstance(row, list) for row in read) else [read]
    rows: list[list[float]] = []
    for row in given[:_MOST_ROWS]:
        numbers = row if isinstance(row, list) else [row]
        widths = [float(n) for n in numbers if isinstance(n, int | float) and 0 < n < 1e6]
        widths = widths[: max(count, 0)]
        if widths:
            total = sum(widths)
            rows.append([round(width / total, 4) for width in widths])
            count -= len(widths)
    return rows
