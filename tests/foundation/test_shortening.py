"""Texts and values in messages are short, on one line, and never raise an error."""

from __future__ import annotations

import pytest

from foundation.shortening import brief, shorten


def test_a_short_text_stays_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert shorten("abcde", 5) == "abcde"
    assert shorten("abcdef", 5) == "abcd…"
    assert shorten("abc def", 5) == "abc…"  # no space before the ellipsis
    assert len(shorten("x" * 1000)) == 80


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "empty"),
        (True, "true"),
        (25, "25"),
        ("dark", "'dark'"),
        ([1, 2], "[1, 2]"),
        ("a\n\u202eb", r"'a\n\u202eb'"),
        (Hostile(), "a value of the type Hostile"),
    ],
)
def test_a_value_is_shown_on_one_line(value: object, text: str) -> None:
    assert brief(value) == text


def test_a_number_with_more_digits_than_python_writes_is_shown_by_its_type() -> None:
    assert brief(10**6000) == "a value of the type int"


@pytest.mark.parametrize("limit", [40, 60])
@pytest.mark.parametrize("value", ["x" * 10**6, ["long"] * 10**6, {"k": "v" * 1000}, b"\0" * 99])
def test_a_long_value_is_cut_at_the_limit(value: object, limit: int) -> None:
    assert len(brief(value, limit)) == limit and brief(value, limit).endswith("…")
