"""The channels of motion: ARKit's 52 blendshapes, and what they lack for readable lips.

There is one float32 for each channel and frame. Every channel is 0 at rest, and at rest the picture
is the photo. ARKit's channels run 0..1 and are named from the subject's own left and right. The
extra ones are:

  headYaw headPitch headRoll   degrees; + turns the face to the picture's right, tips it up, and
                               tilts it clockwise as the viewer sees it
  headX headY headZ            shift right and down in head heights, and nearer as a share of size
  gazeX gazeY                  degrees; + is to the picture's right and up. The eyeLook channels
                               are derived from these on export
  breath                       -1..1, the rise of the shoulders
  tongueTip                    0..1, from the floor of the mouth to the ridge behind the upper teeth
  teeth                        -1..1, how far the teeth show in the opening, relative to the usual
  labiodental                  0..1; at 1 the lower lip touches the upper teeth

`mouthClose` is stricter than ARKit's: it is the share of the remaining gap between the lips that is
closed, so that at 1 they touch whatever the jaw does and whatever gap the photo had.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32
from avatar.errors import AvatarError

Values = Floats32
"""One row of channel values, (len(CHANNELS),), in the order of `CHANNELS`."""

ARKIT: Final = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "eyeBlinkLeft", "eyeBlinkRight",
    "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
    "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight",
    "tongueOut",
)  # fmt: skip

EXTRAS: Final = (
    "headYaw", "headPitch", "headRoll", "headX", "headY", "headZ",
    "gazeX", "gazeY", "breath", "tongueTip", "teeth", "labiodental",
)  # fmt: skip

CHANNELS: Final = ARKIT + EXTRAS
INDEX: Final = {name: i for i, name in enumerate(CHANNELS)}

# How far a warp looks right, in each channel's own unit; a performance stays well within it.
_WIDER: Final = {
    "headYaw": (-30, 30), "headPitch": (-30, 30), "headRoll": (-30, 30),
    "headX": (-0.5, 0.5), "headY": (-0.5, 0.5), "headZ": (-0.5, 1),
    "gazeX": (-30, 30), "gazeY": (-30, 30), "breath": (-1, 1), "teeth": (-1, 1),
}  # fmt: skip
LOWEST, HIGHEST = np.array([_WIDER.get(name, (0, 1)) for name in CHANNELS], np.float32).T


def clip_to_range(values: npt.ArrayLike) -> Floats32:
    """Clip a row of values, (len(CHANNELS),), to the channels' ranges.

    Raises AvatarError if the row has another shape, or holds values that are not finite.
    """
    row = np.asarray(values, np.float32)
    if row.shape != (len(CHANNELS),) or not np.isfinite(row).all():
        raise AvatarError(
            f"A row of shape {row.shape} with {int((~np.isfinite(row)).sum())} values that are not "
            "finite cannot be rendered.",
            remedy=f"Give {len(CHANNELS)} finite values, like the rows of a Performance.",
        )
    return np.clip(row, LOWEST, HIGHEST)
