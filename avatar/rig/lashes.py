"""Removes the upper lashes from the photo: the light that they let through, and the lid without
them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.images import compute_luma, fill_unknown, remap_columns, to_bytes, unroll
from avatar.mathematics import smoothstep_between
from avatar.opencv import cv2
from avatar.rig.margins import Margins

# Rows of the lash strip above and below the margin, as shares of the eye's width: lashes are a
# third of it long, and foreshortened to half of that.
ABOVE: Final = 0.26
BELOW: Final = 0.04
# The line is darker than the lid by more than this, or the picture shows no lashes but only the
# edge of the lid.
CONTRAST: Final = (0.30, 0.50)
DARKEST: Final = 0.02
# The slope of hairs, sideways over upwards, in the corners and in the middle.
LEANS: Final = (-0.9, -0.45, 0.0, 0.45, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Lashes:
    """Lashes and the lid without them.

    `through` (rows, w, 3), 0..1, is the light that the lashes let through, in rows around the
    margin, `above` of them over it, for each column of the eye's patch. `skin` (h, w, 3), 0..255,
    is the patch without lashes, with lid instead of the eyeball below.
    """

    through: Floats32
    above: int
    skin: Floats32


def remove_lashes(image: Floats32, base: Floats32, crease: Floats64, m: Margins) -> Lashes:
    """Remove the lashes. `base` is the skin around the eye, continued over it; `crease` is the
    row of the fold above the lid for each column."""
    w = m.width
    above, below = max(3, round(ABOVE * w)), max(2, round(BELOW * w))
    strip, plain = unroll(image, m.upper, above, below), unroll(base, m.upper, above, below)
    x = np.arange(strip.shape[1], dtype=np.float64)
    height = -np.arange(-above, below + 1, dtype=np.float64)[:, None]
    out = np.maximum(m.left - x, x - m.right)
    # Towards the corners the crease comes down to the margin, and the lashes cover it.
    gap = np.maximum(m.upper - crease, 0.10 * w).astype(np.float32)[None]
    gap = cv2.dilate(gap, np.ones((1, 2 * round(0.2 * w) + 1), np.uint8))
    # Neither the crease above, nor a brow, nor anything far outside the corners.
    window = (1 - smoothstep_between(0.50, 0.80, height / gap)) * (
        1 - smoothstep_between(0.17 * w, 0.24 * w, height)
    )
    window = window * (1 - smoothstep_between(0.08 * w, 0.26 * w, out))
    relative = compute_luma(strip) / np.maximum(compute_luma(plain), 1)
    line = (height > 0) & (height < 0.06 * w) & (out < -0.1 * w)
    darkest = float(np.percentile((1 - relative)[line], 90)) if line.any() else 0.0
    strength = float(smoothstep_between(*CONTRAST, darkest))

    dark = np.clip((1 - relative - 0.1) / max(darkest - 0.1, 0.1), 0, 1) * window
    dark = smoothstep_between(0.12, 0.35, _keep_connected(dark, above, w)) * strength
    hidden = np.maximum(dark, (height < 0.01 * w) & (out < 0))
    size = 2 * max(1, round(0.03 * w)) + 1
    hidden = cv2.dilate(hidden.astype(np.float32), np.ones((size, size), np.uint8))
    hidden = np.clip(1.8 * cv2.GaussianBlur(hidden, (0, 0), max(0.6, 0.025 * w)), 0, 1)
    # What shines between the lashes is the lid itself.
    hidden = hidden * (1 - smoothstep_between(0.95, 1.15, relative) * (height > 0.02 * w))

    # Under the lashes the skin continues as the lid is above them, but without what glitters on it.
    known = (hidden < 0.1) & (height > 0) & (relative < 1.2)
    skin = fill_unknown(to_bytes(strip), known) if known.sum() > 12 else to_bytes(plain)
    skin = cv2.GaussianBlur(skin.astype(np.float32), (0, 0), max(0.6, 0.02 * w))
    # Below the margin only the eyeball is covered.
    hidden = (hidden * np.where(height > 0, 1, 1 - smoothstep_between(-0.03 * w, 0.03 * w, out)))[
        ..., None
    ]
    lid = strip + (skin - strip) * hidden
    held = np.clip(1 - strip / np.maximum(lid, 1), 0, 1 - DARKEST)
    # Hair is nearly colourless; a tint comes mostly from the white or the iris behind it.
    held = held.min(-1, keepdims=True) * 0.75 + held * 0.25
    held = held * (smoothstep_between(-0.012 * w, 0.006 * w, height) * strength)[..., None]
    clean = _roll_back(np.dstack([skin, hidden]), image, m.upper, above)
    return Lashes((1 - held).astype(np.float32), above, clean)


def _keep_connected(dark: Floats64, above: int, width: float) -> Floats64:
    """What continues upwards from the margin without a gap, straight or at a slant, since hairs
    lean."""
    rows, columns = dark.shape
    near = max(1, round(0.03 * width))
    out = np.zeros_like(dark)
    for lean in LEANS:
        # The columns of the sheared strip run along the hairs; between two hairs there is no hair.
        shear = np.array([[1, lean, -lean * above], [0, 1, 0]], np.float32)
        strip = cv2.warpAffine(dark.astype(np.float32), shear, (columns, rows))
        soft = cv2.GaussianBlur(
            strip, (0, 0), sigmaX=max(0.6, 0.03 * width), sigmaY=max(0.4, 0.008 * width)
        )
        soft[: above - near + 1] = np.minimum.accumulate(soft[above - near :: -1], axis=0)[::-1]
        back = cv2.invertAffineTransform(shear)
        out = np.maximum(out, cv2.warpAffine(soft, back, (columns, rows)))
    return np.minimum(dark, 1.7 * out)


def _roll_back(strip: Floats64, image: Floats32, curve: Floats64, above: int) -> Floats32:
    """Lay the strip's colours over the image, as far as its last channel says."""
    rows = np.arange(len(image), dtype=np.float32)[:, None] - curve[None] + above
    back = remap_columns(strip.astype(np.float32), rows, cv2.INTER_LINEAR)
    return np.asarray(image + (back[..., :3] - image) * back[..., 3:] * (rows > 0)[..., None],
                      np.float32)  # fmt: skip
