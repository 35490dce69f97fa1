from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from narrate.errors import RenderError
from narrate.layout import Box
from narrate.video.compose import Canvas, Planes, fit_panel, fit_signer, to_planes


def reference(rgb: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float64], ...]:
    """Convert to BT.709 with limited range, in floating point (ITU-R BT.709-6)."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64) / 255, 2, 0)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    u, v = (blue - luma) / 1.8556, (red - luma) / 1.5748
    height, width = luma.shape
    halved = [
        c.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3)) for c in (u, v)
    ]  # fmt: skip
    return 16 + 219 * luma, 128 + 224 * halved[0], 128 + 224 * halved[1]


def test_conversion_is_bt709_limited_range() -> None:
    rgb = np.random.default_rng(5).integers(0, 256, (64, 48, 3), dtype=np.uint8)
    made = to_planes(rgb)
    y, u, v = reference(rgb)
    assert np.abs(made.y - y).max() <= 0.51
    assert np.abs(made.u - u).max() <= 1.0
    assert np.abs(made.v - v).max() <= 1.0


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_known_colours_are_converted(
    colour: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    made = to_planes(np.full((4, 4, 3), colour, np.uint8))
    assert (made.y[0, 0], made.u[0, 0], made.v[0, 0]) == expected


def flat(width: int, height: int, level: int) -> Planes:
    half = np.full((height // 2, width // 2), level, np.uint8)
    return Planes(np.full((height, width), level, np.uint8), half, half)


def luma(canvas: Canvas) -> npt.NDArray[np.uint8]:
    return np.asarray(canvas.frame.to_ndarray()[: canvas.size[1]])


def test_only_the_rectangle_changes_and_the_slide_is_seen_behind_its_corners() -> None:
    canvas = Canvas((64, 48))
    canvas.show(flat(64, 48, 200))
    box = Box(20, 10, 32, 24)
    canvas.put(box, flat(32, 24, 40), radius=8)
    picture = luma(canvas)
    outside = np.ones_like(picture, dtype=bool)
    outside[box.y : box.bottom, box.x : box.right] = False
    assert (picture[outside] == 200).all()
    assert picture[box.y, box.x] == picture[box.bottom - 1, box.right - 1] == 200
    assert picture[box.y + 12, box.x] == picture[box.y, box.x + 16] == 40
    corner = picture[box.y : box.y + 8, box.x : box.x + 8]
    assert (corner == corner.T).all()
    assert (corner == picture[box.y : box.y + 8, box.right - 8 : box.right][:, ::-1]).all()
    # A second picture in the same place leaves no trace of the first.
    canvas.put(box, flat(32, 24, 90), radius=8)
    assert 40 not in luma(canvas)


def test_a_slide_of_another_size_is_refused() -> None:
    with pytest.raises(RenderError, match="64×48"):
        Canvas((64, 64)).show(flat(64, 48, 1))


def test_frames_fill_a_panel_without_being_stretched() -> None:
    frame = np.zeros((84, 60, 3), np.uint8)
    frame[:, 30:] = 255
    fitted, place = fit_panel(frame, Box(4, 6, 30, 30))
    assert place == Box(4, 6, 30, 30)
    assert fitted.shape == (30, 30, 3)
    assert fitted[:, :14].max() == 0 and fitted[:, 16:].min() == 255
    assert fit_panel(frame, Box(0, 0, 60, 84))[0] is frame


@pytest.mark.parametrize(
    ("size", "place"),
    [
        ((1920, 1080), Box(1280, 124, 640, 640)),  # the sides are cut, to a square
        ((1080, 1080), Box(1280, 124, 640, 640)),
        ((720, 1280), Box(1350, 0, 498, 888)),  # a tall picture is shown whole
    ],
)
def test_the_hands_of_a_signer_are_never_cut_off(size: tuple[int, int], place: Box) -> None:
    frame = np.zeros((size[1], size[0], 3), np.uint8)
    frame[:8] = frame[-8:] = 255
    fitted, at = fit_signer(frame, Box(1280, 0, 640, 888))
    assert at == place
    assert fitted.shape == (at.height, at.width, 3)
    assert fitted[0].min() > 200 and fitted[-1].min() > 200  # top and bottom are there
