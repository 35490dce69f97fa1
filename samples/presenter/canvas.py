"""The sheet: where its pixels are, and the means of painting: noise, soft edges, strokes,
curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from .solids import Field

Colour = npt.NDArray[Any]
"""Linear light, shape (3,) or (height, width, 3)."""

WIDTH, HEIGHT = 1200 / 34, 1500 / 34  # cm
TOP = 17.2  # height of the sheet's upper edge above the pupils


@dataclass(frozen=True, slots=True)
class Sheet:
    """`scale` is in pixels per centimetre; `x` and `y` hold the centre of each pixel, (height,
    width)."""

    scale: float
    x: Field
    y: Field

    @property
    def pixel(self) -> float:
        return 1 / self.scale

    @property
    def shape(self) -> tuple[int, int]:
        return self.x.shape[0], self.x.shape[1]

    def to_pixels(self, points: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Convert places (n, 2) in cm to pixel coordinates."""
        out = np.empty((len(points), 2))
        out[:, 0] = (points[:, 0] + WIDTH / 2) * self.scale - 0.5
        out[:, 1] = (TOP - points[:, 1]) * self.scale - 0.5
        return out


def make_sheet(scale: float) -> Sheet:
    wide, high = round(WIDTH * scale), round(HEIGHT * scale)
    x = (np.arange(wide, dtype=np.float32) + 0.5) / scale - WIDTH / 2
    y = TOP - (np.arange(high, dtype=np.float32) + 0.5) / scale
    gx, gy = np.meshgrid(x, y)
    return Sheet(scale, gx.astype(np.float32), gy.astype(np.float32))


def srgb(red: int, green: int, blue: int) -> Colour:
    """Convert 8-bit sRGB to linear light (IEC 61966-2-1)."""
    v = np.array((red, green, blue), np.float32) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_srgb(linear: Colour) -> npt.NDArray[np.float32]:
    """Convert linear light to sRGB in 0..1."""
    v = np.clip(linear, 0, 1)
    return np.where(v <= 0.0031308, v * 12.92, 1.055 * v ** (1 / 2.4) - 0.055).astype(np.float32)


def mix(under: Colour, over: Colour, share: Field) -> Colour:
    return under + (over - under) * share[..., None]


def ramp(value: Field, low: float, high: float) -> Field:
    """0 below `low`, 1 above `high`, smooth in between; falling if `high` is the lower one."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def blob(s: Sheet, x: float, y: float, rx: float, ry: float, both: bool = False) -> Field:
    """A soft spot, 1 in the middle; `both` repeats it on the other side of the face."""
    px = np.abs(s.x) if both else s.x
    return np.exp(-(((px - x) / rx) ** 2) - ((s.y - y) / ry) ** 2)


def noise(s: Sheet, cell: float, seed: int, stretch: float = 1.0) -> Field:
    """Smooth noise about 0 with deviation near 1, the same at every scale of the sheet."""
    columns, rows = int(WIDTH / cell) + 4, int(HEIGHT / (cell * stretch)) + 4
    lattice = np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)
    u = (s.x + WIDTH / 2) / cell + 1
    v = (TOP - s.y) / (cell * stretch) + 1
    return cv2.remap(lattice, u, v, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def blur(s: Sheet, field: Field, sigma: float) -> Field:
    """Gaussian blur, `sigma` in cm."""
    reach = sigma * s.scale
    size = max(3, 2 * int(3 * reach) + 1)
    return cv2.GaussianBlur(field, (size, size), reach)


def curve(x: Sequence[float], y: Sequence[float], at: Field) -> Field:
    """A smooth curve through the knots without overshoot, constant beyond its ends."""
    return PchipInterpolator(x, y)(np.clip(at, x[0], x[-1])).astype(np.float32)


SHIFT = 4  # cv2 draws with four binary places


def stroke(
    target: npt.NDArray[np.uint8],
    s: Sheet,
    line: npt.NDArray[np.floating],
    widths: npt.NDArray[np.floating],
    value: int = 255,
) -> None:
    """Draw one brush stroke along `line` (n, 2) in cm with `widths` (n,) in cm into a mask."""
    centre = s.to_pixels(line)
    along = np.gradient(centre, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    off = np.stack([-along[:, 1], along[:, 0]], 1) * (widths * s.scale / 2)[:, None]
    outline = np.concatenate([centre + off, (centre - off)[::-1]])
    cv2.fillPoly(
        target, [np.round(outline * (1 << SHIFT)).astype(np.int32)], value, cv2.LINE_AA, SHIFT
    )
