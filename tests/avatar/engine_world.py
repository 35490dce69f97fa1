"""Rigs without the consent gate, and rows of channel values, for tests of what is rendered."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.performance.channels import CHANNELS, INDEX
from avatar.rig import Rig
from avatar.rig.preparation import make_rig

PRESENTER = Path(__file__).resolve().parents[2] / "samples/course/presenter/presenter.png"


def row(**channels: float) -> Floats32:
    """A row of values; a name without Left or Right sets both."""
    values = np.zeros(len(CHANNELS), np.float32)
    for name, value in channels.items():
        for channel in (name, name + "Left", name + "Right"):
            if channel in INDEX:
                values[INDEX[channel]] = value
    return values


def rig_of(pixels: Pixels, side: int = 256) -> Rig:
    return make_rig(
        pixels, photo_sha256="0" * 64, record_id="test", size=(side, side), framing="bust"
    )
