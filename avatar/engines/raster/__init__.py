"""From a frame's drawing to its pixels: one mathematics, on OpenCV or on torch.

What is small is worked out once, by `avatar.engines.warp`, with NumPy: fields on a coarse grid,
the eyes, the mouth's interior. What grows with the picture is done here.
"""

from __future__ import annotations

import ctypes.util
import os
from functools import cache
from importlib.util import find_spec
from typing import Final

from avatar.engines.raster.drawing import Drawing, Raster, Scene
from avatar.errors import RigError

__all__ = ["BACKENDS", "Drawing", "Raster", "Scene", "backend", "open_raster", "release"]

BACKENDS: Final = ("opencv", "torch")
# "opencv", "torch", or what is best here.
VARIABLE: Final = "AVATAR_BACKEND"


def open_raster(sheet: Scene, name: str | None = None) -> Raster:
    """A raster for one rig's frames. `name` is one of `BACKENDS`, or None for `backend()`.
    RigError: it is none of them, or torch where there is none."""
    if name is not None:
        _check(name, "The program")
    if (name or backend()) == "torch":
        from avatar.engines.raster.torch_raster import TorchRaster

        return TorchRaster(sheet)
    from avatar.engines.raster.opencv_raster import OpenCvRaster

    return OpenCvRaster(sheet)


@cache
def backend() -> str:
    """What renders here: torch where it is installed and finds a CUDA device, else OpenCV.

    On a CPU torch's `grid_sample` is 4 to 10 times slower than OpenCV's `remap`, so there it is
    used only where the environment variable AVATAR_BACKEND says so. RigError: it says nonsense, or
    torch where there is none.
    """
    asked = os.environ.get(VARIABLE, "")
    if asked:
        _check(asked, VARIABLE)
        return asked
    installed = find_spec("torch") is not None
    # Importing torch takes seconds: it is not asked where there is no driver. Looking for that
    # takes tenths, because it starts compilers: not where there is no torch.
    if not installed or not any(ctypes.util.find_library(name) for name in ("cuda", "nvcuda")):
        return "opencv"
    import torch

    return "torch" if torch.cuda.is_available() else "opencv"


@cache
def release() -> str:
    """The backend with what else decides its bytes."""
    name = backend()
    if name == "opencv":  # whose release is in every key of a build already
        return name
    import torch

    return f"torch {torch.__version__} on {'cuda' if torch.cuda.is_available() else 'cpu'}"


def _check(name: str, who: str) -> None:
    if name not in BACKENDS:
        raise RigError(
            f"{who} asks for the backend {name!r}, and there is none of that name.",
            remedy=f"Use {' or '.join(BACKENDS)}.",
        )
    if name == "torch" and find_spec("torch") is None:
        raise RigError(
            f"{who} asks for torch, and it is not installed.",
            remedy="Install it: pip install 'narrate-lectures[gpu]'.",
        )
