"""The warp engine: one photo, one displacement field, one cubic resampling a frame.

eyes and shading are painted into the photo → the field carries it → the mouth's interior is laid
into the gap → the person's layer over the still background.
"""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from avatar.engines.eyes import EyePainter
from avatar.engines.field import (
    FaceField,
    FaceMotion,
    PoseField,
    blend,
    enlarge,
    grid_at,
    identity,
)
from avatar.engines.mouth import MouthPainter, Patch
from avatar.opencv import cv2
from avatar.performance.channels import CHANNELS
from avatar.rig.model import Floats, Grid, Pixels, Rig

Values = npt.NDArray[np.float32]
Box = tuple[int, int, int, int]

# Shade on skin is warm: light that went through it lacks green and blue.
TINT: Final = np.array([0.72, 1.06, 1.10], np.float32)


class WarpEngine:
    """NumPy and OpenCV only. Not thread-safe: one engine a worker."""

    name: ClassVar[str] = "warp"
    channels: ClassVar[frozenset[str]] = frozenset(
        name for name in CHANNELS if not name.startswith("eyeLook")
    )

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._face = FaceField(rig)
        self._head = PoseField(rig)
        self._eyes = tuple(EyePainter(eye, rig.mouth.scale) for eye in rig.eyes)
        self._mouth = MouthPainter(rig)
        self._photo = rig.rest.copy()
        x0, y0, x1, y1 = self.moving
        # The composed field lives on the expression's pitch, over the whole moving box.
        step = rig.expression.grid.step
        self._grid = Grid(x0, y0, step, -(-(y1 - y0) // step), -(-(x1 - x0) // step))
        self._nodes = self._grid.nodes()
        self._pose_at = grid_at(rig.pose.grid, self._nodes)
        self._base = identity(y1 - y0, x1 - x0) + np.array([x0, y0], np.float32)
        self._weight = np.round(rig.weight * 255).astype(np.uint8)
        self._background = np.ascontiguousarray(rig.background[y0:y1, x0:x1])
        self._all_moving = bool((rig.weight[y0:y1, x0:x1] >= 1).all())

    @property
    def moving(self) -> tuple[int, int, int, int]:
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
        values = np.asarray(values, np.float32)
        frame = self._rig.rest.copy()
        if not np.any(np.abs(values) > 1e-6):
            return frame
        painted = self._paint(values)
        total, weight, patch, box = self._fields(values)
        x0, y0, x1, y1 = self.moving
        person = cv2.remap(
            self._photo, total, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        if patch is not None:
            _lay(person, patch, box)
        if not self._all_moving:
            person = _over(person, self._background, weight)
        frame[y0:y1, x0:x1] = person
        for px0, py0, px1, py1 in painted:
            self._photo[py0:py1, px0:px1] = self._rig.rest[py0:py1, px0:px1]
        return frame

    def _fields(self, values: Values) -> tuple[Floats, Pixels, Pixels | None, Box]:
        """Where each pixel of the moving box lies in the photo, the moving layer's weight there,
        and the mouth's interior (RGBA) with the box of `total` that it covers."""
        grid = self._rig.expression.grid
        x0, y0, x1, y1 = self.moving
        width, height = x1 - x0, y1 - y0
        motion = self._face.backward(values)
        pose = self._head.backward(values)
        turned = self._nodes
        if pose is not None:
            back = cv2.remap(
                pose[1], self._pose_at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            turned = turned + back
        at = grid_at(grid, turned)
        shift = cv2.remap(motion.whole, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        coarse = turned - self._nodes + shift
        total = cv2.add(enlarge(coarse, self._grid)[:height, :width], self._base)
        weight = cv2.remap(
            self._weight, self._nodes + coarse, None, cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        size = (grid.step * weight.shape[1], grid.step * weight.shape[0])
        weight = cv2.resize(weight, size, interpolation=cv2.INTER_LINEAR)[:height, :width]

        interior = self._mouth.paint(values, motion.edges, self._face.teeth_edge(values))
        box = self._window(motion, interior, None if pose is None else pose[0])
        xa, ya, xb, yb = box
        if xb <= xa or yb <= ya:
            return total, weight, None, box
        here = self._base[ya:yb, xa:xb]
        if pose is not None:
            here = here + self._part(turned - self._nodes, box)
        near_at = here - np.array([motion.x0, motion.y0], np.float32)
        if motion.near.size:
            near = cv2.remap(
                motion.near, near_at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            rows, columns = motion.near.shape[:2]
            inside = (
                (near_at[..., 0] >= 0) & (near_at[..., 0] <= columns - 1)
                & (near_at[..., 1] >= 0) & (near_at[..., 1] <= rows - 1)
            )  # fmt: skip
            part = total[ya:yb, xa:xb]
            part[...] = np.where(inside[..., None], here + near, part)
        patch = None
        if interior is not None:
            patch = cv2.remap(
                interior.rgba, here - np.array([interior.x0, interior.y0], np.float32), None,
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0,
            )  # fmt: skip
        return total, weight, patch, box

    def _window(self, motion: FaceMotion, interior: Patch | None, forward: Floats | None) -> Box:
        """The box, in the moving box's pixels, that holds the turned mouth."""
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

    def _part(self, field: Floats, box: Box) -> Floats:
        """A field of the composed grid at each pixel of a box."""
        xa, ya, xb, yb = box
        step = self._grid.step
        j0, i0 = max(xa // step - 1, 0), max(ya // step - 1, 0)
        j1, i1 = min(xb // step + 2, self._grid.columns), min(yb // step + 2, self._grid.rows)
        size = ((j1 - j0) * step, (i1 - i0) * step)
        part = cv2.resize(field[i0:i1, j0:j1], size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(part[ya - i0 * step : yb - i0 * step, xa - j0 * step : xb - j0 * step])

    def _paint(self, values: Values) -> list[Box]:
        """Eyes and shading into the photo; the boxes that changed."""
        boxes: list[Box] = []
        shade = self._rig.shading
        weights = values[shade.channels]
        if np.abs(weights).max() > 1e-3:
            x0, y0, x1, y1 = shade.grid.box
            x1, y1 = min(x1, self._photo.shape[1]), min(y1, self._photo.shape[0])
            log = blend(weights, shade.basis)
            gain = enlarge(np.exp(log[..., None] * TINT), shade.grid)[: y1 - y0, : x1 - x0]
            part = self._photo[y0:y1, x0:x1]
            self._photo[y0:y1, x0:x1] = cv2.multiply(part, gain, dtype=cv2.CV_8U)
            boxes.append((x0, y0, x1, y1))
        for painter, eye in zip(self._eyes, self._rig.eyes, strict=True):
            x0, y0, x1, y1 = (int(v) for v in eye.box)
            painted = painter.paint(self._photo[y0:y1, x0:x1], values)
            if painted is not None:
                self._photo[y0:y1, x0:x1] = painted
                boxes.append((x0, y0, x1, y1))
        return boxes


def _lay(person: Pixels, patch: Pixels, box: Box) -> None:
    """Lay premultiplied RGBA over a box of the person."""
    xa, ya, xb, yb = box
    part = person[ya:yb, xa:xb]
    rest = cv2.bitwise_not(patch[..., 3])
    under = cv2.multiply(part, cv2.merge([rest, rest, rest]), scale=1 / 255)
    part[...] = cv2.add(np.ascontiguousarray(patch[..., :3]), under)


def _over(front: Pixels, behind: Pixels, weight: Pixels) -> Pixels:
    """front · weight + behind · (1 - weight), in eight bits."""
    alpha = cv2.merge([weight, weight, weight])
    return np.asarray(
        cv2.add(
            cv2.multiply(front, alpha, scale=1 / 255),
            cv2.multiply(behind, cv2.bitwise_not(alpha), scale=1 / 255),
        ),
        np.uint8,
    )
