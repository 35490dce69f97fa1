"""The warp engine: one photo, one displacement field, and one cubic resampling for each frame.

Eyes and shading are painted into the photo; the field moves it; the interior of the mouth is laid
into the gap; and the layer of the person is laid over the still background.
"""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np

from avatar.arrays import Box, Floats32, Pixels
from avatar.engines.displacement import (
    Edges,
    FaceField,
    FaceMotion,
    PoseField,
    blend,
    make_identity,
    to_grid,
)
from avatar.engines.eye_painter import EyePainter
from avatar.engines.mouth_painter import MouthPainter, Patch
from avatar.engines.raster import Drawing, Scene, describe_backend, open_raster
from avatar.opencv import cv2
from avatar.performance.channels import CHANNELS, Values, clip_to_range
from avatar.rig.rig import Grid, Rig

# Shade on skin is warm: light that passed through skin lacks green and blue.
TINT: Final = np.array([0.72, 1.06, 1.10], np.float32)
# By so many pixels the nodes of the composed field are farther apart than those of the expression.
COARSER: Final = 1
# Over so many pixels the field of the lips blends into that of the face.
RIM_PX: Final = 5


class WarpEngine:
    """Warps one photo.

    `raster` names the backend; by default it is the best one on this machine
    (`avatar.engines.raster.choose_backend`). It is not thread-safe: use one engine for each worker.
    """

    name: ClassVar[str] = "warp"
    channels: ClassVar[frozenset[str]] = frozenset(
        name for name in CHANNELS if not name.startswith("eyeLook")
    )

    def __init__(self, rig: Rig, raster: str | None = None) -> None:
        self._rig = rig
        self._face = FaceField(rig)
        self._head = PoseField(rig)
        self._eyes = tuple(EyePainter(eye, rig.mouth.scale) for eye in rig.eyes)
        self._mouth = MouthPainter(rig)
        x0, y0, x1, y1 = self.moving
        # Outside the mouth's window, which has its own field, head and face move smoothly, so a
        # coarser grid is enough. With one node more on every side, enlarging it needs no special
        # case at the edges.
        step = rig.expression.grid.step + COARSER
        rows, columns = 2 - (y0 - y1) // step, 2 - (x0 - x1) // step
        self._grid = Grid(x0 - step, y0 - step, step, rows, columns)
        self._nodes = self._grid.nodes()
        self._pose_at = to_grid(rig.pose.grid, self._nodes)
        self._base = make_identity(y1 - y0, x1 - x0) + np.array([x0, y0], np.float32)
        solid = bool((rig.weight[y0:y1, x0:x1] >= 1).all())
        self.scene = Scene(
            rig.rest, rig.background, self.moving, self._grid, solid, rig.shading.grid
        )
        self._raster = open_raster(self.scene, raster)

    @classmethod
    def version(cls) -> str:
        """The backend: backends agree to a level or two, not to the byte."""
        return describe_backend()

    @property
    def scale(self) -> float:
        """Pixels for each centimetre of the face."""
        return self._rig.mouth.scale

    @property
    def moving(self) -> Box:
        x0, y0, x1, y1 = (int(v) for v in self._rig.moving)
        return x0, y0, x1, y1

    def opening(self, values: Values) -> float:
        upper, lower, _, _ = self._face.edges(np.asarray(values, np.float32))
        middle = len(upper) // 2
        return float(max((lower - upper)[middle] @ self._rig.mouth.axes[1], 0))

    def width(self, values: Values) -> float:
        upper, _, _, _ = self._face.edges(np.asarray(values, np.float32))
        return float(np.hypot(*(upper[-1] - upper[0])))

    def render(self, values: Values) -> Pixels:
        values = clip_to_range(values)
        if not np.any(np.abs(values) > 1e-6):
            return self._rig.rest.copy()
        return self._raster.draw(self.draw(values))

    def draw(self, values: Values) -> Drawing:
        """Everything that the raster needs for one frame."""
        patches, gain = self._paint_eyes(values), self._compute_gain(values)
        grid = self._rig.expression.grid
        motion = self._face.backward(values)
        pose = self._head.backward(values)
        coarse = self._nodes
        if pose is not None:
            coarse = coarse + cv2.remap(
                pose[1], self._pose_at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        turned = coarse - self._nodes
        at = to_grid(grid, coarse)
        coarse = coarse + cv2.remap(
            motion.whole, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
        )
        weight = cv2.remap(
            self._rig.weight, coarse, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        interior = self._mouth.paint(values, motion.edges, self._face.teeth_edge(values))
        box = self._find_window(motion, interior, None if pose is None else pose[0])
        xa, ya, xb, yb = box
        if xb <= xa or yb <= ya:
            empty = np.zeros((0, 0, 2), np.float32)
            return Drawing(patches, gain, coarse, weight, (0, 0, 0, 0), empty, None)
        here = self._base[ya:yb, xa:xb]
        if pose is not None:
            here = here + self._enlarge_part(turned, box)
        near = self._enlarge_part(coarse, box)
        if motion.near.size:
            near_at = here - np.array([motion.x0, motion.y0], np.float32)
            cut = cv2.remap(
                motion.near, near_at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            # The coarse field cannot follow the lips as closely, so the two blend in a soft rim.
            rows, columns = motion.near.shape[:2]
            end = np.array([columns - 1, rows - 1], np.float32)
            nearest = cv2.min(near_at, end - near_at)
            within = cv2.min(nearest[..., 0], nearest[..., 1])[..., None]
            near = near + (here + cut - near) * np.clip(within * np.float32(1 / RIM_PX), 0, 1)
        patch = None
        if interior is not None:
            patch = cv2.remap(
                interior.rgba, here - np.array([interior.x0, interior.y0], np.float32), None,
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0,
            )  # fmt: skip
        return Drawing(patches, gain, coarse, weight, box, near, patch)

    def lips(self, values: Values) -> Edges:
        """The inner edges of the lips in the unturned head."""
        return self._face.backward(values).edges

    def interior(self, values: Values) -> Patch | None:
        """What is visible between the lips, in the unturned head."""
        return self._mouth.paint(values, self.lips(values), self._face.teeth_edge(values))

    def _find_window(
        self, motion: FaceMotion, interior: Patch | None, forward: Floats32 | None
    ) -> Box:
        """The box, in pixels of the moving box, that contains the turned mouth."""
        rows, columns = motion.near.shape[:2]
        x0, y0, x1, y1 = motion.x0, motion.y0, motion.x0 + columns, motion.y0 + rows
        if interior is not None:
            x0, y0 = min(x0, interior.x0), min(y0, interior.y0)
            x1 = max(x1, interior.x0 + interior.rgba.shape[1])
            y1 = max(y1, interior.y0 + interior.rgba.shape[0])
        low, high = np.zeros(2), np.zeros(2)
        if forward is not None:
            step = self._rig.pose.grid.step
            part = forward[
                max(y0 // step - 1, 0) : y1 // step + 2, max(x0 // step - 1, 0) : x1 // step + 2
            ].reshape(-1, 2)
            low, high = part.min(0) - 1, part.max(0) + 2
        mx0, my0, mx1, my1 = self.moving
        return (
            max(int(x0 + low[0]) - mx0, 0),
            max(int(y0 + low[1]) - my0, 0),
            min(int(x1 + high[0]), mx1) - mx0,
            min(int(y1 + high[1]), my1) - my0,
        )

    def _enlarge_part(self, field: Floats32, box: Box) -> Floats32:
        """A field of the composed grid at each pixel of a box."""
        xa, ya, xb, yb = box
        step = self._grid.step
        # The grid begins one node before the moving box.
        j0, i0, j1, i1 = xa // step, ya // step, xb // step + 3, yb // step + 3
        part = field[i0:i1, j0:j1]
        size = (part.shape[1] * step, part.shape[0] * step)
        wide = cv2.resize(part, size, interpolation=cv2.INTER_LINEAR)
        x, y = xa - (j0 - 1) * step, ya - (i0 - 1) * step
        return np.asarray(wide[y : y + yb - ya, x : x + xb - xa])

    def _compute_gain(self, values: Values) -> Floats32 | None:
        """The factors on the photo's light."""
        shade = self._rig.shading
        weights = values[shade.channels]
        if np.abs(weights).max() <= 1e-3:
            return None
        return np.asarray(np.exp(blend(weights, shade.basis)[..., None] * TINT), np.float32)

    def _paint_eyes(self, values: Values) -> tuple[tuple[Box, Pixels], ...]:
        """The boxes of the eyes that changed."""
        patches = []
        for painter, eye in zip(self._eyes, self._rig.eyes, strict=True):
            x0, y0, x1, y1 = (int(v) for v in eye.box)
            painted = painter.paint(self._rig.rest[y0:y1, x0:x1], values)
            if painted is not None:
                patches.append(((x0, y0, x1, y1), painted))
        return tuple(patches)
