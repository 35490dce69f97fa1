"""Each eye taken apart: eyeball without iris, whole iris, lid skin, and the curves of the lids."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.rig.model import Eye, Floats, Pixels
from avatar.rig.plates import fill, step
from avatar.rig.topology import EYES

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# The lashes of a closed eye lie on the lower margin, a twelfth of the aperture above it.
CLOSED_AT: Final = 0.93


def take_apart(rest: Pixels, points: Floats, which: int) -> Eye:
    """Eye 0 is the picture's left one."""
    import cv2

    index = EYES[which]
    p = points[:, :2].astype(np.float64)
    upper_points, lower_points = p[list(index["upper"])], p[list(index["lower"])]
    width = float(np.linalg.norm(upper_points[0] - upper_points[-1]))
    middle = (upper_points.mean(0) + lower_points.mean(0)) / 2
    height, full = rest.shape[:2]
    x0, y0 = (int(v) for v in np.floor(middle - [0.95 * width, 0.95 * width]))
    x1, y1 = (int(v) for v in np.ceil(middle + [0.95 * width, 0.75 * width]))
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
    taper = step(0, 0.10 * width, np.minimum(columns - upper_points[:, 0].min(),
                                             upper_points[:, 0].max() - columns))  # fmt: skip
    upper = np.where(inside, meet + (upper - meet) * np.maximum(taper, 0), meet)
    lower = np.where(inside, meet + (lower - meet) * np.maximum(taper, 0), meet)
    lower = np.maximum(lower, upper)
    crease = np.minimum(curve(p[list(index["crease"])]), upper - 0.07 * width)
    closed = upper + CLOSED_AT * (lower - upper)

    yy, xx = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]].astype(np.float64)
    aperture = (yy > upper[None]) & (yy < lower[None])
    iris_points = p[list(index["iris"])] - [x0, y0]
    centre = iris_points[0]
    radius = float(np.linalg.norm(iris_points[1:] - centre, axis=1).mean())
    away = np.hypot(xx - centre[0], yy - centre[1])
    ball = _eyeball(patch, aperture, away, radius, width)
    iris = _whole_iris(patch, aperture, away, centre, radius, width)
    soft = np.float32(aperture)
    return Eye(
        box=np.array([x0, y0, x1, y1]),
        upper=upper.astype(np.float32),
        lower=lower.astype(np.float32),
        crease=crease.astype(np.float32),
        closed=closed.astype(np.float32),
        ball=ball,
        iris=iris,
        iris_alpha=(1 - step(1.12, 1.30, away / radius)).astype(np.float32),
        lid=_lid_skin(patch, upper, lower, crease, closed, width, middle[0] - x0),
        open_alpha=cv2.GaussianBlur(soft, (0, 0), max(0.6, 0.012 * width)),
        centre=centre.astype(np.float32),
        radius=radius,
        aperture=width,
        side=which,
    )


def _eyeball(patch: Pixels, aperture: Mask, away: Array, radius: float, width: float) -> Pixels:
    """The white of the eye, continued behind the iris and under the lids."""
    import cv2

    rim = max(1, round(0.03 * width))
    inner = cv2.erode(aperture.astype(np.uint8), np.ones((2 * rim + 1, 1), np.uint8)) > 0
    white = inner & (away > 1.28 * radius)
    if white.sum() < 12:
        white = aperture & (away > 1.1 * radius)
    if white.sum() < 4:
        return patch.copy()
    full = fill(patch, white)
    # Towards the lids and the corners a ball turns from the light.
    keep = aperture & (away > 1.12 * radius)
    return np.where(keep[..., None], patch, full)


def _whole_iris(
    patch: Pixels, aperture: Mask, away: Array, centre: Array, radius: float, width: float
) -> Pixels:
    """The iris with what the lids hide, taken from its mirror image top to bottom."""
    import cv2

    rim = max(1, round(0.035 * width))
    clean = cv2.erode(aperture.astype(np.uint8), np.ones((2 * rim + 1, 1), np.uint8)) > 0
    rows = np.arange(patch.shape[0])
    mirror = np.clip(np.round(2 * centre[1] - rows).astype(int), 0, patch.shape[0] - 1)
    disc = away < 1.3 * radius
    flipped, flipped_clean = patch[mirror], clean[mirror]
    filled = np.where(clean[..., None], patch, flipped)
    known = disc & (clean | flipped_clean)
    if known.sum() < 8:
        return patch.copy()
    whole = fill(filled.astype(np.uint8), known)
    whole = np.where(known[..., None], filled, whole)
    # Inside the aperture the photo itself, so that nothing changes while the eye looks ahead.
    return np.where(aperture[..., None], patch, whole).astype(np.uint8)


def _lid_skin(
    patch: Pixels,
    upper: Array,
    lower: Array,
    crease: Array,
    closed: Array,
    width: float,
    middle: float,
) -> Pixels:
    """The closed upper lid: skin from around the eye, lit as the ball beneath it."""
    import cv2

    yy, xx = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]].astype(np.float64)
    grey = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY).astype(np.float64)
    over = (yy < crease[None] - 0.02 * width) & (yy > crease[None] - 0.22 * width)
    under = (yy > lower[None] + 0.16 * width) & (yy < lower[None] + 0.45 * width)
    near = np.abs(xx - middle) < 0.75 * width
    bright = grey > 0.8 * np.median(grey[(over | under) & near])
    known = (over | under) & near & bright
    if known.sum() < 12:
        known = under & near
    skin = fill(patch, known).astype(np.float32)
    skin = cv2.GaussianBlur(skin, (0, 0), 0.10 * width)
    tone = np.median(patch[under & near & bright].reshape(-1, 3), axis=0)
    skin = 0.65 * skin + 0.35 * tone
    v = np.clip((yy - crease[None]) / np.maximum(closed - crease, 2)[None], 0, 1)
    u = np.clip((xx - middle) / (0.55 * width), -1, 1)
    # A ball lit from above: bright on its upper third, dark to its rims and at the lashes.
    light = 0.90 + 0.13 * np.sin(np.pi * np.clip(0.15 + 0.95 * v, 0, 1)) - 0.13 * v**5
    light = light - 0.09 * np.abs(u) ** 2.5 - 0.10 * np.exp(-((v / 0.10) ** 2))
    grain = grey - cv2.GaussianBlur(grey, (0, 0), 1.2)
    rough = float(grain[under & near].std()) if (under & near).any() else 1.0
    noise = np.random.default_rng(0).normal(0, 1, grey.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.8) * 2.2 * min(rough, 4.0)
    lid = skin * light[..., None] + noise[..., None]
    return np.clip(lid, 0, 255).astype(np.uint8)
