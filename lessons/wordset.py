"""Sets of words that are written as one string."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which are separated by white space."""
    return frozenset(text.split())
