"""The rate, edges and level of sound, so that sounds join without clicks."""

from __future__ import annotations

import numpy as np

from narrate.clock import SAMPLE_RATE
from narrate.limiter import limit_peaks
from narrate.speech.timing import measure_loudness_db
from narrate.vocabulary import Samples

PEAK_DBTP = -1.5  # stays below full scale after lossy coding; EBU R128 s2 asks for the same
# Fainter sound is cut off at an edge: an initial f or h is 50 dB below the vowel.
EDGE_DB = -52.0
EDGE_BEFORE_MS, EDGE_AFTER_MS = 15, 30
FADE_IN_MS, FADE_OUT_MS = 5, 15


def resample(samples: Samples, rate: int) -> Samples:
    """Resample to `SAMPLE_RATE` by a linear-phase polyphase filter, which does not shift times."""
    if rate == SAMPLE_RATE or not len(samples):
        return samples.astype(np.float32)
    from math import gcd

    from scipy.signal import resample_poly

    common = gcd(rate, SAMPLE_RATE)
    out = resample_poly(samples.astype(np.float64), SAMPLE_RATE // common, rate // common)
    return np.asarray(out, np.float32)


def find_sounding(samples: Samples, rate: int) -> tuple[int, int]:
    """The audible part of a sound with a short margin, as its first and last sample (exclusive);
    (0, 0) if all is silence."""
    level = measure_loudness_db(samples, rate)
    loud = np.flatnonzero(level > max(level.max() + EDGE_DB, -75.0)) if level.size else level
    if not loud.size:
        return 0, 0
    start = max(0, (int(loud[0]) - EDGE_BEFORE_MS) * rate // 1000)
    end = min(len(samples), (int(loud[-1]) + 1 + EDGE_AFTER_MS) * rate // 1000)
    return start, end


def fade_edges(samples: Samples, rate: int) -> Samples:
    """Fade both ends by raised-cosine ramps, so that a cut does not click."""
    out = samples.astype(np.float32)
    n = min(FADE_IN_MS * rate // 1000, len(out) // 2)
    m = min(FADE_OUT_MS * rate // 1000, len(out) // 2)
    if n:
        out[:n] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n)).astype(np.float32)
    if m:
        out[-m:] *= (0.5 + 0.5 * np.cos(np.pi * (np.arange(m) + 1) / m)).astype(np.float32)
    return out


def limit(samples: Samples) -> Samples:
    """Limit the true peaks of sound at `SAMPLE_RATE` to `PEAK_DBTP`."""
    if not len(samples):
        return samples
    return np.concatenate(list(limit_peaks([samples], 0.0, PEAK_DBTP)))


def round_to_16_bits(samples: Samples) -> Samples:
    """Round to the steps of 16-bit sound, so that a narration can be stored exactly in half the
    space."""
    return np.asarray(np.round(np.clip(samples, -1, 32767 / 32768) * 32768) / 32768, np.float32)
