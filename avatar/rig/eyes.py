"""Each eye taken apart: eyeball without iris, whole iris, lid skin, and the curves of the lids."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.opencv import cv2
from avatar.rig.model import Eye, Floats, Pixels
from avatar.rig.plates import fill, step
from avatar.rig.topology import EYES
from avatar.rig.trace import trace

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# The lashes of a closed eye lie on the lower margin and hide it: a share of the eye's width.
OVERLAP: Final = 0.012
# How far a lid's margin may lie from where the tracker puts it, as a share of the eye's width:
# it is exact on photos to .03, on drawn eyes to .10.
SNAP: Final = 0.11
# In iris radii: the iris with its dark rim ends, the photo's own white begins.
RIM: Final = (1.22, 1.36)


def take_apart(rest: Pixels, points: Floats, which: int) -> Eye:
    """Eye 0 is the picture's left one."""
    index = EYES[which]
    p = points[:, :2].astype(np.float64)
    upper_points, lower_points = p[list(index["upper"])], p[list(index["lower"])]
    width = float(np.linalg.norm(upper_points[0] - upper_points[-1]))
    middle = (upper_points.mean(0) + lower_points.mean(0)) / 2
    height, full = rest.shape[:2]
    x0, y0 = (int(v) for v in np.floor(middle - np.array([0.74, 0.80]) * width))
    x1, y1 = (int(v) for v in np.ceil(middle + np.array([0.74, 0.62]) * width))
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, full), min(y1, height)
    patch = rest[y0:y1, x0:x1]
    columns = np.arange(x0, x1, dtype=np.float64)

    def curve(q: Array) -> Array:
        q = q[np.argsort(q[:, 0])]
        y = np.interp(columns, q[:, 0], q[:, 1]).astype(np.float32)[None]
        return np.asarray(cv2.GaussianBlur(y, (0, 0), 0.03 * width)[0], np.float64) - y0

    upper, lower = curve(upper_points), curve(lower_points)
    inside = (columns > upper_points[:, 0].min()) & (columns < upper_points[:, 0].max())
    meet = (upper + lower) / 2
    taper = step(0, 0.06 * width, np.minimum(columns - upper_points[:, 0].min(),
                                             upper_points[:, 0].max() - columns))  # fmt: skip
    lower = np.maximum(lower, upper)
    upper, lower = _margins(patch, upper, lower, inside, width)
    upper = np.where(inside, meet + (upper - meet) * np.maximum(taper, 0), meet)
    lower = np.where(inside, meet + (lower - meet) * np.maximum(taper, 0), meet)
    lower = np.maximum(lower, upper)
    crease = np.minimum(curve(p[list(index["crease"])]), upper - 0.07 * width)
    closed = lower + OVERLAP * width * np.minimum((lower - upper) / (0.08 * width), 1)

    yy, xx = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]].astype(np.float64)
    aperture = (yy > upper[None]) & (yy < lower[None])
    iris_points = p[list(index["iris"])] - [x0, y0]
    centre = iris_points[0]
    radius = float(np.linalg.norm(iris_points[1:] - centre, axis=1).mean())
    away = np.hypot(xx - centre[0], yy - centre[1])
    ball = _eyeball(patch, aperture, away, radius, width)
    iris = _whole_iris(patch, ball, aperture, away, centre, radius, width)
    return Eye(
        box=np.array([x0, y0, x1, y1]),
        upper=upper.astype(np.float32),
        lower=lower.astype(np.float32),
        crease=crease.astype(np.float32),
        closed=closed.astype(np.float32),
        ball=ball,
        iris=iris,
        iris_alpha=(1 - step(RIM[0], RIM[1], away / radius)).astype(np.float32),
        lid=_lid_skin(patch, upper, lower, crease, closed, width, middle[0] - x0),
        centre=centre.astype(np.float32),
        radius=radius,
        aperture=width,
        lashes=_lash_contrast(patch, upper, crease, aperture, width),
        side=which,
    )


