"""Filters that make tracks smooth: one for whole clips, one that does not see the future."""

from __future__ import annotations

from math import exp

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import raised_cosine


def smooth_track(track: Floats64, width: float) -> Floats64:
    """Smooth a track with a raised cosine `width` frames wide at half height; its ends are
    repeated."""
    half = max(1, round(width))
    kernel = raised_cosine(np.arange(-half, half + 1) / (half + 1))
    padded = np.pad(track, half, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")


class LowPass:
    """Follows a value without seeing the future.

    It is two equal low passes in a row, so that a step becomes a smooth rise that is half done
    after some 1.7 `seconds`.
    """

    def __init__(self, seconds: float, period: float, value: float = 0.0) -> None:
        self._share = 1.0 - exp(-period / seconds)
        self._first = self._second = value

    def step(self, value: float) -> float:
        """The value one frame later."""
        self._first += self._share * (value - self._first)
        self._second += self._share * (self._first - self._second)
        return self._second
