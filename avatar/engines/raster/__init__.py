"""From a frame's drawing to its pixels: the same mathematics, on OpenCV or on torch.

What is small is computed once, with NumPy, by `avatar.engines.warp`: fields on a coarse grid, the
eyes, the interior of the mouth. What grows with the picture is computed here.
"""

from __future__ import annotations

import ctypes.util
import os
from functools import cache
from importlib.util import find_spec
from typing import Final

from avatar.engines.raster.drawing import Drawing, Raster, Scene
from avatar.errors import RigError

__all__ = [
    "BACKENDS",
    "Drawing",
    "Raster",
    "Scene",
    "choose_backend",
    "describe_backend",
    "open_raster",
]

BACKENDS: Final = ("opencv", "torch")
# Its value is "opencv" or "torch"; if it is not set, the best one here is used.
VARIABLE: Final = "AVATAR_BACKEND"


def open_raster(sheet: Scene, name: str | None = None) -> Raster:
    """Open a raster for the frames of one rig.

    `name` is one of `BACKENDS`; None means `choose_backend()`. Raises RigError if it does not
    exist, or is torch and torch is not installed.
    """
    if name is not None:
        _check(name, "The program")
    if (name or choose_backend()) == "torch":
        from avatar.engines.raster.torch_raster import TorchRaster

        return TorchRaster(sheet)
    from avatar.engines.raster.opencv_raster import OpenCvRaster

    return OpenCvRaster(sheet)


@cache
def choose_backend() -> str:
    """Choose what renders here: torch if it is installed and finds a CUDA device, otherwise OpenCV.

    On a CPU, torch's `grid_sample` is 4 to 10 times slower than OpenCV's `remap`, so there it is
    used only if the environment variable AVATAR_BACKEND says so. Raises RigError if that variable
    names no backend, or torch and torch is not installed.
    """
    asked = os.environ.get(VARIABLE, "")
    if asked:
        _check(asked, VARIABLE)
        return asked
    installed = find_spec("torch") is not None
    # Importing torch takes seconds, so that is avoided if there is no driver. Looking for a driver
    # takes tenths of a second, because that starts compilers, so it is avoided without torch.
    if not installed or not any(ctypes.util.find_library(name) for name in ("cuda", "nvcuda")):
        return "opencv"
    import torch

    return "torch" if torch.cuda.is_available() else "opencv"


@cache
def describe_backend() -> str:
    """The backend, with everything else that decides its bytes."""
    name = choose_backend()
    if name == "opencv":  # its release is already in every key of a build
        return name
    import torch

    return f"torch {torch.__version__} on {'cuda' if torch.cuda.is_available() else 'cpu'}"


def _check(name: str, who: str) -> None:
    if name not in BACKENDS:
        raise RigError(
            f"{who} asks for the backend {name!r}, which does not exist.",
            remedy=f"Use {' or '.join(BACKENDS)}.",
        )
    if name == "torch" and find_spec("torch") is None:
        raise RigError(
            f"{who} asks for torch, which is not installed.",
            remedy="Install it: pip install 'narrate-lectures[gpu]'.",
        )
