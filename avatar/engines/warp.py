"""The warp engine: one photo, one displacement field, one cubic resampling a frame.

eyes and shading are painted into the photo → the field carries it → the mouth's interior is laid
into the gap → the person's layer over the still background.
"""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
import numpy.typing as npt

from avatar.engines.eyes import EyePainter
from avatar.engines.field import FaceField, PoseField, enlarge, identity
from avatar.engines.mouth import MouthPainter, Patch
from avatar.performance.channels import CHANNELS
from avatar.rig.model import Floats, Pixels, Rig

Values = npt.NDArray[np.float32]


class WarpEngine:
    """NumPy and OpenCV only. Not thread-safe: one engine a worker."""

    name: ClassVar[str] = "warp"
    channels: ClassVar[frozenset[str]] = frozenset(
        name for name in CHANNELS if not name.startswith("eyeLook")
    )
    VERSION: ClassVar[int] = 1

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._face = FaceField(rig)
        self._head = PoseField(rig)
        self._eyes = tuple(EyePainter(eye, rig.mouth.scale) for eye in rig.eyes)
        self._mouth = MouthPainter(rig)
        self._photo = rig.rest.copy()
        x0, y0, x1, y1 = self.moving
        self._base = identity(y1 - y0, x1 - x0) + np.float32([x0, y0])
        # A cubic kernel keeps the photo's sharpness; the weight is smooth.
        weight = np.round(rig.weight * 255).astype(np.uint8)
        self._weight = weight
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
        back, edges = self._face.backward(values)
        pose = self._head.backward(values)
        turned = self._turned(None if pose is None else pose[1])
        total = self._compose(turned, back)
        x0, y0, x1, y1 = self.moving
        person = cv2.remap(
            self._photo, total, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        patch = self._mouth.paint(values, edges, self._face.teeth_edge(values))
        if patch is not None:
            self._lay(person, patch, turned, None if pose is None else pose[0])
        if pose is not None and not self._all_moving:
            weight = cv2.remap(
                self._weight, total, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
            person = _over(person, self._rig.background[y0:y1, x0:x1], weight)
        elif not self._all_moving:
            person = _over(
                person, self._rig.background[y0:y1, x0:x1], self._weight[y0:y1, x0:x1]
            )
        frame[y0:y1, x0:x1] = person
        for box in painted:
            px0, py0, px1, py1 = box
            self._photo[py0:py1, px0:px1] = self._rig.rest[py0:py1, px0:px1]
        return frame

    def _paint(self, values: Values) -> list[tuple[int, int, int, int]]:
        """Eyes and shading into the photo; the boxes that changed."""
        boxes = []
        shade = self._rig.shading
        weights = values[shade.channels]
        if np.abs(weights).max() > 1e-3:
            x0, y0, x1, y1 = shade.grid.box
            x1, y1 = min(x1, self._photo.shape[1]), min(y1, self._photo.shape[0])
            log = np.tensordot(weights, shade.basis, 1).astype(np.float32)
            gain = enlarge(np.exp(log), shade.grid)[: y1 - y0, : x1 - x0]
            part = self._photo[y0:y1, x0:x1]
            self._photo[y0:y1, x0:x1] = cv2.multiply(
                part, cv2.merge([gain, gain, gain]), dtype=cv2.CV_8U
            )
            boxes.append((x0, y0, x1, y1))
        for painter, eye in zip(self._eyes, self._rig.eyes, strict=True):
            x0, y0, x1, y1 = (int(v) for v in eye.box)
            painted = painter.paint(self._photo[y0:y1, x0:x1], values)
            if painted is not None:
                self._photo[y0:y1, x0:x1] = painted
                boxes.append((x0, y0, x1, y1))
        return boxes

    def _turned(self, back: Floats | None) -> Floats:
        """Where each pixel of the moving box lies in the unturned head."""
        if back is None:
            return self._base.copy()
        x0, y0, x1, y1 = self.moving
        full = enlarge(back, self._rig.pose.grid)[y0:y1, x0:x1]
        return np.asarray(cv2.add(full, self._base), np.float32)

    def _compose(self, turned: Floats, back: Floats) -> Floats:
        """Where each pixel lies in the photo: pose first, then the face's own displacement."""
        grid = self._rig.expression.grid
        x0, y0, x1, y1 = grid.box
        near_x = np.flatnonzero(
            (turned[..., 0].max(0) >= x0 - 1) & (turned[..., 0].min(0) <= x1)
        )
        near_y = np.flatnonzero(
            (turned[..., 1].max(1) >= y0 - 1) & (turned[..., 1].min(1) <= y1)
        )
        total = turned.copy()
        if near_x.size == 0 or near_y.size == 0:
            return total
        box = (slice(near_y[0], near_y[-1] + 1), slice(near_x[0], near_x[-1] + 1))
        at = turned[box] - np.float32([x0, y0])
        moved = cv2.remap(
            back, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0
        )
        total[box] += moved
        return total

    def _lay(
        self, person: Pixels, patch: Patch, turned: Floats, forward: Floats | None
    ) -> None:
        """Lay a patch of the unturned head over the person, turned."""
        height, width = patch.rgba.shape[:2]
        x0, y0 = self.moving[:2]
        box = np.array([patch.x0, patch.y0, patch.x0 + width, patch.y0 + height], np.float32)
        if forward is not None:
            grid = self._rig.pose.grid
            j0, i0, j1, i1 = (np.array([*box]) // grid.step).astype(int)
            part = forward[max(i0 - 1, 0) : i1 + 2, max(j0 - 1, 0) : j1 + 2].reshape(-1, 2)
            box[:2] += part.min(0) - 2
            box[2:] += part.max(0) + 2
        xa, ya = max(int(box[0]) - x0, 0), max(int(box[1]) - y0, 0)
        xb = min(int(np.ceil(box[2])) - x0, person.shape[1])
        yb = min(int(np.ceil(box[3])) - y0, person.shape[0])
        if xb <= xa or yb <= ya:
            return
        at = turned[ya:yb, xa:xb] - np.float32([patch.x0, patch.y0])
        flags = cv2.INTER_LINEAR
        rgba = cv2.remap(
            patch.rgba, at, None, flags, borderMode=cv2.BORDER_CONSTANT, borderValue=0
        )
        part = person[ya:yb, xa:xb]
        rest = cv2.merge([255 - rgba[..., 3]] * 3)
        part[...] = cv2.add(rgba[..., :3], cv2.multiply(part, rest, scale=1 / 255))


def _over(front: Pixels, behind: Pixels, weight: Pixels) -> Pixels:
    """front · weight + behind · (1 - weight), in eight bits."""
    alpha = cv2.merge([weight, weight, weight])
    return np.asarray(
        cv2.add(
            cv2.multiply(front, alpha, scale=1 / 255),
            cv2.multiply(np.ascontiguousarray(behind), cv2.bitwise_not(alpha), scale=1 / 255),
        ),
        np.uint8,
    )
