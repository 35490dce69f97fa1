"""Finds the lids, corners and iris of an eye in the picture, starting from the tracker's
landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.images import remap_columns
from avatar.mathematics import find_cheapest_path, smoothstep_between
from avatar.opencv import cv2
from avatar.rig.topology import EYES

# How far a lid's margin may be from the tracker's line, as a share of the eye's width: the tracker
# is exact to .03 on photos and to .10 on drawn eyes.
SNAP: Final = 0.11
# How far the white may continue outside the tracker's corners: .08 on drawn eyes, nothing on
# photos.
BEYOND: Final = 0.14
# The tracker's iris differs from the picture's by at most these, in its own radii.
IRIS_SHIFT: Final = 0.24
IRIS_SIZE: Final = (0.76, 1.12)


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """One eye over the patch `box` (x0, y0, x1, y1).

    `upper`, `lower` and `crease` are rows for each column of the patch. Outside the corners the
    margins coincide. Lengths are in pixels.
    """

    box: tuple[int, int, int, int]
    width: float
    left: float
    right: float
    upper: Floats64
    lower: Floats64
    crease: Floats64
    centre: Floats64
    radius: float

    @property
    def span(self) -> Floats64:
        return self.lower - self.upper


def find_margins(rest: Pixels, points: Floats32, which: int) -> Margins:
    """Find the margins of one eye. Eye 0 is on the picture's left; `points` are the tracker's
    478."""
    index = EYES[which]
    p = points[:, :2].astype(np.float64)
    width = float(np.linalg.norm(p[index["upper"][0]] - p[index["upper"][-1]]))
    middle = (p[list(index["upper"])].mean(0) + p[list(index["lower"])].mean(0)) / 2
    height, full = rest.shape[:2]
    x0, y0 = (int(v) for v in np.floor(middle - np.array([0.80, 0.80]) * width))
    x1, y1 = (int(v) for v in np.ceil(middle + np.array([0.80, 0.66]) * width))
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, full), min(y1, height)
    patch = rest[y0:y1, x0:x1]
    columns = np.arange(x1 - x0, dtype=np.float64)

    def part(name: str) -> Floats64:
        q = p[list(index[name])] - [x0, y0]
        return q[np.argsort(q[:, 0])] if name != "iris" else q

    def curve(q: Floats64) -> Floats64:
        y = np.interp(columns, q[:, 0], q[:, 1]).astype(np.float32)[None]
        return np.asarray(cv2.GaussianBlur(y, (0, 0), 0.03 * width)[0], np.float64)

    upper_points = part("upper")
    left, right = float(upper_points[0, 0]), float(upper_points[-1, 0])
    upper, lower = curve(upper_points), curve(part("lower"))
    lower = np.maximum(lower, upper)
    iris = part("iris")
    centre, radius = _find_iris(
        patch, upper, lower, iris[0], float(np.linalg.norm(iris[1:] - iris[0], axis=1).mean())
    )
    upper, lower = _snap_to_edges(patch, upper, lower, (columns > left) & (columns < right), width,
                         np.abs(columns - centre[0]) < 1.1 * radius)  # fmt: skip
    first, last = upper_points[0], upper_points[-1]
    left = first[0] - _measure_white_beyond(patch, upper, lower, first, -1, width)
    right = last[0] + _measure_white_beyond(patch, upper, lower, last, 1, width)
    upper, lower = _join_at_corners(upper, lower, first, last, left, right, width)
    crease = np.minimum(curve(part("crease")), upper - 0.07 * width)
    return Margins((x0, y0, x1, y1), width, left, right, upper, lower, crease, centre, radius)


def _join_at_corners(
    upper: Floats64,
    lower: Floats64,
    first: Floats64,
    last: Floats64,
    left: float,
    right: float,
    width: float,
) -> tuple[Floats64, Floats64]:
    """Make the margins meet in the corners, and follow the eye's axis outside them."""
    columns = np.arange(len(upper), dtype=np.float64)
    axis = (last[1] - first[1]) / max(last[0] - first[0], 1)
    out: list[Floats64] = []
    for curve in (upper, lower):
        # What was found between the tracker's corners is stretched to the corners of the picture.
        stretched = columns.copy()
        for corner, seen, sign in ((left, first[0], 1), (right, last[0], -1)):
            reach = 0.3 * width
            t = np.clip((columns - corner) * sign / max((seen - corner) * sign + reach, 1), 0, 1)
            near = (columns - corner) * sign < (seen - corner) * sign + reach
            stretched = np.where(near, seen + sign * reach * t, stretched)
        out.append(np.interp(stretched, columns, curve))
    upper, lower = out
    meet = first[1] + axis * (columns - first[0])
    ends = np.minimum(columns - left, right - columns)
    # The corners are sharp: the opening grows at once, and is complete at a fifth of the width.
    meet_near = meet + ((upper + lower) / 2 - meet) * smoothstep_between(0, 0.25 * width, ends)
    share = np.clip(ends / (0.10 * width), 0, 1)
    share = share * (2 - share)
    upper = np.where(ends > 0, meet_near + (upper - meet_near) * share, meet)
    lower = np.where(ends > 0, meet_near + (lower - meet_near) * share, meet)
    return upper, np.maximum(lower, upper)


def _to_smooth_lab(patch: Pixels, width: float) -> Floats32:
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), max(0.5, 0.008 * width)), np.float32)


