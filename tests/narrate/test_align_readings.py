"""The usual readings of figures, and that others are none."""

from __future__ import annotations

import pytest

from narrate.align.readings import find_readings, read_figures


@pytest.mark.parametrize(
    ("figures", "language", "reading"),
    [
        ("90210", "en", "nine zero two one zero"),
        ("90210", "en", "nine oh two one oh"),
        ("10001", "en", "ten thousand and one"),
        ("8:30", "en", "half past eight"),
        ("8:30", "en-GB", "eight thirty"),
        ("8:05", "en", "eight oh five"),
        ("17:45", "en", "quarter to six"),
        ("12:45", "en", "quarter to one"),
        ("9:00", "en", "nine o'clock"),
        ("1,250", "en", "twelve hundred and fifty"),
        ("1987", "en", "nineteen eighty seven"),
        ("2005", "en", "two thousand and five"),
        ("3.14", "en", "three point fourteen"),
        ("21st", "en", "twenty first"),
        ("8:30", "de", "halb neun"),
        ("8:45", "fr", "neuf heures moins le quart"),
        ("8:30", "es", "ocho y media"),
        ("8:30", "it", "otto e mezza"),
        ("8:30", "pt", "oito e meia"),
        ("1987", "de", "neunzehnhundertsiebenundachtzig"),
        ("10001", "fr", "un zéro zéro zéro un"),
    ],
)
def test_a_usual_reading_is_known(figures: str, language: str, reading: str) -> None:
    assert reading in read_figures(figures, language)


@pytest.mark.parametrize(
    ("figures", "reading"),
    [
        ("90210", "nine zero two one one"),
        ("8:30", "half past nine"),
        ("8:30", "thirty to nine"),
        ("8:15", "quarter to eight"),
        ("1,250", "one two five zero"),
        ("1987", "nineteen eighty eight"),
    ],
)
def test_another_number_is_no_reading(figures: str, reading: str) -> None:
    assert reading not in read_figures(figures, "en")


def test_what_is_not_a_number_or_in_no_known_language_has_no_reading() -> None:
    assert read_figures("8:75", "en") == read_figures("word", "en") == ()
    assert read_figures("12", "zz") == read_figures("99:99", "fr") == ()


def test_the_scripts_reading_comes_first_and_keeps_what_stands_beside_the_figures() -> None:
    spoken = "one thousand two hundred fifty dollars"
    first, *others = find_readings("$1,250", spoken, "en")
    assert first == spoken and "twelve hundred and fifty dollars" in others
    assert all(reading.endswith(" dollars") for reading in others)
    assert find_readings("word", "word", "en") == ("word",)
    assert "three forty" in find_readings("$3.40", "three dollars and forty cents", "en")
