"""Formulas in blocks of HTML, and references to equations, as MathJax reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lessons.dialects.syntax.equation_references import rewrite_equation_references
from lessons.dialects.syntax.html_formulas import write_block_formulas
from lessons.markdown.source import Source

AssertLinear = Callable[[Callable[[str], object], str], None]


def write(text: str) -> str:
    return write_block_formulas(Source.of("a.md", text)).text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("<p>At \\(\\vec {r}\\) a.</p>", "<p>At $\\vec {r}$ a.</p>"),
        ("<p>At \\(a =\nb\\) a.</p>", "<p>At $a = b$ a.</p>"),
        ("<h4>Find \\(i &lt; j \\)</h4>", "<h4>Find $i < j$</h4>"),
        (
            "<p>So \\begin {equation} a \\label {eq:a} \\end {equation} holds.</p>",
            "<p>So \n\n$$\na \\label{eq:a}\n$$\n\nholds.</p>",
        ),
        (
            "<p>So \\begin\n{align} a\\\\ b \\end {align}</p>",
            "<p>So \n\n$$\n\\begin{align} a\\\\ b \\end{align}\n$$\n\n</p>",
        ),
        ("<ul><li>So \\[ a \\] holds</li></ul>", "<ul><li>So $$a$$  holds</li></ul>"),
        ("Words \\(\\pi\\) here", "Words \\(\\pi\\) here"),
        ("<p>a</p>\n\nWords \\(\\pi\\)", "<p>a</p>\n\nWords \\(\\pi\\)"),
        ("<p>file\\(names or none\\)</p>", "<p>file\\(names or none\\)</p>"),
        ("<p>`\\(\\pi\\)`</p>", "<p>`\\(\\pi\\)`</p>"),
    ],
)
def test_formulas_in_blocks_of_html(text: str, right: str) -> None:
    assert write(text) == right


def test_references_to_equations_are_numbers() -> None:
    text = (
        "\\begin{equation}\na\n\\label{eq:a}\n\\end{equation}\n\n"
        "\\begin{align}\nb \\nonumber\\\\\nc \\label{eq:c}\n\\end{align}\n\n"
        "See \\eqref{eq:c}, line \\ref{eq:a}, and Eq. \\eqref{gone}. `\\ref{eq:a}`\n"
    )
    made = rewrite_equation_references(Source.of("a.md", text)).text
    assert made.rpartition("\n\n")[2] == "See (2), line 1, and Eq.. `\\ref{eq:a}`\n"


@pytest.mark.parametrize(
    "part", ["\\(", "\\[ ", "\\begin{align} ", "\\(a", "\\begin{equation} a \\end{equation} "]
)
def test_time_is_linear(part: str, assert_linear: AssertLinear) -> None:
    assert_linear(write, "<p>" + part * (60_000 // len(part)))
