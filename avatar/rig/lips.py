"""The mouth's own coordinates: s along the lips, and centimetres above and below the seam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Pixels
from avatar.mathematics import find_cheapest_path
from avatar.opencv import cv2
from avatar.rig.topology import CHIN, CORNERS, INNER_LOWER, INNER_UPPER, OUTER_LOWER, OUTER_UPPER

# The outer corners of an adult's eyes are 8.9 cm apart; every length is measured in these
# centimetres.
EYES_CM: Final = 8.9
EDGE_POINTS: Final = 65
# A gap at rest below this share of the mouth's width is a seam: the tracker reads 1 % on closed
# lips.
CLOSED: Final = 0.035


@dataclass(frozen=True, slots=True, eq=False)
class Lips:
    """The lips of a photo.

    `origin` is in pixels, the rows of `axes` are the x and y directions, `scale` is in pixels for
    each centimetre. The knots run along x in centimetres from corner to corner.
    """

    origin: Floats64
    axes: Floats64
    scale: float
    left: float
    right: float
    knots: Floats64
    upper: Floats64
    lower: Floats64
    upper_thick: Floats64
    lower_thick: Floats64
    chin: float
    closed: bool

    @property
    def half(self) -> float:
        """Half the mouth's width in cm."""
        return (self.left + self.right) / 2

    @property
    def middle(self) -> float:
        """Height of the seam in its middle, in cm."""
        return float(np.interp(0, self.knots, (self.upper + self.lower) / 2))

    def to_mouth(self, points: npt.ArrayLike) -> tuple[Floats64, Floats64]:
        """Convert pixels to x, y in cm."""
        local = (np.asarray(points, np.float64) - self.origin) @ self.axes.T / self.scale
        return local[..., 0], local[..., 1]

    def to_seam(self, x: Floats64) -> Floats64:
        """s: -1 at the left corner and 1 at the right one."""
        return np.where(x < 0, x / self.left, x / self.right)

    def to_pixels(self, x: Floats64, y: Floats64) -> Floats64:
        """Convert x, y in cm to pixels."""
        return self.origin + np.stack([x, y], -1) @ self.axes * self.scale

    def edge(self, side: str) -> Floats64:
        """The inner edge of a lip in pixels: EDGE_POINTS from corner to corner."""
        x = self.edge_x()
        y = np.interp(x, self.knots, self.upper if side == "upper" else self.lower)
        return self.to_pixels(x, y)

    def edge_x(self) -> Floats64:
        """x in cm of the edge's points, which are dense at the corners, where the gap tapers."""
        s = np.sin(np.linspace(-np.pi / 2, np.pi / 2, EDGE_POINTS))
        return np.where(s < 0, s * self.left, s * self.right)


def find_lips(rest: Pixels, points: Floats32) -> Lips:
    """Measure the lips of the photo."""
    p = points.astype(np.float64)
    scale = float(np.linalg.norm(p[263] - p[33])) / EYES_CM
    a, b = p[CORNERS[0], :2], p[CORNERS[1], :2]
    ex = (b - a) / np.linalg.norm(b - a)
    axes = np.array([ex, [-ex[1], ex[0]]])
    centre = (p[13, :2] + p[14, :2]) / 2

    def local(indices: tuple[int, ...]) -> Floats64:
        q = (p[list(indices), :2] - centre) @ axes.T / scale
        return np.asarray(q[np.argsort(q[:, 0])], np.float64)

    corner_a, corner_b = local(CORNERS)
    left, right = -corner_a[0], corner_b[0]
    knots = np.linspace(-left, right, EDGE_POINTS)

    def curve(q: Floats64) -> Floats64:
        return _smooth(np.interp(knots, q[:, 0], q[:, 1]))

    ends = np.array([corner_a, corner_b])
    upper = curve(_insert_between(local(INNER_UPPER), ends))
    lower = curve(_insert_between(local(INNER_LOWER), ends))
    lower = np.maximum(lower, upper)
    closed = float((lower - upper).max()) < CLOSED * (left + right)
    frame = Lips(centre, axes, scale, left, right, knots, upper, lower, upper, lower, 4.0, closed)
    if closed:
        seam = _find_seam(rest, frame, (upper + lower) / 2)
        upper = lower = seam
    upper_thick = np.maximum(upper - curve(local(OUTER_UPPER)), 0.12)
    lower_thick = np.maximum(curve(local(OUTER_LOWER)) - lower, 0.15)
    chin = float(((p[CHIN, :2] - centre) @ axes.T / scale)[1])
    return Lips(
        centre, axes, scale, left, right, knots, upper, lower, upper_thick, lower_thick, chin,
        closed,
    )  # fmt: skip


def _insert_between(inner: Floats64, ends: Floats64) -> Floats64:
    q = np.concatenate([ends[:1], inner, ends[1:]])
    return q[np.argsort(q[:, 0], kind="stable")]


def _smooth(y: Floats64) -> Floats64:
    kernel = np.array([1, 4, 6, 4, 1]) / 16
    out = np.convolve(np.pad(y, 2, mode="edge"), kernel, mode="valid")
    out[0], out[-1] = y[0], y[-1]
    return out


def _find_seam(rest: Pixels, lips: Lips, guess: Floats64) -> Floats64:
    """The dark line between closed lips: the darkest path near the tracked seam, from corner to
    corner.

    The tracker alone is off by up to 2 px.
    """
    grey = cv2.cvtColor(rest, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grey = cv2.GaussianBlur(grey, (0, 0), max(0.5, 0.02 * lips.scale))
    reach = 0.14 * lips.half
    offsets = np.linspace(-reach, reach, 29)
    y = guess[:, None] + offsets[None]
    x = np.broadcast_to(lips.knots[:, None], y.shape)
    at = lips.to_pixels(x, y).astype(np.float32)
    light = cv2.remap(grey, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    contrast = max(float(light.max() - light.min()), 1.0)
    # Leaving the tracked line by the whole reach must gain two thirds of the contrast, and at the
    # corners nothing may move.
    ends = 1 - np.abs(lips.to_seam(lips.knots)) ** 4
    cost = light / contrast + 0.66 * (offsets / reach)[None] ** 2 / np.maximum(ends, 0.02)[:, None]
    path = find_cheapest_path(cost.astype(np.float64), 0.03)
    return _smooth(_smooth(guess + offsets[path]))
