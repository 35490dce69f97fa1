from __future__ import annotations

import numpy as np
import pytest
import skimage.data
from engine_world import PRESENTER, rig_of
from PIL import Image

from avatar.engines.warp import WarpEngine


@pytest.fixture(scope="session")
def painted() -> WarpEngine:
    """Closed lips."""
    return WarpEngine(rig_of(np.asarray(Image.open(PRESENTER).convert("RGB"))))


@pytest.fixture(scope="session")
def smiling() -> WarpEngine:
    """An open, toothy smile."""
    return WarpEngine(rig_of(np.asarray(skimage.data.astronaut())))
