"""Where speech begins and ends, by its sound."""

from __future__ import annotations

import numpy as np
import pytest

from narrate.align.listen import SoundSpan
from narrate.align.speech_edges import find_speech_edges, measure_level, raise_level
from narrate.align.whisper import RATE
from narrate.clock import SAMPLE_RATE

SOFT_DB, LOUD_DB, HISS_DB = -45.0, -20.0, -80.0


def noise(seconds: float, level_db: float, seed: int = 0) -> np.ndarray:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return (samples * 10 ** (level_db / 20)).astype(np.float32)


def make(soft: float, *, hiss_db: float = HISS_DB, gap: float = 0.0) -> np.ndarray:
    """A second of hiss, a soft consonant, perhaps a gap, a second of vowels, and hiss again."""
    parts = [
        noise(1.0 - soft - gap, hiss_db), noise(soft, SOFT_DB, 1), noise(gap, hiss_db, 2),
        noise(1.0, LOUD_DB, 3), noise(1.0, hiss_db, 4),
    ]  # fmt: skip
    return np.concatenate(parts)


def edges(sound: np.ndarray) -> tuple[float, float]:
    """The edges in seconds, where the detector of speech found the vowels alone."""
    found = find_speech_edges(sound, [SoundSpan(RATE, 2 * RATE, speech=(RATE, 2 * RATE))])
    assert found is not None
    return found[0] / SAMPLE_RATE, found[1] / SAMPLE_RATE


def test_a_soft_consonant_belongs_to_the_first_word() -> None:
    assert edges(make(0.15)) == pytest.approx((0.85, 2.0), abs=0.02)
    assert edges(make(0.0)) == pytest.approx((1.0, 2.0), abs=0.02)


def test_the_closure_of_a_stop_is_no_end() -> None:
    assert edges(make(0.1, gap=0.05))[0] == pytest.approx(0.85, abs=0.02)
    assert edges(make(0.1, gap=0.15))[0] == pytest.approx(1.0, abs=0.02)  # another sound


def test_in_noise_a_fixed_time_around_the_speech_counts() -> None:
    assert edges(make(0.15, hiss_db=-35.0)) == pytest.approx((0.9, 2.1), abs=0.02)


def test_edges_stay_inside_the_sound_and_need_speech() -> None:
    sound = noise(1.0, LOUD_DB)
    assert find_speech_edges(sound, [SoundSpan(0, RATE, speech=(0, RATE))]) == (0, SAMPLE_RATE)
    assert find_speech_edges(sound, []) is None
    assert find_speech_edges(sound, [SoundSpan(0, RATE)]) is None


def test_soft_speech_is_raised_and_loud_speech_and_silence_are_left() -> None:
    soft = noise(1.0, SOFT_DB)
    assert np.percentile(measure_level(raise_level(soft)), 90) == pytest.approx(-26.0, abs=0.5)
    loud, silent = noise(1.0, LOUD_DB), np.zeros(RATE, np.float32)
    assert raise_level(loud) is loud and raise_level(silent) is silent