def _snap_to_edges(
    patch: Pixels, upper: Floats64, lower: Floats64, inside: Mask, width: float, iris: Mask
) -> tuple[Floats64, Floats64]:
    """The lids' margins in the picture: the edge from lashes or skin to the eyeball, and the
    edge from the eyeball to the skin below."""
    lab = _to_smooth_lab(patch, width)
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
    # Above an iris its own rings and highlight are edges too, so the sides of the iris are more
    # reliable.
    trust = np.where(iris, 0.3, 1.0)

    def snap(curve: Floats64, sign: int) -> Floats64:
        rows = curve[:, None] + offsets[None]
        over, below = rows - span, rows + span
        edge = np.maximum(
            sign * (sample_columns(strange, below) - sample_columns(strange, over)), 0
        )
        if sign > 0:
            # The eyeball is brighter than the upper lashes. The lashes' own upper edge, where the
            # skin ends, is stronger, but it is not the margin.
            edge = 0.3 * edge + np.maximum(
                sample_columns(light, below) - sample_columns(light, over), 0
            )
            edge = edge * trust[:, None]
        # Leaving the tracker's line by the whole reach must gain a third of a full edge.
        cost = -edge + 0.33 * (offsets / reach)[None] ** 2
        cost = np.where(inside[:, None], cost, 0.33 * 8 * (offsets / reach)[None] ** 2)
        moved = offsets[find_cheapest_path(cost, 0.10)]
        weight = (inside * (trust if sign > 0 else 1) + 1e-3).astype(np.float32)[None]
        wide = (0, 0), 0.08 * width
        total = cv2.GaussianBlur(moved.astype(np.float32)[None] * weight, *wide)
        return curve + np.asarray(total[0] / cv2.GaussianBlur(weight, *wide)[0], np.float64)

    upper, lower = snap(upper, 1), snap(lower, -1)
    return upper, np.maximum(lower, upper)


def sample_columns(image: npt.NDArray[np.floating], rows: Floats64) -> Floats64:
    """`image` (h, w) at `rows` (w, n), n places in each of its columns."""
    return remap_columns(image.astype(np.float32), rows.T).T.astype(np.float64)


def _measure_white_beyond(
    patch: Pixels, upper: Floats64, lower: Floats64, corner: Floats64, sign: int, width: float
) -> float:
    """How far the white of the eye continues outside the tracker's corner, in pixels."""
    lab = _to_smooth_lab(patch, width)
    yy, xx = np.mgrid[0 : patch.shape[0], 0 : patch.shape[1]].astype(np.float64)
    inward = (corner[0] - xx) * sign
    near = (inward > 0.05 * width) & (inward < 0.22 * width)
    white = near & (yy > upper[None] + 0.04 * width) & (yy < lower[None] - 0.02 * width)
    under = near & (yy > lower[None] + 0.14 * width) & (yy < lower[None] + 0.30 * width)
    if min(white.sum(), under.sum()) < 4:
        return 0.0
    ball, skin = np.median(lab[white], axis=0), np.median(lab[under], axis=0)
    towards = ball[1:] - skin[1:]
    apart = float(towards @ towards)
    # Only a white that is as light as the skin, and 12 levels of Lab away from its colour, can be
    # distinguished from a shaded corner.
    if ball[0] < 0.85 * skin[0] or apart < 12**2:
        return 0.0
    like = (lab[..., 1:] - skin[1:]) @ (towards / apart)
    seen = (like > 0.25) & (lab[..., 0] > 0.72 * ball[0])
    seen &= np.abs(yy - corner[1]) < 0.07 * width
    seen &= (-inward > 0) & (-inward < BEYOND * width)
    there = np.flatnonzero(seen.any(0))
    steps = np.sort((there - corner[0]) * sign)
    reach = 0.0
    for distance in steps:
        if distance > reach + 2:
            break
        reach = float(distance)
    return reach


def _find_iris(
    patch: Pixels, upper: Floats64, lower: Floats64, centre: Floats64, radius: float
) -> tuple[Floats64, float]:
    """The circle whose visible rim is the strongest edge from dark to light (Daugman 1993)."""
    light = cv2.GaussianBlur(
        cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), (0, 0), max(0.6, 0.06 * radius)
    ).astype(np.float32)
    # The sides and the lower part, because lids and lashes are edges as well.
    angles = np.radians(np.r_[np.arange(-25, 66, 7), np.arange(115, 206, 7)])
    shifts = np.linspace(-IRIS_SHIFT, IRIS_SHIFT, 13)
    dx, dy, size = (
        g.ravel() for g in np.meshgrid(shifts, shifts[3:10], np.linspace(*IRIS_SIZE, 13))
    )

    def ring(scale: float) -> tuple[Floats64, Floats64]:
        r = size * scale * radius
        x = centre[0] + dx[:, None] * radius + r[:, None] * np.cos(angles)
        y = centre[1] + dy[:, None] * radius + r[:, None] * np.sin(angles)
        at = np.stack([x, y], -1).astype(np.float32)
        value = cv2.remap(light, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        column = np.clip(np.round(x).astype(int), 0, len(upper) - 1)
        open_ = (y > upper[column] + 0.15 * radius) & (y < lower[column] - 0.05 * radius)
        return np.asarray(value, np.float64), open_.astype(np.float64)

    inner, _ = ring(0.92)
    outer, seen = ring(1.08)
    count = seen.sum(1)
    edge = np.clip(outer - inner, -120, 120)
    score = (edge * seen).sum(1) / np.maximum(count, 1)
    score = np.where(count >= 0.3 * len(angles), score, -np.inf)
    # The tracker is believed unless the picture is clear: 12 levels for the whole reach.
    score = score - 12 * ((dx**2 + dy**2) / IRIS_SHIFT**2 + ((size - 1) / 0.24) ** 2)
    best = int(np.argmax(score))
    if not np.isfinite(score[best]):
        return centre, radius
    return centre + radius * np.array([dx[best], dy[best]]), float(size[best] * radius)
