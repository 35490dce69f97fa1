"""Converts a performance for other systems: Azure's 55 channels and the 15 Oculus visemes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from avatar.arrays import Floats32
from avatar.mathematics import smoothstep
from avatar.performance.channels import INDEX
from avatar.performance.coarticulation import is_silent
from avatar.performance.frames import Performance, frame_times
from avatar.performance.targets import VOWELS, find_targets
from avatar.phone import Phone

# The order of Microsoft's FacialExpression viseme events, which come at 60 frames a second.
AZURE: Final = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft",
    "eyeSquintLeft", "eyeWideLeft",
    "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight",
    "jawForward", "jawLeft", "jawRight", "jawOpen",
    "mouthClose", "mouthFunnel", "mouthPucker", "mouthLeft", "mouthRight",
    "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthPressLeft", "mouthPressRight", "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthUpperUpLeft", "mouthUpperUpRight",
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight",
    "tongueOut", "headRoll", "leftEyeRoll", "rightEyeRoll",
)  # fmt: skip

OCULUS: Final = (
    "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U",
)  # fmt: skip

# Degrees of gaze at which ARKit's eyeLook channels reach 1 (the eyes' comfortable range).
LOOK: Final = 30.0
CROSSFADE: Final = 0.06  # seconds from one viseme to the next

_CONSONANT_VISEMES: Final = {
    "PP": "pbmɓʙʘɸβ", "FF": "fvɱʋⱱ", "TH": "θð", "DD": "tdɗɾɽʈɖ", "kk": "kɡgŋxɣqɢɴχʁɰɠʀhɦʔħʕʡcɟç",
    "CH": "ʃʒʂʐɧɕʑ", "SS": "szɬɮ", "nn": "nlɳɲɭɫʟʎɺrǀ!ǃ", "RR": "ɹɻɝɚ",
    "U": "wʍɥ", "I": "jʝ",
}  # fmt: skip
_CONSONANT: Final = {s: v for v, symbols in _CONSONANT_VISEMES.items() for s in symbols}


def to_azure(performance: Performance) -> Floats32:
    """(frames, 55) values in Azure's order.

    ARKit's mouthClose takes back what jawOpen opened, while ours is the share of the gap that is
    closed, so it is scaled by the jaw. The eyeLook channels are derived from the gaze. Roll is the
    share of a half turn, since Azure does not specify its unit. Azure plays 60 frames a second:
    perform at that rate.
    """
    values = np.zeros((len(performance), len(AZURE)), np.float32)
    for column, name in enumerate(AZURE):
        if name in INDEX and name != "headRoll":
            values[:, column] = performance.channel(name)
    at = {name: column for column, name in enumerate(AZURE)}
    values[:, at["mouthClose"]] *= performance.channel("jawOpen")
    # The picture's right is the subject's left.
    x, y = performance.channel("gazeX") / LOOK, performance.channel("gazeY") / LOOK
    for name, angle in (
        ("eyeLookOutLeft", x), ("eyeLookInRight", x), ("eyeLookInLeft", -x),
        ("eyeLookOutRight", -x), ("eyeLookUpLeft", y), ("eyeLookUpRight", y),
        ("eyeLookDownLeft", -y), ("eyeLookDownRight", -y),
    ):  # fmt: skip
        values[:, at[name]] = np.clip(values[:, at[name]] + np.maximum(angle, 0.0), 0.0, 1.0)
    values[:, at["headRoll"]] = performance.channel("headRoll") / 180.0
    return values


def to_oculus(phones: Sequence[Phone], *, frames: int, rate: Fraction) -> Floats32:
    """(frames, 15) viseme weights in the order of `OCULUS`; the weights of a frame sum to 1."""
    times = frame_times(frames, rate)
    weights = np.zeros((frames, len(OCULUS)))
    for phone in phones:
        if is_silent(phone) or phone.end <= phone.start:
            continue
        start = phone.start
        for target in find_targets(phone.symbol):
            end = start + (phone.end - phone.start) * target.share
            rise = smoothstep((times - start) / CROSSFADE + 0.5)
            fall = smoothstep((times - end) / CROSSFADE + 0.5)
            weights[:, OCULUS.index(_find_letter_viseme(target.letter))] += rise - fall
            start = end
    total = weights.sum(1, keepdims=True)
    weights /= np.maximum(total, 1.0)
    weights[:, 0] += 1.0 - weights.sum(1)
    return weights.astype(np.float32)


def find_viseme(symbol: str) -> str:
    """The Oculus viseme with which an IPA symbol begins."""
    return _find_letter_viseme(find_targets(symbol)[0].letter)


def _find_letter_viseme(letter: str) -> str:
    if letter in VOWELS and letter not in _CONSONANT:
        height, _, rounded = VOWELS[letter]
        if rounded >= 0.5:
            return "U" if height < 0.35 else "O"
        if height > 0.65:
            return "aa"
        return "I" if height < 0.25 else "E"
    return _CONSONANT.get(letter, "E")
