"""The motion interface: ARKit's 52 blendshapes and what they lack for a portrait that can be read.

A channel is a float32 per frame; every channel is 0 at rest, and at rest the picture is the photo.
ARKit's channels run 0..1, named from the subject's own left and right. The extras:

headYaw headPitch headRoll   degrees; + turns the face to the picture's right, tips it up, and
                             tilts it clockwise as the viewer sees it
headX headY headZ            shift right and down in head heights, and nearer as a share of size
gazeX gazeY                  degrees; + is to the picture's right and up. The eyeLook channels are
                             derived from these on export
breath                       -1..1, the shoulders' rise
tongueTip                    0..1, from the floor of the mouth to the ridge behind the upper teeth
teeth                        -1..1, how far the teeth show in the opening, against the usual
labiodental                  0..1; at 1 the lower lip touches the upper teeth

`mouthClose` is stricter than ARKit's: the share of the remaining gap between the lips that is
closed, so that at 1 they touch whatever the jaw does and whatever gap the photo had.
"""

from __future__ import annotations

from typing import Final

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
