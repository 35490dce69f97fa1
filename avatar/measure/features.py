"""Landmarks -> what a lip-reader looks at, in units of the face's own size.

Each feature is a float64 per frame. Lengths are divided by the distance between the outer corners
of the eyes, of the same frame, and taken along the face's own axes, so that a head that sways,
leans or comes nearer does not change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# MediaPipe's face mesh topology
EYES: Final = (33, 263)  # outer corners, the picture's left first
MOUTH: Final = (61, 291)  # corners
INNER_LIPS: Final = ((82, 87), (13, 14), (312, 317))  # upper, lower
NOSE_BASE: Final = 2
LOWER_LIP_EDGE: Final = (84, 17, 314)  # where red meets skin
LOWER_LIP_INNER: Final = (87, 14, 317)
UPPER_LIP_INNER: Final = (82, 13, 312)
LIDS: Final = (((159, 145), (33, 133)), ((386, 374), (263, 362)))  # (upper, lower), (corners)
# Bone under thin skin: moves with the head alone. Forehead, nose bridge, temples, eye corners.
RIGID: Final = (10, 151, 9, 8, 168, 6, 197, 195, 5, 4, 1, 33, 263, 133, 362, 127, 356, 234, 454)
FACE_FRONT: Final = (263, 454, 291), (33, 234, 61), 152, 10


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """Per frame; lengths in eye distances, angles in degrees, NaN without a face.

    opening     between the inner edges of the lips, mean of three places
    width       between the corners of the mouth
    lower_lip   how far the lower lip's lower edge hangs below the base of the nose
    lower_red   height of the lower lip's red: small when the lip is tucked under the teeth
    upper_lip   from the base of the nose to the upper lip's inner edge
    eyes        lid opening over eye width, mean of both eyes
    """

    opening: NDArray[np.float64]
    width: NDArray[np.float64]
    lower_lip: NDArray[np.float64]
    lower_red: NDArray[np.float64]
    upper_lip: NDArray[np.float64]
    eyes: NDArray[np.float64]
    yaw: NDArray[np.float64]
    pitch: NDArray[np.float64]
    roll: NDArray[np.float64]


def features_of(points: NDArray[np.float32]) -> Features:
    """The features of (frames, 468, 3) landmarks."""
    p = points[..., :2].astype(np.float64)
    across = p[:, EYES[1]] - p[:, EYES[0]]
    scale = np.linalg.norm(across, axis=1)
    across = across / scale[:, None]
    down = np.stack([-across[:, 1], across[:, 0]], 1)

    def along(a: int, b: int, axis: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(((p[:, b] - p[:, a]) * axis).sum(1) / scale)

    def below_nose(marks: tuple[int, ...]) -> NDArray[np.float64]:
        return np.asarray(np.mean([along(NOSE_BASE, m, down) for m in marks], axis=0))

    edge, inner = below_nose(LOWER_LIP_EDGE), below_nose(LOWER_LIP_INNER)
    eyes = [
        np.linalg.norm(p[:, a] - p[:, b], axis=1) / np.linalg.norm(p[:, c] - p[:, d], axis=1)
        for (a, b), (c, d) in LIDS
    ]
    yaw, pitch, roll = _angles(points.astype(np.float64))
    return Features(
        opening=np.mean([along(a, b, down) for a, b in INNER_LIPS], axis=0),
        width=along(*MOUTH, across),
        lower_lip=edge,
        lower_red=edge - inner,
        upper_lip=below_nose(UPPER_LIP_INNER),
        eyes=np.mean(eyes, axis=0),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
    )


def _angles(
    p: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Yaw, pitch, roll in degrees from the tracker's depths; signs as the channels have them."""
    right, left, chin, top = FACE_FRONT
    across = p[:, right].mean(1) - p[:, left].mean(1)
    down = p[:, chin] - p[:, top]
    yaw = np.degrees(np.arctan2(across[:, 2], np.hypot(across[:, 0], across[:, 1])))
    roll = np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    pitch = -np.degrees(np.arctan2(down[:, 2], np.hypot(down[:, 0], down[:, 1])))
    return yaw, pitch, roll


def settled(points: NDArray[np.float32], marks: tuple[int, ...]) -> NDArray[np.float64]:
    """(frames, len(marks), 2) positions with the head's own motion taken out, in eye distances.

    Each frame is laid on the median frame by the similarity (least squares, Umeyama 1991) that
    fits `RIGID` best.
    """
    p = points[..., :2].astype(np.float64)
    found = np.isfinite(p[:, 0, 0])
    places = np.full((len(p), len(marks), 2), np.nan)
    if not found.any():
        return places
    p = p[found]
    bones = p[:, RIGID]
    model = np.median(bones, axis=0)
    model_centre = model.mean(0)
    size = np.linalg.norm(model[RIGID.index(EYES[1])] - model[RIGID.index(EYES[0])])
    centre = bones.mean(1, keepdims=True)
    # in the plane a similarity is one complex factor
    a = _complex(bones - centre)
    b = _complex(model - model_centre)[None]
    factor = (np.conj(a) * b).sum(1) / (np.abs(a) ** 2).sum(1)
    moved = _complex(p[:, marks] - centre) * factor[:, None]
    places[found] = np.stack([moved.real, moved.imag], -1) / size
    return places


def _complex(p: NDArray[np.float64]) -> NDArray[np.complex128]:
    return np.asarray(p[..., 0] + 1j * p[..., 1])
