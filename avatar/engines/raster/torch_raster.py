"""The raster on torch: on a CUDA device if there is one, otherwise on the CPU, for comparison.

It does what OpenCV does, down to its fixed-point numbers: places are rounded to 1/32 pixel as
`cv2.remap` rounds them, cubic interpolation has the same coefficient (-.75), and linear
interpolation the same half-pixel centres.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import torch
import torch.nn.functional as functional

from avatar.arrays import Floats32, Pixels
from avatar.engines.raster.drawing import Drawing, Scene

# cv2's INTER_TAB_SIZE: the steps within a pixel for which remap's weights are tabulated.
STEPS: Final = 32


class TorchRaster:
    name: ClassVar[str] = "torch"

    def __init__(self, scene: Scene, device: str | None = None) -> None:
        self._scene = scene
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        x0, y0, x1, y1 = scene.moving
        self._rest = self._to_planes(scene.rest)
        self._background = self._to_planes(scene.background)[:, :, y0:y1, x0:x1]
        height, width = scene.rest.shape[:2]
        # From pixels to grid_sample's -1..1 between the centres of the outer pixels.
        self._span = torch.tensor([max(width - 1, 1), max(height - 1, 1)], device=self._device) / 2

    @torch.inference_mode()
    def draw(self, drawing: Drawing) -> Pixels:
        photo = self._paint(drawing)
        where = self._enlarge_to_box(drawing.coarse)[0].permute(1, 2, 0)
        xa, ya, xb, yb = drawing.near_box
        if xb > xa and yb > ya:
            where[ya:yb, xa:xb] = self._to_tensor(drawing.near)
        where = torch.round(where * STEPS) / STEPS
        person = functional.grid_sample(
            photo, (where / self._span - 1)[None], mode="bicubic", padding_mode="reflection",
            align_corners=True,
        )  # fmt: skip
        person = person.clamp(0, 255).round()
        if drawing.interior is not None:
            patch = self._to_planes(drawing.interior)
            part = person[:, :, ya:yb, xa:xb]
            part[...] = (patch[:, :3] + (part * (255 - patch[:, 3:]) / 255).round()).clamp(0, 255)
        if not self._scene.solid:
            weight = self._enlarge_to_box(drawing.weight)
            person = (person * weight + self._background * (1 - weight)).round()
        x0, y0, x1, y1 = self._scene.moving
        frame = self._rest.clone()
        frame[:, :, y0:y1, x0:x1] = person
        pixels = frame[0].to(torch.uint8).permute(1, 2, 0).contiguous()
        return np.asarray(pixels.cpu().numpy())

    def _paint(self, drawing: Drawing) -> Any:
        if drawing.gain is None and not drawing.patches:
            return self._rest
        photo = self._rest.clone()
        height, width = photo.shape[2:]
        for (x0, y0, x1, y1), pixels in drawing.patches:
            photo[:, :, y0:y1, x0:x1] = self._to_planes(pixels)
        if drawing.gain is not None:
            grid = self._scene.shading
            x0, y0, x1, y1 = grid.box
            x1, y1 = min(x1, width), min(y1, height)
            gain = self._enlarge(drawing.gain, grid.step)[:, :, : y1 - y0, : x1 - x0]
            part = photo[:, :, y0:y1, x0:x1]
            part[...] = (part * gain).round().clamp(0, 255)
        return photo

    def _enlarge_to_box(self, field: Floats32) -> Any:
        """A field on the scene's grid: (1, channels, h, w) over the moving box."""
        step = self._scene.grid.step
        x0, y0, x1, y1 = self._scene.moving
        wide = self._enlarge(field.reshape(*field.shape[:2], -1), step)
        return wide[:, :, step : step + y1 - y0, step : step + x1 - x0]

    def _enlarge(self, field: Floats32, step: int) -> Any:
        size = (field.shape[0] * step, field.shape[1] * step)
        planes = self._to_planes(field)
        return functional.interpolate(planes, size=size, mode="bilinear", align_corners=False)

    def _to_planes(self, pixels: Pixels | Floats32) -> Any:
        """(h, w, channels) to float32 (1, channels, h, w)."""
        return self._to_tensor(pixels).permute(2, 0, 1)[None]

    def _to_tensor(self, values: Pixels | Floats32) -> Any:
        whole = torch.from_numpy(np.ascontiguousarray(values)).to(self._device)
        return whole.to(torch.float32)
