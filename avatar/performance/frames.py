"""The values that go into a performance and come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.errors import AvatarError
from avatar.performance.channels import CHANNELS, INDEX

EMOTIONS: Final = ("neutral", "warm", "serious", "surprised")
LIMITS: Final = {
    "clarity": (0.5, 1.5),  # below .5 the vowels fall together, above 1.5 the face shouts
    "strength": (0.0, 1.0),
    "distance": (0.75, 1.5),  # a flat picture shows its lack of depth beyond this zoom
    "motion": (0.0, 2.0),
    "rest_close": (0.0, 1.0),
}
GAZE_LIMIT: Final = 12.0  # degrees: beyond this the eyes alone would not turn, the head would


class PerformanceError(AvatarError):
    """The phones, the controls or the prosody do not make sense."""


@dataclass(frozen=True, slots=True)
class Controls:
    """How the presenter performs; the defaults are a calm teacher who looks at the viewer.

    clarity     .5..1.5, 1 is normal speech; above, contrasts between sounds grow (clear speech)
    emotion     one of `EMOTIONS`, at `strength` 0..1
    gaze        degrees right and up of the viewer's eyes
    distance    .75..1.5 times the photo's distance: above 1 is farther away
    motion      0..2, strength of head, brows and breath; 0 keeps the head still
    seed        the same seed gives the same performance
    rest_close  0..1, how far lips that the photo shows parted are closed while nothing is said
    """

    clarity: float = 1.0
    emotion: str = "neutral"
    strength: float = 0.5
    gaze: tuple[float, float] = (0.0, 0.0)
    distance: float = 1.0
    motion: float = 1.0
    seed: int = 0
    rest_close: float = 0.0

    def __post_init__(self) -> None:
        if self.emotion not in EMOTIONS:
            raise PerformanceError(
                f"The emotion is {self.emotion!r}.", remedy=f"Use one of {', '.join(EMOTIONS)}."
            )
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise PerformanceError(
                    f"The {name} is {value}.", remedy=f"Use {low:g} to {high:g}."
                )
        if not all(abs(angle) <= GAZE_LIMIT for angle in self.gaze):
            raise PerformanceError(
                f"The gaze is {self.gaze} degrees.",
                remedy=f"Keep each angle within ±{GAZE_LIMIT:g}.",
            )


@dataclass(frozen=True, eq=False, slots=True)
class Prosody:
    """Loudness (dB relative to the speech level) and pitch (Hz, 0 unvoiced), float32 per frame."""

    loudness: Floats32
    pitch: Floats32


@dataclass(frozen=True, eq=False, slots=True)
class Performance:
    """`values[i]` holds `CHANNELS` at the centre of frame i, (i + 1/2) / rate seconds."""

    values: Floats32
    rate: Fraction

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(CHANNELS):
            raise PerformanceError(
                f"A performance of shape {self.values.shape} is none.",
                remedy=f"It holds (frames, {len(CHANNELS)}) values.",
            )

    def __len__(self) -> int:
        return len(self.values)

    def channel(self, name: str) -> Floats32:
        """One channel, a view of (frames,)."""
        return self.values[:, INDEX[name]]


def frame_times(frames: int, rate: Fraction) -> Floats64:
    """Centres of the frames in seconds.

    A frame is on the screen from i / rate to (i + 1) / rate; sampling its centre makes the mean
    error between picture and sound zero at every rate.
    """
    return (np.arange(frames, dtype=np.float64) + 0.5) / float(rate)
