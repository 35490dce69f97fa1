"""The one home of time.

Audio counts samples at `SAMPLE_RATE`, captions integer milliseconds, video frames at a rational
rate. A slide lasts a whole number of frames, so that segments join without drift: at the usual
rates a frame is a whole number of samples (1600 at 30 a second).
"""

from __future__ import annotations

from fractions import Fraction

SAMPLE_RATE = 48_000  # what AAC, Opus and every learning platform take as it is


def samples_to_ms(samples: int) -> int:
    """Nearest millisecond."""
    return (samples * 1000 + SAMPLE_RATE // 2) // SAMPLE_RATE


def ms_to_samples(ms: int) -> int:
    """Exact: a millisecond is 48 samples."""
    return ms * (SAMPLE_RATE // 1000)


def samples_to_seconds(samples: int) -> float:
    return samples / SAMPLE_RATE


def seconds_to_samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE)


def frames_to_samples(frames: int, rate: Fraction) -> int:
    """First sample of a frame."""
    return int(frames * SAMPLE_RATE / rate)


def frames_to_ms(frames: int, rate: Fraction) -> int:
    """Nearest millisecond to a frame's start."""
    return round(frames * 1000 / rate)


def frames_covering(samples: int, rate: Fraction) -> int:
    """The least number of frames that is at least as long as so many samples."""
    return -int(-samples * rate // SAMPLE_RATE)


def ms_to_frame(ms: int, rate: Fraction) -> int:
    """The frame nearest to a time."""
    return round(ms * rate / 1000)


def samples_to_frame(samples: int, rate: Fraction) -> int:
    """The frame nearest to a sample."""
    return round(samples * rate / SAMPLE_RATE)
