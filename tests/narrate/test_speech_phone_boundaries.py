"""Boundaries moved to where they are heard, with artificial sounds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt

from narrate.speech.phone_boundaries import MANNERS, find_boundary, find_manner, measure_levels
from narrate.speech.timing import Gap, correct_boundaries
from narrate.vocabulary import Samples

RATE = 24_000
BORDER = 0.3  # seconds


def _vowel(seconds: float) -> Samples:
    time = np.arange(round(seconds * RATE)) / RATE
    tones = sum(a * np.sin(2 * np.pi * f * time) for f, a in ((150, 0.3), (600, 0.2), (2000, 0.06)))
    return np.asarray(tones, np.float32)


def _hiss(seconds: float, level: float = 0.1) -> Samples:
    noise = np.random.default_rng(2).normal(0, level, round(seconds * RATE))
    return np.asarray(sosfilt(butter(4, 4000, "high", fs=RATE, output="sos"), noise), np.float32)


def _still(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


@pytest.mark.parametrize("wrong_ms", [-20, -8, 0, 12, 20])
@pytest.mark.parametrize(
    ("left", "right"), [("ɑ", "s"), ("s", "ɑ"), ("iː", "t"), ("s", "k"), ("tʃ", "aɪ")]
)
def test_a_boundary_is_found_where_the_sound_changes(left: str, right: str, wrong_ms: int) -> None:
    made = {"vowel": _vowel, "sibilant": _hiss, "affricate": _hiss, "voiceless stop": _still}
    sound = np.concatenate((made[find_manner(left)](BORDER), made[find_manner(right)](0.3)))
    found = find_boundary(BORDER + wrong_ms / 1000, left, right, measure_levels(sound, RATE))
    # The window and the filters blur an edge by a few ms, towards the quieter side.
    assert found == pytest.approx(BORDER, abs=0.010)


def test_boundaries_that_cannot_be_heard_stay() -> None:
    heard = measure_levels(np.concatenate((_vowel(BORDER), _hiss(0.3))), RATE)
    assert find_boundary(0.32, "ɑ", "l", heard) == 0.32  # the levels of a liquid are a vowel's
    assert find_boundary(0.59, "ɑ", "s", heard) == 0.59  # the sound ends
    assert abs(find_boundary(0.15, "ɑ", "s", heard) - 0.15) < 0.03  # never further than its reach
    # With the phones exchanged, the change in the sound is not the one that is searched for.
    assert abs(find_boundary(0.31, "s", "ɑ", heard) - BORDER) > 0.015
    assert measure_levels(np.zeros(0, np.float32), RATE).shape[0] == 3


def test_phones_have_their_manners() -> None:
    said = (
        "tʃ",
        "dʒ",
        "t",
        "ɡ",
        "s",
        "f",
        "z",
        "ð",
        "h",
        "m",
        "ɹ",
        "ɾ",
        "w",
        "aɪ",
        "iː",
        "nː",
        "y",
    )
    assert [find_manner(s) for s in said] == [
        *("affricate", "affricate", "voiceless stop", "voiced stop", "sibilant"),
        *("voiceless fricative", "voiced sibilant", "voiced fricative", "aspirate", "nasal"),
        *("liquid", "tap", "glide", "vowel", "vowel", "nasal", "vowel"),
    ]
    symbols = [symbol for row in MANNERS.values() for symbol in row[0].split()]
    assert len(symbols) == len(set(symbols))


def test_the_times_of_a_word_follow_its_sounds() -> None:
    """A closure, a vowel and a hiss, with boundaries that are 20 ms too early or too late."""
    sound = np.concatenate((_still(0.1), _vowel(0.2), _hiss(0.15), _vowel(0.2), _still(0.1)))
    raw = [(0.1, 0.28), (0.28, 0.47), (0.47, 0.65)]
    times = correct_boundaries(raw, [Gap()] * 3, ["ɑ", "s", "i"], sound, RATE, shift=0.0)
    assert [start for start, _ in times] == pytest.approx([0.1, 0.3, 0.45], abs=0.006)
    alike = correct_boundaries(raw, [Gap()] * 3, ["ɑ", "ɛ", "i"], sound, RATE, shift=0.0)
    assert [start for start, _ in alike[1:]] == pytest.approx([0.28, 0.47])


def test_a_faint_onset_belongs_to_its_phone() -> None:
    """A θ rises from the noise of a pause 30 ms before it is as loud as speech."""
    noise = np.random.default_rng(3).normal(0, 1, 2 * RATE)
    level = np.full(2 * RATE, 0.0003)
    level[RATE - RATE * 30 // 1000 : RATE] = 0.002
    sound = (noise * level).astype(np.float32)
    sound[: RATE // 2] += _vowel(0.5)
    sound[RATE:] += _vowel(1.0)
    raw = [(0.0, 0.5), (0.9, 1.1), (1.1, 2.0)]
    times = correct_boundaries(
        raw, [Gap(), Gap(True, True), Gap()], ["ɑ", "θ", "ɑ"], sound, RATE, shift=0.0
    )
    assert times[0][1] == pytest.approx(0.5, abs=0.006)
    assert times[1][0] == pytest.approx(0.97, abs=0.006)
    without = np.where(np.arange(2 * RATE) < RATE, np.where(level > 0.001, 0, sound), sound)
    later = correct_boundaries(
        raw, [Gap(), Gap(True, True), Gap()], ["ɑ", "θ", "ɑ"], without, RATE, shift=0.0
    )
    assert later[1][0] == pytest.approx(1.0, abs=0.006)
