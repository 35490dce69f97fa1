"""A photo becomes one face, with landmarks and matte, and is judged: what is refused, and why."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Pixels
from avatar.errors import PhotoError
from avatar.face.geometry import Face, distance, head_angles
from avatar.face.judgement import MIN_FACE_PX, Measurement, judge_face
from avatar.face.landmarks import find_landmarks
from avatar.face.matte import find_matte

# Raised whenever another face would be found in the same photo.
VERSION: Final = 2

# The pitch that the tracker gives a level face, in degrees.
_LEVEL: Final = -4.0

__all__ = ["VERSION", "Face", "Measurement", "check_photo", "find_face", "judge_face"]


def find_face(pixels: Pixels) -> Face:
    """The one face of an RGB photo, uint8 (H, W, 3). PhotoError: no such picture, no face, or
    several."""
    _check_picture(pixels)
    found = find_landmarks(pixels)
    if not found:
        raise PhotoError(
            "No human face was found in the photo (0 faces, 1 is needed).",
            remedy="Give a photo that shows one face from the front.",
            measured=0,
            limit=1,
        )
    widths = [distance(points, 234, 454) for points in found]
    # A face in a poster or a crowd behind the person is no second presenter: under 1/3 the width.
    rivals = [w for w in widths if w >= max(widths) / 3]
    if len(rivals) > 1:
        raise PhotoError(
            f"The photo shows {len(rivals)} faces; 1 is needed.",
            remedy="Crop it to the presenter.",
            measured=len(rivals),
            limit=1,
        )
    points = found[int(np.argmax(widths))]
    yaw, pitch, roll = (float(angle) for angle in head_angles(points))
    return Face(points, find_matte(pixels, points), yaw, pitch - _LEVEL, roll)


def check_photo(pixels: Pixels) -> tuple[Measurement, ...]:
    """Every measurement of the photo; PhotoError names the first that is beyond its limit."""
    return judge_face(find_face(pixels), pixels)


def _check_picture(pixels: Pixels) -> None:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise PhotoError(
            f"The picture is {pixels.dtype} {pixels.shape}.",
            remedy="Give RGB of eight bits: uint8 (height, width, 3).",
        )
    if min(pixels.shape[:2]) < MIN_FACE_PX:
        raise PhotoError(
            f"The picture is {pixels.shape[1]}×{pixels.shape[0]} px; the face alone needs "
            f"{MIN_FACE_PX:.0f} px.",
            remedy="Give a larger photo.",
            measured=min(pixels.shape[:2]),
            limit=MIN_FACE_PX,
        )
