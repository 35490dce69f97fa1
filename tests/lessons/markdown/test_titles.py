from __future__ import annotations

import pytest

from lessons.markdown.titles import make_plain_title


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Meet the toolkit:<br>programming", "Meet the toolkit: programming"),
        ("The <code>ls</code> command", "The ls command"),
        ("The `ls` command and ``a`b``", "The ls command and ``a`b``"),
        ("A **bold** and an *italic* and a _low_ word", "A bold and an italic and a low word"),
        ("Cats &amp; dogs", "Cats & dogs"),
        ("Vec<T>, <stdio.h>, __init__, a_b_c, 2 * 3 * 4", None),
        ("What is `x", None),
    ],
)
def test_a_title_is_plain_text(text: str, right: str | None) -> None:
    assert make_plain_title(text) == (right or text)
