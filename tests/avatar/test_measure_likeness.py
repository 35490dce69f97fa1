"""Sharpness and likeness of painted faces: what blurs or changes the skin shows, teeth do not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from avatar.measure.assessment import measure_likeness
from avatar.measure.features import EYE_CORNERS, RIGID
from avatar.measure.likeness import INNER_LIPS, Upright, shape_distance, sharpness, turn_upright

MOUTH = (160, 236)  # the inner lips' middle


def points() -> np.ndarray:
    marks = np.random.default_rng(3).uniform(80, 240, (468, 3)).astype(np.float32)
    marks[EYE_CORNERS[0]], marks[EYE_CORNERS[1]] = (64, 128, 0), (256, 128, 0)
    angle = np.linspace(-np.pi, np.pi, len(INNER_LIPS), endpoint=False)
    marks[list(INNER_LIPS), 0] = MOUTH[0] + 40 * np.cos(angle)
    marks[list(INNER_LIPS), 1] = MOUTH[1] + 12 * np.sin(angle)
    return marks


def picture() -> np.ndarray:
    grain = np.random.default_rng(1).normal(150, 12, (320, 320, 3))
    return cv2.GaussianBlur(grain, (0, 0), 1.2).astype(np.uint8)


@pytest.fixture(scope="module")
def photo() -> Upright:
    return turn_upright(picture(), points())


def test_teeth_do_not_count_as_sharpness_of_the_skin(photo: Upright) -> None:
    toothy = picture()
    toothy[MOUTH[1] - 6 : MOUTH[1] + 6, MOUTH[0] - 30 : MOUTH[0] + 30 : 4] = 255
    likeness = measure_likeness([turn_upright(toothy, points())], photo)
    assert likeness.mouth_sharpness == pytest.approx(1.0, abs=0.02)
    beside = picture()
    beside[MOUTH[1] + 30 : MOUTH[1] + 42, MOUTH[0] - 30 : MOUTH[0] + 30 : 4] = 255
    assert measure_likeness([turn_upright(beside, points())], photo).mouth_sharpness > 1.1


def test_a_blurred_mouth_is_found_and_its_eyes_are_not_blamed(photo: Upright) -> None:
    soft = picture()
    part = slice(206, 300)
    soft[part] = cv2.GaussianBlur(soft, (0, 0), 2)[part]
    face = turn_upright(soft, points())
    assert sharpness(face, mouth=True) < 0.7 * sharpness(photo, mouth=True)
    assert sharpness(face, mouth=False) == pytest.approx(sharpness(photo, mouth=False), rel=0.02)


def test_a_longer_face_is_another_shape(photo: Upright) -> None:
    longer = points()
    longer[list(RIGID), 1] += 0.1 * (longer[list(RIGID), 1] - 128)
    assert shape_distance(turn_upright(picture(), points()), photo) < 1e-6
    assert shape_distance(turn_upright(picture(), longer), photo) > 0.02
    # A head that leans and is nearer is the same head.
    turned = points()
    angle = np.radians(9)
    turn = 1.1 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned[:, :2] = turned[:, :2] @ turn.T
    assert shape_distance(turn_upright(picture(), turned), photo) < 1e-4
