"""Blinks and gaze: random from a seed, never regular, and related to what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import smoothstep

# A blink closes in 80 ms, is held for 40 and opens in 150.
CLOSE: Final = 0.08
HELD: Final = 0.04
OPEN: Final = 0.15
BLINK: Final = CLOSE + HELD + OPEN
# People blink some 26 times a minute in conversation (95 % between 10.5 and 32.5) and 17 at rest. A
# teacher on a screen is set between the two: once in 2.85 s, 21 a minute.
INTERVAL: Final = 2.85
# Sigma of the log-normal intervals: their coefficient of variation is .64, so they are never
# regular.
SCATTER: Final = 0.58
SHORTEST: Final = 0.7  # seconds between two blinks
# A blink that is due this close to the end of a phrase waits or hurries to meet it.
ATTRACTION: Final = 0.9
ATTRACTED: Final = 0.7  # the share of those that do
AT_END: Final = (-0.05, 0.12)  # seconds from the end of the phrase
# Glances away come this many seconds apart, and meet the onset of a phrase that is near.
FIRST_GLANCE: Final = (1.5, 7.0)
GLANCE_INTERVAL: Final = (4.0, 10.0)
GLANCE_SPACING: Final = 1.5
GLANCE_ATTRACTION: Final = 1.5
GLANCE_ONSET: Final = (0.05, 0.35)  # seconds after the onset
SACCADE: Final = 0.05  # seconds of an eye movement of a few degrees
MARGIN: Final = 0.3  # seconds at either end in which the eyes rest


@dataclass(frozen=True, slots=True)
class Glance:
    """The gaze is (x, y) degrees away from `start` to `end` seconds."""

    start: float
    end: float
    x: float
    y: float


def draw_blinks(
    rng: np.random.Generator, duration: float, pauses: Sequence[tuple[float, float]]
) -> list[float]:
    """Draw the starts of the blinks in seconds; they tend to the beginnings of `pauses` (phrase
    ends)."""
    ends = [start for start, _ in pauses if start > 0]
    latest = duration - MARGIN - BLINK
    times: list[float] = []
    # Starting as if the face had been blinking before gives short clips the same rate.
    time = float(rng.uniform(0, INTERVAL))
    while time < latest:
        near = min(ends, key=lambda e: abs(e - time), default=None)
        previous = times[-1] if times else -SHORTEST
        start = time
        if near is not None and abs(near - time) < ATTRACTION and rng.random() < ATTRACTED:
            start = near + float(rng.uniform(*AT_END))
        start = max(start, previous + SHORTEST, MARGIN)
        if start < latest:
            times.append(start)
        time = max(time, start) + draw_interval(rng)
    return times


def draw_interval(rng: np.random.Generator) -> float:
    """Draw the seconds from one blink to the next."""
    scale = INTERVAL / float(np.exp(SCATTER**2 / 2))  # so that the mean is INTERVAL
    return max(SHORTEST, scale * float(np.exp(rng.normal(0, SCATTER))))


def blink_track(starts: Sequence[float], times: Floats64, period: float) -> Floats64:
    """Lid closure 0..1 at frame centres; every blink is 1 on at least one frame."""
    track = np.zeros(len(times))
    hold = max(HELD, period)
    for start in starts:
        first = np.searchsorted(times, start, "left")
        last = np.searchsorted(times, start + CLOSE + hold + OPEN, "right")
        near = times[first:last] - start
        closing = smoothstep(near / CLOSE)
        opening = 1.0 - smoothstep((near - CLOSE - hold) / OPEN)
        track[first:last] = np.maximum(track[first:last], np.minimum(closing, opening))
    return track


def draw_glances(
    rng: np.random.Generator, duration: float, pauses: Sequence[tuple[float, float]]
) -> list[Glance]:
    """Draw brief glances away while speaking, one in about seven seconds, never in a pause at the
    end.

    Speakers look away as they begin a phrase, and back at its end.
    """
    phrases = [(a[1], b[0]) for a, b in pairwise([(0.0, 0.0), *pauses, (duration, duration)])]
    onsets = [start for start, end in phrases if end - start > 1.0]
    glances: list[Glance] = []
    time = float(rng.uniform(*FIRST_GLANCE))
    while time < duration:
        near = min(onsets, key=lambda o: abs(o - time), default=None)
        start = time
        if near is not None and abs(near - time) < GLANCE_ATTRACTION:
            start = near + float(rng.uniform(*GLANCE_ONSET))
        glance = draw_glance(rng, start)
        free = not glances or start > glances[-1].end + GLANCE_SPACING
        if free and start > MARGIN and glance.end < duration - MARGIN:
            glances.append(glance)
        time += float(rng.uniform(*GLANCE_INTERVAL))
    return glances


def draw_glance(rng: np.random.Generator, start: float) -> Glance:
    """Draw a glance away that begins at `start`: to a side, and more often down than up."""
    length = float(rng.uniform(0.45, 0.95))
    x = float(rng.choice((-1, 1)) * rng.uniform(2.5, 5.0))
    y = float(rng.uniform(-2.5, 1.5))
    return Glance(start, start + length, x, y)


def gaze_tracks(glances: Sequence[Glance], times: Floats64) -> tuple[Floats64, Floats64]:
    """(x, y) degrees away from the place where the gaze rests, at `times`."""
    x, y = np.zeros(len(times)), np.zeros(len(times))
    for glance in glances:
        away = smoothstep((times - glance.start) / SACCADE) - smoothstep(
            (times - glance.end) / SACCADE
        )
        x += glance.x * away
        y += glance.y * away
    return x, y
