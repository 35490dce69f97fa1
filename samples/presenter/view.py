"""Views a distance field from the front: depth, normals, occlusion, shadow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .solids import Field

Distance = Callable[[Field, Field, Field], Field]

CHUNK = 1 << 15  # points at a time, so that temporary arrays stay in the cache
FRONT, BACK = 12.5, -14.0


@dataclass(frozen=True, slots=True)
class Relief:
    """What the camera sees of a solid. Arrays are (height, width), normals (height, width, 3).

    `cover` is 1 on the solid and falls to 0 over a pixel outside its outline.
    """

    depth: Field
    normal: npt.NDArray[np.float32]
    cover: Field
    open_sky: Field
    lit: Field


def look(
    solid: Distance, x: Field, y: Field, pixel: float, light: npt.NDArray[np.float32]
) -> Relief:
    """March one ray per pixel along -z; `pixel` is its width, `light` points to the light."""
    shape = x.shape
    fx, fy = x.ravel(), y.ravel()
    depth = np.empty(fx.size, np.float32)
    near = np.empty(fx.size, np.float32)
    normal = np.empty((fx.size, 3), np.float32)
    sky = np.ones(fx.size, np.float32)
    lit = np.ones(fx.size, np.float32)
    for begin in range(0, fx.size, CHUNK):
        part = slice(begin, begin + CHUNK)
        px, py = fx[part], fy[part]
        z, least = _march(solid, px, py)
        depth[part], near[part] = z, least
        hit = np.flatnonzero(least < 2 * pixel)
        if hit.size:
            hx, hy, hz = px[hit], py[hit], z[hit]
            n = _normals(solid, hx, hy, hz)
            normal[begin + hit] = n
            sky[begin + hit] = _open_sky(solid, hx, hy, hz, n)
            lit[begin + hit] = _lit(solid, hx, hy, hz, n, light)
        miss = np.flatnonzero(least >= 2 * pixel)
        normal[begin + miss] = (0, 0, 1)
    cover = np.clip(1.0 - near / pixel, 0, 1).astype(np.float32)
    return Relief(
        depth.reshape(shape),
        normal.reshape(*shape, 3),
        cover.reshape(shape),
        sky.reshape(shape),
        lit.reshape(shape),
    )


def find_depth(solid: Distance, x: Field, y: Field, pixel: float) -> Field:
    """The depth alone; `BACK` where there is nothing."""
    fx, fy = x.ravel(), y.ravel()
    out = np.empty(fx.size, np.float32)
    for begin in range(0, fx.size, CHUNK):
        part = slice(begin, begin + CHUNK)
        z, least = _march(solid, fx[part], fy[part])
        out[part] = np.where(least < pixel, z, BACK)
    return out.reshape(x.shape)


def _march(solid: Distance, x: Field, y: Field) -> tuple[Field, Field]:
    """The depth where each ray ends, and the least distance that it came to (0 where it hit)."""
    z = np.full(x.size, FRONT, np.float32)
    least = np.full(x.size, 1e3, np.float32)
    best = z.copy()
    live = np.arange(x.size)
    for _ in range(160):
        d = solid(x[live], y[live], z[live])
        closer = d < least[live]
        least[live[closer]] = d[closer]
        best[live[closer]] = z[live[closer]]
        z[live] -= np.maximum(0.85 * d, 0.012)
        keep = (d > 0.006) & (z[live] > BACK)
        live = live[keep]
        if not live.size:
            break
    least = np.where(least < 0.01, 0, least).astype(np.float32)
    return best, least


def _normals(solid: Distance, x: Field, y: Field, z: Field) -> npt.NDArray[np.float32]:
    """The gradient over four corners of a tetrahedron."""
    e = np.float32(0.02)
    n = np.zeros((x.size, 3), np.float32)
    for sx, sy, sz in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        d = solid(x + sx * e, y + sy * e, z + sz * e)
        n += d[:, None] * np.array((sx, sy, sz), np.float32)
    return n / (np.linalg.norm(n, axis=1, keepdims=True) + 1e-9)


def _open_sky(solid: Distance, x: Field, y: Field, z: Field, n: npt.NDArray[np.float32]) -> Field:
    """How open a place is, 0..1: how far the solid is away along the normal."""
    shut = np.zeros(x.size, np.float32)
    for reach, weight in ((0.25, 0.9), (0.6, 0.6), (1.2, 0.34), (2.4, 0.17), (4.0, 0.1)):
        d = solid(x + n[:, 0] * reach, y + n[:, 1] * reach, z + n[:, 2] * reach)
        shut += weight * np.maximum(reach - d, 0)
    return np.clip(1.0 - 0.62 * shut, 0, 1).astype(np.float32)


def _lit(
    solid: Distance,
    x: Field,
    y: Field,
    z: Field,
    n: npt.NDArray[np.float32],
    light: npt.NDArray[np.float32],
) -> Field:
    """Soft shadow: 0 in the dark, 1 in the light; half-shade grows with distance."""
    out = np.ones(x.size, np.float32)
    t = np.full(x.size, 0.25, np.float32)
    bx, by, bz = x + n[:, 0] * 0.05, y + n[:, 1] * 0.05, z + n[:, 2] * 0.05
    for _ in range(26):
        d = solid(bx + light[0] * t, by + light[1] * t, bz + light[2] * t)
        out = np.minimum(out, 0.5 + 3.2 * d / t)
        t += np.clip(d, 0.2, 1.6)
    out = np.clip(out, 0, 1)
    return out * out * (3 - 2 * out)


def soften(relief: Relief, pixel: float, radius: Field, within: Field) -> Relief:
    """Blur the depth by `radius` (cm, per pixel), using only what is `within` (a mask).

    Fillets between solids become skin. Normals are computed again from the softened depth.
    """
    import cv2

    steps = (0.0, 0.12, 0.25, 0.5, 0.9)
    weight = (within > 0).astype(np.float32)
    levels = []
    for sigma in (0.03, *steps[1:]):
        reach = sigma / pixel
        size = max(3, 2 * int(2.5 * reach) + 1)
        blurred = cv2.GaussianBlur(relief.depth * weight, (size, size), reach)
        mass = cv2.GaussianBlur(weight, (size, size), reach)
        levels.append(np.where(mass > 1e-3, blurred / np.maximum(mass, 1e-3), relief.depth))
    stack = np.stack(levels)
    at = np.interp(radius, steps, range(len(steps))).astype(np.float32)
    low = np.clip(at.astype(int), 0, len(steps) - 2)
    part = at - low
    height, width = relief.depth.shape
    rows, columns = np.ogrid[:height, :width]
    depth = stack[low, rows, columns] * (1 - part) + stack[low + 1, rows, columns] * part
    normal = slopes_to_normal(*slopes(depth, pixel))
    share = (weight * np.clip(radius / 0.1, 0, 1))[..., None]
    mixed = relief.normal * (1 - share) + normal * share
    mixed /= np.linalg.norm(mixed, axis=2, keepdims=True)
    return Relief(depth, mixed.astype(np.float32), relief.cover, relief.open_sky, relief.lit)


def slopes(depth: Field, pixel: float) -> tuple[Field, Field]:
    """The rise of a height map to the right and upwards, per cm."""
    down, right = np.gradient(depth, pixel)
    return right.astype(np.float32), (-down).astype(np.float32)


def slopes_to_normal(right: Field, up: Field) -> npt.NDArray[np.float32]:
    n = np.stack([-right, -up, np.ones_like(right)], axis=2)
    return (n / np.linalg.norm(n, axis=2, keepdims=True)).astype(np.float32)


def emboss(normal: npt.NDArray[np.float32], height: Field, pixel: float) -> npt.NDArray[np.float32]:
    """Tilt normals as if the surface were raised by `height` (cm) along the line of sight."""
    right, up = slopes(height, pixel)
    n = normal.copy()
    n[..., 0] -= right * normal[..., 2]
    n[..., 1] -= up * normal[..., 2]
    n /= np.linalg.norm(n, axis=2, keepdims=True)
    return n
