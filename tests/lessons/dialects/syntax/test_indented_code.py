from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects.base import Context
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.markdown.source import Source

AssertLinear = Callable[[Callable[[str], object], str], None]


def fence(text: str) -> str:
    return fence_indented_code(Source.of("a.md", text), Context("a.md", Path())).text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Text\n\n    ::: {.a}\n\n    b\n\nMore", "Text\n\n```\n::: {.a}\n\nb\n```\n\nMore"),
        ("Text\n\n\ta\n\t  b\n", "Text\n\n```\na\n  b\n```\n"),
        ("# A\n    a", "# A\n```\na\n```"),
        ("Text\n\n    ```md\n    x\n    ```\n    y", "Text\n\n````\n```md\nx\n```\ny\n````"),
        ("- a\n\nText\n\n    b", "- a\n\nText\n\n```\nb\n```"),
    ],
)
def test_indented_code_gets_a_fence(text: str, right: str) -> None:
    assert fence(text) == right


@pytest.mark.parametrize(
    "text",
    [
        "Text\n    goes on",
        "- a\n\n    still the item",
        "- a\nlazy\n\n    still the item",
        "1. a\n\n  b\n\n    still the item",
        "[^1]: note\n\n    of two paragraphs",
        "Term\n\n: a\n\n    b",
        "Text\n\n    <div>\n\n    </div>",
        "Text\n\n    ```{r}\n    1\n    ```",
        "```\na\n\n    b\n```",
        "<!--\n\n    a\n-->",
    ],
)
def test_other_indented_text_stays(text: str) -> None:
    assert fence(text) == text


def test_origins_are_kept() -> None:
    source = Source.of("a.md", "Text\n\n    one\n    two\n")
    fenced = fence_indented_code(source, Context("a.md", Path()))
    assert fenced.find_place(fenced.text.index("two")).line == 4


@pytest.mark.parametrize(
    "unit", ["    a\n\n", "    a\n\n    ```{r}\n\n", "    <\n\n", "- a\n\n    b\n"]
)
def test_time_is_linear(assert_linear: AssertLinear, unit: str) -> None:
    assert_linear(fence, "x\n\n" + unit * 20_000)
