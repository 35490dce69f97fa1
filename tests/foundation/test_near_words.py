"""The word that somebody meant to write is found."""

from __future__ import annotations

import pytest

from foundation.near_words import find_near


@pytest.mark.parametrize(
    ("word", "near"),
    [("drak", "dark"), ("LIGHT", "light"), ("xyzzy", ""), ("", ""), ("d" * 10_000, "")],
)
def test_the_nearest_word(word: str, near: str) -> None:
    assert find_near(word, ["light", "dark", "contrast"]) == near
