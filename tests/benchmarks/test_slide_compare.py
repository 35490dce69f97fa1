"""Slides are found in what their tool tells of, and verdicts on blind sheets are read."""

from __future__ import annotations

import pytest
from PIL import Image

from benchmarks.foreign.blind_sheets import draw_sheet, spoil
from benchmarks.foreign.oracles import OracleSlide
from benchmarks.foreign.tool_slides import ToolSlide, match, number_shown
from benchmarks.foreign.verdicts import read_verdicts
from lessons.model import Lesson, Slide

KEY = {"007": {"A": "tool", "B": "after", "C": "before"}}


def _lesson(*titles: str) -> Lesson:
    slides = tuple(Slide(at, title, (), (), 1) for at, title in enumerate(titles, 1))
    return Lesson("deck", "Deck", "deck.md", "deck", slides)


def test_a_slide_with_steps_is_counted_as_its_last_step() -> None:
    told = [OracleSlide("A"), OracleSlide("A", continues=True), OracleSlide("B")]
    assert number_shown(told, "remark") == [ToolSlide(1, "A"), ToolSlide(2, "B")]


def test_hidden_slides_keep_their_number_in_reveal_but_not_in_slidev() -> None:
    told = [OracleSlide("A", hidden=True), OracleSlide("B")]
    assert number_shown(told, "reveal") == [ToolSlide(1, "B")]
    assert number_shown(told, "slidev") == [ToolSlide(0, "B")]


def test_slides_are_matched_by_place_or_else_by_a_title_of_which_there_is_one() -> None:
    shown = [ToolSlide(0, "A"), ToolSlide(1, "B"), ToolSlide(2, "B")]
    assert match(_lesson("A", "B", "B"), 2, shown) == (shown[2], "")
    assert match(_lesson("A", "B"), 0, shown) == (shown[0], "")
    assert match(_lesson("A", "B"), 1, shown)[0] is None


def test_verdicts_name_the_pictures_behind_the_letters() -> None:
    verdict = read_verdicts("7, B > A = C, ashamed: C\n", KEY)["007"]
    assert verdict.compare("after", "tool") == 1
    assert verdict.compare("before", "tool") == 0
    assert verdict.ashamed == {"before"}
    assert not read_verdicts("007, B>A>C", KEY)["007"].ashamed


@pytest.mark.parametrize("line", ["007, B > A", "008, A > B > C", "A > B > C"])
def test_verdicts_that_are_not_whole_are_refused(line: str) -> None:
    with pytest.raises(ValueError):
        read_verdicts(line, KEY)


def test_a_spoilt_picture_is_smaller_and_cut() -> None:
    picture = Image.new("RGB", (100, 50), "#ffffff")
    picture.paste("#000000", (50, 25, 100, 50))
    assert spoil(picture).getpixel((99, 49)) == (255, 255, 255)
    dark = sum(count for count, colour in spoil(picture).getcolors() or [] if colour == (0, 0, 0))
    assert 0 < dark < 0.1 * 100 * 50


def test_a_sheet_has_a_row_for_each_picture_and_a_column_for_a_second_page() -> None:
    page = Image.new("RGB", (1920, 1080))
    one = draw_sheet("000", {"A": [page], "B": [page]})
    two = draw_sheet("000", {"A": [page], "B": [page, page]})
    assert one.height == two.height
    assert two.width == 2 * one.width - 12
