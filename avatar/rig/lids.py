"""The upper lid: the fold above it, and its skin when the eye is shut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.images import compute_luma, fill_unknown, remap_columns, to_bytes, unroll
from avatar.mathematics import LUMA, find_cheapest_path, smoothstep_between, solve_least_squares
from avatar.opencv import cv2
from avatar.rig.lashes import Lashes, remove_lashes
from avatar.rig.margins import Margins, sample_columns

# The width of an eye, in pixels, at which its smooth skin is computed.
COARSE: Final = 32
# On a shut eye, the hollow above the lid continues below the crease for this share of the eye's
# width; and the limits of the logarithm of its brightness against the skin around.
HOLLOW_DEPTH: Final = 0.30
HOLLOW: Final = (-0.9, 0.3)
# How far the shut lid's brightness moves from that of the visible lid to that of the skin above it,
# and then to that below; and how much of the visible lid's own hue it keeps.
AROUND_SHARE: Final = (0.25, 0.35)
OWN_HUE: Final = 0.35
# Height of the closed lid's bulge over its half width. A ball of 12 mm radius under a lid that is
# 30 mm wide would have .5, but the lid's tissue fills the hollow around it.
BULGE: Final = 0.18


@dataclass(frozen=True, slots=True, eq=False)
class Lid:
    """`shut` (h, w, 3), 0..255, is the skin over the closed eye. `fold` (h, w) is 1 where the
    skin is above `crease`, and 0 where it belongs to the lid."""

    crease: Floats64
    fold: Floats32
    lashes: Lashes
    shut: Floats32


def make_lid(patch: Pixels, m: Margins, light: Floats64) -> Lid:
    """Make the lid of one eye; `light` comes from `avatar.rig.light.estimate_light`."""
    image = patch.astype(np.float32)
    crease = _find_crease(image, m)
    lashes = remove_lashes(image, _stretch_skin(image, m), crease, m)
    base = _stretch_skin(image, m, _find_visible_colour(lashes.skin, crease, m))
    shut = _make_shut_lid(lashes.skin, base, crease, m, light) + _copy_texture(
        image, base, crease, m
    )
    return Lid(crease, _make_fold(crease, m), lashes, np.clip(shut, 0, 255).astype(np.float32))


def _make_axes(m: Margins) -> tuple[Floats64, Floats64, Floats64]:
    """Rows (h, 1), columns (w,), and how far each column is outside the corners."""
    x = np.arange(m.box[2] - m.box[0], dtype=np.float64)
    return (
        np.arange(m.box[3] - m.box[1], dtype=np.float64)[:, None],
        x,
        np.maximum(m.left - x, x - m.right),
    )


def _find_visible_colour(skin: Floats32, crease: Floats64, m: Margins) -> Floats32:
    """The colour of the visible part of the lid in each column, (w, 3)."""
    share = np.linspace(0.35, 0.85, 8)[None]
    rows = crease[:, None] + share * np.maximum(m.upper - crease, 0)[:, None]
    at = [np.median(sample_columns(skin[..., k], rows), axis=1) for k in range(3)]
    inside = (m.span > 0.02 * m.width).astype(np.float32)[:, None]
    seen = np.stack(at, axis=-1).astype(np.float32) * inside
    sigma = 0.12 * m.width
    total, weight = (_blur(a[None], sigma, 1e-3)[0] for a in (seen, inside))
    return np.asarray(total / np.maximum(weight, 1e-4).reshape(-1, 1), np.float32)


def _stretch_skin(image: Floats32, m: Margins, visible: Floats32 | None = None) -> Floats32:
    """Skin stretched from above the crease to below the lower lashes, as if there were no eye.

    With `visible`, it has the colour of the visible lid, drawn out over the part that is folded
    away.
    """
    y, x, out = _make_axes(m)
    w = m.width
    light = compute_luma(image)
    above = (y < m.crease - 0.04 * w) & (y > m.crease - 0.20 * w)
    below = (y > m.lower + 0.12 * w) & (y < m.lower + 0.34 * w)
    sides = (out > 0.06 * w) & (y > m.crease - 0.1 * w) & (y < m.lower + 0.2 * w)
    known = np.zeros(light.shape, bool)
    for part in (above, below, sides & (x < m.left), sides & (x > m.right)):
        if part.sum() >= 8:
            # Brow, lashes and hair are darker than the skin around them.
            known |= part & (light > 0.72 * np.median(light[part]))
    seen = cv2.erode(known.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    if seen.sum() < 12:  # a tiny picture: everything that is not the eye
        seen = ((y < m.crease) | (y > m.lower + 0.1 * w) | (out > 0)).astype(np.float32)
    if visible is not None:
        lid = _choose_lid_colour(image, known & above, known & below, visible)
        # The lid's middle; from there it blends into the surrounding skin on every side.
        eye = (y > m.upper + 0.5 * m.span) & (y < m.lower) & (out < -0.25 * (m.right - m.left))
        image = np.where(eye[..., None], lid[None], image).astype(np.float32)
        seen = np.where(below, 0, np.maximum(seen, eye)).astype(np.float32)
    # The result is smooth, so a coarse picture of it is enough.
    size = image.shape[1], image.shape[0]
    coarse = tuple(max(8, round(n * min(1.0, COARSE / w))) for n in size)
    weight = cv2.resize(seen, coarse, interpolation=cv2.INTER_AREA)
    colour = cv2.resize(image * seen[..., None], coarse, interpolation=cv2.INTER_AREA)
    unit = w * coarse[0] / size[0]
    smooth = _blur(colour, 0.05 * unit) / np.maximum(_blur(weight, 0.05 * unit), 1e-4)[..., None]
    pinned = weight > 0.5
    full = fill_unknown(to_bytes(smooth), pinned).astype(np.float32)
    for _ in range(12):  # relax towards the surface of least tension
        full = _blur(full, 0.07 * unit)
        full[pinned] = smooth[pinned]
    full = _blur(full, 0.03 * unit)
    return np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _choose_lid_colour(image: Floats32, over: Mask, under: Mask, visible: Floats32) -> Floats32:
    """The shut lid's colour in each column: between that of the visible lid and that of the skin
    around, with which it becomes level."""
    skin = image[over | under]
    if over.sum() < 8 or under.sum() < 8:
        return visible
    bright = _compute_luma(visible)
    around = [float(np.median(_compute_luma(image[part]))) for part in (over, under)]
    for level, share in zip(around, AROUND_SHARE, strict=True):
        bright = bright ** (1 - share) * max(level, 1) ** share
    # Skin in shade is redder than skin in light: use the skin's own curve, with a little of the
    # colour on the lid.
    light = np.log(np.maximum(_compute_luma(skin), 1))
    fit = np.column_stack([np.ones_like(light), light])
    curve = solve_least_squares(fit, np.log(np.maximum(skin, 1)), np.ones(len(fit)))
    inner = np.clip(np.log(np.maximum(bright, 1)), *np.percentile(light, (5, 95)))
    tone = np.exp(curve[0] + inner[:, None] * curve[1])
    mixed = (1 - OWN_HUE) * tone / np.maximum(_compute_luma(tone), 1)[:, None]
    mixed = mixed + OWN_HUE * visible / np.maximum(_compute_luma(visible), 1)[:, None]
    return np.asarray(mixed * bright[:, None], np.float32)


def _compute_luma(colour: npt.NDArray[np.floating]) -> Floats32:
    return np.asarray(colour @ LUMA, np.float32)


def _blur(image: Floats32, sigma: float, down: float | None = None) -> Floats32:
    return np.asarray(
        cv2.GaussianBlur(
            image, (0, 0), sigmaX=sigma, sigmaY=sigma if down is None else down,
            borderType=cv2.BORDER_REPLICATE,
        )
    )  # fmt: skip


def _find_crease(image: Floats32, m: Margins) -> Floats64:
    """The rows of the fold above the lid: a dark line near the tracker's curve, or that curve
    itself."""
    w = m.width
    reach = max(2, round(0.08 * w))
    soft = _blur(compute_luma(image), 0.05 * w, max(0.5, 0.012 * w))
    strip = unroll(soft, m.crease, 2 * reach, 2 * reach).astype(np.float64)
    d = max(1, round(0.045 * w))
    valley = np.zeros_like(strip)
    valley[d:-d] = np.minimum(strip[: -2 * d], strip[2 * d :]) - strip[d:-d]
    offset = np.arange(-2 * reach, 2 * reach + 1, dtype=np.float64)[:, None]
    depth = valley / np.maximum(strip, 16)
    # Lashes are a dark line as well, so the fold is not looked for as near to the margin as they
    # usually reach.
    taken = (offset + m.crease > m.upper - 0.06 * w) | (np.abs(offset) > 1.5 * reach)
    cost = np.where(taken, 1.0, -depth + 0.02 * (offset / reach) ** 2)
    path = find_cheapest_path(cost.T, 0.02 * (8 / reach) ** 2)
    # Only a line that is darker than its sides by a twentieth is a fold.
    found = np.clip(depth[path, np.arange(strip.shape[1])] / 0.05, 0, 1)
    moved = (found * offset[path, 0]).astype(np.float32)
    return np.asarray(m.crease + _blur(moved[None], 0.06 * w, 1e-3)[0], np.float64)


def _make_fold(crease: Floats64, m: Margins) -> Floats32:
    y, _, _ = _make_axes(m)
    near = np.minimum(0.07 * m.width, 0.7 * np.maximum(m.upper - crease, 2))
    return (1 - smoothstep_between(0.2, 1.0, (y - crease) / near)).astype(np.float32)


def _make_shut_lid(
    skin: Floats32, base: Floats32, crease: Floats64, m: Margins, light: Floats64
) -> Floats32:
    """The shut lid, without a border to the photo's skin, lit like the eyeball beneath it."""
    y, _, out = _make_axes(m)
    w = m.width
    inside = 1 - smoothstep_between(0.0, 0.16 * w, out)
    ratio = np.log(np.maximum(skin, 4)) - np.log(np.maximum(base, 4))
    # Above the crease the photo stays as it is; below, its hollow ends softly.
    keep = 1 - smoothstep_between(-0.06 * w, 0.04 * w, y - crease) * inside
    rows = crease[None] - np.linspace(0.005, 0.07, 5)[:, None] * w
    hollow = np.median(remap_columns(ratio.astype(np.float32), rows, cv2.INTER_LINEAR), axis=0)
    hollow = np.clip(_blur(hollow[None], 0.06 * w, 1e-3)[0], *HOLLOW)
    depth = (1 - smoothstep_between(0.0, HOLLOW_DEPTH * w, y - crease)) * (1 - keep)
    log = ratio * keep[..., None] + hollow[None] * depth[..., None]
    lit = 1 + (_light_dome(m, light) - 1) * (1 - keep)
    made = base * np.exp(log) * lit[..., None]
    return np.where((keep < 1)[..., None], made, skin).astype(np.float32)


