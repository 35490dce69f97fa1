"""What a raster is given: once for a rig, and for each frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from avatar.arrays import Box, Floats32, Pixels
from avatar.rig.rig import Grid


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What all frames of a rig share.

    `rest` and `background` are RGB uint8 (h, w, 3). `moving` is the box x0, y0, x1, y1 outside
    which a frame is `rest`. `grid` is the grid of the drawings' `coarse`, and extends a node beyond
    the box on every side. `solid` is true if nothing of the background is ever visible. `shading`
    is the grid of the drawings' `gain`.
    """

    rest: Pixels
    background: Pixels
    moving: Box
    grid: Grid
    solid: bool
    shading: Grid


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """One frame. Boxes are x0, y0, x1, y1, ends excluded.

    `patches`   boxes of the photo and what is painted there first, RGB uint8
    `gain`      (rows, columns, 3) factors on the photo's light over `Scene.shading`, or None
    `coarse`    (rows, columns, 2) on `Scene.grid`: the place in the photo that is visible there
    `weight`    (rows, columns) on the same grid: 1 where the person hides the background
    `near_box`  in pixels of the moving box, the mouth's window; empty without one
    `near`      (h, w, 2) places in the photo over `near_box`, which replace those of `coarse`
    `interior`  (h, w, 4) RGBA uint8 over `near_box`, colour premultiplied, or None
    """

    patches: tuple[tuple[Box, Pixels], ...]
    gain: Floats32 | None
    coarse: Floats32
    weight: Floats32
    near_box: Box
    near: Floats32
    interior: Pixels | None


class Raster(Protocol):
    """Draws frames of one `Scene`. It is not thread-safe: use one for each worker."""

    name: ClassVar[str]

    def __init__(self, sheet: Scene) -> None: ...

    def draw(self, drawing: Drawing) -> Pixels:
        """Draw the frame, RGB uint8 (h, w, 3), which the caller may keep and change."""
        ...
