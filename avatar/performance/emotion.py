"""Emotions as offsets to channels: held through speech and silence, weaker than acted ones."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.performance.channels import CHANNELS, INDEX

# At strength 1. Both sides are equal. The mouth's part is small, because lips must stay readable.
_OFFSETS: Final[dict[str, dict[str, float]]] = {
    "neutral": {},
    "warm": {
        "mouthSmile": 0.42,
        "cheekSquint": 0.3,
        "eyeSquint": 0.15,
        "browInnerUp": 0.12,
        "browOuterUp": 0.06,
        "mouthDimple": 0.08,
    },
    "serious": {
        "browDown": 0.4,
        "browInnerUp": 0.08,
        "eyeSquint": 0.12,
        "mouthFrown": 0.12,
        "mouthPress": 0.08,
    },
    "surprised": {
        "browInnerUp": 0.7,
        "browOuterUp": 0.6,
        "eyeWide": 0.45,
        "jawOpen": 0.04,
    },
}


def make_emotion_offsets(emotion: str, strength: float) -> Floats64:
    """(len(CHANNELS),) offsets of an emotion at `strength` 0..1."""
    offsets = np.zeros(len(CHANNELS))
    for name, value in _OFFSETS[emotion].items():
        for channel in (name, f"{name}Left", f"{name}Right"):
            if channel in INDEX:
                offsets[INDEX[channel]] = value * strength
    return offsets
