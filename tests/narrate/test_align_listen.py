"""Recognised words: spans cut at pauses, no words in silence, no loops."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lessons.model import Token, Utterance
from narrate.align import listen
from narrate.align.whisper import RATE, Whisper, to_recognition_rate
from narrate.speech import open_voice
from narrate.vocabulary import Samples

SENTENCES = (
    "Water boils at one hundred degrees, but only at sea level.",
    "Here is the important part, so listen carefully.",
    "Notice how the curve bends sharply near the origin.",
)


def _quiet(seconds: float) -> Samples:
    rng = np.random.default_rng(7)
    return rng.normal(0, 3e-4, round(seconds * RATE)).astype(np.float32)


def _said(text: str) -> Samples:
    tokens = tuple(Token(word, word, 0, 0) for word in text.split())
    speech = open_voice("hibari", "en-US").speak(Utterance(tokens, 0, 1))
    return to_recognition_rate(speech.samples)


@pytest.fixture(scope="module")
def recording() -> Samples:
    """Three sentences; eight seconds of silence before the last, with a click in it."""
    first, second, third = map(_said, SENTENCES)
    gap = _quiet(8.0)
    gap[4 * RATE : 4 * RATE + 160] += np.float32(0.3)
    return np.concatenate((_quiet(1), first, _quiet(0.6), second, gap, third, _quiet(2)))


def test_spans_hold_the_speech_and_no_long_pause(recording: Samples) -> None:
    windows = listen.find_spans(recording)
    assert len(windows) == 2
    seconds = [(w.start / RATE, w.end / RATE) for w in windows]
    assert 0.4 < seconds[0][0] < 1.1 and seconds[1][0] - seconds[0][1] > 6
    assert windows[0].pauses  # between the two sentences


def test_long_speech_is_cut_at_its_longest_pauses() -> None:
    runs = [(at * 5 * RATE, round((at * 5 + 4.5) * RATE)) for at in range(12)]
    runs[3] = (runs[3][0] + RATE // 2, runs[3][1])  # a pause of 1 s before it
    windows = list(listen._make_spans(runs, 60 * RATE))
    assert [w.start // RATE for w in windows][:2] == [0, 15]
    assert all(w.seconds <= listen.MOST_SECONDS + 1 for w in windows)
    assert all(a.end <= b.start for a, b in pairwise(windows))
    (one, *more) = listen._make_spans([(0, 50 * RATE)], 50 * RATE)
    assert one.seconds < listen.MOST_SECONDS + 1 and len(more) == 2


def test_words_are_recognised_where_they_are_said_and_none_in_silence(recording: Samples) -> None:
    heard = listen.listen(recording, "en-US", jobs=1)
    text = " ".join(word.text.strip(".,").lower() for word in heard)
    assert "water boils" in text and "the important part" in text and "near the origin" in text
    assert all(0 <= w.start <= w.end <= len(recording) / RATE for w in heard)
    assert np.median([w.probability for w in heard]) > 0.8
    silent = (sum(map(len, map(_said, SENTENCES[:2]))) / RATE) + 2.2
    assert not [w for w in heard if silent < w.start < silent + 6.0]


def test_no_words_are_recognised_in_silence_or_noise() -> None:
    assert listen.listen(np.zeros(5 * RATE, np.float32), "en-US", jobs=1) == ()
    assert listen.listen(_quiet(5) * 100, "en-US", jobs=1) == ()
    assert listen.listen(np.zeros(0, np.float32), "en-US", jobs=1) == ()


def test_more_processes_recognise_the_same(recording: Samples) -> None:
    assert listen.listen(recording, "en-US", jobs=2) == listen.listen(recording, "en-US", jobs=1)


def test_a_decoder_that_is_caught_in_a_loop_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def loop(self: Whisper, window: object, language: str) -> str:
        asked.append(window)
        return " ".join(["and so on"] * 20)

    monkeypatch.setattr(Whisper, "recognise", loop)
    sound = np.concatenate((_quiet(0.5), _said(SENTENCES[0]), _quiet(0.5)))
    heard = listen.listen(sound, "en-US", jobs=1)
    assert len(asked) > 1  # it was asked again about shorter pieces
    assert len(heard) <= 3 * len(asked)


def test_words_without_time_were_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Whisper, "recognise", lambda *_: f"{SENTENCES[0]} {SENTENCES[0]} Water")
    sound = np.concatenate((_quiet(0.5), _said(SENTENCES[0]), _quiet(0.5)))
    heard = listen.listen(sound, "en-US", jobs=1)
    assert " ".join(word.text for word in heard) == SENTENCES[0]


def test_repeats_are_counted() -> None:
    assert listen.count_repeats(["a", "b", "c", "d"]) == 1
    assert listen.count_repeats(["one", "two,", "one", "two.", "One", "two"]) == 3
    assert listen.count_repeats(["no"] * 4) == 4
    assert listen.count_repeats([]) == 0
    assert listen._drop_repetition(["well", "then", *["go", "on"] * 3]) == [
        "well",
        "then",
        "go",
        "on",
    ]
