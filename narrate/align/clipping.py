"""Whether a recording is clipped: its loudest sounds were cut off, because the input was set too
loud."""

from __future__ import annotations

import numpy as np

from foundation.problem import Place, Problem
from lessons.model import Finding
from narrate.align.whisper import RATE
from narrate.clock import format_clock
from narrate.vocabulary import Samples

HOP = RATE // 100
# Frames of 10 ms with at least this share of the loudest peak are those that would be cut off.
LOUD = 0.7
NEAR_PEAK = 0.9
# The share of a loud frame's samples that are near its peak. One frame in ten has more than 4 to
# 8 % in clean speech, up to 10 % behind a limiter of 12 dB, 8 to 21 % when clipped by 6 dB, and
# more than 24 % when clipped by 12 dB (seven voices in seven languages, at two rates).
FLAT = 0.18
FLAT_FRAMES = 0.1
FEWEST_FRAMES = 20


def find_clipping(samples_16k: Samples, line: int) -> tuple[Finding, ...]:
    """The finding for a recording that is clipped, if it is. It is placed at `line` of its
    lesson."""
    frames = samples_16k[: len(samples_16k) // HOP * HOP].reshape(-1, HOP)
    peaks = np.maximum(frames.max(axis=1, initial=0.0), -frames.min(axis=1, initial=0.0))
    loud = np.flatnonzero(peaks > LOUD * np.percentile(peaks, 99)) if peaks.size else peaks
    if len(loud) < FEWEST_FRAMES:
        return ()
    flat = loud[np.mean(np.abs(frames[loud]) > NEAR_PEAK * peaks[loud, None], axis=1) > FLAT]
    if len(flat) < FLAT_FRAMES * len(loud):
        return ()
    share = round(100 * len(flat) / len(loud))
    message = (
        f"The recording is clipped: in {share} % of its loud sounds the peaks are cut off, first "
        f"at {format_clock(flat[0] * HOP / RATE)}, so it sounds harsh."
    )
    remedy = "Record it again with the input level 12 dB lower, so that the meter never turns red."
    return (Finding("recording-clipped", "warning", Problem(message, remedy, Place(line=line))),)
