"""Phoneme strings keep the token of each symbol when they are split or stressed."""

from __future__ import annotations

import pytest

from narrate.speech.phoneme_text import NOT_SAID, PhonemeText, set_stress, split_at_clauses


def test_long_sentences_are_split_at_clauses_completely() -> None:
    symbols = tuple(("ab cd, " * 6 + "ef gh " * 10).strip())
    text = PhonemeText(symbols, tuple(NOT_SAID if c in " ," else 0 for c in symbols))
    parts = split_at_clauses(text, 30)
    assert all(len(part.symbols) <= 30 for part in parts)
    assert "".join("".join(part.symbols) for part in parts) == "".join(symbols)
    assert "".join(parts[0].symbols).endswith(", ")
    unbroken = PhonemeText(tuple("a" * 70), (0,) * 70)
    assert [len(part.symbols) for part in split_at_clauses(unbroken, 30)] == [30, 30, 10]


@pytest.mark.parametrize(
    ("word", "reduced", "stressed"),
    [
        ("kæt", False, "kˈæt"),
        ("ˌɪt", False, "ˈɪt"),
        ("ˌʌndɚstˈænd", False, "ˌʌndɚstˈænd"),
        ("ˌʌndɚstˈænd", True, "ˌʌndɚstˌænd"),
        ("kæt", True, "kæt"),
        ("ʃ", False, "ʃ"),
    ],
)
def test_one_word_is_stressed_and_no_other(word: str, reduced: bool, stressed: str) -> None:
    symbols = list(f"ɐ {word} æ")
    tokens = [0, NOT_SAID, *(1 for _ in word), NOT_SAID, 2]
    set_stress(symbols, tokens, 1, vowels="æɐɚɪʌ", reduced=reduced)
    assert "".join(symbols) == f"ɐ {stressed} æ"
    assert "".join(s for s, token in zip(symbols, tokens, strict=True) if token == 1) == stressed
