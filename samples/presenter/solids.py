"""Signed distances of simple solids and their blends, over arrays of points.

Formulas: Inigo Quilez, "distance functions" and "smooth minimum" (his articles), own code.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[Any]
Triple = tuple[float, float, float]


def ellipsoid(x: Field, y: Field, z: Field, centre: Triple, radii: Triple) -> Field:
    """Approximate distance to an axis-aligned ellipsoid: exact at the surface to first order."""
    px, py, pz = x - centre[0], y - centre[1], z - centre[2]
    qx, qy, qz = px / radii[0], py / radii[1], pz / radii[2]
    k0 = np.sqrt(qx * qx + qy * qy + qz * qz)
    qx, qy, qz = qx / radii[0], qy / radii[1], qz / radii[2]
    k1 = np.sqrt(qx * qx + qy * qy + qz * qz) + np.float32(1e-6)
    return k0 * (k0 - 1) / k1


def capsule(
    x: Field, y: Field, z: Field, start: Triple, end: Triple, r_start: float, r_end: float
) -> Field:
    """A rod with round ends whose radius changes linearly."""
    ax, ay, az = end[0] - start[0], end[1] - start[1], end[2] - start[2]
    px, py, pz = x - start[0], y - start[1], z - start[2]
    t = np.clip((px * ax + py * ay + pz * az) / (ax * ax + ay * ay + az * az), 0, 1)
    dx, dy, dz = px - t * ax, py - t * ay, pz - t * az
    return np.sqrt(dx * dx + dy * dy + dz * dz) - (r_start + t * (r_end - r_start))


def join(a: Field, b: Field, k: float) -> Field:
    """Union with a fillet of width `k`."""
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h * h * (k / 4)


def carve(a: Field, b: Field, k: float) -> Field:
    """`a` without `b`, with a fillet of width `k`."""
    h = np.maximum(k - np.abs(a + b), 0) / k
    return np.maximum(a, -b) + h * h * (k / 4)
