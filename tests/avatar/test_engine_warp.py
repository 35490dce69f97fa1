"""The warp engine: the photo at rest, lips that close, no folds, nothing moves that should not."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from engine_world import row

from avatar.arrays import Pixels
from avatar.engines import ENGINES, open_engine
from avatar.engines.base import Engine
from avatar.engines.soundness import check_frame
from avatar.engines.warp import WarpEngine
from avatar.errors import AvatarError, RigError
from avatar.performance.channels import CHANNELS, INDEX, Values
from avatar.rig import VERSION, archive


def mouth_box(engine: WarpEngine) -> tuple[slice, slice]:
    m = engine._rig.mouth
    x, y = m.origin
    half = m.width * 0.6
    return slice(int(y - half), int(y + half)), slice(int(x - half), int(x + half))


def psnr(a: Pixels, b: Pixels) -> float:
    error = np.mean((a.astype(float) - b.astype(float)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


@pytest.mark.parametrize("name", ["painted", "smiling"])
def test_at_rest_the_frame_is_the_photo(name: str, request: pytest.FixtureRequest) -> None:
    engine: WarpEngine = request.getfixturevalue(name)
    rest = engine._rig.rest
    assert np.array_equal(engine.render(row()), rest)
    # And nearly so close to rest: nothing jumps when a movement begins.
    for start in (row(headYaw=0.02), row(jawOpen=0.002), row(eyeBlink=0.004, gazeX=0.02)):
        assert psnr(engine.render(start), rest) > 40
    assert engine.opening(row()) == pytest.approx(engine._rig.mouth.rest_gap, abs=0.01)
    assert engine.width(row()) == pytest.approx(engine._rig.mouth.width, abs=0.5)


@pytest.mark.parametrize("name", ["painted", "smiling"])
@pytest.mark.parametrize("jaw", [0.0, 0.3, 1.0])
def test_closed_lips_touch_whatever_else_moves(
    name: str, jaw: float, request: pytest.FixtureRequest
) -> None:
    engine: WarpEngine = request.getfixturevalue(name)
    shut = row(mouthClose=1, jawOpen=jaw, mouthFunnel=0.5, mouthLowerDown=0.6, labiodental=jaw)
    assert engine.opening(shut) == pytest.approx(0, abs=1e-3)
    edges = engine._face.backward(shut).edges
    assert float(edges.gap.max()) == 0


def test_half_closed_lips_have_half_the_gap(painted: WarpEngine) -> None:
    whole = painted.opening(row(jawOpen=0.5))
    assert painted.opening(row(jawOpen=0.5, mouthClose=0.5)) == pytest.approx(whole / 2, rel=0.01)


def test_the_mouth_opens_widens_and_rounds(painted: WarpEngine) -> None:
    openings = [painted.opening(row(jawOpen=j)) for j in (0, 0.25, 0.5, 0.75, 1)]
    assert np.all(np.diff(openings) > 0)
    assert openings[-1] == pytest.approx(0.52 * painted._rig.mouth.width, rel=0.1)
    rest = painted.width(row())
    assert painted.width(row(mouthStretch=1)) > 1.12 * rest
    assert painted.width(row(mouthSmile=1)) > 1.12 * rest
    assert painted.width(row(mouthPucker=1)) < 0.7 * rest


def test_lips_never_pass_through_each_other(painted: WarpEngine) -> None:
    pressed = row(mouthShrugLower=1, mouthUpperUp=-1, mouthSmile=0.5)
    assert painted.opening(pressed) == pytest.approx(0, abs=1e-3)


def test_labiodental_lays_the_lower_lip_on_the_upper_teeth(painted: WarpEngine) -> None:
    for jaw in (0.0, 0.2, 0.5):
        values = row(labiodental=1, jawOpen=jaw)
        upper, lower, _, _ = painted._face.edges(values)
        middle = len(upper) // 2
        m = painted._rig.mouth
        line = (lower[middle] - m.origin) @ m.axes[1] / m.scale
        teeth = painted._face.teeth_edge(values)
        assert teeth - 0.15 < line < teeth
        # And the teeth are visible above it.
        assert (lower - upper)[middle] @ m.axes[1] > 0.15 * m.scale


def test_no_teeth_at_rest_and_teeth_when_the_lips_part(painted: WarpEngine) -> None:
    rows, columns = mouth_box(painted)

    def pale(values: Values) -> int:
        part = painted.render(values)[rows, columns].astype(int)
        skin = painted._rig.rest[rows, columns].astype(int)
        redness = part[..., 0] - part[..., 2]
        return int(((redness < 40) & (part.sum(-1) > 330)).sum()) - int(
            ((skin[..., 0] - skin[..., 2] < 40) & (skin.sum(-1) > 330)).sum()
        )

    assert pale(row(headYaw=2, breath=0.5)) <= 2
    assert pale(row(mouthSmile=1)) <= 3
    assert pale(row(mouthUpperUp=1, mouthLowerDown=1, mouthStretch=0.5)) > 15


def test_values_out_of_range_are_clipped(painted: WarpEngine) -> None:
    wild = painted.render(row(jawOpen=1e6, headYaw=-500, mouthPucker=-3, teeth=9))
    tame = painted.render(row(jawOpen=1, headYaw=-30, teeth=1))
    assert np.array_equal(wild, tame)


@pytest.mark.parametrize(
    "values", [row() * np.nan, np.full(64, np.inf), np.zeros(5), np.zeros((1, 64)), np.zeros(65)]
)
def test_an_array_that_is_not_a_row_is_refused(painted: WarpEngine, values: Values) -> None:
    with pytest.raises(AvatarError, match="Give 64 finite values"):
        painted.render(values)


def test_the_tongue_rises_and_comes_out(painted: WarpEngine) -> None:
    rows, columns = mouth_box(painted)
    low = painted.render(row(jawOpen=0.4)).astype(int)[rows, columns]
    up = painted.render(row(jawOpen=0.4, tongueTip=1)).astype(int)[rows, columns]
    out = painted.render(row(jawOpen=0.4, tongueOut=1)).astype(int)[rows, columns]
    assert (up - low)[..., 0].max() > 40
    assert (out - low)[..., 0].max() > 60


EXTREMES = [
    {"jawOpen": 1.0}, {"mouthSmile": 1.0}, {"headYaw": 10.0}, {"headYaw": -10.0},
    {"headPitch": 8.0}, {"headPitch": -8.0}, {"headRoll": 7.0}, {"headRoll": -7.0},
    {"mouthPucker": 1.0}, {"mouthFunnel": 1.0}, {"mouthClose": 1.0}, {"labiodental": 1.0},
    {"jawLeft": 1.0}, {"browDown": 1.0}, {"mouthUpperUp": 1.0, "mouthLowerDown": 1.0},
]  # fmt: skip


@pytest.mark.parametrize("name", ["painted", "smiling"])
def test_no_pair_of_extremes_folds_or_gapes(name: str, request: pytest.FixtureRequest) -> None:
    engine: WarpEngine = request.getfixturevalue(name)
    for a, b in itertools.combinations_with_replacement(EXTREMES, 2):
        found = check_frame(engine, row(**{**a, **b}))
        assert found.sound, (a, b, found)


def test_nothing_changes_outside_the_moving_box(smiling: WarpEngine) -> None:
    x0, y0, x1, y1 = smiling.moving
    frame = smiling.render(row(headYaw=8, headRoll=6, jawOpen=1, breath=1))
    outside = np.ones(frame.shape[:2], bool)
    outside[y0:y1, x0:x1] = False
    assert np.array_equal(frame[outside], smiling._rig.rest[outside])
    # The background stands still while the head turns.
    far = cv2.erode((smiling._rig.weight == 0).astype(np.uint8), np.ones((31, 31), np.uint8))
    corner = far > 0
    assert corner.sum() > 500
    turned = smiling.render(row(headYaw=5))
    assert np.array_equal(turned[corner], smiling._rig.rest[corner])


def test_frames_do_not_depend_on_their_order(painted: WarpEngine) -> None:
    rows = [row(jawOpen=0.4, eyeBlink=1, gazeX=5), row(headYaw=4, mouthSmile=1), row(jawOpen=0.1)]
    forth = [painted.render(values) for values in rows]
    back = [painted.render(values) for values in reversed(rows)]
    for a, b in zip(forth, reversed(back), strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("channel", sorted(WarpEngine.channels))
def test_every_declared_channel_moves_something(channel: str, painted: WarpEngine) -> None:
    context = row(jawOpen=0.35, mouthLowerDown=0.2, mouthUpperUp=0.2)
    before = painted.render(context)
    after = context.copy()
    after[INDEX[channel]] += 5 if channel.startswith(("head", "gaze")) else 0.7
    if channel in ("headX", "headY", "headZ"):
        after[INDEX[channel]] = 0.03
    assert np.abs(painted.render(after).astype(int) - before).max() > 4


def test_left_is_the_subjects_own(painted: WarpEngine) -> None:
    middle = painted._rig.rest.shape[1] // 2
    change = painted.render(row(eyeBlinkLeft=1)).astype(int) - painted._rig.rest
    columns = np.flatnonzero(np.abs(change).max((0, 2)) > 8)
    assert columns.min() > middle  # the picture's right


def test_a_blink_hides_the_iris(painted: WarpEngine) -> None:
    eye = painted._rig.eyes[0]
    x, y = (round(float(v)) for v in eye.centre + eye.box[:2])
    box = (slice(y - 2, y + 3), slice(x - 3, x + 4))
    open_eye = painted._rig.rest[box].astype(int)
    shut = painted.render(row(eyeBlink=1))[box].astype(int)
    skin = painted._rig.points[50, :2].round().astype(int)
    tone = painted._rig.rest[skin[1], skin[0]].astype(int)
    assert np.abs(shut.mean((0, 1)) - tone).sum() < np.abs(open_eye.mean((0, 1)) - tone).sum() / 2


def test_gaze_moves_the_iris_and_not_the_lids(painted: WarpEngine) -> None:
    eye = painted._rig.eyes[1]
    change = np.abs(painted.render(row(gazeX=6)).astype(int) - painted._rig.rest).max(-1)
    ys, xs = np.nonzero(change > 12)
    x0, y0 = eye.box[:2]
    inside = (xs >= x0) & (xs < eye.box[2])
    upper = eye.upper[np.clip(xs[inside] - x0, 0, len(eye.upper) - 1)] + y0
    assert len(ys[inside]) > 10
    assert (ys[inside] > upper - 3).all()


def test_engines_are_found_by_name(painted: WarpEngine) -> None:
    rig = painted._rig
    for name in ENGINES:
        engine = open_engine(name, rig)
        assert isinstance(engine, Engine) and engine.name == name
        assert engine.channels <= set(CHANNELS)
        assert np.array_equal(engine.render(row()), rig.rest)
    still = open_engine("still", rig)
    assert np.array_equal(still.render(row(jawOpen=1)), rig.rest)
    with pytest.raises(RigError, match=r"portrait engine 'dance' does not exist.*still, warp"):
        open_engine("dance", rig)


def test_a_cached_rig_renders_without_the_tracker(painted: WarpEngine, tmp_path: Path) -> None:
    archive.write_rig(painted._rig, tmp_path / "rig", VERSION)
    script = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from avatar.rig import VERSION, archive; from avatar.engines import open_engine\n"
        f"rig = archive.read_rig(Path({str(tmp_path / 'rig')!r}), VERSION, '0' * 64, 'test')\n"
        "v = np.zeros(64, np.float32); v[24:27] = .4; v[52:55] = 3\n"
        "frame = open_engine('warp', rig).render(v)\n"
        "assert frame.shape == (256, 256, 3)\n"
        "print([m for m in ('mediapipe', 'scipy', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
