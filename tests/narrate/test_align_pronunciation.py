"""How English words are pronounced: by the dictionary, or by the G2P."""

from __future__ import annotations

import pytest

from narrate.align import pronunciation


def test_figures_and_accents_are_read() -> None:
    words = pronunciation.split_into_dictionary_words("Café, 25 o’clock!")
    assert words == ["cafe", "twenty", "five", "o'clock"]


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("water", [("w", 0), ("ɔ", 1), ("t", 0), ("ɚ", 0)]),
        ("around", [("ɚ", 0), ("aʊ", 1), ("n", 0), ("d", 0)]),
        ("Khwarizmi", None),  # only the G2P knows it
    ],
)
def test_words_become_ipa_with_their_stress(
    word: str, phones: list[tuple[str, int]] | None
) -> None:
    found = pronunciation.pronounce(word)
    assert found == phones if phones is not None else len(found) > 5
    assert any(stress == 1 for _, stress in found)


def test_an_r_after_a_vowel_is_one_phone_unless_it_starts_a_syllable() -> None:
    assert pronunciation.convert_misaki("wˈɔtəɹ") == "W AO T ER"
    assert pronunciation.convert_misaki("bˈɜɹd") == "B ER D"
    assert pronunciation.convert_misaki("əɹˈWnd") == "AH R AW N D"
