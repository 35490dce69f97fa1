"""How columns share the width."""

from __future__ import annotations

import pytest

from narrate.slides.column_widths import share_width


def test_columns_have_the_shares_that_the_script_gives() -> None:
    assert share_width((0.25, 0.75), (0, 0), 1000, 200) == (250, 750)
    assert share_width((3, 1), (0, 0), 1000, 200) == (750, 250)
    assert share_width((), (0, 0), 1000, 200) == (500, 500)


def test_a_column_takes_what_it_needs_from_the_others() -> None:
    assert share_width((), (700, 100), 1000, 200) == pytest.approx((700, 300))
    assert share_width((), (600, 100, 0), 1200, 200) == pytest.approx((600, 300, 300))


def test_the_others_keep_what_they_need() -> None:
    assert share_width((), (900, 450), 1000, 200) == pytest.approx((550, 450))
    assert share_width((), (900, 0), 1000, 200) == pytest.approx((720, 280))
    assert share_width((), (900, 900), 1000, 200) == (500, 500)


def test_too_many_columns_are_not_side_by_side() -> None:
    assert share_width((), (0,) * 6, 1000, 200) == ()
    assert share_width((0.1, 0.9), (0, 0), 1000, 200) == ()
    assert share_width((), (), 1000, 200) == ()
