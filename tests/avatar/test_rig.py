"""Rigs: the gate, the crop, the lips and the file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
import skimage.data

import avatar.rig
from avatar.arrays import Pixels
from avatar.consent import ApprovedPortrait, approve, load_trust
from avatar.errors import RigError
from avatar.images import fill_unknown
from avatar.mathematics import find_cheapest_path
from avatar.rig import archive
from avatar.rig.framing import EYE_LINE
from avatar.rig.lips import find_lips
from avatar.rig.preparation import make_rig
from avatar.rig.rig import Rig
from avatar.rig.shapes import SHAPES, describe_points

COURSE = Path(__file__).resolve().parents[2] / "samples" / "course"
PHOTO = COURSE / "presenter" / "presenter.png"


@pytest.fixture(scope="module")
def portrait() -> ApprovedPortrait:
    record = PHOTO.with_name(PHOTO.name + ".consent.json")
    return approve(PHOTO, record, course="light-and-sight", trust=load_trust(COURSE))


@pytest.fixture(scope="module")
def rig(portrait: ApprovedPortrait) -> Rig:
    return avatar.rig.prepare(portrait, size=(256, 256))


def astronaut(size: tuple[int, int], pixels: Pixels | None = None) -> Rig:
    photo = skimage.data.astronaut() if pixels is None else pixels
    return make_rig(
        np.asarray(photo), photo_sha256="0" * 64, record_id="test", size=size, framing="bust"
    )


def test_only_an_approved_portrait_can_be_prepared(portrait: ApprovedPortrait) -> None:
    with pytest.raises(TypeError, match="ApprovedPortrait"):
        avatar.rig.prepare(cast(Any, portrait.pixels), size=(256, 256))


def test_the_rig_carries_photo_and_consent(rig: Rig, portrait: ApprovedPortrait) -> None:
    assert rig.photo_sha256 == portrait.photo_sha256
    assert rig.record_id == portrait.record_id
    assert rig.size == (256, 256)


@pytest.mark.parametrize("size", [(200, 200), (180, 260), (320, 180)])
def test_the_crop_holds_the_head_and_puts_the_eyes_at_their_line(size: tuple[int, int]) -> None:
    rig = astronaut(size)
    assert rig.rest.shape == (size[1], size[0], 3)
    eyes = rig.points[[468, 473], :2].mean(0)
    assert abs(eyes[1] / size[1] - EYE_LINE) < 0.12
    assert abs(eyes[0] / size[0] - 0.5) < 0.12
    assert rig.points[:468, 1].max() < size[1] and rig.points[:468, 1].min() > 0


def test_a_photo_tighter_than_the_crop_is_extended_and_never_black() -> None:
    tight = np.asarray(skimage.data.astronaut())[:230, 150:300]
    wide = astronaut((400, 200), tight)
    # The light backdrop continues beside the head, without a step where the photo ends.
    assert wide.rest[:40, [0, -1]].min() > 90
    steps = np.abs(np.diff(wide.rest[:40].astype(int), axis=1)).mean((0, 2))
    assert steps.max() < 30


def test_too_small_a_frame_is_refused() -> None:
    with pytest.raises(RigError, match="too small"):
        astronaut((40, 40))


def test_weight_and_background_together_give_the_photo(rig: Rig) -> None:
    weight = rig.weight[..., None]
    together = rig.rest * weight + rig.background * (1 - weight)
    assert np.abs(together - rig.rest).max() < 0.51
    # Nothing of the face is left in the background.
    x, y = (int(v) for v in rig.points[1, :2])
    skin = rig.rest[y, x].astype(int)
    assert np.abs(rig.background[y, x].astype(int) - skin).sum() > 30


def test_the_seam_of_closed_lips_is_their_dark_line(rig: Rig) -> None:
    lips = find_lips(rig.rest, rig.points)
    assert lips.closed
    grey = cv2.cvtColor(rig.rest, cv2.COLOR_RGB2GRAY).astype(float)
    middle = lips.edge("upper")[20:45]
    on = np.mean([grey[round(y), round(x)] for x, y in middle])
    off = 0.12 * lips.half * lips.scale
    above = np.mean([grey[round(y - off), round(x)] for x, y in middle])
    below = np.mean([grey[round(y + off), round(x)] for x, y in middle])
    assert on < above - 8 and on < below - 8


def test_an_open_mouth_keeps_its_gap_and_its_teeth() -> None:
    rig = astronaut((256, 256))
    assert rig.mouth.rest_gap > 0.1 * rig.mouth.width
    assert rig.interior.photo[..., 3].sum() > 0.2 * rig.mouth.rest_gap * rig.mouth.width


def test_both_sides_of_every_shape_agree_at_the_corners_and_beyond(rig: Rig) -> None:
    lips = find_lips(rig.rest, rig.points)
    x = np.array([-1.6, -1.2, -1.0, 1.0, 1.2, 1.6])
    x = np.where(x < 0, x * lips.left, x * lips.right)
    y = np.interp(x, lips.knots, lips.upper)
    above = describe_points(lips, rig.points, lips.to_pixels(x, y - 1e-6), "whole")
    below = describe_points(lips, rig.points, lips.to_pixels(x, y + 1e-6), "whole")
    assert above.above.all() and not below.above.any()
    for name, shape in SHAPES.items():
        for a, b in zip(shape(above), shape(below), strict=True):
            assert np.abs(a - b).max() < 0.01, name


def test_a_rig_comes_back_from_its_file(
    rig: Rig, portrait: ApprovedPortrait, tmp_path: Path
) -> None:
    path = tmp_path / "portrait.rig"
    avatar.rig.save(rig, path)
    back = avatar.rig.load(path, portrait)
    ours: dict[str, object] = {}
    theirs: dict[str, object] = {}
    archive._flatten("", rig, ours)
    archive._flatten("", back, theirs)
    assert ours.keys() == theirs.keys()
    for key, value in ours.items():
        assert np.array_equal(np.asarray(value), np.asarray(theirs[key])), key
    assert type(back.mouth.scale) is float and back.eyes[1].side == 1
    avatar.rig.save(back, tmp_path / "again.rig")
    assert (tmp_path / "again.rig").read_bytes() == path.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.rig", "portrait.rig"]


def test_a_foreign_or_damaged_rig_is_refused(
    rig: Rig, portrait: ApprovedPortrait, tmp_path: Path
) -> None:
    path = tmp_path / "portrait.rig"
    avatar.rig.save(replace(rig, photo_sha256="f" * 64), path)
    with pytest.raises(RigError, match="another photo"):
        avatar.rig.load(path, portrait)
    avatar.rig.save(replace(rig, record_id="other"), path)
    with pytest.raises(RigError, match="another consent record"):
        avatar.rig.load(path, portrait)
    avatar.rig.save(rig, path)
    shutil.copy(path, tmp_path / "cut.rig")
    (tmp_path / "cut.rig").write_bytes(path.read_bytes()[:20000])
    with pytest.raises(RigError, match="cannot be read"):
        avatar.rig.load(tmp_path / "cut.rig", portrait)
    with pytest.raises(RigError, match="cannot be read"):
        avatar.rig.load(tmp_path / "none.rig", portrait)


def test_unknown_pixels_continue_the_known_ones() -> None:
    image = np.full((40, 60, 3), (200, 100, 50), np.uint8)
    known = np.ones((40, 60), bool)
    known[10:30, 20:40] = False
    image[~known] = 0
    assert np.abs(fill_unknown(image, known).astype(int) - (200, 100, 50)).max() <= 2


def test_the_cheapest_smooth_path_is_found() -> None:
    cost = np.ones((9, 7))
    cost[np.arange(9), [3, 3, 3, 4, 4, 4, 4, 3, 3]] = 0
    cost[4, 0] = -0.5  # cheaper by itself, but too far away
    assert find_cheapest_path(cost, 0.05).tolist() == [3, 3, 3, 4, 4, 4, 4, 3, 3]
