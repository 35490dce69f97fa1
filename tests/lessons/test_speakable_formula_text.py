"""Formulas as a line of characters, for captions and titles."""

from __future__ import annotations

import pytest

from lessons.speakable.formula_text import show_formula


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        ("\\begin{bmatrix}1 & 2\\\\3 & 4\\end{bmatrix}", "[1 2; 3 4]"),
        ("\\left[\\begin{matrix}1 & 2\\\\3 & 4\\end{matrix}\\right]", "[1 2; 3 4]"),
        ("\\left(\\begin{array}{cc}a & b\\end{array}\\right)^T", "(a b)ᵀ"),
        ("\\left\\{\\begin{array}{l}a\\\\b\\end{array}\\right.", "{a; b"),
    ],
)
def test_a_matrix_has_one_pair_of_brackets(latex: str, shown: str) -> None:
    assert show_formula(latex) == shown
