"""Times corrected to the sound, and sounds that join without clicks, with artificial sounds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from narrate.clock import SAMPLE_RATE
from narrate.speech.level import fade_edges, find_sounding, limit, resample
from narrate.speech.timing import Gap, correct_boundaries, find_silences, measure_loudness_db
from narrate.vocabulary import Samples

RATE = 24_000
VOWELS = ["ɑ", "i", "u", "ɛ"]  # no landmark between them


def _bursts(*spans: tuple[float, float], length: float) -> Samples:
    """A 200 Hz tone in the given spans of seconds."""
    time = np.arange(round(length * RATE)) / RATE
    sound = 0.5 * np.sin(2 * np.pi * 200 * time)
    inside = np.zeros(len(time), bool)
    for start, end in spans:
        inside[round(start * RATE) : round(end * RATE)] = True
    return np.where(inside, sound, 0).astype(np.float32)


def test_silences_are_found_to_milliseconds() -> None:
    sound = _bursts((0.2, 0.5), (0.9, 1.3), length=1.5)
    found = find_silences(measure_loudness_db(sound, RATE))
    assert np.allclose(found, [(0, 0.2), (0.5, 0.9), (1.3, 1.5)], atol=0.006)


def test_phones_beside_a_pause_are_cut_at_the_sound() -> None:
    sound = _bursts((0.2, 0.5), (0.9, 1.3), length=1.5)
    # Boundaries are late by 45 ms, and the phone before the pause includes the silence.
    raw = [(0.245, 0.4), (0.4, 0.8), (0.95, 1.1), (1.1, 1.5)]
    gaps = [Gap(), Gap(), Gap(space=True, pause=True), Gap()]
    times = correct_boundaries(raw, gaps, VOWELS[: len(raw)], sound, RATE)
    expected = [(0.2, 0.355), (0.355, 0.5), (0.9, 1.055), (1.055, 1.3)]
    assert np.allclose(times, expected, atol=0.006)


def test_a_silence_belongs_to_the_punctuation_near_it() -> None:
    sound = _bursts((0.1, 0.5), (0.9, 1.3), length=1.4)
    # In `of it, and` the last phone of `it` includes the silence, and its first phone touches it.
    raw = [(0.1, 0.3), (0.3, 0.56), (0.56, 0.9), (0.95, 1.35)]
    gaps = [Gap(), Gap(space=True), Gap(), Gap(space=True, pause=True)]
    times = correct_boundaries(raw, gaps, VOWELS[: len(raw)], sound, RATE)
    assert times[2][1] == pytest.approx(0.5, abs=0.006)
    assert times[3][0] == pytest.approx(0.9, abs=0.006)


def test_a_closure_inside_a_word_is_not_a_pause() -> None:
    sound = _bursts((0.1, 0.4), (0.5, 0.9), length=1.0)
    raw = [(0.145, 0.4), (0.4, 0.6), (0.6, 0.945)]
    times = correct_boundaries(raw, [Gap()] * 3, VOWELS[:3], sound, RATE)
    assert [end for _, end in times[:-1]] == [start for start, _ in times[1:]]


def test_times_stay_in_order_when_durations_make_no_sense() -> None:
    sound = _bursts((0.1, 0.4), length=0.5)
    raw = [(0.0, 0.0), (0.9, 0.9), (0.2, 0.1), (2.0, 3.0)]
    times = correct_boundaries(raw, [Gap()] * 4, VOWELS, sound, RATE)
    assert all(start < end for start, end in times)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(times))
    assert times[0][0] == pytest.approx(0.1, abs=0.006)
    assert times[-1][1] == pytest.approx(0.4, abs=0.006)


def test_silence_is_cut_off_except_for_a_short_margin() -> None:
    sound = _bursts((0.3, 0.7), length=1.0)
    first, last = find_sounding(sound, RATE)
    assert 0.27 < first / RATE < 0.295 and 0.71 < last / RATE < 0.75
    assert find_sounding(np.zeros(1000, np.float32), RATE) == (0, 0)
    assert find_sounding(np.zeros(0, np.float32), RATE) == (0, 0)


def test_resampling_keeps_times_and_level() -> None:
    out = resample(_bursts((0.25, 0.75), length=1.0), RATE)
    assert len(out) == SAMPLE_RATE
    loud = np.flatnonzero(np.abs(out) > 0.05)
    assert loud[0] / SAMPLE_RATE == pytest.approx(0.25, abs=0.002)
    assert np.abs(out[SAMPLE_RATE // 2 - 1000 : SAMPLE_RATE // 2]).max() == pytest.approx(
        0.5, abs=0.01
    )


def test_edges_fade_to_nothing() -> None:
    out = fade_edges(np.full(4800, 0.5, np.float32), SAMPLE_RATE)
    assert out[0] == 0 and abs(out[-1]) < 0.001 and out[2400] == 0.5
    assert np.abs(np.diff(out)).max() < 0.01


def test_true_peaks_are_limited_and_quiet_sound_is_unchanged() -> None:
    from scipy.signal import resample_poly

    # At an eighth of the sample rate with this phase, peaks fall between samples.
    wave = np.sin(2 * np.pi * np.arange(9600) / 8 + np.pi / 8)
    loud = (wave * np.linspace(0.1, 1.6, 9600)).astype(np.float32)
    held = limit(loud)
    assert np.abs(resample_poly(held.astype(np.float64), 8, 1)).max() <= 10 ** (-1.5 / 20) + 0.002
    assert np.array_equal(held[:2000], loud[:2000])
    quiet = (0.3 * wave).astype(np.float32)
    assert np.array_equal(limit(quiet), quiet)
