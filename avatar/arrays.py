"""The kinds of arrays that the portrait passes around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats32 = npt.NDArray[np.float32]
Floats64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
"""A picture: RGB (h, w, 3) unless it is said otherwise."""

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels, ends excluded."""
