from __future__ import annotations

from functools import partial

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import lfilter, resample_poly

from narrate.limiter import true_peak
from narrate.loudness import TRUE_PEAK, limit_loudness, loudness, plan_normalisation
from narrate.vocabulary import Samples


def speechlike(seconds: int = 12, level: float = 0.02) -> Samples:
    """Noise in bursts and pauses, with clicks: a crest factor like that of speech."""
    rng = np.random.default_rng(1)
    count = seconds * 48_000
    bursts = np.clip(np.sin(np.arange(seconds * 10) / 3), 0, 1) * rng.uniform(0.2, 1, seconds * 10)
    noise = lfilter([1.0], [1.0, -0.9], rng.normal(size=count))
    sound = noise * np.repeat(bursts, 4800) * level
    sound[::9973] *= 8
    return np.asarray(sound, dtype=np.float32)


@pytest.mark.parametrize("level", [0.002, 0.02, 0.1])
def test_loudness_agrees_with_an_independent_meter(level: float) -> None:
    sound = speechlike(level=level)
    meter = pyloudnorm.Meter(48_000)
    # pyloudnorm derives its filters by other formulas than the tables of BS.1770.
    assert loudness([sound]) == pytest.approx(meter.integrated_loudness(sound), abs=0.1)


def test_loudness_of_a_full_scale_tone() -> None:
    """BS.1770-5: a 0 dBFS 997 Hz sine in one channel reads −3.01 LUFS."""
    tone = np.sin(2 * np.pi * 997 * np.arange(48_000 * 3) / 48_000).astype(np.float32)
    assert loudness([tone]) == pytest.approx(-3.01, abs=0.02)


def test_silence_and_short_sounds_stay_as_they_are() -> None:
    for sound in (np.zeros(48_000, np.float32), np.zeros(0, np.float32), np.ones(90, np.float32)):
        plan = plan_normalisation(partial(list, [sound]))
        assert plan.gain == 0.0
        assert (
            np.concatenate([np.zeros(0, np.float32), *limit_loudness([sound], 0.0)]).shape
            == sound.shape
        )


def test_true_peak_lies_between_samples() -> None:
    """A sine at a quarter of the rate, sampled at ±45°, peaks 3 dB above its samples."""
    tone = np.sin(np.pi / 2 * np.arange(48_000) + np.pi / 4).astype(np.float32)
    fade = np.clip(np.minimum(np.arange(48_000), np.arange(48_000)[::-1]) / 4800, 0, 1)
    sound = (tone * fade).astype(np.float32)
    assert 20 * np.log10(np.abs(sound).max()) == pytest.approx(-3.01, abs=0.05)
    assert true_peak([sound]) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("level", [0.004, 0.02, 0.3])
def test_normalised_speech_is_at_its_target_and_below_the_ceiling(level: float) -> None:
    sound = speechlike(level=level)
    plan = plan_normalisation(lambda: [sound])
    made = np.concatenate(list(limit_loudness([sound], plan.gain)))
    assert made.shape == sound.shape
    assert pyloudnorm.Meter(48_000).integrated_loudness(made) == pytest.approx(-16, abs=0.3)
    finer = np.abs(resample_poly(made.astype(np.float64), 8, 1)).max()
    assert 20 * np.log10(finer) <= TRUE_PEAK + 0.3


def test_the_size_of_chunks_makes_no_difference() -> None:
    sound = speechlike(level=0.2)
    whole = np.concatenate(list(limit_loudness([sound], 10.0)))
    pieces = np.concatenate(list(limit_loudness(np.split(sound, [1, 100, 77_777, 300_000]), 10.0)))
    assert np.array_equal(whole, pieces)
    assert loudness([sound]) == loudness(np.split(sound, [5, 50_000]))


def test_limiting_does_not_move_or_distort_what_is_quiet() -> None:
    sound = speechlike(level=0.002)
    made = np.concatenate(list(limit_loudness([sound], 6.0)))
    assert np.allclose(made, sound * 10 ** (6 / 20), atol=1e-7)
