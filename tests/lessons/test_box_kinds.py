from __future__ import annotations

import pytest

from lessons.box_titles import choose_label
from lessons.model import Box, Run


@pytest.mark.parametrize(
    ("label", "title", "shown"),
    [
        ("Challenge", "What is a prism?", "Challenge"),
        ("Challenge", "", "Challenge"),
        ("Challenge", "challenge", ""),
        ("Challenge", "Challenge 1: a prism", ""),
        ("Solution", "Solution: 42", ""),
        ("Note", "Notes on prisms", "Note"),
        ("", "A title", ""),
        ("", "", ""),
    ],
)
def test_no_word_is_shown_twice(label: str, title: str, shown: str) -> None:
    assert choose_label(Box("note", label, (Run(title),) if title else (), ())) == shown
