"""Several voices on one slide are equally loud."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.model import Token, Utterance
from narrate.clock import SAMPLE_RATE
from narrate.loudness import loudness
from narrate.speech.level import limit
from narrate.speech.voice_levels import level_voices
from narrate.vocabulary import Speech


def say(speaker: str | None, lufs: float, seconds: float = 3.0) -> tuple[Utterance, Speech]:
    noise = np.random.default_rng(len(speaker or "")).normal(0, 0.05, int(seconds * SAMPLE_RATE))
    samples = noise.astype(np.float32)
    samples *= np.float32(10 ** ((lufs - loudness([samples])) / 20))
    utterance = Utterance((Token("a", "a", 0, 1),), 0, 1, voice=speaker, speaker=speaker)
    return utterance, Speech(samples, (), ())


def level(*said: tuple[Utterance, Speech]) -> list[float]:
    speeches = level_voices([u for u, _ in said], [s for _, s in said])
    return [round(loudness([speech.samples]), 1) for speech in speeches]


def test_two_speakers_are_brought_to_the_same_level() -> None:
    assert level(say("A", -17.2), say("Bob", -15.1)) == pytest.approx([-16, -16], abs=0.1)


def test_what_one_speaker_says_louder_stays_louder() -> None:
    first, second, _ = level(say("A", -17.0), say("A", -15.0), say("Bob", -16))
    assert second - first == pytest.approx(2.0, abs=0.1)


def test_one_voice_alone_is_as_its_engine_makes_it() -> None:
    assert level(say("A", -17.2), say("A", -15.1)) == [-17.2, -15.1]


def test_a_whisper_stays_softer() -> None:
    assert level(say("A", -26.0), say("Bob", -16.0))[0] == pytest.approx(-24, abs=0.1)


def test_a_short_word_tells_no_level() -> None:
    assert level(say("A", -18.0, 1.0), say("Bob", -16.0))[0] == -18.0
    silent = say("A", -18.0)[0], Speech(np.zeros(48_000, np.float32), (), ())
    assert not level_voices([silent[0], say("Bob", -16)[0]], [silent[1], say("Bob", -16)[1]])[
        0
    ].samples.any()


def test_a_voice_with_high_peaks_is_as_loud_after_the_limiter() -> None:
    (peaky, speech), plain = say("A", -16.0), say("Bob", -16.0)
    clicks = speech.samples.copy()
    clicks[::480] *= 8  # a pulse every hundredth of a second, as in a low voice
    clicks *= np.float32(10 ** ((-16 - loudness([clicks])) / 20))

    def measure(speeches: list[Speech]) -> list[float]:
        return [loudness([limit(speech.samples)]) for speech in speeches]

    before = [Speech(clicks, (), ()), plain[1]]
    first, second = measure(before)
    assert second - first > 0.5  # without levels, the limiter makes the one softer
    first, second = measure(level_voices([peaky, plain[0]], before))
    assert abs(second - first) < 0.3
