"""Turns trajectories into numbers. Nothing here depends on pictures.

For each number the tests have a negative control that must fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats64, Mask

# Lips meet if their opening is within this share of the tracker's own range above its closed lips:
# the base mesh shows a third of the opening that the attention mesh shows ...
MEET: Final = 0.12
# ... and within this many eye distances, however wide the range is: a viewer sees lips part at .04
# (3 px on a face of 150). The trackers put closed lips at 0 to .015 on most faces; the base mesh
# shows those of a person with a broad smile at .045.
MEET_AT_MOST: Final = 0.03
CLOSED_AT_MOST: Final = 0.015
FEW: Final = 10  # frames that show where a tracker puts closed lips
# A contrast counts if it is clear of the feature's own scatter at rest, in robust standard
# deviations, and of the trackers' noise on a still picture, in eye distances.
CONTRAST_SIGMAS: Final = 2.5
CONTRAST: Final = 0.004
# A jaw that opens narrows the mouth too, by up to a third of what rounding does on six faces.
# Rounding does so by a hundredth of the eye distance, and by this share of the way to the narrowest
# that the mouth ever is.
NARROWER: Final = 0.01
NARROWING: Final = 0.35
FURTHEST: Final = 8  # the greatest lag that is considered, in frames
SHUT: Final = 0.55  # share of the usual lid opening under which an eye is shut
# ... and under which it is closing: open eyes stay above .92 while the gaze wanders.
OPEN: Final = 0.9


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; `missed` are the indices of the others."""

    met: int
    of: int
    missed: tuple[int, ...] = ()

    @property
    def value(self) -> float:
        return self.met / self.of if self.of else float("nan")


def correlation(a: Floats64, b: Floats64) -> float:
    """Pearson's r over the frames where both are known; NaN if either does not move."""
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < 3 or np.std(a) < 1e-9 or np.std(b) < 1e-9:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def lag(command: Floats64, seen: Floats64) -> float:
    """Frames by which `seen` follows `command`: the peak of their correlation, to a fraction.

    The peak is that of a parabola through the best whole lag and its neighbours.
    """
    lags = np.arange(-FURTHEST, FURTHEST + 1)
    if len(command) <= 3 * FURTHEST:
        return float("nan")
    scores = np.array([_shifted(command, seen, int(k)) for k in lags])
    if not np.isfinite(scores).any():
        return float("nan")
    best = int(np.nanargmax(scores))
    if 0 < best < len(lags) - 1 and np.isfinite(scores[best - 1 : best + 2]).all():
        left, top, right = scores[best - 1 : best + 2]
        bend = left - 2 * top + right
        return float(lags[best] + (0.5 * (left - right) / bend if bend < -1e-12 else 0.0))
    return float(lags[best])


def _shifted(command: Floats64, seen: Floats64, frames: int) -> float:
    if frames >= 0:
        return correlation(command[: len(command) - frames], seen[frames:])
    return correlation(command[-frames:], seen[:frames])


def reach(track: Floats64, spans: Sequence[tuple[int, int]], limit: float, *, below: bool) -> Share:
    """The share of frame spans [first, last) in which `track` is beyond `limit` at least once."""
    missed = []
    for i, (first, last) in enumerate(spans):
        inside = track[first:last]
        inside = inside[np.isfinite(inside)]
        best = (np.min(inside) if below else np.max(inside)) if len(inside) else np.nan
        if not (best <= limit if below else best >= limit):
            missed.append(i)
    return Share(len(spans) - len(missed), len(spans), tuple(missed))


def meeting(opening: Floats64, still: Mask, met: Mask | None = None) -> float:
    """The opening up to which a tracker's lips are taken to meet, in eye distances.

    Its zero is what it shows where the lips are known to have `met`, if that is known; otherwise
    for the face at rest, or for its narrowest frames where the photo shows the lips parted.
    """
    known = opening[np.isfinite(opening)]
    if not len(known):
        return float("nan")
    narrowest, widest = np.percentile(known, [2, 98])
    if met is not None and np.count_nonzero(met & np.isfinite(opening)) >= FEW:
        zero = float(np.median(opening[met & np.isfinite(opening)]))
        return float(zero + np.clip(MEET * (widest - zero), 0.0, MEET_AT_MOST))
    rest, _ = at_rest(opening, still)
    zero = min(rest, CLOSED_AT_MOST) if np.isfinite(rest) else narrowest
    return float(min(zero + MEET * (widest - zero), MEET_AT_MOST))


def at_rest(track: Floats64, still: Mask) -> tuple[float, float]:
    """Median and robust standard deviation of the still frames, or of all frames if none is
    still."""
    known = track[still & np.isfinite(track)]
    if not len(known):
        known = track[np.isfinite(track)]
    if not len(known):
        return float("nan"), float("nan")
    middle = float(np.median(known))
    return middle, 1.4826 * float(np.median(np.abs(known - middle)))


def contrast(track: Floats64, still: Mask) -> float:
    """The value below which a feature is clear of rest."""
    middle, scatter = at_rest(track, still)
    return middle - max(CONTRAST, CONTRAST_SIGMAS * scatter)


def narrowed(width: Floats64, still: Mask) -> float:
    """The width of the mouth below which it is rounded."""
    known = width[np.isfinite(width)]
    if not len(known):
        return float("nan")
    middle, _ = at_rest(width, still)
    reach = NARROWING * (middle - float(np.percentile(known, 2)))
    return min(contrast(width, still), middle - max(NARROWER, reach))


def find_spans(times: Floats64, spans: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Find the frames [first, last) whose centres are in each span of seconds, at least the
    nearest one."""
    frames = []
    for start, end in spans:
        first = int(np.searchsorted(times, start, "left"))
        last = int(np.searchsorted(times, end, "right"))
        if first >= last:
            first = int(np.argmin(np.abs(times - (start + end) / 2)))
            last = first + 1
        frames.append((first, last))
    return frames


def jitter(positions: Floats64, quiet: Mask) -> float:
    """Root mean square acceleration of (frames, marks, 2) positions, in thousandths per frame².

    Only frames whose neighbours are `quiet` too count. NaN if there is none.
    """
    acceleration = positions[2:] - 2 * positions[1:-1] + positions[:-2]
    inside = quiet[2:] & quiet[1:-1] & quiet[:-2]
    inside &= np.isfinite(acceleration).all((1, 2))
    if not inside.any():
        return float("nan")
    return float(1000 * np.sqrt(np.mean((acceleration[inside] ** 2).sum(-1))))


def blinks(eyes: Floats64) -> int:
    """How often the lids come down: runs of frames below `SHUT` of the usual opening."""
    known = eyes[np.isfinite(eyes)]
    if not len(known):
        return 0
    shut = known < SHUT * np.median(known)
    return int(np.count_nonzero(shut[1:] & ~shut[:-1]) + shut[0])


def open_eyed(eyes: Floats64, near: int) -> Mask:
    """The frames with open eyes that are more than `near` frames from a blink."""
    known = np.isfinite(eyes)
    usual = float(np.median(eyes[known])) if known.any() else 0.0
    shut = known & (eyes < OPEN * usual)
    return ~widened(shut, near)


def widened(frames: Mask, near: int) -> Mask:
    """The frames up to `near` frames from one that is true."""
    return np.asarray(np.convolve(frames, np.ones(2 * near + 1))[near : len(frames) + near] > 0)


def spread(track: Floats64) -> float:
    """The range between the 1st and the 99th percentile, which a lost frame does not change."""
    known = track[np.isfinite(track)]
    return float(np.ptp(np.percentile(known, [1, 99]))) if len(known) else float("nan")
