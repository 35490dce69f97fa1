"""One row of channels for each video frame, and the times of the frames."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.errors import PerformanceError
from avatar.performance.channels import CHANNELS, INDEX


@dataclass(frozen=True, eq=False, slots=True)
class Performance:
    """`values[i]` holds `CHANNELS` at the centre of frame i, (i + 1/2) / rate seconds."""

    values: Floats32
    rate: Fraction

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(CHANNELS):
            raise PerformanceError(
                f"The values of a performance have the shape {self.values.shape}.",
                remedy=f"Give (frames, {len(CHANNELS)}) values.",
            )

    def __len__(self) -> int:
        return len(self.values)

    def channel(self, name: str) -> Floats32:
        """One channel, a view of (frames,)."""
        return self.values[:, INDEX[name]]


def frame_times(frames: int, rate: Fraction) -> Floats64:
    """The centres of the first `frames` frames in seconds.

    A frame is on the screen from i / rate to (i + 1) / rate; sampling its centre makes the mean
    error between picture and sound zero at every rate.
    """
    return frame_times_between(0, frames, float(rate))


def frame_times_between(first: int, after: int, rate: float) -> Floats64:
    """The centres of the frames from `first` to the one before `after`, in seconds."""
    return (np.arange(first, after, dtype=np.float64) + 0.5) / rate
