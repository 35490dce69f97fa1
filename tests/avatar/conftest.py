from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skimage.data
from consent_world import World, isolate, make_world
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


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A course with a photo and valid consent, and no keys or trust of the user's own."""
    isolate(tmp_path, monkeypatch)
    return make_world(tmp_path)
