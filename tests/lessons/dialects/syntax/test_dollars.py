"""Dollar signs that are not formulas stay dollar signs."""

from __future__ import annotations

import pytest

from lessons.dialects.syntax.dollars import escape_dollars, rewrite_backslash_maths
from lessons.markdown.source import Source


@pytest.mark.parametrize(
    ("text", "double", "right"),
    [
        ("$A and $B", True, "\\$A and \\$B"),
        ("\\$A `$B`\n\n```\n$C\n```", True, "\\$A `$B`\n\n```\n$C\n```"),
        ("$$x$$ $y$", False, "$$x$$ \\$y\\$"),
        ("$$\nx\n$$", True, "\\$\\$\nx\n\\$\\$"),
    ],
)
def test_dollars_are_escaped(text: str, double: bool, right: str) -> None:
    assert escape_dollars(Source.of("a.md", text), double=double).text == right


def test_formulas_between_backslashes() -> None:
    text = "A \\\\( x \\\\) and \\\\[ y \\\\] `\\\\(z\\\\)`"
    made = rewrite_backslash_maths(Source.of("a.md", text)).text
    assert made == "A $x$ and \n$$\n y \n$$\n `\\\\(z\\\\)`"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("the angle \\(\\pi\\) and \\(x\\)", "the angle $\\pi$ and $x$"),
        ("\\[ a = b \\]", "\n$$\n a = b \n$$\n"),
        ("\\\\(y\\\\) in \\(z^2\\)", "$y$ in $z^2$"),
        ("file\\(s\\) and \\(as it was\\) \\[1\\]", "file\\(s\\) and \\(as it was\\) \\[1\\]"),
        ("`\\(\\pi\\)`", "`\\(\\pi\\)`"),
    ],
)
def test_formulas_behind_one_backslash(text: str, right: str) -> None:
    assert rewrite_backslash_maths(Source.of("a.md", text), single=True).text == right
