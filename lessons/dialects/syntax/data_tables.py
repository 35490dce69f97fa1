"""Tables that lessons write as lists or as comma-separated values, as tables of Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

_ROW = re.compile(r"^[*+-][ \t]+[*+-](?:[ \t]+|$)")
_CELL = re.compile(r"^[ \t]+[*+-](?:[ \t]+|$)")
MOST_ROWS = 500
MOST_COLUMNS = 40


def read_list_table(text: str) -> list[list[str]]:
    """The rows of a list of lists: `* - a` begins a row, and `  - b` a further cell."""
    rows: list[list[str]] = []
    for line in text.split("\n"):
        if len(rows) > MOST_ROWS:
            break
        if found := _ROW.match(line):
            rows.append([line[found.end() :]])
        elif (found := _CELL.match(line)) and rows and len(line) - len(line.lstrip()) <= 4:
            rows[-1].append(line[found.end() :])
        elif rows and line.strip():
            rows[-1][-1] += " " + line.strip()
    return rows[:MOST_ROWS]


def read_csv(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of comma-separated values; those that cannot be read are left out."""
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter or ",", skipinitialspace=True)
        for row in reader:
            if row:
                rows.append(row[:MOST_COLUMNS])
            if len(rows) >= MOST_ROWS:
                break
    except (csv.Error, TypeError):
        pass
    return rows


def make_table(rows: Sequence[Sequence[str]], header_rows: int = 1) -> str:
    """A table of Markdown. Without header rows, its header is empty."""
    rows = [[_make_cell(cell) for cell in row] for row in rows]
    width = max((len(row) for row in rows), default=0)
    if not width:
        return ""
    header = [" "] * width
    body = rows
    if header_rows > 0:
        head = rows[:header_rows]
        header = [" ".join(filter(None, (r[n] if n < len(r) else "" for r in head)))
                  for n in range(width)]  # fmt: skip
        body = rows[header_rows:]
    lines = [header, ["---"] * width, *body]
    return "".join(
        "| " + " | ".join([*row, *[""] * (width - len(row))][:width]) + " |\n" for row in lines
    )


def _make_cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))
