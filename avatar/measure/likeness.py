"""Whether it is still the same person, and as sharp as the photo.

Both are measured on the face turned upright at a fixed size by its eyes, so that the head's motion
is not taken for a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.measure.features import EYE_CORNERS, RIGID

SIZE: Final = 192  # pixels: about the face in a lecture, never much larger than the source
EYE_DISTANCE: Final = 96.0
# The edge of the inner lips; most photos do not show the teeth and the inside of the mouth.
INNER_LIPS: Final = (
    78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
)  # fmt: skip
LIP_EDGE: Final = 5  # pixels around it that belong to the gap's own edges
# Shape is compared on what neither speech nor blinks move: without brows, lids and mouth.
SHAPE: Final = RIGID


@dataclass(frozen=True, eq=False, slots=True)
class Upright:
    """A face turned upright.

    `luma` is float32 (SIZE, SIZE); `shape` (marks, 2) are its rigid landmarks; `skin` is bool
    (SIZE, SIZE), false between the lips.
    """

    luma: Floats32
    shape: Floats64
    skin: Mask


def turn_upright(pixels: Pixels, points: Floats32) -> Upright:
    """Turn the face of a frame upright, at a fixed place and size."""
    import cv2

    from avatar.images import align_points, warp_grey

    left, right = points[EYE_CORNERS[0], :2], points[EYE_CORNERS[1], :2]
    target = np.array([SIZE / 2, SIZE * 0.36])
    matrix = align_points(left, right, EYE_DISTANCE, (left + right) / 2, target)
    turn, offset = matrix[:, :2], matrix[:, 2]
    luma = warp_grey(pixels, matrix, (SIZE, SIZE))
    shape = points[SHAPE, :2].astype(np.float64) @ turn.T + offset
    lips = points[list(INNER_LIPS), :2].astype(np.float64) @ turn.T + offset
    gap = cv2.fillPoly(np.zeros((SIZE, SIZE), np.uint8), [np.round(lips).astype(np.int32)], 1)
    wide = cv2.dilate(gap, np.ones((2 * LIP_EDGE + 1,) * 2, np.uint8))
    centred = (shape - shape.mean(0)) / EYE_DISTANCE
    return Upright(luma.astype(np.float32), centred, np.asarray(wide == 0))


def sharpness(face: Upright, *, mouth: bool) -> float:
    """Mean absolute Laplacian over the mean luma, around the eyes or around the mouth.

    At the mouth only lips and skin count: teeth that the photo does not show have edges that the
    photo does not have.
    """
    import cv2

    edges = np.abs(cv2.Laplacian(face.luma, cv2.CV_32F))
    rows = slice(112, 176) if mouth else slice(40, 104)
    part = (rows, slice(48, 144))
    skin = face.skin[part]
    return float(edges[part][skin].mean() / max(float(face.luma[part][skin].mean()), 1.0))


def shape_distance(face: Upright, photo: Upright) -> float:
    """Root mean square distance of the rigid landmarks from the photo's, in eye distances."""
    return float(np.sqrt(np.mean(((face.shape - photo.shape) ** 2).sum(1))))


def similarity(face: Upright, photo: Upright) -> float:
    """SSIM (Wang et al. 2004, Gaussian window of sigma 1.5) in the band from brows to nose."""
    import cv2

    x, y = face.luma, photo.luma

    def mean(image: Floats32) -> Floats32:
        return np.asarray(cv2.GaussianBlur(image, (11, 11), 1.5))

    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx**2, mean(y * y) - my**2, mean(x * y) - mx * my
    ssim = ((2 * mx * my + c1) * (2 * cov + c2)) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return float(ssim[36:116, 36:156].mean())
