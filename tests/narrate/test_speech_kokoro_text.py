"""Phoneme strings split into parts."""

from __future__ import annotations

from narrate.speech.kokoro_text import NOT_SAID, PhonemeText, split_at_clauses


def test_long_sentences_are_split_at_clauses_completely() -> None:
    symbols = tuple(("ab cd, " * 6 + "ef gh " * 10).strip())
    text = PhonemeText(symbols, tuple(NOT_SAID if c in " ," else 0 for c in symbols))
    parts = split_at_clauses(text, 30)
    assert all(len(part.symbols) <= 30 for part in parts)
    assert "".join("".join(part.symbols) for part in parts) == "".join(symbols)
    assert "".join(parts[0].symbols).endswith(", ")
    unbroken = PhonemeText(tuple("a" * 70), (0,) * 70)
    assert [len(part.symbols) for part in split_at_clauses(unbroken, 30)] == [30, 30, 10]
