"""Converts landmarks to what a lip-reader looks at, in units of the face's own size.

Each feature is a float64 per frame. Lengths are relative to the distance between the outer corners
of the eyes, and measured along the face's own axes after every frame's head was aligned with the
median frame's. So a head that sways, leans or comes nearer does not change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatar.arrays import Floats32, Floats64
from avatar.face.geometry import head_angles

# From MediaPipe's face mesh topology.
EYE_CORNERS: Final = (33, 263)  # outer corners, the picture's left first
MOUTH_CORNERS: Final = (61, 291)  # corners
# Where the lips part. With an opening, the base mesh moves its outer corners by half of what it
# moves them for a spread: on six faces r with the command was .80 to .97 there, and .90 to .97
# here.
SEAM_ENDS: Final = (78, 308)
LOWER_LIP_EDGE: Final = (84, 17, 314)  # where red meets skin
LOWER_LIP_INNER: Final = (87, 14, 317)
UPPER_LIP_INNER: Final = (82, 13, 312)
LIDS: Final = (((159, 145), (33, 133)), ((386, 374), (263, 362)))  # (upper, lower), (corners)
# What moves with the head alone: the nose, the outline at temples and ears, the hairline. The
# corners of the eyes are not among them, since trackers move them by a hundredth with every blink.
RIGID: Final = (168, 6, 197, 195, 5, 4, 1, 2, 98, 327, 10, 127, 356, 234, 454, 93, 323)


_PAIRS: Final = (*(pair for lid in LIDS for pair in lid), MOUTH_CORNERS, SEAM_ENDS)
_MARKS: Final = tuple(
    {
        *LOWER_LIP_EDGE,
        *LOWER_LIP_INNER,
        *UPPER_LIP_INNER,
        *(m for p in _PAIRS for m in p),
    }
)


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """Features per frame; lengths in eye distances, angles in degrees, NaN without a face.

    opening     between the inner edges of the lips, mean of three places
    width       between the ends of the lips' seam
    bite        how low the upper lip's inner and the lower lip's outer edge hang below the corners,
                together: at /f v/ both come up, in an opening one falls as the other rises
    eyes        lid opening over eye width, mean of both eyes
    """

    opening: Floats64
    width: Floats64
    bite: Floats64
    eyes: Floats64
    yaw: Floats64
    pitch: Floats64
    roll: Floats64


def measure_features(points: Floats32) -> Features:
    """Measure the features of (frames, 468, 3) landmarks."""
    p = dict(zip(_MARKS, np.moveaxis(remove_head_motion(points, _MARKS), 1, 0), strict=True))

    def height(marks: tuple[int, ...]) -> Floats64:
        return np.asarray(np.mean([p[m][:, 1] for m in marks], axis=0))

    upper, lower = height(UPPER_LIP_INNER), height(LOWER_LIP_INNER)
    eyes = [
        np.linalg.norm(p[a] - p[b], axis=1) / np.linalg.norm(p[c] - p[d], axis=1)
        for (a, b), (c, d) in LIDS
    ]
    yaw, pitch, roll = head_angles(points.astype(np.float64))
    return Features(
        opening=lower - upper,
        width=p[SEAM_ENDS[1]][:, 0] - p[SEAM_ENDS[0]][:, 0],
        bite=upper + height(LOWER_LIP_EDGE) - 2 * height(MOUTH_CORNERS),
        eyes=np.mean(eyes, axis=0),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
    )


def remove_head_motion(points: Floats32, marks: tuple[int, ...]) -> Floats64:
    """(frames, len(marks), 2) positions without the head's own motion.

    Each frame is moved by the similarity (least squares) that best aligns `RIGID` with the median
    frame, in which the eyes are level and 1 apart. NaN without a face.
    """
    places = np.full((len(points), len(marks), 2), np.nan)
    found = np.isfinite(points[:, 0, 0])
    if not found.any():
        return places
    # In the plane a similarity is one complex factor and a shift.
    p = points[found, :, 0].astype(np.float64) + 1j * points[found, :, 1].astype(np.float64)
    p -= p[:, RIGID].mean(1, keepdims=True)
    aligned = p * _fit(p[:, RIGID], p[0, RIGID])[:, None]
    model = np.median(aligned.real, axis=0) + 1j * np.median(aligned.imag, axis=0)
    model /= model[EYE_CORNERS[1]] - model[EYE_CORNERS[0]]
    moved = p[:, marks] * _fit(p[:, RIGID], model[list(RIGID)])[:, None]
    places[found] = np.stack([moved.real, moved.imag], -1)
    return places


def _fit(shapes: NDArray[np.complex128], model: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """The complex factors that turn and scale centred shapes (frames, marks) onto a centred
    model."""
    model = model - model.mean()
    factors: NDArray[np.complex128] = (np.conj(shapes) * model).sum(1) / (np.abs(shapes) ** 2).sum(
        1
    )
    return factors