def _light_dome(m: Margins, light: Floats64) -> Floats64:
    """Brightness of a dome over the eye, compared with that of flat skin."""
    y, x, out = _make_axes(m)
    middle, half = (m.left + m.right) / 2, 0.56 * (m.right - m.left)
    central = out < -0.2 * m.width
    top = float(np.median(m.crease[central])) if central.any() else float(m.crease.min())
    bottom = float(m.lower.max()) + 0.06 * m.width
    tall = max((bottom - top) * 0.62, 1)
    u, v = (x[None] - middle) / half, (y - (top + bottom) / 2) / tall
    # z = BULGE · half · (1 - ρ²)²: level at its top and at its rim.
    slope = 4 * BULGE * (1 - np.clip(u * u + v * v, 0, 1))
    nx, ny = slope * u, slope * v * half / tall
    lit = (1 + light[0] * nx + light[1] * ny) / np.sqrt(1 + nx * nx + ny * ny)
    return np.asarray(0.5 + 0.5 * lit)


def _copy_texture(image: Floats32, base: Floats32, crease: Floats64, m: Margins) -> Floats32:
    """The fine texture of the skin below the eye, mirrored up over the lid."""
    y, _, out = _make_axes(m)
    w = m.width
    soft = cv2.GaussianBlur(image, (0, 0), max(0.9, 0.02 * w))
    fine = image / np.maximum(soft, 4) - 1
    axis = (m.lower + 0.16 * w)[None]
    deep = max(len(image) - 2 - float(axis.max()), 2.0)
    # Go up and down through the rows that there are.
    t = np.mod(axis - y, 2 * deep)
    moved = remap_columns(fine, axis + np.minimum(t, 2 * deep - t), cv2.INTER_NEAREST)
    # Leave out the lashes and lines that are in it.
    limit = 2.5 * float(np.median(np.abs(moved)))
    lid = smoothstep_between(-0.02 * w, 0.06 * w, y - crease) * (
        1 - smoothstep_between(0, 0.16 * w, out)
    )
    return (base * np.clip(moved, -limit, limit) * lid[..., None]).astype(np.float32)
