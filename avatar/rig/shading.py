"""How the light on the face follows its motion: folds beside the nose, under the lip, at the
chin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.mathematics import gaussian, smoothstep_between
from avatar.performance.channels import INDEX
from avatar.rig.lips import Lips
from avatar.rig.rig import Grid, Shading
from avatar.rig.shapes import FacePoints, describe_points


def _shade_fold(sign: int, depth: float) -> Callable[[FacePoints], Floats64]:
    """The nasolabial fold: a soft dark line from the wing of the nose past the corner of the
    mouth, with the lit edge of the cheek outside it."""

    def shade(q: FacePoints) -> Floats64:
        wing = q.wings[1 if sign > 0 else 0]
        corner = q.lips.right if sign > 0 else -q.lips.left
        t = (q.y - wing[1]) / max(-wing[1] + 0.4, 0.5)
        path = wing[0] + 0.35 * sign + (corner + 0.75 * sign - wing[0] - 0.35 * sign) * t
        across = (q.x - path) * sign
        along = smoothstep_between(0.0, 0.55, t) * smoothstep_between(1.25, 0.65, t)
        dark = 0.5 * gaussian(across, 0.28) + 0.6 * gaussian(across + 0.05, 0.6)
        lit = 0.5 * gaussian(across - 0.85, 0.60)
        return depth * along * (lit - dark)

    return shade


def _shade_jaw(q: FacePoints) -> Floats64:
    # The cheeks become hollow, and the chin turns away from the light above.
    hollow = gaussian(np.abs(q.x) - 3.6, 1.3) * gaussian(q.y - 0.9, 1.6)
    chin = gaussian(q.x, 2.3) * gaussian(q.y - q.lips.chin - 0.2, 1.0)
    under_lip = gaussian(q.x, 1.5) * gaussian(q.y - 0.45 * q.lips.chin, 0.5)
    return -0.14 * hollow - 0.12 * chin + 0.05 * under_lip


def _shade_pucker(q: FacePoints) -> Floats64:
    # Lips that come forward catch light on the lower one, and shade what is below.
    lit = gaussian(q.s, 0.6) * gaussian(q.y - 0.55, 0.4)
    under = gaussian(q.x, 1.3) * gaussian(q.y - 1.45, 0.4)
    sides = gaussian(np.abs(q.s) - 1.0, 0.3) * gaussian(q.y, 0.6)
    return 0.10 * lit - 0.14 * under - 0.12 * sides


def _shade_chin(q: FacePoints) -> Floats64:
    crease = gaussian(q.x, 1.3) * gaussian(q.y - 1.25, 0.3)
    boss = gaussian(q.x, 1.2) * gaussian(q.y - 0.62 * q.lips.chin, 0.7)
    return -0.16 * crease + 0.05 * boss


def _shade_dimple(sign: int, depth: float) -> Callable[[FacePoints], Floats64]:
    def shade(q: FacePoints) -> Floats64:
        half = q.lips.right if sign > 0 else q.lips.left
        return -depth * gaussian(q.x * sign - half - 0.28, 0.26) * gaussian(q.y + 0.05, 0.5)

    return shade


def _add(*parts: Callable[[FacePoints], Floats64]) -> Callable[[FacePoints], Floats64]:
    def shade(q: FacePoints) -> Floats64:
        return np.asarray(np.sum([part(q) for part in parts], axis=0), np.float64)

    return shade


SHADES: Final[dict[str, Callable[[FacePoints], Floats64]]] = {
    "jawOpen": _shade_jaw,
    "mouthSmileLeft": _add(_shade_fold(1, 0.11), _shade_dimple(1, 0.14)),
    "mouthSmileRight": _add(_shade_fold(-1, 0.11), _shade_dimple(-1, 0.14)),
    "mouthStretchLeft": _add(_shade_fold(1, 0.05), _shade_dimple(1, 0.10)),
    "mouthStretchRight": _add(_shade_fold(-1, 0.05), _shade_dimple(-1, 0.10)),
    "mouthDimpleLeft": _shade_dimple(1, 0.16),
    "mouthDimpleRight": _shade_dimple(-1, 0.16),
    "mouthUpperUpLeft": _shade_fold(1, 0.06),
    "mouthUpperUpRight": _shade_fold(-1, 0.06),
    "mouthPucker": _shade_pucker,
    "mouthFunnel": _shade_pucker,
    "mouthShrugLower": _shade_chin,
}


def make_shading(lips: Lips, points: Floats32, size: tuple[int, int]) -> Shading:
    """The shading basis on a coarse grid over the lower face, for frames of `size` (w, h)."""
    pitch = max(3, round(0.2 * lips.scale))
    low = lips.to_pixels(np.array(-6.5), np.array(-4.5))
    high = lips.to_pixels(np.array(6.5), np.array(lips.chin + 1.2))
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(high[0]), size[0] - 1), min(int(high[1]), size[1] - 1)
    grid = Grid(x0, y0, pitch, -(-(y1 - y0) // pitch), -(-(x1 - x0) // pitch))
    q = describe_points(lips, points, grid.nodes(), "whole")
    rim = grid.fade()
    basis = np.array([shade(q) * rim for shade in SHADES.values()], np.float32)
    return Shading(grid, np.array([INDEX[name] for name in SHADES], np.int64), basis)
