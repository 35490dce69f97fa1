"""Crops the photo: head and shoulders in the frame, the eyes at two fifths of its height."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.face import Face
from avatar.images import to_bytes
from avatar.opencv import cv2

# Hairline to chin as a share of the frame's height (or of 1.05 widths, in narrow frames). With it,
# a head with hair takes two thirds of the height and an adult's mouth about an eighth of the width.
FACE_SHARE: Final = {"bust": 0.44, "close": 0.56}
EYE_LINE: Final = 0.42
# A photo that is tighter than the crop is first shown larger, up to this factor; what is still
# missing is painted.
MAX_ZOOM: Final = 1.45


def frame_photo(
    pixels: Pixels, face: Face, size: tuple[int, int], framing: str
) -> tuple[Pixels, Floats32, Floats32, float]:
    """Crop and scale to `size` (w, h).

    Returns the crop, its landmarks (478, 3), its matte, and the scale in frame pixels for each
    photo pixel.
    """
    width, height = size
    photo_height, photo_width = pixels.shape[:2]
    tall = float(np.hypot(*(face.points[10, :2] - face.points[152, :2])))
    scale = FACE_SHARE[framing] * min(height, 1.05 * width) / tall
    fit = max(width / photo_width, height / photo_height)
    scale = max(scale, min(fit, scale * MAX_ZOOM))
    crop_w, crop_h = width / scale, height / scale
    eyes = (face.points[468, :2] + face.points[473, :2]) / 2
    middle = face.points[:468, :2].mean(0)
    x0 = 0.5 * (eyes[0] + middle[0]) - crop_w / 2
    y0 = eyes[1] - EYE_LINE * crop_h
    x0 = _clamp_start(x0, crop_w, photo_width)
    if face.matte[: max(2, photo_height // 100)].max() > 0.5:
        y0 = max(y0, 0.0)  # hair that the photo cuts off cannot be continued, so it ends here
    y0 = _clamp_start(y0, crop_h, photo_height) if crop_h <= photo_height else y0

    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LANCZOS4
    left, top = max(0, round(-x0)), max(0, round(-y0))
    right = max(0, round(x0 + crop_w) - photo_width)
    bottom = max(0, round(y0 + crop_h) - photo_height)
    matte = face.matte
    if left or top or right or bottom:
        pixels = _extend(pixels, left, top, right, bottom)
        matte = cv2.copyMakeBorder(matte, top, bottom, left, right, cv2.BORDER_REPLICATE)
    xa, ya = round(x0 + left), round(y0 + top)
    xb, yb = round(x0 + left + crop_w), round(y0 + top + crop_h)
    xa, ya = max(xa, 0), max(ya, 0)
    part, part_matte = pixels[ya:yb, xa:xb], matte[ya:yb, xa:xb]
    crop = cv2.resize(part, (width, height), interpolation=flags)
    soft = cv2.resize(part_matte, (width, height), interpolation=cv2.INTER_LINEAR)
    kx, ky = width / part.shape[1], height / part.shape[0]
    offset = np.array([xa - left, ya - top])
    points = np.empty((478, 3), np.float32)
    # A pixel's centre is at +.5 in the tracker's continuous coordinates, and at the integer in
    # ours.
    points[:, :2] = (face.points[:, :2] - offset) * [kx, ky] - 0.5
    points[:, 2] = face.points[:, 2] * kx
    return crop, points, np.clip(soft, 0, 1).astype(np.float32), float(kx)


def _clamp_start(start: float, length: float, limit: int) -> float:
    if length <= limit:
        return float(np.clip(start, 0, limit - length))
    return float(np.clip(start, limit - length, 0))


def _extend(pixels: Pixels, left: int, top: int, right: int, bottom: int) -> Pixels:
    """Paint a border that continues the photo: its edge, more and more blurred towards the
    outside."""
    height, width = pixels.shape[:2]
    border = (top, bottom, left, right)
    edge = cv2.copyMakeBorder(pixels, *border, cv2.BORDER_REPLICATE).astype(np.float32)
    inside = np.zeros(edge.shape[:2], np.uint8)
    inside[top : top + height, left : left + width] = 1
    away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)
    reach = max(left, top, right, bottom)
    soft = edge.copy()
    blurred = edge
    for sigma in (2, 4, 8, 16):
        spread = sigma * max(1.0, reach / 60)
        blurred = _soften(blurred, spread)
        mix = np.clip(away / (spread * 1.5), 0, 1)[..., None]
        soft += (blurred - soft) * mix
    soft[top : top + height, left : left + width] = pixels
    return to_bytes(soft)


def _soften(image: Floats32, sigma: float) -> Floats32:
    """A Gaussian blur on a smaller copy: with a wide one nothing is lost, and much time saved."""
    factor = max(1, int(sigma / 3))
    height, width = image.shape[:2]
    size = (max(width // factor, 1), max(height // factor, 1))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))
