"""All conversions between units of time, and all ways of writing a time.

Audio counts samples at `SAMPLE_RATE`, captions count integer milliseconds, and video counts frames
at a rational rate. A slide lasts a whole number of frames, so that segments join without drift. At
the usual rates a frame is a whole number of samples (1600 at 30 frames a second).
"""

from __future__ import annotations

from fractions import Fraction

SAMPLE_RATE = 48_000  # AAC, Opus and every learning platform take it without resampling


def samples_to_ms(samples: int) -> int:
    """Return the nearest millisecond."""
    return (samples * 1000 + SAMPLE_RATE // 2) // SAMPLE_RATE


def ms_to_samples(ms: int) -> int:
    """Return the exact number of samples: a millisecond is 48 of them."""
    return ms * (SAMPLE_RATE // 1000)


def samples_to_seconds(samples: int) -> float:
    return samples / SAMPLE_RATE


def seconds_to_samples(seconds: float) -> int:
    """Return the nearest sample."""
    return round(seconds * SAMPLE_RATE)


def seconds_to_ms(seconds: float | Fraction) -> int:
    """Return the nearest millisecond."""
    return round(seconds * 1000)


def ms_to_seconds(ms: int) -> float:
    return ms / 1000


def frames_to_samples(frames: int, rate: Fraction) -> int:
    """Return the first sample of a frame."""
    return int(frames * SAMPLE_RATE / rate)


def frames_to_ms(frames: int, rate: Fraction) -> int:
    """Return the millisecond nearest to the start of a frame."""
    return round(frames * 1000 / rate)


def frames_covering(samples: int, rate: Fraction) -> int:
    """Return the smallest number of frames that last at least as long as the samples."""
    return -int(-samples * rate // SAMPLE_RATE)


def ms_to_frame(ms: int, rate: Fraction) -> int:
    """Return the frame nearest to a time."""
    return round(ms * rate / 1000)


def samples_to_frame(samples: int, rate: Fraction) -> int:
    """Return the frame nearest to a sample."""
    return round(samples * rate / SAMPLE_RATE)


def format_clock(seconds: float, *, tenths: bool = False) -> str:
    """Write a time or a length for people, as players do: `2:03` or `1:02:03`.

    With `tenths` it is `2:03.4` or `1:02:03.4`. Times are rounded down.
    """
    hours, minutes, whole, ms = _split(seconds_to_ms(seconds))
    start = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{start}:{whole:02}" + (f".{ms // 100}" if tenths else "")


def format_timestamp(ms: int, *, separator: str = ".") -> str:
    """Write a time for a caption file: `01:02:03.456`.

    `separator` comes before the milliseconds: a full stop in WebVTT and TTML, a comma in SubRip.
    """
    hours, minutes, seconds, rest = _split(ms)
    return f"{hours:02}:{minutes:02}:{seconds:02}{separator}{rest:03}"


def _split(ms: int) -> tuple[int, int, int, int]:
    """Split milliseconds into hours, minutes, seconds and milliseconds."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, seconds, rest
