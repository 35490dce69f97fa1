"""Operations on pictures that several parts of the portrait use."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.opencv import cv2

Points = npt.NDArray[np.floating]


def compute_luma(image: Floats32) -> Floats32:
    """The luma (h, w) of an RGB picture (h, w, 3)."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.float32)


def to_bytes(image: npt.NDArray[np.floating]) -> Pixels:
    """A picture of 0..255 rounded to whole levels."""
    return np.asarray(np.clip(image + 0.5, 0, 255).astype(np.uint8), np.uint8)


def remap_columns(
    image: Floats32, rows: npt.NDArray[np.floating], interpolation: int = cv2.INTER_LINEAR
) -> Floats32:
    """`image` at `rows` (n, w) of each of its own w columns; its edges are repeated outside."""
    x, y = np.broadcast_arrays(np.arange(rows.shape[1], dtype=np.float32), rows.astype(np.float32))
    return np.asarray(
        cv2.remap(
            image, np.ascontiguousarray(x), np.ascontiguousarray(y), interpolation,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )  # fmt: skip


def unroll(image: Floats32, curve: Floats64, above: int, below: int) -> Floats32:
    """The strip of rows from `above` over a curve to `below` under it, for each column."""
    rows = np.arange(-above, below + 1, dtype=np.float32)[:, None] + curve[None]
    return remap_columns(image, rows, cv2.INTER_CUBIC)


def align_points(
    left: Points, right: Points, length: float, anchor: Points, target: Points
) -> Floats64:
    """The matrix (2, 3) that lays the line from `left` to `right` level, `length` pixels long.

    The point `anchor` goes to `target`. Points are (x, y) in pixels.
    """
    across = (right - left) * length / float(((right - left) ** 2).sum())
    turn = np.array([[across[0], across[1]], [-across[1], across[0]]], np.float64)
    return np.column_stack([turn, target - turn @ anchor])


def warp_grey(pixels: Pixels, matrix: Floats64, size: tuple[int, int]) -> Pixels:
    """The brightness of a picture under an affine map that turns and scales; `size` is (w, h)."""
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    # INTER_AREA does nothing in warpAffine: without a blur beforehand, aliasing would be detail.
    shrink = float(np.hypot(*matrix[0, :2]))
    if shrink < 0.7:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.45 / shrink)
    return np.asarray(
        cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    )


def apply_guided_filter(guide: Floats32, mask: Floats32, radius: int, epsilon: float) -> Floats32:
    """The mask with the guide's edges (He, Sun & Tang 2010)."""

    def mean(x: npt.NDArray[Any]) -> Floats32:
        return np.asarray(cv2.blur(x, (2 * radius + 1, 2 * radius + 1)), np.float32)

    mean_guide, mean_mask = mean(guide), mean(mask)
    a = (mean(guide * mask) - mean_guide * mean_mask) / (
        mean(guide * guide) - mean_guide * mean_guide + epsilon
    )
    smooth = mean(a) * guide + mean(mean_mask - a * mean_guide)
    return np.asarray(np.clip(smooth, 0, 1), np.float32)


def fill_unknown(image: Pixels, known: Mask) -> Pixels:
    """Fill what is not `known` smoothly from what is, by pull and push over a pyramid."""
    levels = []
    weight = known.astype(np.float32)
    colour = image.astype(np.float32) * weight[..., None]
    while min(weight.shape) > 3:
        levels.append((colour, weight))
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        colour = cv2.resize(colour, size, interpolation=cv2.INTER_AREA)
        weight = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
        grown = np.minimum(1, 4 * weight) / np.maximum(weight, 1e-6)
        colour, weight = colour * grown[..., None], weight * grown
    total = max(float(weight.sum()), 1e-6)
    average = colour.sum((0, 1)) / total
    current = colour + average * (1 - np.minimum(weight, 1))[..., None]
    for colour, weight in reversed(levels):
        size = (weight.shape[1], weight.shape[0])
        up = cv2.resize(current, size, interpolation=cv2.INTER_LINEAR)
        current = colour + up * (1 - weight)[..., None]
    return to_bytes(current)
