"""Where a language wants a space and no line break, there is a no-break space."""

from __future__ import annotations

import pytest

from narrate.typography import belong_together, keep_spaces


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Pourquoi ?", "Pourquoi_?"),
        ("un professeur : la personne", "un professeur_: la personne"),
        ("« Bleu », dit-il ; « rouge » !", "«_Bleu_», dit-il_; «_rouge_»_!"),
        ("15 % de sel", "15_% de sel"),
        ("Quoi ?! Non", "Quoi_?! Non"),
        ("Pourquoi?", "Pourquoi?"),
        ("a :b et :c", "a :b et :c"),
    ],
)
def test_french(written: str, kept: str) -> None:
    assert keep_spaces(written, "fr-CA") == kept.replace("_", "\u00a0")
    assert keep_spaces(keep_spaces(written, "fr"), "fr") == keep_spaces(written, "fr")


def test_other_languages_keep_their_spaces() -> None:
    assert keep_spaces("What ?", "en") == "What ?"


@pytest.mark.parametrize(
    ("before", "after", "together"),
    [("bleu", "?", True), ("«", "Le", True), ("Le", "ciel", False), ("a", "\u00a0", False)],
)
def test_words_that_stay_on_one_line(before: str, after: str, together: bool) -> None:
    assert belong_together(before, after, "fr") is together
    assert not belong_together(before, after, "en")
