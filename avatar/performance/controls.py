"""How a presenter performs: clarity, emotion, gaze, distance and motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from avatar.errors import PerformanceError

EMOTIONS: Final = ("neutral", "warm", "serious", "surprised")
LIMITS: Final = {
    "clarity": (0.5, 1.5),  # below .5 all vowels look the same, above 1.5 the face shouts
    "strength": (0.0, 1.0),
    "distance": (0.75, 1.5),  # beyond this zoom a flat picture shows its lack of depth
    "motion": (0.0, 2.0),
    "rest_close": (0.0, 1.0),
}
GAZE_LIMIT: Final = 12.0  # degrees: beyond this the eyes alone would not turn, the head would


@dataclass(frozen=True, slots=True)
class Controls:
    """How the presenter performs. The defaults are a calm teacher who looks at the viewer.

    clarity     .5..1.5, 1 is normal speech; above, contrasts between sounds grow (clear speech)
    emotion     one of `EMOTIONS`, at `strength` 0..1
    gaze        degrees right of and above the viewer's eyes
    distance    .75..1.5 times the photo's distance: above 1 is farther away
    motion      0..2, strength of head, brows and breath; 0 keeps the head still
    seed        the same seed gives the same performance
    rest_close  0..1, how far lips that are parted in the photo are closed while nothing is said
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
                f"The emotion {self.emotion!r} does not exist.",
                remedy=f"Use one of {', '.join(EMOTIONS)}.",
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
