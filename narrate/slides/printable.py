"""A script's text in a form that Typst can set: one line, or lines of code, without characters that
nothing can show."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate, groupby

CONTINUED = "↪ "  # begins each further part of a line of code that is too long

_LONGEST_UNBROKEN = 24  # characters of a word that may not be broken
_BREAKS = "\r\n\t\v\f\u2028\u2029"
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_UNBROKEN},}}")


def make_one_line(text: str) -> str:
    """Replace line breaks by spaces and drop control characters. Spaces at the ends are kept.

    Very long words, such as addresses, may be broken anywhere.
    """
    plain = "".join(" " if c in _BREAKS else c for c in text if c in _BREAKS or _is_printable(c))
    return _LONG_WORD.sub(lambda word: "\u200b".join(word.group()), plain)


def wrap_code(text: str, columns: int) -> str:
    """Cut code into lines of at most so many characters. The rest of a line follows `CONTINUED`."""
    kept = "".join(
        c for c in text.expandtabs(4).replace("\r\n", "\n") if c == "\n" or _is_printable(c)
    )
    lines: list[str] = []
    for line in kept.strip("\n").split("\n"):
        rest = line.rstrip()
        while count_columns(rest) > columns:
            # Cut at the last space after the indentation, or anywhere if that leaves too little.
            most = _find_cut(rest, columns)
            indent = len(rest) - len(rest.lstrip())
            at = rest.rfind(" ", indent + 1, most)
            cut = at if at > most // 2 else most
            lines.append(rest[:cut].rstrip())
            rest = " " * min(indent, columns // 3) + CONTINUED + rest[cut:].lstrip()
        lines.append(rest)
    return "\n".join(lines)


def count_columns(text: str) -> int:
    """The width of a text in characters of a font for code: those of Chinese, Japanese and Korean,
    and emoji, take two."""
    if text.isascii():
        return len(text)
    return sum(map(_count_cells, text))


def _count_cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _find_cut(text: str, columns: int) -> int:
    """How many characters of a text take at most so many columns; at least one."""
    if text.isascii():
        return columns
    widths = accumulate(map(_count_cells, text))
    return max(1, sum(1 for width in widths if width <= columns))


def set_small_capitals(text: str) -> list[tuple[str, bool]]:
    """Split a text for a font without small capitals into parts, each with whether it is small.

    Lower-case letters become small capital ones.
    """
    parts: list[tuple[str, bool]] = []
    for small, group in groupby(text, key=str.islower):
        part = "".join(group)
        parts.append((part.upper() if small else part, small))
    return parts


def _is_printable(character: str) -> bool:
    code = ord(character)
    return not (code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF)
