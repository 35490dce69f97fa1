"""Long phones: their shapes end smoothly, however long they last."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from avatar.performance import Controls, perform
from avatar.phone import Phone


@pytest.mark.parametrize("length", [0.1, 0.3, 0.5, 1.2])
@pytest.mark.parametrize("symbol", ["u", "ɑ", "i"])
def test_a_held_vowel_comes_to_rest_without_a_snap(symbol: str, length: float) -> None:
    rate = Fraction(60)
    phones = [Phone("m", 0.8, 0.9), Phone(symbol, 0.9, 0.9 + length, 1)]
    frames = int((0.9 + length + 1.5) * rate)
    done = perform(phones, frames=frames, rate=rate, controls=Controls(motion=0))
    for name in ("jawOpen", "mouthPucker", "mouthStretchLeft"):
        track = done.channel(name)
        travel = float(np.abs(np.diff(track)).max())
        # A shape ends over three frames or more, not from one to the next.
        assert travel <= 0.65 * max(float(track.max()), 0.05), (name, travel)
