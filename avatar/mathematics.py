"""Mathematics that several parts of the portrait use: curves, fits and the cheapest path."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats64

Float = TypeVar("Float", bound=np.floating[Any])

# Shares of red, green and blue in brightness (ITU-R BT.601).
LUMA: Final = np.array([0.299, 0.587, 0.114])


def smoothstep(t: npt.NDArray[Float]) -> npt.NDArray[Float]:
    """0 up to 0, 1 from 1 on, smooth in between (3t² - 2t³)."""
    t = np.clip(t, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def smoothstep_between(low: float, high: float, x: npt.ArrayLike) -> Floats64:
    """`smoothstep`, 0 at `low` and 1 at `high`; `low` may be the greater one."""
    return smoothstep((np.asarray(x, np.float64) - low) / (high - low))


def raised_cosine(distance: Floats64) -> Floats64:
    """1 at 0, falling smoothly to 0 at a distance of 1, which is the farthest allowed."""
    return 0.5 + 0.5 * np.cos(np.pi * distance)


def gaussian(x: Floats64, width: float) -> Floats64:
    """1 at 0, 1/e at a distance of `width`."""
    return np.exp(-((x / width) ** 2))


def solve_least_squares(a: Floats64, b: Floats64, weight: Floats64) -> Floats64:
    """The x with the least Σ weight · (a x - b)²; if there are several, the shortest of them.

    `a` is (n, unknowns), `b` (n,) or (n, columns), `weight` (n,).
    """
    # A few unknowns and some hundred rows: too small for a threaded library to be worth its start.
    square = np.einsum("n,ni,nj->ij", weight, a, a)
    right = np.einsum("n,ni,n...->i...", weight, a, b)
    return np.asarray(np.linalg.pinv(square) @ right, np.float64)


def find_cheapest_path(cost: Floats64, stiffness: float) -> npt.NDArray[np.int64]:
    """One choice for each column of `cost` (columns, choices), by dynamic programming.

    The sum of the choices' costs and of stiffness · jump² between neighbouring columns is least.
    """
    columns, choices = cost.shape
    jump = stiffness * (np.arange(choices)[:, None] - np.arange(choices)[None]) ** 2
    total = cost.astype(np.float64).copy()
    back = np.zeros(cost.shape, np.int64)
    for i in range(1, columns):
        options = total[i - 1][None] + jump
        back[i] = options.argmin(1)
        total[i] += options.min(1)
    path = np.zeros(columns, np.int64)
    path[-1] = int(total[-1].argmin())
    for i in range(columns - 1, 0, -1):
        path[i - 1] = back[i][path[i]]
    return path
