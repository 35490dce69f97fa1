"""A script's text as it can be set: one line, or lines of code, of characters that show."""

from __future__ import annotations

import re

CONTINUED = "↪ "  # begins what is left of a line of code that is too long

_BREAKS = "\r\n\t\v\f\u2028\u2029"


def language_of(tag: str) -> str:
    """Typst takes the two or three letters of a language tag."""
    first = tag.split("-")[0].lower()
    return first if first.isascii() and first.isalpha() and 2 <= len(first) <= 3 else "en"


def one_line(text: str) -> str:
    """Text without control characters, its line breaks as spaces; spaces at its ends are kept.

    Very long words, such as addresses, may be broken anywhere.
    """
    plain = "".join(" " if c in _BREAKS else c for c in text if c in _BREAKS or _shown(c))
    return re.sub(r"\S{24,}", lambda word: "\u200b".join(word.group()), plain)


def code_lines(text: str, columns: int) -> str:
    """Code in lines of at most so many characters; what is cut goes on after `CONTINUED`."""
    kept = "".join(c for c in text.expandtabs(4).replace("\r\n", "\n") if c == "\n" or _shown(c))
    lines: list[str] = []
    for line in kept.strip("\n").split("\n"):
        rest = line.rstrip()
        while len(rest) > columns:
            # Not before the indentation's end, else at the last space, else anywhere.
            indent = len(rest) - len(rest.lstrip())
            at = rest.rfind(" ", indent + 1, columns)
            cut = at if at > columns // 2 else columns
            lines.append(rest[:cut].rstrip())
            rest = " " * min(indent, columns // 3) + CONTINUED + rest[cut:].lstrip()
        lines.append(rest)
    return "\n".join(lines)


def _shown(character: str) -> bool:
    code = ord(character)
    return not (code < 0x20 or 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF)
