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
