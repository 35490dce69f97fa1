"""Hypotheses of what was said instead of the script, from two models."""

from __future__ import annotations

import pytest

from narrate.align.expected import expect, has_unread_signs
from narrate.align.grammar import FollowedWord
from narrate.align.hypotheses import Hypothesis, find_hypotheses, find_missing_sentences
from narrate.align.phonetic_distance import Mismatch, find_mismatches
from narrate.align.scoring import _stopped_early

SCRIPT = expect(["The", "moon", "does", "not", "shine", "by", "its", "own", "light."])


def _steps(*indices: int) -> list[FollowedWord]:
    return [FollowedWord(index, at * 0.2, at * 0.2 + 0.2) for at, index in enumerate(indices)]


def _find(heard: str, *indices: int) -> list[Hypothesis]:
    found = find_mismatches(SCRIPT.words, heard.split(), "en")
    return find_hypotheses(SCRIPT, found, _steps(*indices), frozenset({0}), "en")


def test_two_models_that_agree_make_one_hypothesis() -> None:
    assert _find("the moon does shine by its own light", 0, 1, 2, 4, 5, 6, 7, 8) == [
        Hypothesis("dropped", 3, 4, (), heard=True, followed=True)
    ]


def test_a_word_said_twice_is_one_hypothesis_however_it_was_found() -> None:
    said = _find("the moon moon does not shine by its own light", *range(2), *range(1, 9))
    assert said == [Hypothesis("doubled", 1, 2, ("moon", "moon"), heard=True, followed=True)]


def test_a_text_that_is_said_has_no_hypotheses() -> None:
    assert _find("the moon does not shine by its own light", *range(9)) == []
    assert _find("the moon does not shine by its own light") == []


def test_words_that_are_only_split_differently_are_the_same() -> None:
    script = expect(["A", "tuple", "can", "not"])
    found = find_mismatches(script.words, ["a", "tuple", "cannot"], "en")
    assert find_hypotheses(script, found, [], frozenset(), "en") == []


def test_a_sentence_is_missing_if_both_models_miss_it() -> None:
    words = ["one", "more", "thing", "the", "moon", "is", "far", "now", "listen", "to", "me"]
    sentences = [range(3), range(3, 7), range(7, 11)]
    found = find_mismatches(words, [*words[:3], *words[7:]], "en")
    steps = _steps(*range(3), *range(7, 11))
    likely, unlikely = [0.9] * 11, [0.9] * 3 + [0.001] * 4 + [0.9] * 4
    assert find_missing_sentences(sentences, found, steps, likely) == {1: 1.0}
    assert find_missing_sentences(sentences, found, _steps(*range(11)), likely) == {}
    assert find_missing_sentences(sentences, found, _steps(*range(11)), unlikely).keys() == {1}
    assert find_missing_sentences(sentences, [], steps, unlikely) == {}
    assert find_missing_sentences(sentences, found, [], unlikely).keys() == {1}
    assert find_missing_sentences(sentences, found, [], likely) == {}


def test_a_change_leaves_out_the_words_beside_it_that_sound_alike() -> None:
    script = expect(["If", "a", "packet", "is", "lost,", "T C P", "waits."])
    found = find_mismatches(
        script.words, ["if", "a", "packet", "is", "green", "tcp", "waits"], "en"
    )
    assert find_hypotheses(script, found, [], frozenset(), "en") == [
        Hypothesis("changed", 4, 5, ("green",), heard=True)
    ]


def test_a_text_with_a_change() -> None:
    text = expect(["It", "costs", "thirty thousand dollars", "a year,", "", "not less."])
    assert text.text(2, 7) == "thirty thousand dollars a year,"
    assert text.changed(1, 7, 2, 3, "thirteen") == "costs thirteen thousand dollars a year,"
    assert text.changed(5, 9, 6, 7, "week") == "a week, not less."
    assert text.changed(6, 9, 7, 8, "") == "year, less."
    assert [text.token_of[at] for at in (0, 2, 4, 5, 8)] == [0, 2, 2, 3, 5]
    assert text.only((0, 1, 7, 8)).text(0, 4) == "It costs not less."


def test_a_respelling_is_given_to_whisper_as_the_word_that_it_stands_for() -> None:
    written = ["Wi-Fi", "at", "2", "km,", "Rayleigh’s", "GPU."]
    spoken = ["why fie", "at", "two", "kilometres,", "ray lee’s", "G P U."]
    text = expect(spoken, written, "en")
    assert text.chunks == ("Wi-Fi", "at", "two", "kilometres,", "Rayleigh’s", "GPU.")
    assert text.words[:2] == ("why", "fie") and text.chunk_of[:3] == (0, 0, 1)


def test_the_end_is_listened_to_again_if_much_of_it_is_unheard() -> None:
    def make(first: int, last: int, *said: str) -> Mismatch:
        return Mismatch(first, last, 0, len(said), 1.0, 9, said)

    assert _stopped_early(make(5, 12, "et", "n'égal"), 12)
    assert not _stopped_early(make(5, 12, "et", "n'égal"), 20)  # what follows was heard
    assert not _stopped_early(make(10, 12), 12)
    assert not _stopped_early(make(8, 12, "a", "b", "c"), 12)


@pytest.mark.parametrize(
    ("language", "text", "unread"),
    [
        ("hi", "n = sin α / sin β", True), ("fr", "n égale sin alpha", False),
        ("pt", "x + 1", True), ("el", "το φως", False), ("de", "3,5 %", False),
    ],
)  # fmt: skip
def test_signs_without_words_are_read_by_each_voice_in_its_way(
    language: str, text: str, unread: bool
) -> None:
    assert has_unread_signs(text, language) is unread
