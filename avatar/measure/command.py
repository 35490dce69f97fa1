"""What a performance commands of the lips, in the same terms as what a tracker sees."""

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


# Centimetres on an adult's mouth at 1, as means of both sides: what the channels stand for.
OPENING: Final = {
    "jawOpen": 2.6, "mouthLowerDown": 0.44, "mouthUpperUp": 0.44, "mouthFunnel": 0.58,
}  # fmt: skip
WIDTH: Final = {
    "mouthStretch": 1.0, "mouthSmile": 1.04, "mouthDimple": 0.52, "mouthPress": 0.2,
    "mouthPucker": -2.0, "mouthFunnel": -1.35, "jawOpen": -0.5,
}  # fmt: skip
# With the lower lip on the teeth, this share of the gap remains visible.
LABIODENTAL_GAP: Final = 0.1
# The mouth rests where none of these channels has moved by more than a step of `STEADY` for so many
# seconds before and after. Shapes of speech are held for .1 s at most; sung ones are recognised by
# ...
MOUTH_CHANNELS: Final = ("mouth", "jaw", "labiodental")
STEADY: Final = 2e-3
HELD: Final = 0.1
# ... what only speech moves. A surprised jaw hangs by .04; the closest sound opens it by .05.
SPOKEN: Final = (
    "mouthPucker", "mouthFunnel", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft",
    "mouthUpperUpRight", "mouthLowerDownLeft", "mouthLowerDownRight", "labiodental",
)  # fmt: skip
RESTING_JAW: Final = 0.045
# A phone counts as rounded from this pucker.
ROUNDED: Final = 0.6


@dataclass(frozen=True, eq=False, slots=True)
class Command:
    """The commanded opening and width per frame, in any one unit, and where the mouth should
    rest."""

    opening: Floats64
    width: Floats64
    still: Mask
    rate: Fraction


def compute_command(performance: Performance) -> Command:
    """Compute the lip opening and width that a performance commands."""
    opening = _weighted_sum(performance, OPENING)
    closed = performance.channel("mouthClose").astype(np.float64)
    labiodental = performance.channel("labiodental").astype(np.float64)
    opening *= (1.0 - closed) * (1.0 - (1.0 - LABIODENTAL_GAP) * labiodental)
    width = _weighted_sum(performance, WIDTH)
    return Command(opening, width, _find_still(performance), performance.rate)


def compute_engine_command(engine: Engine, performance: Performance) -> Command:
    """Compute the same in pixels, from an engine's own geometry: exact, if the engine is known."""
    opening = np.array([engine.opening(values) for values in performance.values])
    width = np.array([engine.width(values) for values in performance.values])
    return Command(opening, width, _find_still(performance), performance.rate)


def _find_still(performance: Performance) -> Mask:
    """Where the mouth holds a posture that is not speech.

    It need not be the photo's: in silence lips may be closed that the photo shows parted, and an
    emotion may hold a smile.
    """
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


def _weighted_sum(performance: Performance, weights: dict[str, float]) -> Floats64:
    total = np.zeros(len(performance))
    for name, weight in weights.items():
        try:
            total += weight * performance.channel(name)
        except KeyError:
            sides = performance.channel(f"{name}Left") + performance.channel(f"{name}Right")
            total += weight * 0.5 * sides
    return total


def find_closures(phones: Sequence[Phone]) -> list[Touch]:
    """Find every /p b m/, and what other languages close the lips for."""
    return [t for t in find_touches(phones) if t.kind == "bilabial"]


def find_labiodentals(phones: Sequence[Phone]) -> list[Touch]:
    """Find every /f v/."""
    return [t for t in find_touches(phones) if t.kind == "labiodental"]


def find_roundings(phones: Sequence[Phone]) -> list[Phone]:
    """Find every /u w/, and what other languages round as much."""
    return [p for p in phones if p.symbol and _is_rounded(p.symbol)]


def _is_rounded(symbol: str) -> bool:
    targets = find_targets(symbol)
    return len(targets) == 1 and targets[0].shape.pucker >= ROUNDED
