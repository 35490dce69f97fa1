"""The raster on a CPU: one cubic remap for each frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

import numpy as np

from avatar.arrays import Box, Floats32, Pixels
from avatar.engines.raster.drawing import Drawing, Scene
from avatar.opencv import cv2

# Rows that are drawn together, between the person's outermost columns: beside the head nothing
# needs to be resampled. A multiple keeps OpenCV's threads busy.
BAND_PX: Final = 64


class OpenCvRaster:
    name: ClassVar[str] = "opencv"

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._photo = scene.rest.copy()

    def draw(self, drawing: Drawing) -> Pixels:
        painted = self._paint(drawing)
        try:
            return self._draw_frame(drawing)
        finally:
            for x0, y0, x1, y1 in painted:
                self._photo[y0:y1, x0:x1] = self._scene.rest[y0:y1, x0:x1]

    def _draw_frame(self, drawing: Drawing) -> Pixels:
        where, weight = compute_places(self._scene, drawing), compute_weights(self._scene, drawing)
        x0, y0, x1, y1 = self._scene.moving
        frame = (self._scene.rest if self._scene.solid else self._scene.background).copy()
        part = frame[y0:y1, x0:x1]
        for top, bottom, left, right in self._find_bands(drawing):
            band = (slice(top, bottom), slice(left, right))
            # The photo is mirrored at its edge, so that hair that it cuts off continues as hair,
            # not as streaks.
            person = cv2.remap(
                self._photo, where[band], None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
            )
            if drawing.interior is not None:
                _draw_over(person, top, left, drawing.interior, drawing.near_box)
            for start, end in (
                () if self._scene.solid else self._find_faint_columns(drawing, top, bottom)
            ):
                x, x_end = max(start - left, 0), min(end - left, right - left)
                if x < x_end:
                    seen = weight[top:bottom, left + x : left + x_end]
                    behind = part[top:bottom, left + x : left + x_end]
                    person[:, x:x_end] = cv2.blendLinear(person[:, x:x_end], behind, seen, 1 - seen)
            part[band] = person
        return frame

    def _find_bands(self, drawing: Drawing) -> Iterator[tuple[int, int, int, int]]:
        """top, bottom, left, right of what the person covers, in pixels of the moving box."""
        step = self._scene.grid.step
        x0, y0, x1, y1 = self._scene.moving
        height, width = y1 - y0, x1 - x0
        tall = max(BAND_PX // step, 1) * step
        for top in range(0, height, tall):
            bottom = min(top + tall, height)
            seen = np.flatnonzero((self._select_weights(drawing, top, bottom) > 0).any(0))
            if seen.size:
                left, right = (int(seen[0]) - 2) * step, (int(seen[-1]) + 2) * step
                yield top, bottom, max(left, 0), min(right, width)

    def _find_faint_columns(
        self, drawing: Drawing, top: int, bottom: int
    ) -> Iterator[tuple[int, int]]:
        """The runs of columns in a band in which the background shows through."""
        step = self._scene.grid.step
        faint = (self._select_weights(drawing, top, bottom) < 1).any(0)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], faint, [False]]).astype(np.int8)))
        done = 0
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            start, done = max((int(first) - 2) * step, done), (int(last) + 1) * step
            yield start, done

    def _select_weights(self, drawing: Drawing, top: int, bottom: int) -> Floats32:
        """The weights that influence a band. The grid begins one node earlier."""
        step = self._scene.grid.step
        return drawing.weight[top // step : -(-bottom // step) + 2]

    def _paint(self, drawing: Drawing) -> list[Box]:
        """Paint patches and shading into the photo; returns the boxes that changed."""
        boxes: list[Box] = []
        for box, pixels in drawing.patches:
            x0, y0, x1, y1 = box
            self._photo[y0:y1, x0:x1] = pixels
            boxes.append(box)
        if drawing.gain is not None:
            grid = self._scene.shading
            x0, y0, x1, y1 = grid.box
            x1, y1 = min(x1, self._photo.shape[1]), min(y1, self._photo.shape[0])
            size = (grid.columns * grid.step, grid.rows * grid.step)
            gain = cv2.resize(drawing.gain, size, interpolation=cv2.INTER_LINEAR)
            part = self._photo[y0:y1, x0:x1]
            self._photo[y0:y1, x0:x1] = cv2.multiply(
                part, gain[: y1 - y0, : x1 - x0], dtype=cv2.CV_8U
            )
            boxes.append((x0, y0, x1, y1))
        return boxes


def compute_places(scene: Scene, drawing: Drawing) -> Floats32:
    """(h, w, 2): the place in the photo that each pixel of the moving box shows."""
    where = _enlarge(scene, drawing.coarse)
    xa, ya, xb, yb = drawing.near_box
    if xb > xa and yb > ya:
        where[ya:yb, xa:xb] = drawing.near
    return where


def compute_weights(scene: Scene, drawing: Drawing) -> Floats32:
    """(h, w): how much of the person each pixel of the moving box shows."""
    return _enlarge(scene, drawing.weight)


def _enlarge(scene: Scene, field: Floats32) -> Floats32:
    """A field on the scene's grid, with one value for each pixel of the moving box."""
    step = scene.grid.step
    x0, y0, x1, y1 = scene.moving
    size = (field.shape[1] * step, field.shape[0] * step)
    wide = cv2.resize(field, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide[step : step + y1 - y0, step : step + x1 - x0])


def _draw_over(person: Pixels, top: int, left: int, patch: Pixels, box: Box) -> None:
    """Lay premultiplied RGBA, which covers `box`, over a band of the person."""
    height, width = person.shape[:2]
    x0, y0 = max(box[0] - left, 0), max(box[1] - top, 0)
    x1, y1 = min(box[2] - left, width), min(box[3] - top, height)
    if x1 <= x0 or y1 <= y0:
        return
    x, y = left - box[0], top - box[1]
    over = patch[y0 + y : y1 + y, x0 + x : x1 + x]
    part = person[y0:y1, x0:x1]
    rest = cv2.bitwise_not(over[..., 3])
    under = cv2.multiply(part, cv2.merge([rest, rest, rest]), scale=1 / 255)
    part[...] = cv2.add(np.ascontiguousarray(over[..., :3]), under)
