"""Sizes as people write them."""

from __future__ import annotations

import pytest

from foundation.byte_sizes import format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1000", 1000),
        ("20 GB", 20_000_000_000),
        ("1.5GiB", 3 << 29),
        (" 3 kb ", 3000),
        ("2TB", 2_000_000_000_000),
    ],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "1,5 GB", "-1", "1e9", "1 parsec", "9" * 99, "٣", "1."])
def test_other_text_is_no_size(text: str) -> None:
    with pytest.raises(ValueError):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (99_999, "100.0 kB"),
        (999_999, "1.0 MB"),
        (20_000_000_000, "20.0 GB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_sizes_are_written(size: int, text: str) -> None:
    assert format_size(size) == text
