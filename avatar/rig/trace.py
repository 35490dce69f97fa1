"""The best path through a picture, column by column: for seams and lid margins."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def trace(cost: Array, stiffness: float) -> npt.NDArray[np.int64]:
    """Dynamic programming over `cost` (columns, choices): the choice in each column such that the
    sum of costs and of stiffness · jump² is least."""
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
