"""Lists of lists and comma-separated values become tables."""

from __future__ import annotations

import pytest

from lessons.dialects.syntax.data_tables import make_table, read_csv, read_list_table


def test_a_list_of_lists_is_a_table() -> None:
    text = "* - a\n  - b\n    and more\n* - \n  - d\n"
    assert read_list_table(text) == [["a", "b and more"], ["", "d"]]


@pytest.mark.parametrize(
    ("text", "delimiter", "right"),
    [
        ('a, "b, c"\n\nd', ",", [["a", "b, c"], ["d"]]),
        ("a;b", ";", [["a", "b"]]),
        ("a\tb", "\t", [["a", "b"]]),
        ('"open', ",", [["open"]]),
        ("", "", []),
    ],
)
def test_values_are_read(text: str, delimiter: str, right: list[list[str]]) -> None:
    assert read_csv(text, delimiter) == right


def test_a_table_is_written_with_its_header() -> None:
    rows = [["a", "b|c"], ["d"]]
    assert make_table(rows) == "| a | b\\|c |\n| --- | --- |\n| d |  |\n"
    assert make_table(rows, 0).startswith("|   |   |\n| --- | --- |\n| a |")
    assert make_table([]) == ""
