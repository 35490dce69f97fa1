"""Which photos can be used: each refusal has its number and its limit."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
import skimage.data

from avatar.arrays import Pixels
from avatar.errors import PhotoError
from avatar.face import Face, check_photo, find_face


@pytest.fixture(scope="module")
def photo() -> Pixels:
    return np.asarray(skimage.data.astronaut())


@pytest.fixture(scope="module")
def face(photo: Pixels) -> Face:
    return find_face(photo)


def scaled(photo: Pixels, k: float) -> Pixels:
    return np.asarray(cv2.resize(photo, None, fx=k, fy=k, interpolation=cv2.INTER_AREA))


def test_a_face_is_found_with_its_landmarks_in_pixels(face: Face) -> None:
    assert face.points.shape == (478, 3)
    assert face.matte.shape == (512, 512)
    # The eyes are above the mouth, the picture's left eye is left, all on the astronaut's head.
    assert face.points[468, 0] < face.points[473, 0]
    assert face.points[468, 1] < face.points[13, 1]
    assert 170 < face.points[1, 0] < 270 and 80 < face.points[1, 1] < 150
    assert face.matte[120, 220] > 0.9 > 0.2 > face.matte[10, 10]
    assert abs(face.yaw) < 5


def test_the_same_photo_gives_the_same_face(photo: Pixels, face: Face) -> None:
    again = find_face(photo)
    assert np.array_equal(again.points, face.points)
    assert np.array_equal(again.matte, face.matte)


def test_the_tracker_is_silent(photo: Pixels, capfd: pytest.CaptureFixture[str]) -> None:
    find_face(photo)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_every_measurement_names_its_limit(photo: Pixels) -> None:
    by_name = {m.name: m for m in check_photo(photo)}
    mouth = by_name["mouth width"]
    assert mouth.value > mouth.limit and mouth.advice is not None and "px wide" in mouth.advice


def test_no_face_is_refused() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8)
    with pytest.raises(PhotoError, match="No human face") as caught:
        check_photo(noise)
    assert (caught.value.measured, caught.value.limit) == (0, 1)


def test_two_faces_are_refused(photo: Pixels) -> None:
    head = photo[:300, 100:350]
    with pytest.raises(PhotoError, match="shows 2 faces"):
        check_photo(np.hstack([head, head[:, ::-1]]))


def test_a_small_face_is_refused_with_its_width(photo: Pixels) -> None:
    with pytest.raises(PhotoError, match="face width") as caught:
        check_photo(scaled(photo, 0.6))
    measured, limit = caught.value.measured, caught.value.limit
    assert measured is not None and limit is not None and 40 < measured < limit
    assert f"{measured:.0f} px" in str(caught.value) and f"{limit:.0f}" in str(caught.value)


def test_a_blurred_face_is_refused(photo: Pixels, face: Face) -> None:
    blurred = cv2.GaussianBlur(photo, (0, 0), face.mouth_width * 0.08)
    enlarged = cv2.resize(blurred, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    with pytest.raises(PhotoError, match="sharpness"):
        check_photo(np.asarray(enlarged))


def test_a_dark_face_is_refused(photo: Pixels) -> None:
    with pytest.raises(PhotoError, match="brightness"):
        check_photo((photo * 0.15).astype(np.uint8))


def test_a_covered_mouth_is_refused(photo: Pixels, face: Face) -> None:
    masked = photo.copy()
    x0, x1 = (int(v) for v in face.points[[234, 454], 0])
    y0, y1 = int(face.points[2, 1]), int(face.points[152, 1])
    masked[y0:y1, x0:x1] = (70, 120, 200)
    with pytest.raises(PhotoError):
        check_photo(masked)


@pytest.mark.parametrize("colour", [(128, 128, 128), (255, 255, 255), (210, 170, 150)])
@pytest.mark.parametrize("size", [0.7, 1.0, 1.6])
def test_a_mouth_under_a_bar_is_refused(
    photo: Pixels, face: Face, colour: tuple[int, int, int], size: float
) -> None:
    masked = photo.copy()
    x, y = face.points[13, :2]
    wide, tall = 0.7 * size * face.mouth_width, 0.48 * size * face.mouth_width
    masked[int(y - tall) : int(y + tall), int(x - wide) : int(x + wide)] = colour
    masked = np.asarray(cv2.resize(masked, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    with pytest.raises(PhotoError) as caught:
        check_photo(masked)
    assert caught.value.limit is not None


def test_a_mouth_that_was_blurred_away_is_refused(photo: Pixels, face: Face) -> None:
    x, y = (int(v) for v in face.points[13, :2])
    half = int(0.8 * face.mouth_width)
    hidden = photo.copy()
    soft = cv2.GaussianBlur(photo, (0, 0), 0.2 * face.mouth_width)
    box = (slice(y - half // 2, y + half // 2), slice(x - half, x + half))
    hidden[box] = soft[box]
    with pytest.raises(PhotoError, match="contrast across the lips"):
        check_photo(hidden)


def test_the_same_face_twice_counts_as_two_faces(photo: Pixels) -> None:
    with pytest.raises(PhotoError, match="shows 2 faces"):
        check_photo(np.hstack([photo, photo]))


@pytest.mark.parametrize("part", ["no chin", "no forehead", "no cheek"])
def test_a_face_cut_off_by_the_edge_is_refused(photo: Pixels, face: Face, part: str) -> None:
    large = np.asarray(cv2.resize(photo, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    x, y = (int(v) for v in 2 * face.points[13, :2])
    cut = {
        "no chin": large[: y + 2],
        "no forehead": large[int(2 * face.points[33, 1]) - 8 :],
        "no cheek": large[:, x - 50 :],
    }[part]
    with pytest.raises(PhotoError, match="share of the face"):
        check_photo(np.ascontiguousarray(cut))


def test_an_upside_down_face_is_refused(photo: Pixels) -> None:
    with pytest.raises(PhotoError, match="No human face"):
        check_photo(np.ascontiguousarray(photo[::-1, ::-1]))


def test_a_small_person_in_a_wide_picture_is_cut_out(photo: Pixels, face: Face) -> None:
    wide = cv2.copyMakeBorder(photo, 0, 0, 1500, 1500, cv2.BORDER_REPLICATE)
    found = find_face(np.asarray(wide))
    x, y = found.points[1, :2].astype(int)
    assert found.matte[y, x] > 0.9
    assert found.matte[:, :300].max() == 0


@pytest.mark.parametrize(
    "picture",
    [np.zeros((1, 1, 3), np.uint8), np.zeros((200, 200), np.uint8), np.zeros((200, 200, 3))],
)
def test_an_array_that_is_not_a_picture_is_refused(picture: Any) -> None:
    with pytest.raises(PhotoError, match="The picture is"):
        check_photo(picture)
