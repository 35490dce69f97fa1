"""Code as lines that fit the slide: cut where they are too long, numbered, some of them marked."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.model import Code
from narrate.layout import LEAST_TEXT
from narrate.slides.printable import count_columns, wrap_code

LETTER = 0.602
"""The width of a character of the code font, in em."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line as it is drawn. `number` is what stands beside it; empty for the rest of a line that
    was cut, and where lines are not numbered. `opens` tells whether a page may well begin here."""

    text: str
    number: str = ""
    marked: bool = False
    opens: bool = False

    @property
    def columns(self) -> int:
        """How many characters of the code font are as wide as the line."""
        return count_columns(self.text)


def cut_code_lines(code: Code, columns: int) -> tuple[CodeLine, ...]:
    """The lines of code, cut to so many characters. Empty ones at both ends are left out."""
    written = code.text.replace("\r\n", "\n").split("\n")
    used = [at for at, line in enumerate(written) if line.strip()]
    if not used:
        return (CodeLine(""),)
    marked = frozenset(code.marked)
    lines: list[CodeLine] = []
    blank = False
    for at in range(used[0], used[-1] + 1):
        number = str(code.first + at) if code.first else ""
        for part, text in enumerate(wrap_code(written[at], columns).split("\n")):
            opens = not part and blank and bool(text)
            lines.append(CodeLine(text, "" if part else number, at + 1 in marked, opens))
        blank = not written[at].strip()
    return tuple(lines)


def count_code_columns(width: float, unit: float, padding: float) -> int:
    """How many characters of code fit in a width in pixels, at the smallest size, with `padding`
    pixels at 1080p on both sides."""
    columns = int((width - 2 * padding * unit) / (LETTER * LEAST_TEXT * unit)) - 1
    return max(columns, 8)


def find_code_width(lines: tuple[CodeLine, ...], unit: float, padding: float) -> float:
    """The least width in pixels that such lines need, at the smallest size."""
    longest = max(line.columns for line in lines)
    digits = max(len(line.number) for line in lines)
    beside = digits + 2 if digits else 0
    return (longest + beside + 1) * LETTER * LEAST_TEXT * unit + 2 * padding * unit
