"""Plain text written into Markdown."""

from __future__ import annotations

import re

_BLOCK_START = re.compile(r"^(\s*)([-+=:#]|\d{1,9}(?=[.)]))")


def escape_block_start(text: str) -> str:
    """Escape what would begin a list, a heading or another block at the start of a line.

    A number that would begin a list is escaped after its digits, since a digit cannot be escaped.
    """
    return _BLOCK_START.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    space, mark = match[1], match[2]
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"
