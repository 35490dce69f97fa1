from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrate.captions.breaks import ORDINARY, break_penalty
from narrate.captions.text import count_columns, cut_word, split_graphemes, split_words


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("plain", 5),
        ("e\u0301", 1),
        ("光", 2),
        ("👩🏽‍🏫", 2),
        ("🇫🇷", 2),
        ("a\u00a0b", 3),
        ("\u200b", 0),
        ("", 0),
    ],
)
def test_wide_characters_take_two_columns_and_combining_ones_none(text: str, width: int) -> None:
    assert count_columns(text) == width


def test_words_are_split_at_spaces_but_not_at_no_break_spaces() -> None:
    assert split_words(" 3\u00a0m  of\tlight\u2028now\n") == ["3\u00a0m", "of", "light", "now"]


@given(st.text(), st.integers(2, 40))
def test_the_pieces_of_a_word_fit_and_lose_nothing(word: str, limit: int) -> None:
    pieces = cut_word(word, limit)
    assert "".join(pieces) == word
    assert all(
        count_columns(piece) <= limit or len(split_graphemes(piece)) == 1 for piece in pieces
    )


def test_an_address_is_cut_after_punctuation_and_a_grapheme_never() -> None:
    address = "https://example.org/light/scattering"
    assert cut_word(address, 12) == ["https://", "example.", "org/", "light/", "scattering"]
    family = "👩🏽‍🏫" * 5
    assert set(cut_word(family, 4)) == {"👩🏽‍🏫"}


def test_cjk_is_cut_between_characters_but_not_before_a_full_stop() -> None:
    pieces = cut_word("光は波です。粒でもある。", 8)
    assert "".join(pieces) == "光は波です。粒でもある。"
    assert not any(piece.startswith("。") for piece in pieces)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (("light,", "the"), ("the", "light")),  # comma, article and noun
        (("light", "and"), ("and", "air")),  # before a conjunction, not after
        (("light", "through"), ("through", "air")),  # before a preposition, not after
        (("light", "goes"), ("it", "goes")),  # subject pronoun and verb
        (("light", "goes"), ("will", "go")),  # auxiliary and verb
        (("light", "goes"), ("Isaac", "Newton")),  # first and last name
        (("light", "goes"), ("550", "nm")),  # number and unit
        (("light", "goes"), ("Figure", "3")),  # label and number
        (("light", "goes"), ("Dr.", "Hooke")),  # title and name
        (("light", "goes"), ("visible", "light")),  # adjective and noun
        (("light", "goes"), ("light", "–")),  # a dash alone does not begin a line
        (("comes", "from"), ("come", "from?")),  # a verb's particle
        (("light", "(mostly"), ("(", "mostly")),
    ],
)
def test_a_good_break_costs_less_than_a_bad_one(
    good: tuple[str, str], bad: tuple[str, str]
) -> None:
    assert break_penalty(*good, "en-US") <= ORDINARY < break_penalty(*bad, "en-US")


def test_without_function_words_only_punctuation_counts() -> None:
    assert break_penalty("det", "ljuset", "sv") == ORDINARY
    assert break_penalty("Licht,", "das", "de-DE") < ORDINARY
