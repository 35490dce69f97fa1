"""The interface of an engine, and how to add one.

1. Write one file with a class that has `name`, `channels` and the methods below.
2. `channels` are the names in `avatar.performance.channels` that it obeys; it ignores the rest.
3. For all zeros `render` must return the photo's crop, `rig.rest`. It must depend on nothing but
   the rig and the values: frames are rendered in any order, on several machines.
4. It may use NumPy and OpenCV; heavier packages are imported inside the class.
5. `version` changes whenever one of its frames could change: builds keep frames under it.
6. Declare it: as an entry point in the group "narrate.engines", `name = "module:Class"`; or, in
   this package, as a line in `avatar.engines.ENGINES`.
7. `open_engine(name, rig)` finds it. A test that renders two rows and looks at the frames is
   enough to begin with.
"""

from __future__ import annotations

from typing import ClassVar, Protocol, runtime_checkable

from avatar.arrays import Floats32, Pixels
from avatar.rig.rig import Rig


@runtime_checkable
class Engine(Protocol):
    """Renders frames of one rig.

    `values` is one row of a Performance: float32, in the order of
    `avatar.performance.channels.CHANNELS`.
    """

    name: ClassVar[str]
    channels: ClassVar[frozenset[str]]

    def __init__(self, rig: Rig) -> None: ...

    @classmethod
    def version(cls) -> str:
        """Part of the keys under which its frames are kept; it is needed before there is a rig."""
        ...

    @property
    def moving(self) -> tuple[int, int, int, int]:
        """The box x0, y0, x1, y1 (ends excluded) outside which every frame equals `rig.rest`."""
        ...

    def render(self, values: Floats32) -> Pixels:
        """Render one frame, RGB uint8 (h, w, 3), which the caller may keep and change."""
        ...

    def opening(self, values: Floats32) -> float:
        """The commanded gap between the inner edges of the lips in the middle, in pixels."""
        ...

    def width(self, values: Floats32) -> float:
        """The commanded distance between the corners of the mouth, in pixels."""
        ...
