"""Finds the word that somebody meant to write."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection

LONGEST_WORD = 60  # characters; for anything longer no near word is looked for
NEAREST = 0.6  # difflib's own cut-off for a close match


def find_near(word: str, known: Collection[str], *, nearest: float = NEAREST) -> str:
    """The known word that `word` probably stands for; empty if there is none.

    `nearest` is how alike they must be, from 0 to 1: more where other words are right too.
    Case, full-width letters and other variants of the same letter do not count.
    """
    if len(word) > LONGEST_WORD:
        return ""
    by_case = {name.casefold(): name for name in known}
    plain = unicodedata.normalize("NFKC", word).casefold()
    near = difflib.get_close_matches(plain, sorted(by_case), n=1, cutoff=nearest)
    return by_case[near[0]] if near else ""
