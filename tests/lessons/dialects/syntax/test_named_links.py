"""Links by a name that nothing defines keep their text."""

from __future__ import annotations

import pytest

from lessons.dialects.syntax.named_links import rewrite_named_links
from lessons.markdown.source import Source


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("A [b c][d.e]: f", "A b c: f"),
        ("A [`b`][] c", "A `b` c"),
        ("[b][c]\n\n[C]: d", "[b][c]\n\n[C]: d"),
        ("a[1][2] and x[i][j]", "a[1][2] and x[i][j]"),
        ("the[ b c][d]", "the b c"),
        ("`[b][c]`", "`[b][c]`"),
        ("![b][c] [a](b)", "![b][c] [a](b)"),
    ],
)
def test_links(text: str, right: str) -> None:
    assert rewrite_named_links(Source.of("a.md", text)).text == right
