from __future__ import annotations

import pytest

from lessons.box_kinds import BOX_KINDS


@pytest.mark.parametrize(
    ("kind", "title", "label"),
    [
        ("challenge", "What is a prism?", "Challenge"),
        ("challenge", "", "Challenge"),
        ("challenge", "challenge", ""),
        ("challenge", "Challenge 1: a prism", ""),
        ("challenge", "Challenges of optics", "Challenge"),
        ("solution", "Solution: 42", ""),
        ("note", "", "Note"),
        ("note", "Prisms", ""),
        ("plain", "A title", ""),
        ("plain", "", ""),
    ],
)
def test_a_box_says_what_it_is_once(kind: str, title: str, label: str) -> None:
    assert BOX_KINDS[kind].choose_label(title) == label
