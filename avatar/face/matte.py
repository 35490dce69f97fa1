"""The person segmenter: which pixels of a photo belong to the person.

It is MediaPipe's selfie segmentation, whose model is part of its wheel.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Pixels
from avatar.face.mediapipe_log import silence_mediapipe

# How many faces wide and high the part of the picture is that the segmenter is shown.
SEGMENT_FACES: Final = 7.0


def find_matte(pixels: Pixels, points: Floats64) -> Floats32:
    """The matte of the person, float32 (H, W), 1 where the person is.

    The segmenter sees 256 pixels a side, so if the face is small in the picture, only the part
    around it is shown to it.
    """
    low, high = points[:468, :2].min(0), points[:468, :2].max(0)
    middle, reach = (low + high) / 2, SEGMENT_FACES / 2 * float((high - low).max())
    x0, y0 = np.maximum(np.floor(middle - reach).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(middle + reach).astype(int), pixels.shape[1::-1])
    matte = np.zeros(pixels.shape[:2], np.float32)
    matte[y0:y1, x0:x1] = _run_segmenter(pixels[y0:y1, x0:x1])
    return matte


def _run_segmenter(pixels: Pixels) -> Floats32:
    with silence_mediapipe():
        import mediapipe

        with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(
            model_selection=0
        ) as segmenter:
            result: Any = segmenter.process(np.ascontiguousarray(pixels))
    return np.asarray(result.segmentation_mask, np.float32)