def _margins(
    patch: Pixels, upper: Array, lower: Array, inside: Mask, width: float
) -> tuple[Array, Array]:
    """The lids' margins where the picture has them: the edge from lashes or skin to the ball, and
    the edge from the ball to the skin below."""
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB).astype(np.float32)
    lab = cv2.GaussianBlur(lab, (0, 0), max(0.5, 0.008 * width))
    yy = np.arange(patch.shape[0], dtype=np.float64)[:, None]
    under = (yy > lower[None] + 0.14 * width) & (yy < lower[None] + 0.35 * width) & inside[None]
    if under.sum() < 12:
        return upper, lower
    skin = np.median(lab[under], axis=0)
    apart = np.abs(lab - skin) / np.array([60, 22, 22], np.float32)
    strange = np.clip(apart.max(-1), 0, 1)  # 0 on skin, 1 on white, iris and lashes
    light = lab[..., 0] / 255
    reach = max(2.0, SNAP * width)
    offsets = np.linspace(-reach, reach, 33)
    span = max(1.0, 0.02 * width)
    columns = np.arange(patch.shape[1], dtype=np.float64)

    def sample(image: Floats, rows: Array) -> Array:
        x = np.broadcast_to(columns[:, None], rows.shape)
        at = np.stack([x, rows], -1).astype(np.float32)
        out = cv2.remap(
            image.astype(np.float32), at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return np.asarray(out, np.float64)

    def snap(curve: Array, sign: int) -> Array:
        rows = curve[:, None] + offsets[None]
        over, below = rows - span, rows + span
        edge = np.maximum(sign * (sample(strange, below) - sample(strange, over)), 0)
        if sign > 0:
            # Under the upper lashes the ball is brighter; the lashes' own upper edge, where the
            # skin ends, is the stronger one and not the margin.
            edge = 0.3 * edge + np.maximum(sample(light, below) - sample(light, over), 0)
        # Leaving the tracker's line by the whole reach must pay with a third of a full edge.
        cost = -edge + 0.33 * (offsets / reach)[None] ** 2
        cost = np.where(inside[:, None], cost, 0.33 * 8 * (offsets / reach)[None] ** 2)
        moved = offsets[trace(cost, 0.10)]
        smooth = cv2.GaussianBlur(moved.astype(np.float32)[None], (0, 0), 0.08 * width)[0]
        return curve + np.asarray(smooth, np.float64)

    upper, lower = snap(upper, 1), snap(lower, -1)
    return upper, np.maximum(lower, upper)


def _eyeball(patch: Pixels, aperture: Mask, away: Array, radius: float, width: float) -> Pixels:
    """The white of the eye, continued behind the iris and under the lids."""
    inner = _eroded(aperture, 0.03 * width)
    white = inner & (away > 1.42 * radius)
    if white.sum() < 12:
        white = aperture & (away > 1.25 * radius)
    if white.sum() < 4:
        return patch.copy()
    full = fill(patch, white).astype(np.float32)
    # The photo's own white where it is seen, with a soft seam to what is made up.
    keep = (_below_lashes(aperture, 0.035 * width) & (away > 1.36 * radius)).astype(np.float32)
    soft = cv2.GaussianBlur(keep, (0, 0), max(0.7, 0.015 * width))[..., None]
    soft = np.minimum(soft * 1.6, 1) * keep[..., None]
    return np.asarray(
        np.clip(full + (patch - full) * soft + 0.5, 0, 255).astype(np.uint8), np.uint8
    )


def _lash_contrast(
    patch: Pixels, upper: Array, crease: Array, aperture: Mask, width: float
) -> float:
    """How much darker the line of the lashes is than the lid: 0 in most paintings."""
    light = patch @ np.array([0.299, 0.587, 0.114])
    columns = np.flatnonzero(aperture.any(0))
    if columns.size == 0:
        return 0.5
    rows = np.clip(np.round(upper[columns] - 0.02 * width).astype(int), 0, patch.shape[0] - 1)
    skin = np.clip(np.round(crease[columns] - 0.05 * width).astype(int), 0, patch.shape[0] - 1)
    ratio = np.median(light[rows, columns]) / max(float(np.median(light[skin, columns])), 1)
    return float(np.clip((0.95 - ratio) / 0.45, 0.15, 1))


def _below_lashes(aperture: Mask, by: float) -> Mask:
    """The aperture without the shadow of the upper lid."""
    rows = max(1, round(by))
    shifted = np.zeros_like(aperture)
    shifted[rows:] = aperture[:-rows]
    return aperture & shifted


def _eroded(mask: Mask, by: float) -> Mask:
    size = 2 * max(1, round(by)) + 1
    return np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((size, 1), np.uint8)) > 0)


