"""A script's text in a form that Typst can set: one line, or lines of code, without characters that
nothing can show."""

from __future__ import annotations

import re
from itertools import groupby

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
        while len(rest) > columns:
            # Cut at the last space after the indentation, or anywhere if that leaves too little.
            indent = len(rest) - len(rest.lstrip())
            at = rest.rfind(" ", indent + 1, columns)
            cut = at if at > columns // 2 else columns
            lines.append(rest[:cut].rstrip())
            rest = " " * min(indent, columns // 3) + CONTINUED + rest[cut:].lstrip()
        lines.append(rest)
    return "\n".join(lines)


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
