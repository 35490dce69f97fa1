"""The photo with nothing moving: for drafts, for tests, and for people who want no animation."""

from __future__ import annotations

from typing import ClassVar

from avatar.arrays import Floats32, Pixels
from avatar.rig.rig import Rig


class StillEngine:
    """Every frame is the rest frame."""

    name: ClassVar[str] = "still"
    channels: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    @classmethod
    def version(cls) -> str:
        return "1"

    @property
    def moving(self) -> tuple[int, int, int, int]:
        return (0, 0, 0, 0)

    def render(self, values: Floats32) -> Pixels:
        return self._rig.rest.copy()

    def opening(self, values: Floats32) -> float:
        return self._rig.mouth.rest_gap

    def width(self, values: Floats32) -> float:
        return self._rig.mouth.width
