"""Where the boundary between two phones is heard.

An engine's durations are right to about 20 ms, and the sound tells more. Each manner of
articulation has typical levels in three frequency bands: a fricative hisses above 3 kHz, a closure
is silent, a nasal hums. Between two different manners, the boundary is where the sound stops being
more like the first and starts being more like the second.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from narrate.vocabulary import Samples

Levels = npt.NDArray[np.float64]
"""Levels in dB below the loudest, shape (3, milliseconds)."""

BANDS_HZ = ((80, 800), (800, 3000), (3000, 11000))  # voicing and hum; formants; hiss
WINDOW_MS = 8  # longer than a period of a low voice
QUIETEST_DB = -70.0
# For each manner its phones, and its levels in the first and in the last fifth of a phone: medians
# of the default voice over benchmarks/sentences/choosing.md, with phones as PocketSphinx aligns
# them, smoothed by hand. They are right for Kokoro and Piper too (benchmarks/speech_times.py).
MANNERS: dict[str, tuple[str, tuple[int, int, int], tuple[int, int, int]]] = {
    "vowel": ("", (-7, -19, -32), (-7, -21, -34)),
    "liquid": ("l ɹ r ɫ ʎ ɭ ʀ", (-9, -23, -40), (-8, -20, -38)),
    "glide": ("w j ɥ ʍ ɰ", (-12, -37, -50), (-7, -22, -38)),
    "nasal": ("m n ŋ ɲ ɱ ɴ ɳ", (-6, -30, -45), (-6, -33, -47)),
    "tap": ("ɾ", (-12, -35, -45), (-12, -30, -40)),
    "voiceless stop": ("p t k q c ʈ ʔ", (-40, -58, -59), (-34, -29, -30)),
    "voiced stop": ("b d ɡ g ɟ ɖ ɢ", (-20, -55, -60), (-22, -29, -33)),
    "affricate": ("tʃ dʒ ts dz tɕ dʑ pf", (-38, -55, -52), (-38, -26, -16)),
    "sibilant": ("s ʃ ɕ ʂ", (-40, -36, -18), (-41, -36, -18)),
    "voiceless fricative": ("f θ x ç χ ɸ ħ", (-40, -35, -33), (-42, -37, -33)),
    "voiced sibilant": ("z ʒ ʑ ʐ", (-25, -38, -15), (-38, -38, -16)),
    "voiced fricative": ("v ð β ɣ ʁ ʝ", (-20, -38, -38), (-22, -34, -34)),
    "aspirate": ("h ɦ", (-22, -24, -30), (-22, -22, -30)),
}
_OF = {symbol: manner for manner, row in MANNERS.items() for symbol in row[0].split()}

REACH_MS = 25  # a boundary is moved by no more than this
CONTEXT_MS = 40  # of sound on each side that is examined
ALIKE_DB = 10.0  # manners that differ by less (a vowel and a liquid) cannot be told apart by levels
MOST_DB = 8.0  # the most that one millisecond counts, however clear it is
PER_MS2 = 0.1  # cost of a boundary for the square of its distance from the engine's, in dB/ms


def find_manner(symbol: str) -> str:
    """The manner of articulation of an IPA phone; `vowel` if it is not a known consonant."""
    return _OF.get(symbol[:2]) or _OF.get(symbol[:1], "vowel")


def measure_levels(samples: Samples, rate: int) -> Levels:
    """The levels of a sound in `BANDS_HZ` at each millisecond."""
    from scipy.signal import sosfiltfilt

    at = np.arange(len(samples) * 1000 // rate) * rate // 1000
    half = rate * WINDOW_MS // 2000
    low, high = np.clip(at - half, 0, len(samples)), np.clip(at + half, 0, len(samples))
    out = np.full((len(BANDS_HZ), len(at)), QUIETEST_DB)
    if len(samples) < 100:  # too short for the filters, and for any boundary
        return out
    for row, sections in zip(out, _make_filters(rate), strict=True):
        power = sosfiltfilt(sections, samples.astype(np.float64)) ** 2
        total = np.concatenate(([0.0], np.cumsum(power)))
        mean = (total[high] - total[low]) / np.maximum(high - low, 1)
        row[:] = 10 * np.log10(np.maximum(mean, 1e-12))
    out -= out.max(initial=QUIETEST_DB)
    below: Levels = np.maximum(out, QUIETEST_DB)
    return below


@lru_cache(maxsize=4)
def _make_filters(rate: int) -> tuple[npt.NDArray[np.float64], ...]:
    """Band-pass filters of second order, to be run forwards and backwards so that they do not shift
    the sound."""
    from scipy.signal import butter

    return tuple(
        butter(2, (low, min(high, 0.46 * rate)), "band", fs=rate, output="sos")
        for low, high in BANDS_HZ
    )


def find_boundary(cut: float, left: str, right: str, heard: Levels) -> float:
    """The boundary between the phones `left` and `right` near `cut`, in seconds.

    It is `cut` itself if their manners sound alike, or if the sound ends too soon to tell.
    """
    before = np.array(MANNERS[find_manner(left)][2], float)
    after = np.array(MANNERS[find_manner(right)][1], float)
    apart = float(np.linalg.norm(after - before))
    first = round(cut * 1000) - CONTEXT_MS
    around = heard[:, max(first, 0) : first + 2 * CONTEXT_MS]
    if apart < ALIKE_DB or around.shape[1] < 2 * CONTEXT_MS:
        return cut
    # How much more each millisecond is like `right` than like `left`.
    side = (after - before) @ (around - (before + after)[:, None] / 2) / apart
    side = np.clip(side, -MOST_DB, MOST_DB)
    wrong = 2 * np.concatenate(([0.0], np.cumsum(side)))  # if all before the boundary is `left`
    distance = np.arange(len(wrong)) - CONTEXT_MS
    cost = wrong + PER_MS2 * distance**2
    cost[np.abs(distance) > REACH_MS] = np.inf
    return (first + int(np.argmin(cost))) / 1000
