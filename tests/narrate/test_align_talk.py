"""A recording without a script: its words and phones, with times in the whole recording."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from lessons.model import Token, Utterance
from narrate.align.talk import hear_talk
from narrate.align.whisper import RATE, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.speech import open_voice

FIRST = "Water boils at one hundred degrees."
SECOND = "Nobody believed him until the second experiment."
PAUSE = 4.0  # seconds, too long for a span


def test_words_and_phones_are_timed_in_the_recording() -> None:
    voice = open_voice("hibari", "en-US")
    pieces, spoken = [np.zeros(SAMPLE_RATE * 2, np.float32)], []
    for text in (FIRST, SECOND):
        words = text.split()
        speech = voice.speak(Utterance(tuple(Token(w, w, 0, 0) for w in words), 0, 1))
        here = sum(map(len, pieces))
        spoken.append([(here + w.start) / SAMPLE_RATE for w in speech.words])
        pieces += [speech.samples, np.zeros(round(PAUSE * SAMPLE_RATE), np.float32)]
    sound = np.concatenate(pieces)
    noise = np.random.default_rng(5).normal(0, 4e-4, len(sound))
    talk = hear_talk(to_recognition_rate((sound + noise).astype(np.float32)), "en-US", jobs=1)

    assert abs(talk.seconds - len(sound) / SAMPLE_RATE) < 2 / RATE
    by_word = {w.text.strip(".,").lower(): w for w in talk.words}
    for word, start in (
        ("water", spoken[0][0]),
        ("boils", spoken[0][1]),
        ("nobody", spoken[1][0]),
        ("experiment", spoken[1][-1]),
    ):
        assert abs(by_word[word].start - start) < 0.08, word
        assert by_word[word].end > by_word[word].start
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(talk.phones))
    boils, nobody = by_word["boils"], by_word["nobody"]
    inside = [p.symbol for p in talk.phones if boils.start - 0.01 <= p.start < boils.end]
    assert inside == ["b", "ɔɪ", "l", "z"]
    first = next(p for p in talk.phones if p.start >= nobody.start - 0.01)
    assert first.symbol == "n"


def test_nothing_is_heard_in_silence() -> None:
    noise = np.random.default_rng(5).normal(0, 4e-4, RATE * 5).astype(np.float32)
    assert hear_talk(noise, "en-US", jobs=1).words == ()
