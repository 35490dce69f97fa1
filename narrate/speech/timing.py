"""An engine's own durations, corrected to the sound.

The length regulator of Kokoro's family says how long each symbol lasts. The sum is the length of
the sound, but the boundaries are late, and the last phone before a pause includes its silence.
Here boundaries are shifted, spaces are divided between the words around them, boundaries are moved
to where they are heard, and phones next to a pause are cut at the measured silence.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrate.speech.phone_boundaries import find_boundary, find_manner, measure_levels
from narrate.vocabulary import Samples

# The median lateness of the raw boundaries against forced alignment.
SHIFT_SECONDS = -0.045
# A vowel glides into a liquid or glide after it, and the engine counts the transition to the vowel.
# Such a boundary is late by this much more, and the sound has no edge there.
CODA_SECONDS = -0.02
# Sound that is this much below the loudest 5 ms is silence: above hibari's noise floor (-60) and
# below the weakest fricatives (-32).
SILENCE_DB = -38.0
# The closure of a stop is silent too and lasts up to 100 ms, so a silence without punctuation must
# be longer to be a pause.
PAUSE_SECONDS = 0.06
UNMARKED_PAUSE_SECONDS = 0.15
# A pause ends where the sound rises by this much above the pause's own noise for at least 8 ms.
# hibari's pauses are at -65, and its quietest onsets (θ, f) take 50 ms to rise from there to -38.
RISE_DB = 12.0
NOISE_DB = -62.0  # below the loudest; quieter sound is digital silence rather than noise
RISE_MS = 8
# The least length of a phone, about that of the fastest flaps.
SHORTEST_SECONDS = 0.012

Boundaries = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is between two phones: nothing, a space, or punctuation (`pause`)."""

    space: bool = False
    pause: bool = False


def find_silences(quiet: npt.NDArray[np.float64]) -> Boundaries:
    """The silences in a sound, in seconds to 1 ms: where its loudness, measured by
    `measure_loudness_db`, is below `SILENCE_DB`."""
    if not quiet.size:
        return []
    mask = np.concatenate(([False], quiet < quiet.max() + SILENCE_DB, [False]))
    edges = np.flatnonzero(mask[1:] != mask[:-1])
    return [(float(a) / 1000, float(b) / 1000) for a, b in edges.reshape(-1, 2)]


def measure_loudness_db(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """The RMS level in dB of a window of 5 ms around each millisecond."""
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
    """The times of the phones `symbols` (IPA) in seconds, from the engine's `raw` times.

    `gaps[i]` is between phone i-1 and phone i; `gaps[0]` is ignored. The result is in order and
    without overlaps, and phones touch unless there is a pause between them.
    """
    if not raw:
        return []
    quiet = measure_loudness_db(samples, rate)
    still = find_silences(quiet)
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
    # A stretch is a run of phones without a pause, which starts and ends with sound.
    stretches: list[tuple[float, float, int]] = []
    start = _trim_silence(quiet, 0.0, begin)[1]
    inner = [(a, b) for a, b in still if a > begin and b < finish]
    for at, (a, b) in _find_pauses(raw, gaps, inner, shift):
        a, b = _trim_silence(quiet, a, b)
        stretches.append((start, a, at))
        start = b
    stretches.append((start, _trim_silence(quiet, finish, length)[0], len(raw)))
    out: Boundaries = []
    first = 0
    for a, b, last in stretches:
        out += _make_spans([a, *cuts[first + 1 : last], b])
        first = last
    return out


def _trim_silence(quiet: npt.NDArray[np.float64], start: float, end: float) -> tuple[float, float]:
    """The part of a silence in which nothing is heard, without the rise of a faint onset at its end
    or the fall of a faint sound at its start."""
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


def _find_pauses(
    raw: Sequence[tuple[float, float]],
    gaps: Sequence[Gap],
    still: Sequence[tuple[float, float]],
    shift: float,
) -> list[tuple[int, tuple[float, float]]]:
    """The indices of the gaps that are pauses, in order, each with its silence.

    A silence belongs to the punctuation whose phones it overlaps most. Only if it overlaps no
    punctuation can it be a pause between two words without.
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
            # First a stop's closure and its burst, and then the pause, which is the longer one.
            if b - a > found[-1][1][1] - found[-1][1][0]:
                found[-1] = (best, (a, b))
        elif best:
            found.append((best, (a, b)))
    return found


def _make_spans(cuts: list[float]) -> Boundaries:
    """The spans between cuts, of which the outer two are fixed; each span gets the least length."""
    low, high = cuts[0], cuts[-1]
    pieces = len(cuts) - 1
    least = min(SHORTEST_SECONDS, (high - low) / pieces)
    for at in range(1, pieces):
        cuts[at] = max(cuts[at], cuts[at - 1] + least)
    for at in range(pieces - 1, 0, -1):
        cuts[at] = min(cuts[at], cuts[at + 1] - least)
    return list(itertools.pairwise(cuts))
