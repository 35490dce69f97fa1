"""Tables that are too wide."""

from __future__ import annotations

from typing import Literal

from lessons.model import Inline, Run, Table
from narrate.slides.wide_tables import measure_columns, split_columns


def cell(text: str) -> Inline:
    return (Run(text),)


def table(columns: int) -> Table:
    header = tuple(cell(f"Column{n}") for n in range(columns))
    rows = tuple(tuple(cell(f"{row}.{n}") for n in range(columns)) for row in range(3))
    sides: list[Literal["left", "right"]] = ["right" if n else "left" for n in range(columns)]
    return Table(header, rows, tuple(sides), step=2)


def test_a_table_that_fits_stays_one() -> None:
    small = table(4)
    assert split_columns(small, sum(measure_columns(small))) == (small,)


def test_a_wide_table_is_divided_and_repeats_its_first_column() -> None:
    whole = table(60)
    parts = split_columns(whole, 40)
    assert len(parts) > 5 and all(sum(measure_columns(part)) <= 40 for part in parts)
    assert all(part.header[0] == cell("Column0") and part.step == 2 for part in parts)
    shown = [name for part in parts for name in part.header[1:]]
    assert shown == list(whole.header[1:])
    assert all(part.rows[1][0] == cell("1.0") for part in parts)
    assert all(part.align[0] == "left" and part.align[1] == "right" for part in parts)


def test_a_first_column_that_takes_most_of_the_width_is_not_repeated() -> None:
    header = (cell("x" * 24), *(cell("Column") for _ in range(9)))
    parts = split_columns(Table(header, (), ()), 20)
    assert parts[0].header[0] == cell("x" * 24)
    assert all(part.header[0] == cell("Column") for part in parts[1:])
    assert sum(len(part.header) for part in parts) == 10


def test_rows_may_have_fewer_cells_than_the_header() -> None:
    ragged = Table(table(30).header, ((cell("a"),), ()), ())
    parts = split_columns(ragged, 40)
    assert parts[1].rows == ((cell("a"), *((),) * (len(parts[1].header) - 1)),
                             ((),) * len(parts[1].header))  # fmt: skip


def test_long_words_count_only_as_far_as_they_are_not_broken() -> None:
    (long,) = measure_columns(Table((cell("x" * 500),), (), ()))
    (longer,) = measure_columns(Table((cell("x" * 5000),), (), ()))
    assert long == longer
