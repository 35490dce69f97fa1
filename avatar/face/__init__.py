"""Finds the one face of a photo, with its landmarks and matte, and judges whether it can be
animated."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Pixels
from avatar.errors import PhotoError
from avatar.face.face_mesh import find_landmarks
from avatar.face.geometry import Face, distance, head_angles
from avatar.face.judgement import MIN_FACE_PX, Measurement, judge_face
from avatar.face.matte import find_matte

# The pitch that the tracker gives a level face, in degrees.
_LEVEL: Final = -4.0

__all__ = ["Face", "Measurement", "check_photo", "find_face", "judge_face"]


def find_face(pixels: Pixels) -> Face:
    """Find the one face of an RGB photo, uint8 (H, W, 3).

    Raises PhotoError if it is not such a picture, or shows no face or several faces.
    """
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
    # A face in a poster or in a crowd behind the person, less than 1/3 as wide, is not a second
    # presenter.
    rivals = [w for w in widths if w >= max(widths) / 3]
    if len(rivals) > 1:
        raise PhotoError(
            f"The photo shows {len(rivals)} faces; 1 is needed.",
            remedy="Crop the photo to the presenter.",
            measured=len(rivals),
            limit=1,
        )
    points = found[int(np.argmax(widths))]
    yaw, pitch, roll = (float(angle) for angle in head_angles(points))
    return Face(points, find_matte(pixels, points), yaw, pitch - _LEVEL, roll)


def check_photo(pixels: Pixels) -> tuple[Measurement, ...]:
    """Measure everything on the photo. Raises PhotoError for the first value beyond its limit."""
    return judge_face(find_face(pixels), pixels)


def _check_picture(pixels: Pixels) -> None:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise PhotoError(
            f"The picture is an array of {pixels.dtype} with the shape {pixels.shape}.",
            remedy="Give 8-bit RGB: uint8 (height, width, 3).",
        )
    if min(pixels.shape[:2]) < MIN_FACE_PX:
        raise PhotoError(
            f"The picture is {pixels.shape[1]}×{pixels.shape[0]} px; the face alone needs "
            f"{MIN_FACE_PX:.0f} px.",
            remedy="Give a larger photo.",
            measured=min(pixels.shape[:2]),
            limit=MIN_FACE_PX,
        )
