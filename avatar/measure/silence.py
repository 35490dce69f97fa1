"""When nothing is said: according to the phones if they are known, otherwise to the sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Mask
from avatar.errors import MeasureError
from avatar.performance.coarticulation import find_pauses
from avatar.performance.frames import frame_times
from avatar.phone import Phone
from foundation.problem import Place

# People close their lips in pauses of half a second; in shorter ones they do not.
SHORTEST: Final = 0.4
# The mouth closes after the last sound and opens before the next one, as in people.
AFTER: Final = 0.15
BEFORE: Final = 0.2
# Relative to the loudest: breath and a quiet room are softer, the softest /f/ in clear speech is
# louder.
SILENT_DB: Final = -45.0
WINDOW: Final = 0.01  # seconds over which the level is measured
SAMPLE_RATE: Final = 16_000


def find_pause_frames(phones: Sequence[Phone], frames: int, rate: Fraction) -> Mask:
    """The frames in pauses, except while the lips close and open at their edges."""
    return _mark_pauses(find_pauses(phones, frames / float(rate)), frames, rate)


def find_silent_frames(path: Path, frames: int, rate: Fraction, *, start: float = 0.0) -> Mask:
    """The frames of a video during which nothing is said; all of them if it has no sound.

    `start` is the time of the first frame in seconds. Raises MeasureError.
    """
    level = _measure_level(path)
    duration = frames / float(rate)
    if not len(level):
        return np.ones(frames, bool)
    first = round(start / WINDOW)
    level = level[first : first + round(duration / WINDOW)]
    # Where the sound ends before the picture, nothing is said.
    missing = max(round(duration / WINDOW) - len(level), 0)
    level = np.concatenate([level, np.full(missing, -np.inf)])
    edges = np.flatnonzero(np.diff(np.concatenate([[0], level < SILENT_DB, [0]])))
    times = edges * WINDOW
    return _mark_pauses(zip(times[::2], times[1::2], strict=True), frames, rate)


def _mark_pauses(pauses: Iterable[tuple[float, float]], frames: int, rate: Fraction) -> Mask:
    inside = np.zeros(frames, bool)
    times = frame_times(frames, rate)
    for start, end in pauses:
        if end - start < SHORTEST:
            continue
        # Nobody speaks before the first sound or after the last.
        first = start + AFTER if start > WINDOW else start
        last = end - BEFORE if end < frames / float(rate) - WINDOW else end
        inside |= (times >= first) & (times <= last)
    return inside


def _measure_level(path: Path) -> Floats64:
    """The RMS level of every `WINDOW` in dB relative to the loudest; empty without sound."""
    import av

    pieces: list[Floats32] = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return np.zeros(0)
            resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
            for frame in container.decode(container.streams.audio[0]):
                pieces += [
                    f.to_ndarray().astype(np.float32).reshape(-1) for f in resampler.resample(frame)
                ]
    except (av.FFmpegError, OSError) as error:
        raise MeasureError(
            f"The sound cannot be read: {error}.",
            remedy="Give a video that FFmpeg can read, such as an MP4.",
            place=Place(str(path)),
        ) from error
    sound = np.concatenate([*pieces, np.zeros(0, np.float32)]).astype(np.float64)
    step = round(WINDOW * SAMPLE_RATE)
    power = (sound[: len(sound) // step * step].reshape(-1, step) ** 2).mean(1)
    if not len(power) or not power.max() > 0:
        return np.zeros(0)
    return np.asarray(10 * np.log10(np.maximum(power / power.max(), 1e-12)))
