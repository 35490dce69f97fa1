"""Head, brows and breath: they follow pitch, loudness and stress, and come to rest in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import gaussian, smoothstep
from avatar.performance.coarticulation import is_silent
from avatar.performance.prosody import Prosody
from avatar.performance.targets import find_targets
from avatar.phone import Phone

# Degrees: what the head of a seated teacher does; more would draw the eyes away from the lips.
YAW, PITCH, ROLL = 3.0, 2.0, 1.5
# A nod takes about as long as a stressed syllable with its neighbours (its half width at 1/e, in
# seconds).
NOD_WIDTH: Final = 0.13
NOD_DEPTH: Final = 1.5  # degrees down
NOD_SPACING: Final = 0.9  # seconds
BROW_RISE, BROW_HOLD, BROW_FALL = 0.14, 0.12, 0.3  # seconds
BROW_SPACING: Final = 2.2
LEAST_NOD, LEAST_BROW = 0.35, 0.62  # prominences that move the head and the brows
# A breath before a phrase lifts the shoulders in about half a second.
INHALE: Final = 0.5
BREATH_PAUSE: Final = 0.25  # seconds: speakers do not breathe in shorter ones
BREATH_AT_REST: Final = 4.0  # seconds a breath, 15 a minute
TONES: Final = 9.0  # semitones from the median: the pitch tracker errs beyond
# After speech, movement decays with this time constant (seconds), then the head is still.
SETTLE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Accent:
    """A stressed syllable: the middle of its vowel in seconds, and how prominent it is, 0..1.

    Frames up to `seen` do not know of it.
    """

    time: float
    prominence: float
    seen: float = -inf


def find_accents(phones: Sequence[Phone], times: Floats64, prosody: Prosody | None) -> list[Accent]:
    """Find the vowels with primary stress, with their prominence from length, loudness and
    pitch."""
    vowels = [
        p for p in phones if p.stress == 1 and not is_silent(p) and find_targets(p.symbol)[0].vowel
    ]
    if not vowels or not len(times):
        return []
    length = np.array([p.end - p.start for p in vowels])
    middle = np.array([(p.start + p.end) / 2 for p in vowels])
    score = _standardize(np.log(np.maximum(length, 0.02)))
    if prosody is not None:
        at = np.clip(np.searchsorted(times, middle), 0, len(times) - 1)
        score = score + _standardize(prosody.loudness[at].astype(float))
        score = score + _standardize(pitch_contour(prosody)[at])
    rank = 1.0 / (1.0 + np.exp(-score))
    return [Accent(float(t), float(r)) for t, r in zip(middle, rank, strict=True)]


def pitch_contour(prosody: Prosody) -> Floats64:
    """Semitones above the speaker's median, interpolated where the voice is silent; zeros
    without pitch."""
    voiced = np.flatnonzero(prosody.pitch > 0)
    if not len(voiced):
        return np.zeros(len(prosody.pitch))
    tones = 12.0 * np.log2(prosody.pitch[voiced].astype(float))
    tones -= np.median(tones)
    contour: Floats64 = np.interp(
        np.arange(len(prosody.pitch)), voiced, np.clip(tones, -TONES, TONES)
    )
    return contour


def choose_spaced(accents: Sequence[Accent], spacing: float, least: float) -> list[Accent]:
    """Choose the most prominent accents above `least` that are at least `spacing` seconds apart."""
    chosen: list[Accent] = []
    for accent in sorted(accents, key=lambda a: -a.prominence):
        if accent.prominence < least:
            break
        if all(abs(accent.time - other.time) >= spacing for other in chosen):
            chosen.append(accent)
    return sorted(chosen, key=lambda a: a.time)


def nods(accents: Sequence[Accent], times: Floats64) -> Floats64:
    """Head pitch in degrees (down is negative) at `times`."""
    return nod_track(choose_spaced(accents, NOD_SPACING, LEAST_NOD), times)


def nod_track(chosen: Sequence[Accent], times: Floats64) -> Floats64:
    """`nods` for accents that were already chosen."""
    track = np.zeros(len(times))
    for accent in chosen:
        depth = NOD_DEPTH * accent.prominence * gaussian(times - accent.time, NOD_WIDTH)
        track -= np.where(times > accent.seen, depth, 0.0)
    return track


def brows(accents: Sequence[Accent], times: Floats64) -> Floats64:
    """Brow raise 0..1 at `times`, on the few most prominent syllables; it leads the vowel."""
    return brow_track(choose_spaced(accents, BROW_SPACING, LEAST_BROW), times)


def brow_track(chosen: Sequence[Accent], times: Floats64) -> Floats64:
    """`brows` for accents that were already chosen."""
    track = np.zeros(len(times))
    for accent in chosen:
        t = times - accent.time + BROW_RISE
        rise = smoothstep(t / BROW_RISE) - smoothstep((t - BROW_RISE - BROW_HOLD) / BROW_FALL)
        track = np.maximum(track, 0.45 * accent.prominence * rise)
    return track


def make_generators(seed: int) -> list[np.random.Generator]:
    """Generators for sway, blinks and gaze; with one for each, none shifts the others."""
    return [np.random.default_rng([abs(seed), seed < 0, k]) for k in range(3)]


def sway(rng: np.random.Generator, times: Floats64) -> tuple[Floats64, Floats64, Floats64]:
    """Slow (yaw, pitch, roll) in -1..1: sums of sines that do not repeat within an hour."""
    tracks = []
    for slowest in (0.11, 0.13, 0.09):
        track = np.zeros(len(times))
        for k, share in enumerate((0.5, 0.3, 0.2)):
            hertz = slowest * 1.73**k * float(rng.uniform(0.9, 1.1))
            track += share * np.sin(2 * np.pi * (hertz * times + float(rng.uniform())))
        tracks.append(track)
    return tracks[0], tracks[1], tracks[2]


def activity(
    phones: Sequence[Phone],
    times: Floats64,
    *,
    idle: float = 0.15,
    lookahead: float = inf,
) -> Floats64:
    """How much the body moves, `idle`..1: 1 while speaking, decaying in silence.

    What begins `lookahead` seconds after a frame or later does not count there.
    """
    spoken = [p for p in phones if not is_silent(p)]
    if not spoken:
        return np.full(len(times), idle)
    starts = np.array([p.start for p in spoken])
    ends = np.array([p.end for p in spoken])
    seen = np.searchsorted(starts - lookahead, times, "left")
    after = np.minimum(np.searchsorted(starts, times, "right"), seen)
    since = np.where(after > 0, times - ends[np.maximum(after - 1, 0)], np.inf)
    until = np.where(after < seen, starts[np.minimum(after, len(starts) - 1)] - times, np.inf)
    away = np.clip(np.minimum(since, until), 0.0, None)
    level = gaussian(away, SETTLE)
    return idle + (1.0 - idle) * level


def breath(pauses: Sequence[tuple[float, float]], times: Floats64, duration: float) -> Floats64:
    """Shoulders -1..1: up before a phrase, sinking during it, slowly up and down in long
    silence."""
    knots: list[tuple[float, float]] = [(0.0, 0.0)]
    idle = np.zeros(len(times))
    for start, end in pauses:
        cycles = int((end - start) // BREATH_AT_REST)
        if cycles:
            share = np.clip((times - start) / (end - start), 0.0, 1.0)
            idle += 0.3 * np.sin(2 * np.pi * cycles * share)
        elif end - start >= BREATH_PAUSE and start > 0.0 and end < duration:
            before = max(start, end - INHALE)
            depth = min(0.8, 0.3 + 0.08 * (before - knots[-1][0]))
            knots += [(before, -depth), (end, depth)]
    knots.append((duration, 0.0))
    at, level = np.array(knots).T
    i = np.clip(np.searchsorted(at, times, "right") - 1, 0, len(at) - 2)
    share = smoothstep((times - at[i]) / np.maximum(at[i + 1] - at[i], 1e-6))
    rise: Floats64 = level[i] + (level[i + 1] - level[i]) * share + idle
    return np.clip(rise, -1.0, 1.0)


def _standardize(values: Floats64) -> Floats64:
    spread = float(np.std(values))
    return (values - np.mean(values)) / spread if spread > 1e-6 else np.zeros(len(values))
