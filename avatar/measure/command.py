"""What a performance asks of the lips, in the same terms as what a tracker sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from avatar.performance.channels import INDEX
from avatar.performance.contact import Touch, touches_of
from avatar.performance.model import Performance
from avatar.performance.targets import targets_of
from avatar.phone import Phone

if TYPE_CHECKING:
    from avatar.engines.base import Engine

Floats = NDArray[np.float64]

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
# A phone counts as rounded from this pucker.
ROUNDED: Final = 0.6


@dataclass(frozen=True, eq=False, slots=True)
class Command:
    """Opening and width asked for per frame, in any one unit, and where the mouth is to rest."""

    opening: Floats
    width: Floats
    still: NDArray[np.bool_]
    rate: Fraction


def command_of(performance: Performance) -> Command:
    """The lip opening and width that a performance asks for."""
    opening = _sum(performance, OPENING)
    closed = performance.channel("mouthClose").astype(np.float64)
    labiodental = performance.channel("labiodental").astype(np.float64)
    opening *= (1.0 - closed) * (1.0 - (1.0 - LABIODENTAL_GAP) * labiodental)
    width = _sum(performance, WIDTH)
    return Command(opening, width, _still(performance), performance.rate)


def engine_command(engine: Engine, performance: Performance) -> Command:
    """The same in pixels as an engine's own geometry has it: exact, where the engine is known."""
    opening = np.array([engine.opening(values) for values in performance.values])
    width = np.array([engine.width(values) for values in performance.values])
    return Command(opening, width, _still(performance), performance.rate)


def _still(performance: Performance) -> NDArray[np.bool_]:
    mouth = [i for name, i in INDEX.items() if name.startswith(("mouth", "jaw", "labiodental"))]
    return np.asarray(np.abs(performance.values[:, mouth]).max(1) < 2e-3)


def _sum(performance: Performance, weights: dict[str, float]) -> Floats:
    total = np.zeros(len(performance))
    for name, weight in weights.items():
        try:
            total += weight * performance.channel(name)
        except KeyError:
            sides = performance.channel(f"{name}Left") + performance.channel(f"{name}Right")
            total += weight * 0.5 * sides
    return total


def closures(phones: Sequence[Phone]) -> list[Touch]:
    """Every /p b m/ and what other languages close the lips for."""
    return [t for t in touches_of(phones) if t.kind == "bilabial"]


def labiodentals(phones: Sequence[Phone]) -> list[Touch]:
    """Every /f v/."""
    return [t for t in touches_of(phones) if t.kind == "labiodental"]


def roundings(phones: Sequence[Phone]) -> list[Phone]:
    """Every /u w/ and what other languages round as much."""
    return [p for p in phones if p.symbol and _is_rounded(p.symbol)]


def _is_rounded(symbol: str) -> bool:
    targets = targets_of(symbol)
    return len(targets) == 1 and targets[0].shape.pucker >= ROUNDED
