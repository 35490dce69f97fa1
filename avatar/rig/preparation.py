"""Prepares a rig, step by step."""

from __future__ import annotations

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.errors import RigError
from avatar.face import find_face, judge_face
from avatar.rig.expression import sample_expression
from avatar.rig.eye_layers import separate_eye
from avatar.rig.framing import FACE_SHARE, frame_photo
from avatar.rig.interior import make_interior
from avatar.rig.layers import separate_layers
from avatar.rig.lips import find_lips
from avatar.rig.pose import make_pose
from avatar.rig.rig import Rig
from avatar.rig.shading import make_shading


def make_rig(
    pixels: Pixels, *, photo_sha256: str, record_id: str, size: tuple[int, int], framing: str
) -> Rig:
    """Make a rig without asking the gate: only for `avatar.rig.prepare` and for tests."""
    if framing not in FACE_SHARE:
        raise RigError(
            f"The framing {framing!r} does not exist.",
            remedy=f"Use one of {', '.join(FACE_SHARE)}.",
        )
    if min(size) < 64:
        raise RigError(
            f"A frame of {size[0]}×{size[1]} px is too small.", remedy="Use 64 px or more."
        )
    face = find_face(pixels)
    judge_face(face, pixels)
    rest, points, matte, enlarged = frame_photo(pixels, face, size, framing)
    lips = find_lips(rest, points)
    expression, mouth = sample_expression(lips, points, size)
    pose = make_pose(points, size)
    weight, background = separate_layers(rest, matte, pose.height)
    return Rig(
        photo_sha256=photo_sha256,
        record_id=record_id,
        rest=rest,
        background=background,
        weight=weight,
        moving=_find_moving_box(weight, pose.height),
        points=points,
        expression=expression,
        mouth=mouth,
        interior=make_interior(rest, points, lips, enlarged),
        eyes=(separate_eye(rest, points, 0), separate_eye(rest, points, 1)),
        pose=pose,
        shading=make_shading(lips, points, size),
    )


def _find_moving_box(weight: Floats32, tall: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The box of everything that can change: the moving layer, and how far it may move."""
    rows = np.flatnonzero(weight.max(1) > 0)
    columns = np.flatnonzero(weight.max(0) > 0)
    # 10° of roll about the neck move the crown by a quarter of a face.
    reach = round(0.25 * tall)
    height, width = weight.shape
    return np.array(
        [
            max(int(columns[0]) - reach, 0),
            max(int(rows[0]) - reach, 0),
            min(int(columns[-1]) + 1 + reach, width),
            min(int(rows[-1]) + 1 + reach, height),
        ],
        np.int64,
    )
