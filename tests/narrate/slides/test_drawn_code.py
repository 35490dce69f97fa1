"""Code in lines that fit."""

from __future__ import annotations

from lessons.model import Code
from narrate.slides.code_lines import count_code_columns, cut_code_lines, find_code_width

LISTING = "\n\nfirst = 1\n\nsecond = call(one, two, three)\n\n"


def test_fewer_letters_of_code_fit_in_a_box() -> None:
    assert count_code_columns(900, 1.0, 28) > count_code_columns(836, 1.0, 28) > 50
    assert count_code_columns(10, 1.0, 28) == 8


def test_empty_lines_at_the_ends_are_left_out_and_still_counted() -> None:
    lines = cut_code_lines(Code(LISTING, marked=(5,), first=1), 80)
    assert [line.text for line in lines] == ["first = 1", "", "second = call(one, two, three)"]
    assert [line.number for line in lines] == ["3", "4", "5"]
    assert [line.marked for line in lines] == [False, False, True]


def test_the_rest_of_a_long_line_has_its_mark_but_no_number() -> None:
    first, _, second, rest = cut_code_lines(Code(LISTING, marked=(5,), first=11), 24)
    assert (first.number, second.number, rest.number) == ("13", "15", "")
    assert second.marked and rest.marked and rest.text.startswith("\u21aa ")


def test_a_page_may_well_begin_after_an_empty_line() -> None:
    assert [line.opens for line in cut_code_lines(Code(LISTING), 80)] == [False, False, True]


def test_empty_code_is_one_empty_line() -> None:
    assert [line.text for line in cut_code_lines(Code(" \n \n"), 80)] == [""]


def test_numbers_need_width() -> None:
    plain, numbered = (cut_code_lines(Code("x = 1", first=first), 80) for first in (0, 1))
    assert find_code_width(numbered, 1.0, 28) > find_code_width(plain, 1.0, 28) + 20


def test_wide_characters_take_two_columns() -> None:
    (plain,) = cut_code_lines(Code("x" * 40), 80)
    lines = cut_code_lines(Code("\u5149" * 60), 80)
    assert len(lines) == 2 and all(line.columns <= 80 for line in lines)
    assert lines[0].columns == 80 and plain.columns == 40
    assert cut_code_lines(Code("e\u0301" * 80), 80)[0].columns == 80
