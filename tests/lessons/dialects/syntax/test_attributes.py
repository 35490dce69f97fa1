"""Attributes in braces are taken out; styles and widths stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects.base import Context
from lessons.dialects.syntax.attributes import parse_attributes, rewrite_attributes
from lessons.markdown.source import Source

AssertLinear = Callable[[Callable[[str], object], str], None]


def rewrite(text: str) -> str:
    return rewrite_attributes(Source.of("a.md", text), Context("a.md", Path())).text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("# A {#a .b key='c d'}", "# A"),
        ("A {-}\n===", "A\n==="),
        ("# A {.a} B", "# A B"),
        ("[A *b*]{.c}", "A *b*"),
        ("[A [b]{.x} c]{.y}", "A b c"),
        ("[]{#anchor}A", "A"),
        ("[A]{.hidden}B", "B"),
        ("[A]{.sc}", "<narrate-smallcaps>A</narrate-smallcaps>"),
        ("[A]{.mark}", "<narrate-highlight>A</narrate-highlight>"),
        ("[A]{.underline}", "*A*"),
        ('[A](b "c"){target=_blank}', '[A](b "c")'),
        ("[A][b]{.c}", "[A][b]"),
        ("![A](b.png){width=50%}", '![A](b.png)<narrate-width share="0.5"/>'),
        ("![A](b.png){width=250px\nfig-alt='c'}", '![A](b.png)<narrate-width share="0.25"/>'),
        ("![A](b.png){style='width: 40%'}", '![A](b.png)<narrate-width share="0.4"/>'),
        ("![A](b_(c).png){.d}", "![A](b_(c).png)"),
        ("`a`{.r}", "`a`"),
        ("`a{.r}`", "`a{.r}`"),
        ("a {b} {c, d}", "a {b} {c, d}"),
        ("a size {width=50%}.", "a size."),
        ("$$\nx\n$$ {#eq-a}\n\n[b]{.c}", "$$\nx\n$$\n\nb"),
        ("```{.python .numberLines}\na {.b}\n```", "```python narrate-first=1\na {.b}\n```"),
        ("```{r, echo=FALSE}\n```", "```r\n```"),
        ("```python {.x}\n```", "```python\n```"),
        (": Caption {#tbl-a}", ": Caption"),
    ],
)
def test_attributes(text: str, right: str) -> None:
    assert rewrite(text) == right


def test_what_attributes_hold() -> None:
    found = parse_attributes("""#a .b width=50% c="d e" f='g' -""")
    assert found is not None
    assert found.identifier == "a"
    assert found.classes == ("b", "unnumbered")
    assert dict(found.values) == {"width": "50%", "c": "d e", "f": "g"}
    assert parse_attributes("a b") is None


@pytest.mark.parametrize(
    "part", ["[", "]{", "[]{", "](", "[a]({.x ", "{.a ", "`{'", '[a]{"', "{a='"]
)
def test_hostile_attributes_take_linear_time(part: str, assert_linear: AssertLinear) -> None:
    assert_linear(rewrite, part * 10_000)
    assert_linear(rewrite, (part + "\n") * 10_000)
