"""The rig: everything that is computed once for a photo and a frame size.

Its arrays are read-only by convention.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A coarse grid over the frame.

    One node is in the middle of each block of step × step pixels, so that resizing a field on it by
    `step` puts every value where it belongs.
    """

    x0: int
    y0: int
    step: int
    rows: int
    columns: int

    def nodes(self) -> Floats32:
        """(rows, columns, 2) pixel coordinates."""
        half = (self.step - 1) / 2
        x = self.x0 + half + self.step * np.arange(self.columns, dtype=np.float32)
        y = self.y0 + half + self.step * np.arange(self.rows, dtype=np.float32)
        return np.stack(np.meshgrid(x, y), axis=-1)

    def fade(self, size: tuple[int, int] | None = None) -> Floats64:
        """(rows, columns): 0 on the grid's rim, rising to 1 within 5 nodes.

        With the `size` (w, h) of the frame, sides that reach the frame's edge do not fade.
        """
        rows, columns = np.arange(self.rows), np.arange(self.columns)
        x0, y0, x1, y1 = self.box
        out = np.ones((self.rows, self.columns))
        if size is None or x0 > 0:
            out = out * np.clip(columns / 5, 0, 1)[None]
        if size is None or x1 < size[0] - 1:
            out = out * np.clip((self.columns - 1 - columns) / 5, 0, 1)[None]
        if size is None or y0 > 0:
            out = out * np.clip(rows / 5, 0, 1)[:, None]
        if size is None or y1 < size[1] - 1:
            out = out * np.clip((self.rows - 1 - rows) / 5, 0, 1)[:, None]
        return out

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1 of the pixels it covers, ends excluded."""
        return (
            self.x0,
            self.y0,
            self.x0 + self.columns * self.step,
            self.y0 + self.rows * self.step,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """The displacement of the unturned head, linear in the shape channels, cut along the lips.

    `whole` (K, rows, columns, 2) on `grid` has the true side of the cut at every node. `upper` and
    `lower` on `mouth_grid` continue each side across the cut. Displacements are in pixels, forward
    (from the photo to the frame).
    """

    channels: npt.NDArray[np.int64]
    grid: Grid
    whole: Floats32
    mouth_grid: Grid
    upper: Floats32
    lower: Floats32


@dataclass(frozen=True, slots=True, eq=False)
class Mouth:
    """The edges of the lips, and how far a push on an edge reaches.

    Edges are N points from corner to corner in pixels; `upper_basis` and `lower_basis` (K, N, 2)
    are their displacements. `position` is s of each point, -1 and 1 at the corners. Pushes on the
    edges are vertical in the mouth's frame (the rows of `axes` are its x and y directions).
    `reach_*` is 1 at the edge and falls off, and `place_*` is s, both on the expression's grids; on
    the whole face's grid each lip has its own reach.
    """

    origin: Floats32
    axes: Floats32
    scale: float
    width: float
    rest_gap: float
    position: Floats32
    upper_edge: Floats32
    lower_edge: Floats32
    upper_basis: Floats32
    lower_basis: Floats32
    place_whole: Floats32
    reach_whole_upper: Floats32
    reach_whole_lower: Floats32
    reach_upper: Floats32
    place_upper: Floats32
    reach_lower: Floats32
    place_lower: Floats32


@dataclass(frozen=True, slots=True, eq=False)
class Interior:
    """Teeth and tongue seen from the front: RGBA float32 (h, w, 4), colour premultiplied.

    They have `per_cm` texels for each centimetre; each anchor is the texel that lies on the middle
    of the seam at rest. `photo` is the photo's own teeth in frame pixels over `photo_box`, with
    alpha 0 where it shows none. `softness` is the blur, in pixels, that the enlarged photo has and
    the textures lack. `cavity` and `mucosa` are the colours of the dark background and of the wet
    inner side of the lips.
    """

    per_cm: float
    upper: Floats32
    upper_anchor: Floats32
    lower: Floats32
    lower_anchor: Floats32
    tongue: Floats32
    tongue_anchor: Floats32
    cavity: Floats32
    mucosa: Floats32
    upper_edge_cm: float
    photo: Floats32
    photo_box: npt.NDArray[np.int64]
    softness: float


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """One eye over `box` (x0, y0, x1, y1) of the photo; `side` 0 is on the picture's left.

    `upper`, `lower` and `crease` are rows of the box for each of its columns. The margins meet in
    the corners, the columns `left` and `right`, which the tracker puts `aperture` pixels apart.
    Pictures are float32 0..255 over the box. `ball` has no iris and no shadow; `ahead` has an iris
    that looks ahead. `iris` (h, w, 4) is RGB times cover, and cover 0..1. `highlight` is what the
    cornea reflects, to be added. `skin` is the photo without upper lashes, and `shut` the skin of
    the closed lid; `fold` is 1 above the crease and 0 below. `shadow` is how dark the upper lid's
    shadow on the eyeball is, `veil` (h, w, 3) the share of light that the photo's lashes let
    through there. `lashes` (rows, w, 3) is the light that lashes let through around the upper
    margin, with `lash_rows` of the rows above it.
    """

    box: npt.NDArray[np.int64]
    side: int
    aperture: float
    left: float
    right: float
    upper: Floats32
    lower: Floats32
    crease: Floats32
    centre: Floats32
    radius: float
    ball: Floats32
    ahead: Floats32
    iris: Floats32
    highlight: Floats32
    shadow: float
    veil: Floats32
    skin: Floats32
    shut: Floats32
    fold: Floats32
    lashes: Floats32
    lash_rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Head motion on a coarse grid over the frame.

    `basis` is (10, rows, columns, 2) pixels per unit of: yaw, pitch and roll (radians), 1 - cos
    of each of them as the second order, x, y and nearness (shares), and breath.
    """

    grid: Grid
    basis: Floats32
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Shading:
    """Logarithm of brightness for each unit of a channel, on a coarse grid over the lower face."""

    grid: Grid
    channels: npt.NDArray[np.int64]
    basis: Floats32


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """A photo that is ready to speak, for frames of the size of `rest`: uint8 (h, w, 3) RGB.

    `weight` is how much of the moving layer shows (float32, 1 in and near the person). `background`
    is what stays still behind it, equal to `rest` where `weight` is below 1. `points` are the 478
    landmarks in frame pixels. `moving` is the box (x0, y0, x1, y1) outside which every frame equals
    `rest`.
    """

    photo_sha256: str
    record_id: str
    rest: Pixels
    background: Pixels
    weight: Floats32
    moving: npt.NDArray[np.int64]
    points: Floats32
    expression: Expression
    mouth: Mouth
    interior: Interior
    eyes: tuple[Eye, Eye]
    pose: Pose
    shading: Shading

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frames in pixels."""
        return self.rest.shape[1], self.rest.shape[0]
