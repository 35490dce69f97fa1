"""Texts compared by how they sound."""

from __future__ import annotations

import pytest

from narrate.align import phonetic_distance
from narrate.align.foreign_pronunciation import knows_sounds
from narrate.align.phonetic_distance import (
    find_mismatches,
    find_sounds,
    phone_distance,
    split_words,
)


def _differs(expected: str, heard: str, language: str = "en") -> list[tuple[str, str]]:
    one, other = split_words(expected), split_words(heard)
    return [
        (" ".join(one[m.first : m.last]), " ".join(other[m.heard_first : m.heard_last]))
        for m in find_mismatches(one, other, language)
        if m.distance > 0.15
    ]


@pytest.mark.parametrize(
    ("expected", "heard"),
    [
        ("three hundred thousand kilometres per second,", "300,000 kilometers per second"),
        ("in nineteen sixty nine", "In 1969."),
        ("one thousand nine hundred and sixty nine", "1,969"),
        ("The twenty-first time", "the 21st time"),
        ("Their colour, grey,", "there color gray"),
        ("five percent of it", "5% of it"),
        ("zero point five", "0.5"),
        ("It doesn't matter.", "it doesn’t matter"),
        ("in sixteen ten, three hundred eighty-four thousand four hundred", "In 1610, 384,400"),
        ("July fourteenth, seventeen eighty-nine", "July 14, 1789"),
        ("two million dollars, thirty thousand dollars", "$2 million, $30,000."),
        ("two hundred thousand kilometres per second", "200,000 km/s"),
        ("x squared is one hundred twenty metres", "x² is 120 m"),
    ],
)
def test_words_that_sound_alike_match(expected: str, heard: str) -> None:
    assert _differs(expected, heard) == []


@pytest.mark.parametrize(
    ("expected", "heard", "difference"),
    [
        ("three hundred thousand metres", "300 million meters", ("thousand", "300 million")),
        ("the moon rises", "the sun rises", ("moon", "sun")),
        ("it does not move", "it does move", ("not", "")),
        ("the length of it", "the length length of it", ("", "length")),
        ("either even or odd", "either uneven or odd", ("even", "uneven")),
    ],
)
def test_words_that_sound_different_are_found(
    expected: str, heard: str, difference: tuple[str, str]
) -> None:
    (found,) = _differs(expected, heard)
    assert found[0] == difference[0]
    assert difference[1].endswith(found[1]) and bool(found[1]) == bool(difference[1])


def test_the_words_heard_in_place_of_a_number_are_spelled_out() -> None:
    one, other = split_words("it costs thirty thousand dollars"), split_words("It costs $13,000.")
    (found,) = find_mismatches(one, other, "en")
    assert (one[found.first : found.last], found.said) == (["thirty"], ("thirteen",))


def test_other_languages_compare_by_sounds_or_else_by_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert _differs("Das Licht ist schnell.", "das licht ist schnell", "de") == []
    assert _differs("Das Licht ist schnell.", "das Haus ist schnell", "de") == [("licht", "haus")]
    if knows_sounds("fr"):
        assert find_sounds("ses", "fr") == find_sounds("ces", "fr") != find_sounds("sous", "fr")
        assert find_sounds("पानी", "hi") == find_sounds("पानी", "hi") != find_sounds("दूध", "hi")
    monkeypatch.setattr(phonetic_distance, "knows_sounds", lambda language: False)
    find_sounds.cache_clear()
    assert find_sounds("Élan", "fr") == "elan"
    find_sounds.cache_clear()


def test_a_word_keeps_its_vowel_signs() -> None:
    assert split_words("बारिश की हर बूँद।") == ["बारिश", "की", "हर", "बूँद"]
    assert split_words("நீர் மழை") == ["நீர்", "மழை"]


def test_a_time_in_figures_is_read_as_the_other_text_reads_it() -> None:
    assert _differs("at half past eight", "at 8:30", "en") == []
    assert _differs("at half past nine", "at 8:30", "en") != []


def test_near_phones_cost_less_than_far_ones() -> None:
    assert phone_distance("kæt", "kæt") == 0
    assert 0 < phone_distance("kæt", "kæd") < phone_distance("kæt", "kæm")
    assert phone_distance("kæt", "kɛt") < phone_distance("kæt", "kst")
    assert phone_distance("", "kæt") == 3 == phone_distance("kæt", "")
