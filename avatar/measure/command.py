"""What a performance asks of the lips, in the same terms as what a tracker sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from avatar.arrays import Floats64, Mask
from avatar.measure.statistics import widened
from avatar.performance.channels import INDEX
from avatar.performance.contact import Touch, find_touches
from avatar.performance.frames import Performance
from avatar.performance.targets import find_targets
from avatar.phone import Phone

if TYPE_CHECKING:
    from avatar.engines.base import Engine


# Centimetres on an adult's mouth at 1, means of both sides: what the channels stand for.
OPENING: Final = {
    "jawOpen": 2.6, "mouthLowerDown": 0.44, "mouthUpperUp": 0.44, "mouthFunnel": 0.58,
}  # fmt: skip
WIDTH: Final = {
    "mouthStretch": 1.0, "mouthSmile": 1.04, "mouthDimple": 0.52, "mouthPress": 0.2,
    "mouthPucker": -2.0, "mouthFunnel": -1.35, "jawOpen": -0.5,
}  # fmt: skip
# With the lower lip on the teeth there is this share of the gap left to see.
LABIODENTAL_GAP: Final = 0.1
# The mouth rests where none of these has moved by more than a step of `STEADY` for so many seconds
# before and after: shapes of speech are held for .1 s at the most, and sung ones are told by ...
MOUTH_CHANNELS: Final = ("mouth", "jaw", "labiodental")
STEADY: Final = 2e-3
HELD: Final = 0.1
# ... what only speech moves. A surprised jaw hangs by .04, the closest sound opens it by .05.
SPOKEN: Final = (
    "mouthPucker", "mouthFunnel", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft",
    "mouthUpperUpRight", "mouthLowerDownLeft", "mouthLowerDownRight", "labiodental",
)  # fmt: skip
RESTING_JAW: Final = 0.045
# A phone counts as rounded from this pucker.
ROUNDED: Final = 0.6


@dataclass(frozen=True, eq=False, slots=True)
class Command:
    """Opening and width asked for per frame, in any one unit, and where the mouth is to rest."""

    opening: Floats64
    width: Floats64
    still: Mask
    rate: Fraction


def compute_command(performance: Performance) -> Command:
    """The lip opening and width that a performance asks for."""
    opening = _sum(performance, OPENING)
    closed = performance.channel("mouthClose").astype(np.float64)
    labiodental = performance.channel("labiodental").astype(np.float64)
    opening *= (1.0 - closed) * (1.0 - (1.0 - LABIODENTAL_GAP) * labiodental)
    width = _sum(performance, WIDTH)
    return Command(opening, width, _still(performance), performance.rate)


def compute_engine_command(engine: Engine, performance: Performance) -> Command:
    """The same in pixels as an engine's own geometry has it: exact, where the engine is known."""
    opening = np.array([engine.opening(values) for values in performance.values])
    width = np.array([engine.width(values) for values in performance.values])
    return Command(opening, width, _still(performance), performance.rate)


def _still(performance: Performance) -> Mask:
    """Where the mouth holds a posture that is not speech: it need not be the photo's, because lips
    may be closed in silence that the photo parts, and an emotion may hold a smile."""
    mouth = [i for name, i in INDEX.items() if name.startswith(MOUTH_CHANNELS)]
    steps = np.abs(np.diff(performance.values[:, mouth], axis=0)).max(1, initial=0.0)
    moving = np.zeros(len(performance), bool)
    moving[1:] |= steps > STEADY
    moving[:-1] |= steps > STEADY
    near = round(HELD * float(performance.rate))
    moved = widened(moving, near)
    spoken = np.abs(performance.values[:, [INDEX[n] for n in SPOKEN]]).max(1, initial=0.0)
    spoken = np.maximum(spoken, performance.channel("jawOpen") - RESTING_JAW)
    return np.asarray(~moved & (spoken < STEADY))


def _sum(performance: Performance, weights: dict[str, float]) -> Floats64:
    total = np.zeros(len(performance))
    for name, weight in weights.items():
        try:
            total += weight * performance.channel(name)
        except KeyError:
            sides = performance.channel(f"{name}Left") + performance.channel(f"{name}Right")
            total += weight * 0.5 * sides
    return total


def find_closures(phones: Sequence[Phone]) -> list[Touch]:
    """Every /p b m/ and what other languages close the lips for."""
    return [t for t in find_touches(phones) if t.kind == "bilabial"]


def find_labiodentals(phones: Sequence[Phone]) -> list[Touch]:
    """Every /f v/."""
    return [t for t in find_touches(phones) if t.kind == "labiodental"]


def find_roundings(phones: Sequence[Phone]) -> list[Phone]:
    """Every /u w/ and what other languages round as much."""
    return [p for p in phones if p.symbol and _is_rounded(p.symbol)]


def _is_rounded(symbol: str) -> bool:
    targets = find_targets(symbol)
    return len(targets) == 1 and targets[0].shape.pucker >= ROUNDED
