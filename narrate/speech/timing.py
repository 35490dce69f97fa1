"""An engine's own durations, corrected to the sound.

The length regulator of Kokoro's family says how long each symbol lasts, and the sum is the length
of the sound, but its boundaries come late and the last phone before a pause swallows the silence.
Here they are shifted, spaces are shared between their two words, boundaries are moved to where they
are heard, and phones beside a pause are cut at the measured silence.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrate.speech.phone_boundaries import find_boundary, find_manner, measure_levels
from narrate.vocabulary import Samples

# Median lateness of the raw boundaries against forced alignment.
SHIFT_SECONDS = -0.045
# A vowel glides into the liquid or glide after it, and the engine counts the glide to the vowel:
# such a boundary is that much later still, and there is no landmark to tell.
CODA_SECONDS = -0.02
# Quieter than this below the loudest 5 ms is silence: above hibari's noise floor (-60), below the
# weakest fricatives (-32).
SILENCE_DB = -38.0
# A stop's closure lasts up to 100 ms and is silent too, so without punctuation a silence must be
# longer to be a pause.
PAUSE_SECONDS = 0.06
UNMARKED_PAUSE_SECONDS = 0.15
# A pause ends where the sound rises by this over the pause's own noise and stays there so long: a
# pause of hibari is at -65, its quietest onsets (θ, f) take 50 ms to rise from there to -38.
RISE_DB = 12.0
NOISE_DB = -62.0  # below the loudest: what is quieter is digital silence, not a pause's noise
RISE_MS = 8
# No phone is shorter: the fastest flaps last about this.
SHORTEST_SECONDS = 0.012

Boundaries = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two phones: nothing, a space, or punctuation (`pause`)."""

    space: bool = False
    pause: bool = False


def find_silences(samples: Samples, rate: int) -> Boundaries:
    """Stretches of silence in seconds, to 1 ms: moving 5 ms loudness below `SILENCE_DB`."""
    return _silences(measure_loudness_db(samples, rate))


def _silences(quiet: npt.NDArray[np.float64]) -> Boundaries:
    if not quiet.size:
        return []
    mask = np.concatenate(([False], quiet < quiet.max() + SILENCE_DB, [False]))
    edges = np.flatnonzero(mask[1:] != mask[:-1])
    return [(float(a) / 1000, float(b) / 1000) for a, b in edges.reshape(-1, 2)]


def measure_loudness_db(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """RMS level of 5 ms windows centred on every millisecond, in dB."""
    power = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    centres = np.arange(0, len(samples) * 1000 // rate) * rate // 1000
    half = rate * 5 // 2000
    low = np.clip(centres - half, 0, len(samples))
    high = np.clip(centres + half, 0, len(samples))
    mean = (power[high] - power[low]) / np.maximum(high - low, 1)
    level: npt.NDArray[np.float64] = 10 * np.log10(np.maximum(mean, 1e-12))
    return level


def correct_boundaries(
    raw: Sequence[tuple[float, float]],
    gaps: Sequence[Gap],
    symbols: Sequence[str],
    samples: Samples,
    rate: int,
    *,
    shift: float = SHIFT_SECONDS,
) -> Boundaries:
    """Times of the phones `symbols` (IPA), in seconds, from the engine's `raw` ones.

    `gaps[i]` stands between phone i-1 and phone i; `gaps[0]` is ignored. The result is in order
    and does not overlap; phones touch unless a pause parts them.
    """
    if not raw:
        return []
    quiet = measure_loudness_db(samples, rate)
    still = _silences(quiet)
    length = len(samples) / rate
    begin = next((b for a, b in still if a <= 0.001), 0.0)
    finish = next((a for a, b in still if b >= length - 0.002), length)
    if finish <= begin:
        begin, finish = 0.0, length
    heard = measure_levels(samples, rate)
    cuts = [0.0]
    for at in range(1, len(raw)):
        left, right = symbols[at - 1], symbols[at]
        cut = (raw[at - 1][1] + raw[at][0]) / 2 + shift
        if (
            not gaps[at].space
            and find_manner(left) == "vowel"
            and find_manner(right) in ("liquid", "glide")
        ):
            cut += CODA_SECONDS
        cuts.append(find_boundary(cut, left, right, heard))
    # A stretch is a run of phones without a pause: it starts and ends with sound.
    stretches: list[tuple[float, float, int]] = []
    start = _whole(quiet, 0.0, begin)[1]
    inner = [(a, b) for a, b in still if a > begin and b < finish]
    for at, (a, b) in _pauses(raw, gaps, inner, shift):
        a, b = _whole(quiet, a, b)
        stretches.append((start, a, at))
        start = b
    stretches.append((start, _whole(quiet, finish, length)[0], len(raw)))
    out: Boundaries = []
    first = 0
    for a, b, last in stretches:
        out += _spread([a, *cuts[first + 1 : last], b])
        first = last
    return out


def _whole(quiet: npt.NDArray[np.float64], start: float, end: float) -> tuple[float, float]:
    """The part of a silence that is still: without the rise of a faint onset at its end, nor the
    fall of a faint sound at its start."""
    first, last = round(start * 1000), round(end * 1000)
    inside = quiet[first:last]
    if len(inside) < 4 * RISE_MS:
        return start, end
    loud = inside > max(float(np.median(inside)), quiet.max() + NOISE_DB) + RISE_DB
    count = np.concatenate(([0], np.cumsum(loud)))
    runs = np.flatnonzero(count[RISE_MS:] == count[:-RISE_MS])  # where quiet milliseconds begin
    if not runs.size:
        return start, end
    return (first + int(runs[0])) / 1000, (first + int(runs[-1]) + RISE_MS) / 1000


def _pauses(
    raw: Sequence[tuple[float, float]],
    gaps: Sequence[Gap],
    still: Sequence[tuple[float, float]],
    shift: float,
) -> list[tuple[int, tuple[float, float]]]:
    """The gaps that are pauses, in order, each with its silence.

    A silence belongs to the punctuation whose neighbours it overlaps most; only one that touches
    no punctuation can part two words without.
    """
    found: list[tuple[int, tuple[float, float]]] = []
    for a, b in still:
        best, most = 0, 0.0
        for at in range(found[-1][0] if found else 1, len(raw)):
            gap = gaps[at]
            if b - a < (PAUSE_SECONDS if gap.pause else UNMARKED_PAUSE_SECONDS):
                continue
            low, high = raw[at - 1][0] + shift, raw[at][1] + shift
            overlap = min(b, high) - max(a, low)
            if overlap <= 0 or not (gap.pause or gap.space):
                continue
            weight = overlap + (1000.0 if gap.pause else 0.0)
            if weight > most:
                best, most = at, weight
        if found and best == found[-1][0]:
            # A stop's closure, its burst, then the pause: the longer one is the pause.
            if b - a > found[-1][1][1] - found[-1][1][0]:
                found[-1] = (best, (a, b))
        elif best:
            found.append((best, (a, b)))
    return found


def _spread(cuts: list[float]) -> Boundaries:
    """Cuts between neighbours, the outer two fixed; each piece gets its least length."""
    low, high = cuts[0], cuts[-1]
    pieces = len(cuts) - 1
    least = min(SHORTEST_SECONDS, (high - low) / pieces)
    for at in range(1, pieces):
        cuts[at] = max(cuts[at], cuts[at - 1] + least)
    for at in range(pieces - 1, 0, -1):
        cuts[at] = min(cuts[at], cuts[at + 1] - least)
    return list(itertools.pairwise(cuts))
