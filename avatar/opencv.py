"""OpenCV without its type annotations.

They forbid calls that its documentation describes, such as `remap` with one map of two channels.
"""

from __future__ import annotations

from typing import Any, Final

import cv2 as _cv2

cv2: Final[Any] = _cv2
