"""The face tracker: a photo becomes the landmarks of the faces in it.

The tracker is MediaPipe's face mesh with irises (478 points), whose models are part of its wheel.
It runs on still pictures, so that the same pixels always give the same face.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from avatar.arrays import Floats64, Pixels
from avatar.face.geometry import distance
from avatar.face.mediapipe_log import silence_mediapipe

# Landmarks of the face and of its mirror image, in widths of the face: on a real face they agree
# within .03; they differ by more than .15 if one of the two is not a face or is upside down.
MAX_MIRROR: Final = 0.10
# Corners of eyes and mouth, nose and chin; and the landmarks at their places in a mirror.
PAIRED: Final = (33, 263, 61, 291, 1, 152)
MIRRORED: Final = (263, 33, 291, 61, 1, 152)


def find_landmarks(pixels: Pixels) -> list[Floats64]:
    """The (478, 3) landmarks of every face, in pixels, in no particular order.

    A face must be found again in its mirrored close-up: the detector sees faces in fur and foliage,
    but not from both sides.
    """
    found = [points for points in _find_candidates(pixels) if _is_confirmed(points, pixels)]
    if len(found) == 1:
        found += _find_overlooked(pixels, found[0])
    return found


def _find_overlooked(pixels: Pixels, points: Floats64) -> list[Floats64]:
    """Find faces to the left and right of the one that was found.

    The detector may overlook a second face that it finds at once in a picture of its own.
    """
    low, high = points[:468, 0].min(), points[:468, 0].max()
    found = []
    for start, end in ((0, int(low)), (int(np.ceil(high)), pixels.shape[1])):
        start, end = max(start, 0), min(end, pixels.shape[1])
        if end - start > 0.8 * (high - low):
            side = np.ascontiguousarray(pixels[:, start:end])
            found += [
                p + np.array([start, 0, 0]) for p in _run_mesh(side) if _is_confirmed(p, side)
            ]
    return found


def _is_confirmed(points: Floats64, pixels: Pixels) -> bool:
    centre = points[:468, :2].mean(0)
    side = round(2.2 * float(np.ptp(points[:468, :2], axis=0).max()) / 2)
    x, y = (round(float(v)) for v in centre)
    padded = np.pad(pixels, ((side, side), (side, side), (0, 0)), mode="edge")
    close = padded[y : y + 2 * side, x : x + 2 * side]
    width = max(distance(points, 234, 454), 1.0)
    here = points[list(PAIRED), :2] - [x - side, y - side]
    for mirrored in _run_mesh(close[:, ::-1]):
        back = mirrored[list(MIRRORED), :2] * [-1, 1] + [2 * side, 0]
        if np.hypot(*(back - here).T).mean() < MAX_MIRROR * width:
            return True
    return False


def _find_candidates(pixels: Pixels) -> list[Floats64]:
    """Find faces, also in a second and third attempt.

    The detector misses faces that fill the picture or are small in it. So a miss is tried again
    with a border, and then in overlapping parts.
    """
    height, width = pixels.shape[:2]
    found = _run_mesh(pixels)
    if found:
        return found
    pad = max(height, width) // 4
    padded = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    found = [points - [pad, pad, 0] for points in _run_mesh(padded)]
    if found:
        return found
    side = int(min(height, width) * 0.66)
    for y in (0, height - side):
        for x in (0, (width - side) // 2, width - side):
            found = [p + np.array([x, y, 0]) for p in _run_mesh(pixels[y : y + side, x : x + side])]
            if found:
                return found
    return []


def _run_mesh(pixels: Pixels) -> list[Floats64]:
    height, width = pixels.shape[:2]
    with silence_mediapipe():
        import mediapipe

        with mediapipe.solutions.face_mesh.FaceMesh(
            static_image_mode=True,
            max_num_faces=4,
            refine_landmarks=True,
            min_detection_confidence=0.4,
        ) as mesh:
            result: Any = mesh.process(np.ascontiguousarray(pixels))
    return [
        np.array([(p.x * width, p.y * height, p.z * width) for p in face.landmark], np.float64)
        for face in result.multi_face_landmarks or ()
    ]
