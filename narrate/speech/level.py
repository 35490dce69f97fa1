"""Sound that joins without clicks: rate, edges, level."""

from __future__ import annotations

import numpy as np

from narrate.clock import SAMPLE_RATE
from narrate.model import Samples
from narrate.speech.timing import loudness_db

PEAK_DBTP = -1.5  # what lossy coding still keeps under full scale; EBU R128 s2 asks for the same
OVERSAMPLING = 4  # ITU-R BS.1770-4, annex 2
LOOKAHEAD_SECONDS = 0.004
# The faintest sound that is kept at an edge: an initial f or h is 50 dB below the vowel.
EDGE_DB = -52.0
EDGE_BEFORE_MS, EDGE_AFTER_MS = 15, 30
FADE_IN_MS, FADE_OUT_MS = 5, 15


def resample(samples: Samples, rate: int) -> Samples:
    """To `SAMPLE_RATE`, by a linear-phase polyphase filter: times stay where they are."""
    if rate == SAMPLE_RATE or not len(samples):
        return samples.astype(np.float32)
    from math import gcd

    from scipy.signal import resample_poly

    common = gcd(rate, SAMPLE_RATE)
    out = resample_poly(samples.astype(np.float64), SAMPLE_RATE // common, rate // common)
    return np.asarray(out, np.float32)


def sounding(samples: Samples, rate: int) -> tuple[int, int]:
    """First and last sample worth keeping, with a little room; (0, 0) if all is silence."""
    level = loudness_db(samples, rate)
    loud = np.flatnonzero(level > max(level.max() + EDGE_DB, -75.0)) if level.size else level
    if not loud.size:
        return 0, 0
    start = max(0, (int(loud[0]) - EDGE_BEFORE_MS) * rate // 1000)
    end = min(len(samples), (int(loud[-1]) + 1 + EDGE_AFTER_MS) * rate // 1000)
    return start, end


def fade_edges(samples: Samples, rate: int) -> Samples:
    """Raised-cosine ramps at both ends, so that a cut does not click."""
    out = samples.astype(np.float32)
    n = min(FADE_IN_MS * rate // 1000, len(out) // 2)
    m = min(FADE_OUT_MS * rate // 1000, len(out) // 2)
    if n:
        out[:n] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n)).astype(np.float32)
    if m:
        out[-m:] *= (0.5 + 0.5 * np.cos(np.pi * (np.arange(m) + 1) / m)).astype(np.float32)
    return out


def limit(samples: Samples) -> Samples:
    """Hold true peaks at `SAMPLE_RATE` under `PEAK_DBTP` by a smooth gain that looks ahead.

    The gain is the least needed within the window, smoothed over the same window, so it is never
    above what is needed at its middle.
    """
    ceiling = 10 ** (PEAK_DBTP / 20)
    # Between samples a peak rises at most about 6 dB above them in speech.
    if not len(samples) or float(np.abs(samples).max()) < ceiling / 2:
        return samples
    from scipy.ndimage import maximum_filter1d, minimum_filter1d
    from scipy.signal import resample_poly

    fine = np.abs(resample_poly(samples.astype(np.float64), OVERSAMPLING, 1))
    fine = maximum_filter1d(fine, 2 * OVERSAMPLING + 1)  # peaks on either side of a sample
    peaks = np.maximum(fine[::OVERSAMPLING][: len(samples)], np.abs(samples))
    if peaks.max() <= ceiling:
        return samples
    half = round(LOOKAHEAD_SECONDS * SAMPLE_RATE)
    need = np.minimum(1.0, ceiling * 0.995 / np.maximum(peaks, 1e-9))
    least = minimum_filter1d(need, 2 * half + 1, mode="nearest")
    window = np.hanning(2 * half + 1)
    padded = np.concatenate((np.full(half, least[0]), least, np.full(half, least[-1])))
    gain = np.convolve(padded, window / window.sum(), mode="valid")
    return np.asarray(samples * gain, np.float32)


def to_16_bit_steps(samples: Samples) -> Samples:
    """Rounded to the steps of 16-bit sound: a stored narration is exact at half the size."""
    return np.asarray(np.round(np.clip(samples, -1, 32767 / 32768) * 32768) / 32768, np.float32)
