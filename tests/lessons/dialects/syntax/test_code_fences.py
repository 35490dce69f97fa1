"""Code blocks between fences are found, named, and written whatever they hold."""

from __future__ import annotations

import pytest

from lessons.dialects.syntax.code_fences import find_fences, find_language, make_code
from lessons.dialects.syntax.scan import scan_lines
from lessons.markdown.source import Source


def test_fences_are_found_with_what_is_before_and_behind_them() -> None:
    text = "```py x\na\n```\n- ~~~\n  b\n  ~~~\n````\n```\n````\n```sh\nopen"
    found = [(f.head, f.run, f.info, len(f.content), f.closing is None)
             for f in find_fences(scan_lines(text))]  # fmt: skip
    assert found == [
        ("", "```", "py x", 1, False),
        ("- ", "~~~", "", 1, False),
        ("", "````", "", 1, False),
        ("", "```", "sh", 1, True),
    ]


@pytest.mark.parametrize(
    ("words", "right"),
    [
        (["py"], "py"),
        (["{.py", "x=1}"], "py"),
        (["title=a", "c++"], "c++"),
        (["#id"], ""),
        ([], ""),
    ],
)
def test_the_language_is_the_first_word_that_can_be_one(words: list[str], right: str) -> None:
    assert find_language(words) == right


@pytest.mark.parametrize(
    ("text", "indent", "right"),
    [
        ("a", "", "```py\na\n```\n"),
        ("a\n```\nb\n", "", "````py\na\n```\nb\n````\n"),
        ("a\n b", "  ", "  ```py\n  a\n   b\n  ```\n"),
        ("", "", "```py\n```\n"),
    ],
)
def test_code_is_written_whatever_it_holds(text: str, indent: str, right: str) -> None:
    assert make_code(text, "py", Source.of("a.md", "x"), 0, indent).text == right
