"""Is there a gap between the lips? The pixels are asked, because the trackers miss a small one.

Both meshes were trained on faces whose lips are closed or clearly open: they read a dark gap of a
twentieth of the eye distance, a bilabial that anyone would misread, as closed. So the luma is read
down the middle of the lips, and a gap is what is darker than lips are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatar.measure.features import EYES, MOUTH

LIP_EDGES: Final = (0, 17)  # upper and lower, where red meets skin
SAMPLES: Final = 64  # down the lips: a gap of 1/64 of their height is under a pixel in any video
COLUMNS: Final = (-0.12, -0.06, 0.0, 0.06, 0.12)  # across, in mouth widths
# Closed lips have a dark line between them. A gap is this much wider than the line at rest, in
# eye distances: 1.5 px on a face of 150, about the least that a viewer sees.
SLACK: Final = 0.01


def seam(pixels: NDArray[np.uint8], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """(len(COLUMNS), SAMPLES) luma down the lips of one frame; NaN without a face."""
    import cv2

    if not np.isfinite(points[0, 0]):
        return np.full((len(COLUMNS), SAMPLES), np.nan, np.float32)
    top, bottom = points[LIP_EDGES[0], :2], points[LIP_EDGES[1], :2]
    across = points[MOUTH[1], :2] - points[MOUTH[0], :2]
    down = np.linspace(0, 1, SAMPLES, dtype=np.float32)[None, :, None]
    place = top + down * (bottom - top) + np.array(COLUMNS, np.float32)[:, None, None] * across
    low = np.maximum(np.floor(place.min((0, 1))).astype(int) - 1, 0)
    high = np.ceil(place.max((0, 1))).astype(int) + 2
    part = pixels[low[1] : high[1], low[0] : high[0]]
    if not part.size:
        return np.full((len(COLUMNS), SAMPLES), np.nan, np.float32)
    grey = part.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    x, y = (np.ascontiguousarray(place[..., k] - low[k], np.float32) for k in (0, 1))
    lips = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(lips, np.float32)


def gaps(
    seams: NDArray[np.float32], points: NDArray[np.float32], still: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """How wide the dark between the lips is beyond the line at rest, per frame, eye distances.

    Darker than half way from the lips' own luma, at rest, to the darkest that the mouth ever shows
    is gap. Below `SLACK` the lips meet.
    """
    known = np.isfinite(points[:, 0, 0])
    result = np.full(len(points), np.nan)
    if not known.any():
        return result
    calm = known & still if (known & still).any() else known
    lips = float(np.nanmedian(seams[calm]))
    dark = float(np.nanpercentile(seams[known], 2))
    height = np.linalg.norm(points[:, LIP_EDGES[1], :2] - points[:, LIP_EDGES[0], :2], axis=1)
    eyes = float(
        np.median(np.linalg.norm(points[known, EYES[1], :2] - points[known, EYES[0], :2], axis=1))
    )
    below = (seams < (lips + dark) / 2).mean(2)
    width = np.median(below, axis=1) * height / eyes
    result[known] = width[known] - np.median(width[calm])
    return result
