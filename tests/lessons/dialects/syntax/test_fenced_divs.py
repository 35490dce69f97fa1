"""Fenced divisions become boxes, columns, notes and steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects.base import Context
from lessons.dialects.syntax.fenced_divs import rewrite_fenced_divs
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source

AssertLinear = Callable[[Callable[[str], object], str], None]


def rewrite(text: str) -> list[str]:
    """The lines that are not blank, with `@` for the sign of a marker."""
    source = rewrite_fenced_divs(Source.of("a.md", text), Context("a.md", Path()))
    return [line for line in source.text.replace(MARK, "@").split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("::: tip\nA\n:::", "@box tip|A|@end"),
        ("::: {.callout-tip}\n## My *title* {.x}\nA\n:::", "@box tip@My *title*|A|@end"),
        ('::: {.callout-note title="T"}\nA\n:::', "@box note@T|A|@end"),
        (":::::: challenge ::::::\nA\n::::::", "@box challenge|A|@end"),
        ("::: tip A title\nA\n:::", "@box tip@A title|A|@end"),
        ('::: {.theorem #pyth name="Pythagoras"}\nA\n:::', "@box theorem@Pythagoras|A|@end"),
        ("::: {#thm-line}\n## Line\nA\n:::", "@box theorem@Line|A|@end"),
        ("::: {#cnj-x}\nA\n:::", "@box plain@Conjecture|A|@end"),
        ("::: {.wide}\nA\n:::", "A"),
        (":::\nA", ":::|A"),
        ("::: challenge\nA\n:::: solution\nB\n::::\n:::",
         "@box challenge|A|@box solution|B|@end|@end"),
        ("::: tip\nA", "@box tip|A|@end"),
        ("::: notes\nA\n::: tip\nB\n:::\n:::", "@notes|A|B|@end"),
        ("::: incremental\n- A\n:::", "@steps|- A|@end"),
        ("::: {.fragment .fade-in}\nA\n:::", "@step|A"),
        ("A\n\n. . .\n\nB", "A|@step|B"),
        ('::: {.content-visible when-format="pdf"}\nA\n:::\nB', "B"),
        ('::: {.content-hidden when-format="html"}\nA\n:::\nB', "B"),
        ('::: {.content-hidden when-format="pdf"}\nA\n:::', "A"),
        ('::: {.content-visible unless-format="html"}\nA\n:::\nB', "B"),
        ("::: {.panel-tabset}\n## R\nA\n### More\n## Python\nB\n:::",
         "**R**|A|### More|**Python**|B"),
        (":::: columns\n::: {.column width=30%}\nA\n:::\n::: column\nB\n:::\n::::",
         "@columns|@column 30|A|@column|B|@end"),
        ("::: {.column width=30%}\nA\n:::\n\n::: column\nB\n:::\nC",
         "@columns|@column 30|A|@column|B|@end|C"),
        ("::: {.grid}\n::: {.g-col-8}\nA\n:::\n::: {.g-col-4}\nB\n:::\n::: {.g-col-6}\nC\n:::\n:::",
         "@columns|@column 66.67|A|@column 33.33|B|@end|@columns|@column 50|C|@end"),
        ("::: {layout-ncol=2}\n![A](a)\n\n![B](b)\n\n![C](c)\n:::",
         "@columns|@column|![A](a)|@column|![B](b)|@end|![C](c)"),
        ('::: {layout="[[2,3],[1]]"}\nA\n\n::: x\nB\n:::\n\nC\n:::',
         "@columns|@column 40|A|@column 60|B|@end|C"),
        ("1. A\n\n   ::: tip\n   B\n   :::", "1. A|@box tip|B|@end"),
        ("    ::: tip\n    code", "    ::: tip|    code"),
        ("```\n::: tip\n```", "```|::: tip|```"),
    ],
)  # fmt: skip
def test_division(text: str, right: str) -> None:
    assert rewrite(text) == right.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "::: tip\n" * 3_000,
        "::: {layout-ncol=2}\n" * 3_000,
        "::: panel-tabset\n# A\n" * 3_000,
        "::: column\nA\n:::\n" * 3_000,
        "::: columns\n" * 3_000 + ":::\n" * 3_000,
        "::: {" + ".a " * 100_000 + "}",
        "  ::: notes\n" * 3_000,
    ],
)
def test_hostile_divisions_take_linear_time(text: str, assert_linear: AssertLinear) -> None:
    assert_linear(rewrite, text)
