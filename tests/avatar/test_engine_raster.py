"""Torch on the CPU draws what OpenCV draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from engine_world import row

from avatar.engines.raster import choose_backend, open_raster
from avatar.engines.raster.torch_raster import TorchRaster
from avatar.engines.warp import WarpEngine
from avatar.errors import RigError

FRAMES = [
    {"jawOpen": 0.5, "mouthSmile": 0.3, "headYaw": 4.0},
    {"mouthPucker": 0.8, "tongueTip": 1.0, "jawOpen": 0.2, "headRoll": -3.0},
    {"eyeBlink": 0.6, "gazeX": 4.0, "breath": 1.0, "headZ": 0.04},
    {"jawOpen": 0.3, "mouthClose": 1.0, "headPitch": -6.0, "browInnerUp": 1.0},
    {"labiodental": 1.0, "jawOpen": 0.2, "headX": 0.05, "headY": -0.05},
]
# Both round weights and places, but in another order, so some pixels differ by a level. Nobody
# sees a difference of eight.
MOST, MEAN = 6, 0.1


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.mark.parametrize("name", ["painted", "smiling"])
def test_torch_draws_what_opencv_draws(name: str, request: pytest.FixtureRequest) -> None:
    rig = request.getfixturevalue(name)._rig
    ours, theirs = WarpEngine(rig, "opencv"), WarpEngine(rig, "torch")
    for channels in FRAMES:
        a, b = (engine.render(row(**channels)).astype(int) for engine in (ours, theirs))
        apart = np.abs(a - b)
        assert apart.max() <= MOST and apart.mean() < MEAN, channels
        # The frames must move: equal still pictures would prove nothing.
        assert np.abs(a - rig.rest).mean() > 10 * apart.mean()


def test_a_difference_between_backends_would_be_noticed(painted: WarpEngine) -> None:
    drawing = painted.draw(row(jawOpen=0.4, headYaw=3))
    shifted = replace(drawing, coarse=drawing.coarse + 0.25)
    raster = TorchRaster(painted.scene, device="cpu")
    apart = np.abs(raster.draw(drawing).astype(int) - raster.draw(shifted))
    assert apart.max() > MOST


def test_a_person_who_fills_the_picture(painted: WarpEngine) -> None:
    rig = replace(painted._rig, weight=np.ones_like(painted._rig.weight))
    values = row(jawOpen=0.4, headRoll=5)
    a, b = (WarpEngine(rig, name).render(values).astype(int) for name in ("opencv", "torch"))
    assert np.abs(a - b).max() <= MOST
    assert np.abs(a - rig.rest).mean() > 1


def test_the_backend_depends_on_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AVATAR_BACKEND", raising=False)

    def chosen() -> str:
        choose_backend.cache_clear()
        return choose_backend()

    monkeypatch.setattr("ctypes.util.find_library", lambda name: "libcuda.so.1")
    for available in (False, True):
        monkeypatch.setattr(torch.cuda, "is_available", lambda a=available: a)
        assert chosen() == ("torch" if available else "opencv")
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None)
    assert chosen() == "opencv"
    monkeypatch.setenv("AVATAR_BACKEND", "torch")
    assert chosen() == "torch"
    monkeypatch.setenv("AVATAR_BACKEND", "opencv")
    assert chosen() == "opencv"
    monkeypatch.setenv("AVATAR_BACKEND", "abacus")
    with pytest.raises(RigError, match="opencv or torch"):
        chosen()
    monkeypatch.setenv("AVATAR_BACKEND", "torch")
    monkeypatch.setattr("avatar.engines.raster.find_spec", lambda name: None)
    with pytest.raises(RigError, match=r"pip install .*\[gpu\]"):
        chosen()
    choose_backend.cache_clear()


def test_a_requested_backend_must_be_installed(
    painted: WarpEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RigError, match=r"'abacus'.*opencv or torch"):
        open_raster(painted.scene, "abacus")
    monkeypatch.setattr("avatar.engines.raster.find_spec", lambda name: None)
    with pytest.raises(RigError, match=r"pip install .*\[gpu\]"):
        open_raster(painted.scene, "torch")


def test_rasters_are_opened_by_name(painted: WarpEngine) -> None:
    assert [open_raster(painted.scene, name).name for name in ("opencv", "torch")] == [
        "opencv",
        "torch",
    ]