def _whole_iris(
    patch: Pixels,
    ball: Pixels,
    aperture: Mask,
    away: Array,
    centre: Array,
    radius: float,
    width: float,
) -> Pixels:
    """The iris with what the lids hide, taken from its mirror image top to bottom, in a rim of
    white."""
    clean = _below_lashes(aperture, 0.05 * width)
    rows = np.arange(patch.shape[0])
    mirror = np.clip(np.round(2 * centre[1] - rows).astype(int), 0, patch.shape[0] - 1)
    disc = away < 1.05 * radius
    flipped_clean = _below_lashes(aperture, 0.08 * width)[mirror]
    known = disc & (clean | flipped_clean)
    if known.sum() < 8:
        return patch.copy()
    filled = np.where(clean[..., None], patch, patch[mirror]).astype(np.uint8)
    whole: Array = np.where(known[..., None], filled, fill(filled, known)).astype(np.float64)
    rim = step(1.02, 1.16, away / radius)[..., None]
    whole = whole * (1 - rim) + ball * rim
    soft = cv2.GaussianBlur(whole.astype(np.float32), (0, 0), max(0.7, 0.02 * width))
    own = cv2.GaussianBlur(clean.astype(np.float32), (0, 0), max(0.7, 0.015 * width))[..., None]
    whole = whole * own + soft * (1 - own)
    # Inside the aperture the photo itself, so that nothing changes while the eye looks ahead.
    return np.clip(np.where(clean[..., None], patch, whole) + 0.5, 0, 255).astype(np.uint8)


def _lid_skin(
    patch: Pixels,
    upper: Array,
    lower: Array,
    crease: Array,
    closed: Array,
    width: float,
    middle: float,
) -> Pixels:
    """The closed upper lid: the skin around the eye continued over it, lit as the ball beneath."""
    yy, xx = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]].astype(np.float64)
    grey = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY).astype(np.float64)
    over = (yy < crease[None] - 0.03 * width) & (yy > crease[None] - 0.16 * width)
    under = (yy > lower[None] + 0.14 * width) & (yy < lower[None] + 0.40 * width)
    near = np.abs(xx - middle) < 0.85 * width
    limit = 0.50 * np.median(grey[(over | under) & near])
    known = (over | under) & near & (grey > limit)
    if known.sum() < 12:
        known = under & near
    skin = cv2.GaussianBlur(fill(patch, known).astype(np.float32), (0, 0), 0.06 * width)
    v = np.clip((yy - crease[None]) / np.maximum(closed - crease, 2)[None], 0, 1)
    u = np.clip((xx - middle) / (0.55 * width), -1, 1)
    # A ball lit from above: bright on its upper half, dark to its sides and at the lashes.
    light = 0.89 + 0.10 * np.sin(np.pi * np.clip(0.1 + 0.95 * v, 0, 1)) - 0.16 * v**4
    light = light - 0.07 * np.abs(u) ** 2.5
    grain = grey - cv2.GaussianBlur(grey, (0, 0), 1.2)
    rough = float(grain[under & near].std()) if (under & near).any() else 1.0
    noise = np.random.default_rng(0).normal(0, 1, grey.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.8) * 2.2 * min(rough, 4.0)
    lid = skin * light[..., None] + noise[..., None]
    return np.asarray(np.clip(lid, 0, 255).astype(np.uint8), np.uint8)
