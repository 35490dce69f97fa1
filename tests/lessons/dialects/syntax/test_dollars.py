"""Dollar signs that are not formulas stay dollar signs."""

from __future__ import annotations

import pytest

from lessons.dialects.syntax.dollars import (
    escape_dollars,
    rewrite_backslash_maths,
    tighten_dollars,
)
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


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("with $ C=\\sqrt{2} $.", "with $C=\\sqrt{2}$."),
        ("by 90$^o$ and 4.5$\\times$", "by $90^o$ and $4.5\\times$"),
        ("get $a=b\\ \\ $ 5 times", "get $a=b$ 5 times"),
        ("$x$ and $ y $ and $z$", "$x$ and $y$ and $z$"),
        ("costs $ 5 or 6 $ or $7", "costs $ 5 or 6 $ or $7"),
        ("it is $5 and $10", "it is $5 and $10"),
        ("`$ x $`\n\n$$ x $$", "`$ x $`\n\n$$ x $$"),
    ],
)
def test_spaces_and_numbers_beside_dollars(text: str, right: str) -> None:
    assert tighten_dollars(Source.of("a.md", text)).text == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("on $ a_1, \\ldots a_n $ and { $b_1$ }", "on $a_1, \\ldots a_n$ and { $b_1$ }"),
        ("$ 1\\ldots n$ of", "$1\\ldots n$ of"),
        ("costs $5 = 4 euros, or $ 6", "costs $5 = 4 euros, or $ 6"),
        ("costs $ 5 $", "costs $ 5 $"),
    ],
)
def test_prices_are_no_formulas(text: str, right: str) -> None:
    assert tighten_dollars(Source.of("a.md", text), prices=True).text == right
