"""Pictures as YUV 4:2:0 planes (BT.709, limited range), and a canvas that is changed in parts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from narrate.errors import RenderError
from narrate.layout import Box, find_crop
from narrate.vocabulary import Pixels

if TYPE_CHECKING:
    import av

Plane = npt.NDArray[np.uint8]

_KR, _KB = 0.2126, 0.0722  # ITU-R BT.709-6, 3.2
_LUMA = np.array([_KR, 1 - _KR - _KB, _KB])
_BLUE = (np.array([0.0, 0.0, 1.0]) - _LUMA) / (2 * (1 - _KB))
_RED = (np.array([1.0, 0.0, 0.0]) - _LUMA) / (2 * (1 - _KR))
# BT.709-6, 3.4 and 3.5: 8-bit luma is 16..235, colour differences are 16..240 around 128.
_TO_Y = np.append(_LUMA * 219 / 255, 16).astype(np.float32)[None]
_TO_U = np.append(_BLUE * 224 / 255, 128).astype(np.float32)[None]
_TO_V = np.append(_RED * 224 / 255, 128).astype(np.float32)[None]


@dataclass(frozen=True, slots=True)
class Planes:
    """Luma of shape (h, w), and two colour planes of shape (h/2, w/2)."""

    y: Plane
    u: Plane
    v: Plane


def to_planes(rgb: Pixels) -> Planes:
    """Convert RGB of shape (h, w, 3), with even h and w.

    Luma is exact up to rounding, and colour differs by at most 1.
    """
    import cv2

    half = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    y, u, v = (
        np.asarray(cv2.transform(source, matrix), dtype=np.uint8)
        for source, matrix in ((rgb, _TO_Y), (half, _TO_U), (half, _TO_V))
    )
    return Planes(y, u, v)


def decode_png(data: bytes) -> Pixels:
    """Return the RGB pixels of a PNG that this package has drawn."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"))


def fit_panel(frame: Pixels, panel: Box) -> tuple[Pixels, Box]:
    """Crop and scale a presenter's frame to fill a panel. Returns the frame and its place."""
    height, width = frame.shape[:2]
    if (width, height) == panel.size:
        return frame, panel
    import cv2

    part = find_crop((width, height), panel.size)
    cut = np.ascontiguousarray(frame[part.y : part.bottom, part.x : part.right])
    interpolation = cv2.INTER_AREA if part.width > panel.width else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(cut, panel.size, interpolation=interpolation), dtype=np.uint8
    ), panel


def fit_signer(frame: Pixels, panel: Box) -> tuple[Pixels, Box]:
    """Scale a signer's frame to the largest size that fits in a panel. Returns it and its place.

    Hands are never cut off. Only the sides of a wide picture are cut, down to a square: signing
    needs about as much space sideways as from head to waist.
    """
    import cv2

    height, width = frame.shape[:2]
    side = max((width - height) // 2, 0)
    cut = np.ascontiguousarray(frame[:, side : width - side])
    scale = min(panel.width / cut.shape[1], panel.height / height)
    wide, tall = (2 * int(n * scale / 2) for n in (cut.shape[1], height))
    place = Box(
        panel.x + (panel.width - wide) // 4 * 2,
        panel.y + (panel.height - tall) // 4 * 2,
        wide,
        tall,
    )
    fitted = cv2.resize(cut, (wide, tall), interpolation=cv2.INTER_AREA)
    return np.asarray(fitted, dtype=np.uint8), place


class Canvas:
    """One video frame that is changed in place.

    `show` replaces the whole picture and `put` a rectangle. The encoder copies what it is given, so
    the same frame is used for the whole video.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        import av
        from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

        self.size = size
        self.frame: av.VideoFrame = av.VideoFrame(size[0], size[1], "yuv420p")
        self.frame.colorspace = Colorspace.ITU709
        self.frame.color_range = ColorRange.MPEG
        self.frame.color_primaries = ColorPrimaries.BT709
        self.frame.color_trc = ColorTrc.BT709
        self._planes = [
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
                :, : plane.width
            ]
            for plane in self.frame.planes
        ]
        self._under: Planes | None = None

    def show(self, planes: Planes) -> None:
        """Replace the whole picture. It is also what is visible behind rounded corners."""
        if planes.y.shape != (self.size[1], self.size[0]):
            raise RenderError(
                f"A slide picture has {planes.y.shape[1]}×{planes.y.shape[0]} pixels, but the "
                f"video has {self.size[0]}×{self.size[1]}."
            )
        for own, new in zip(self._planes, (planes.y, planes.u, planes.v), strict=True):
            own[:] = new
        self._under = planes

    def put(self, box: Box, planes: Planes, *, radius: int = 0) -> None:
        """Replace a rectangle, with rounded corners."""
        under = self._under
        news = (planes.y, planes.u, planes.v)
        olds = (under.y, under.u, under.v) if under is not None else (None, None, None)
        for i, (own, new, old) in enumerate(zip(self._planes, news, olds, strict=True)):
            n = 1 if i == 0 else 2
            x, y, width, height = box.x // n, box.y // n, box.width // n, box.height // n
            region = own[y : y + height, x : x + width]
            region[:] = new
            if radius >= 2 and old is not None:
                _round_corners(region, old[y : y + height, x : x + width], radius // n)


def _round_corners(region: Plane, under: Plane, radius: int) -> None:
    """Blend the picture behind a rectangle into its four corners."""
    cover = _draw_corner(radius)
    for rows, turn_y in ((slice(0, radius), 1), (slice(-radius, None), -1)):
        for columns, turn_x in ((slice(0, radius), 1), (slice(-radius, None), -1)):
            alpha = cover[::turn_y, ::turn_x]
            new = region[rows, columns].astype(np.uint32)
            old = under[rows, columns].astype(np.uint32)
            region[rows, columns] = ((new * alpha + old * (256 - alpha) + 128) >> 8).astype(
                np.uint8
            )


@cache
def _draw_corner(radius: int) -> npt.NDArray[np.uint32]:
    """Return how much of each pixel in the upper left corner is inside the circle, 0..256."""
    fine = 8
    at = (np.arange(radius * fine) + 0.5) / fine
    inside = (radius - at[:, None]) ** 2 + (radius - at[None]) ** 2 <= radius**2
    share = inside.reshape(radius, fine, radius, fine).mean((1, 3))
    return np.asarray(np.round(share * 256), dtype=np.uint32)
