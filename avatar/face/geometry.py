"""A tracked face, and what its landmarks say about size and pose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatar.arrays import Floats32, Floats64

# Eyes' outer corners, ears, and mouth corners: of the picture's right and left side.
_RIGHT, _LEFT = (263, 454, 291), (33, 234, 61)
_CHIN, _HAIRLINE = 152, 10


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One tracked face.

    `points`: float64 (478, 3), x and y in pixels of the photo, z in the same scale, negative
    towards the camera. `matte`: float32 (H, W), 1 where a person is. Angles in degrees: `yaw` is
    positive when the face is turned to the picture's right, `pitch` when it is tipped up, `roll`
    when it leans clockwise as the viewer sees it.
    """

    points: Floats64
    matte: Floats32
    yaw: float
    pitch: float
    roll: float

    @property
    def width(self) -> float:
        """Ear to ear in pixels."""
        return distance(self.points, 234, 454)

    @property
    def interocular(self) -> float:
        """Between the centres of the irises, in pixels."""
        return distance(self.points, 468, 473)

    @property
    def mouth_width(self) -> float:
        """Corner to corner in pixels."""
        return distance(self.points, 61, 291)


def distance(points: Floats64, a: int, b: int) -> float:
    """Between two landmarks in the plane of the picture, in pixels."""
    return float(np.hypot(*(points[a, :2] - points[b, :2])))


def head_angles(points: Floats64) -> tuple[Floats64, Floats64, Floats64]:
    """Yaw, pitch and roll in degrees, from the tracker's own depths of (..., 468 or 478, 3) points.

    Signs are those of `Face`. A level face has a pitch of about -4, since its chin and its hairline
    are not at the same depth in the tracker's model.
    """
    across = points[..., _RIGHT, :].mean(-2) - points[..., _LEFT, :].mean(-2)
    down = points[..., _CHIN, :] - points[..., _HAIRLINE, :]
    yaw = np.degrees(np.arctan2(across[..., 2], np.hypot(across[..., 0], across[..., 1])))
    pitch = -np.degrees(np.arctan2(down[..., 2], np.hypot(down[..., 0], down[..., 1])))
    roll = np.degrees(np.arctan2(across[..., 1], across[..., 0]))
    return yaw, pitch, roll
