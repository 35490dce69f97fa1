"""Headers of tables that are too short."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.dialects.base import Context
from lessons.dialects.syntax.pipe_tables import widen_headers
from lessons.markdown.source import Source


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("| a | b |\n|---|---|---|\n", "| a | b | |"),
        ("a | b\n--|--|--\n", "a | b | |"),
        ("| a | b |\n|---|---|\n", "| a | b |"),
        ("| a | b | c |\n|---|---|\n", "| a | b | c |"),
        ("```\n| a |\n|---|---|\n```\n", "```"),
    ],
)
def test_headers_get_the_cells_that_they_lack(text: str, head: str) -> None:
    made = widen_headers(Source.of("a.md", text), Context("a.md", Path()))
    assert made.text.split("\n")[0] == head
