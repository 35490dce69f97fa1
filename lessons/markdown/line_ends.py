"""Which ends of lines are also the end of what is said.

An author who breaks a line on purpose begins something new. Most ends of lines are not meant: they
are where an editor wrapped the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from lessons.markdown.inline import Bit

BROKEN = "\n"
"""The text of a bit for a line that was broken on purpose."""

_OPENING = "([{\"'“‘«„‚¿¡*_`~"
_GOING_ON = (",", "(", "[", "{", "&", "+", "=", "/", "-", "–", "—", "→", "|")
_FINISHED = (".", "!", "?", "…", ":", ";", *_GOING_ON)
_BLOCK = re.compile(r"\s*(?:[-*+>#|]|\d{1,9}[.)]\s|`{3}|~{3}|$)")
_IDENTIFIER = re.compile(r"\w+(?:[_(]|\.\w|://)")
_LEAST_LINES = 3
_MOST_WRAPPED = 0.25


def ends_line(before: str, after: str) -> bool:
    """Whether something new begins between two lines that the author broke, given the last word of
    the one and the first word of the next."""
    start = after.lstrip(_OPENING)[:1]
    goes_on = start.islower() and not _IDENTIFIER.match(after)
    return bool(before and start) and not goes_on and not before.endswith(_GOING_ON)


def is_written_by_line(notes: Iterable[str]) -> bool:
    """Whether each line of a deck's notes is meant to be a sentence, without a full stop: nearly
    all lines begin with capital letters. Where text was wrapped, most do not."""
    capital = small = 0
    for text in notes:
        for line, following in pairwise(text.split("\n")):
            bare = line.rstrip()
            start = following.strip().lstrip(_OPENING)[:1]
            if not bare or bare.endswith(_FINISHED) or _BLOCK.match(following):
                continue
            capital += start.isupper()
            small += start.islower()
    return capital >= _LEAST_LINES and small <= _MOST_WRAPPED * (capital + small)


def break_lines(bits: Iterable[Bit]) -> list[Bit]:
    """The bits, with each line broken on purpose."""
    return [replace(bit, text=BROKEN) if bit.kind == "break" else bit for bit in bits]
