"""The characters that texts for files and screens must not contain."""

from __future__ import annotations

import re

# Control characters other than tabs and line ends, lone surrogates, and noncharacters. XML 1.0
# forbids most of them; UTF-8, players and terminals cannot handle the others.
_UNFIT = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"

UNFIT_FOR_FILES = re.compile(f"[{_UNFIT}]")
"""A character that no text file should contain. Tabs and line ends (LF, CR, NEL) are allowed."""

UNFIT_FOR_NAMES = re.compile(f"[{_UNFIT}\r\x85]")
"""A character that no title or name may contain. Only tabs and LF are allowed of the controls."""


def escape_unfit(text: str) -> str:
    """The text with escapes such as `\\x1b` for characters that a terminal obeys or cannot show."""
    return UNFIT_FOR_NAMES.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
