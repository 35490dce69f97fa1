"""Forced alignment of known English words: their times, their phones, and words that do not fit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lessons.model import Token, Utterance
from narrate.align import sphinx
from narrate.align.whisper import to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.speech import open_voice
from narrate.vocabulary import Samples, Speech

TEXT = "Professor Khwarizmi measured about twenty-five percent of the oxbow lakes."
PAD = 0.2


def _speak(text: str) -> Speech:
    tokens = tuple(Token(word, word, 0, 0) for word in text.split())
    return open_voice("hibari", "en-US").speak(Utterance(tokens, 0, 1))


def _heard(speech: Speech) -> Samples:
    return to_recognition_rate(np.pad(speech.samples, round(PAD * SAMPLE_RATE)))


@pytest.fixture(scope="module")
def speech() -> Speech:
    return _speak(TEXT)


def test_words_are_found_where_the_voice_put_them(speech: Speech) -> None:
    found = sphinx.align(_heard(speech), TEXT.split())
    assert found is not None and len(found.words) == len(TEXT.split())
    apart = [
        abs(a.start - PAD - b.start / SAMPLE_RATE)
        for a, b in zip(found.words, speech.words, strict=True)
    ]
    assert np.median(apart) < 0.035 and max(apart) < 0.15
    assert all(-1.5 < word.score < 0 for word in found.words)


def test_phones_follow_each_other_inside_their_words(speech: Speech) -> None:
    found = sphinx.align(_heard(speech), TEXT.split())
    assert found is not None
    for number, word in enumerate(found.words):
        own = [p for p in found.phones if p.word == number]
        assert (own[0].start, own[-1].end) == (word.start, word.end)
        assert all(a.end == b.start for a, b in pairwise(own))
    lakes = [(p.symbol, p.stress) for p in found.phones if p.word == len(found.words) - 1]
    assert lakes == [("l", 0), ("eɪ", 1), ("k", 0), ("s", 0)]
    about = [(p.symbol, p.stress) for p in found.phones if p.word == 3]
    assert about == [("ə", 0), ("b", 0), ("aʊ", 1), ("t", 0)]


def test_the_same_sound_gives_the_same_times_whatever_came_before(speech: Speech) -> None:
    sound = _heard(speech)
    first = sphinx.align(sound, TEXT.split())
    sphinx.align(_heard(_speak("Something else entirely.")), ["something", "else", "entirely"])
    assert sphinx.align(sound, TEXT.split()) == first


def test_other_words_score_worse(speech: Speech) -> None:
    sound = _heard(speech)
    right = sphinx.align(sound, TEXT.split())
    other = "Remember nothing before you have opened all those windows again."
    wrong = sphinx.align(sound, other.split())
    assert right is not None
    mean = np.mean([word.score for word in right.words])
    assert wrong is None or np.mean([word.score for word in wrong.words]) < mean - 0.3


def test_words_without_sound_are_placed_between_the_others(speech: Speech) -> None:
    words = TEXT.split()
    found = sphinx.align(_heard(speech), [*words[:2], "—", *words[2:]])
    assert found is not None
    assert found.words[2].start == found.words[2].end == found.words[1].end
    assert found.words[2].score == float("-inf")


def test_a_pronunciation_can_be_given(speech: Speech) -> None:
    words = TEXT.split()
    ipa = [None] * (len(words) - 1) + ["ˈleɪks"]
    found = sphinx.align(_heard(speech), [*words[:-1], "xyz"], ipa=ipa)
    assert found is not None
    assert [p.symbol for p in found.phones if p.word == len(words) - 1] == ["l", "eɪ", "k", "s"]


def test_nothing_fits_silence_or_no_words() -> None:
    assert sphinx.align(np.zeros(1600, np.float32), TEXT.split()) is None
    assert sphinx.align(np.zeros(16_000, np.float32), ["…"]) is None
    assert sphinx.align(np.zeros(0, np.float32), ["one"]) is None


def test_only_english_is_known() -> None:
    assert sphinx.knows("en-GB") and sphinx.knows("en") and not sphinx.knows("de-DE")
