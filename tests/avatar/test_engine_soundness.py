"""The check of a frame's field must find folds, tears, holes and smears."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_world import row

from avatar.engines.raster.opencv_raster import compute_places
from avatar.engines.soundness import STRETCH, Soundness, check_frame, check_map
from avatar.engines.warp import WarpEngine

WINDOW = (20, 30, 44, 50)


def still() -> np.ndarray:
    y, x = np.mgrid[0:64, 0:64].astype(np.float32)
    return np.dstack([x, y])


def judged(where: np.ndarray, gaping: int = 0) -> Soundness:
    return check_map(where, np.ones((64, 64), bool), WINDOW, gaping=gaping, size=(64, 64))


def test_a_still_field_is_sound() -> None:
    found = judged(still())
    assert found.sound and found.beyond == 0
    assert found.stretch == pytest.approx(1, abs=1e-3)


def test_a_double_feature_is_a_fold() -> None:
    where = still()
    where[:, 10:16, 0] = where[:, 10:16, 0][:, ::-1]  # visible a second time, mirrored
    assert judged(where).folded > 100


def test_the_seam_may_be_thin_and_only_in_its_window() -> None:
    seam = still()
    seam[40:, :, 1] -= 8  # the lower lip has fallen: rows from 32 on are visible again
    inside = judged(seam)
    assert inside.torn == 0
    assert inside.folded > 0  # where it leaves the window
    thick = still()
    thick[36:44, 20:44, 1] = thick[36:44, 20:44, 1][::-1]
    assert judged(thick).torn > 20


def test_a_smear_is_found() -> None:
    where = still()
    where[:30, :, 0] = where[:30, :, 0] / (1.5 * STRETCH)
    assert judged(where).stretch > STRETCH


def test_teeth_that_the_photo_does_not_show_are_counted() -> None:
    assert judged(still() + 5).beyond > 300


def test_parted_lips_without_an_interior_gape(
    painted: WarpEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = row(jawOpen=0.6)
    assert check_frame(painted, values).gaping == 0
    engine = WarpEngine(painted._rig)
    monkeypatch.setattr(engine, "interior", lambda values: None)
    assert check_frame(engine, values).gaping > 50


def test_lips_as_in_the_photo_do_not_gape(smiling: WarpEngine) -> None:
    assert check_frame(smiling, row(headYaw=4)).sound


def test_a_folded_drawing_is_seen(painted: WarpEngine) -> None:
    drawing = painted.draw(row(jawOpen=0.5))
    coarse = drawing.coarse.copy()
    coarse[20:24, 20:24] = coarse[20:24, 20:24][:, ::-1]
    where = compute_places(painted.scene, replace(drawing, coarse=coarse))
    found = check_map(
        where, np.ones(where.shape[:2], bool), drawing.near_box, gaping=0, size=(256, 256)
    )
    assert found.folded > 20
