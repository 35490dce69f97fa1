"""Measuring encoded videos of the sample presenter, rendered by the warp engine."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from avatar.engines import open_engine
from avatar.measure import MeasureError, compute_engine_command, measure_video
from avatar.measure.tracking import Tracker, find_region
from avatar.performance import Controls, Performance, perform
from avatar.performance.channels import INDEX
from avatar.phone import Phone
from avatar.rig.preparation import make_rig
from avatar.rig.rig import Rig

PHOTO = Path(__file__).parents[2] / "samples" / "course" / "presenter" / "presenter.png"
RATE = Fraction(25)


def speech() -> list[Phone]:
    line = "b ɑ p i m æ f aɪ v u m ɑ w i b ʌ f ɛ p u"
    return [Phone(s, 0.5 + 0.1 * i, 0.6 + 0.1 * i, 1) for i, s in enumerate(line.split())]


def encode(path: Path, frames: list[np.ndarray]) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "16", "preset": "veryfast", "threads": "1"}
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def rig() -> Rig:
    pixels = np.asarray(Image.open(PHOTO).convert("RGB"))
    return make_rig(
        pixels, photo_sha256="0" * 64, record_id="test", size=(384, 384), framing="bust"
    )


@pytest.fixture(scope="module")
def performance() -> Performance:
    return perform(speech(), frames=76, rate=RATE, controls=Controls(seed=2))


@pytest.fixture(scope="module")
def frames(rig: Rig, performance: Performance) -> list[np.ndarray]:
    engine = open_engine("warp", rig)
    return [engine.render(values) for values in performance.values]


def test_a_speaking_presenter_meets_the_limits(
    tmp_path: Path, rig: Rig, performance: Performance, frames: list[np.ndarray]
) -> None:
    path = encode(tmp_path / "good.mp4", frames)
    command = compute_engine_command(open_engine("warp", rig), performance)
    measured = measure_video(path, command=command, phones=speech())
    assert [s.tracker for s in measured.seen] == ["attention", "base"]
    for seen in measured.seen:
        assert seen.found.value == 1.0
        assert seen.articulation is not None
        assert seen.articulation.closures.value == 1.0
        assert seen.articulation.labiodentals.value == 1.0
        assert seen.articulation.opening_r > 0.9
        assert abs(seen.articulation.lag) < 0.3
        assert seen.quiet_lips.value == 1.0 and seen.quiet_lips.of >= 10
    best = measured.seen[0].articulation
    assert best is not None
    assert best.opening_r > 0.96 and best.width_r > 0.9
    assert best.labiodentals.value == 1.0 and best.roundings.value == 1.0
    assert 0.85 < measured.likeness.eye_sharpness < 1.15
    assert measured.likeness.ssim > 0.93
    assert measured.likeness.shape < 0.02
    assert json.loads(json.dumps(measured.to_json()))["seen"][0]["articulation"]["closures"]["of"]
    table = measured.table()
    assert "opening r" in table and "attention" in table.splitlines()[0]

    # Three frames late, and blurred: both must be found.
    late = [frames[0]] * 3 + frames[:-3]
    blurred = [cv2.GaussianBlur(frame, (0, 0), 2.5) for frame in late]
    path = encode(tmp_path / "bad.mp4", [frames[0], *blurred[1:]])
    bad = measure_video(path, command=performance, phones=speech(), trackers=["attention"])
    assert bad.seen[0].articulation is not None
    assert bad.seen[0].articulation.lag == pytest.approx(3, abs=0.4)
    assert bad.seen[0].articulation.opening_r < 0.8
    assert bad.likeness.mouth_sharpness < 0.7 and bad.likeness.eye_sharpness < 0.7


def test_lips_that_never_close_are_found(
    tmp_path: Path, rig: Rig, performance: Performance
) -> None:
    values = performance.values.copy()
    closes = performance.channel("mouthClose") > 0
    sloppy = replace(performance, values=values)
    sloppy.channel("mouthClose")[:] *= 0.3
    sloppy.channel("jawOpen")[closes] += 0.15
    engine = open_engine("warp", rig)
    path = encode(tmp_path / "sloppy.mp4", [engine.render(v) for v in sloppy.values])
    measured = measure_video(path, command=performance, phones=speech())
    for seen in measured.seen:
        assert seen.articulation is not None and seen.articulation.closures.value < 0.3


def test_a_lower_lip_that_stays_off_the_teeth(
    tmp_path: Path, rig: Rig, performance: Performance
) -> None:
    loose = replace(performance, values=performance.values.copy())
    touch = loose.channel("labiodental").copy()
    loose.channel("labiodental")[:] = 0
    loose.channel("mouthRollLower")[:] *= 1 - touch
    loose.channel("mouthShrugLower")[:] *= 1 - touch
    engine = open_engine("warp", rig)
    path = encode(tmp_path / "loose.mp4", [engine.render(v) for v in loose.values])
    for seen in measure_video(path, command=performance, phones=speech()).seen:
        assert seen.articulation is not None and seen.articulation.labiodentals.value < 0.5


def test_a_smile_whose_lips_meet_and_do_not(tmp_path: Path) -> None:
    rig = make_rig(
        np.asarray(skimage.data.astronaut()),
        photo_sha256="0" * 64,
        record_id="test",
        size=(384, 384),
        framing="bust",
    )
    engine = open_engine("warp", rig)
    performance = perform(speech(), frames=110, rate=RATE, controls=Controls(rest_close=1.0))
    command = compute_engine_command(engine, performance)
    path = encode(tmp_path / "smile.mp4", [engine.render(v) for v in performance.values])
    good = measure_video(path, command=command, phones=speech(), photo=rig.rest)
    half = replace(performance, values=performance.values.copy())
    half.channel("mouthClose")[:] *= 0.3
    path = encode(tmp_path / "sloppy.mp4", [engine.render(v) for v in half.values])
    bad = measure_video(path, command=command, phones=speech(), photo=skimage.data.astronaut())
    for seen, spoilt in zip(good.seen, bad.seen, strict=True):
        assert seen.articulation is not None and spoilt.articulation is not None
        assert seen.articulation.closures.value == 1.0
        assert spoilt.articulation.closures.value <= 0.2
        # The photo shows more of the teeth than either film does in silence.
        assert seen.quiet_lips.value == 1.0 and seen.quiet_lips.of > 20
        assert np.isfinite(seen.steadiness.silent)
    # Without the photo, the first frame decides what may be visible; here it is the photo's.
    first = measure_video(path, command=command, phones=speech(), trackers=["base"])
    assert first.seen[0].quiet_lips.value == 1.0


def test_teeth_that_show_in_silence_are_found(
    tmp_path: Path, rig: Rig, performance: Performance, frames: list[np.ndarray]
) -> None:
    engine = open_engine("warp", rig)
    bared = performance.values[-9].copy()
    bared[INDEX["jawOpen"]] = 0.1
    for name in ("mouthUpperUp", "mouthLowerDown"):
        bared[[INDEX[name + "Left"], INDEX[name + "Right"]]] = 0.4
    path = encode(tmp_path / "bared.mp4", [*frames[:-6], *[engine.render(bared)] * 6])
    measured = measure_video(path, phones=speech(), photo=rig.rest)
    for seen in measured.seen:
        assert seen.quiet_lips.missed[-6:] == tuple(range(70, 76))
        assert seen.quiet_lips.of - seen.quiet_lips.met <= 7
    assert "teeth hidden in silence" in measured.table()
    json.dumps(measured.to_json())


def test_a_still_presenter_in_the_corner_of_a_lecture(
    tmp_path: Path, frames: list[np.ndarray]
) -> None:
    lecture = np.full((540, 960, 3), 245, np.uint8)
    lecture[300:540, 700:940] = cv2.resize(frames[0], (240, 240), interpolation=cv2.INTER_AREA)
    path = encode(tmp_path / "still.mp4", [lecture] * 20)
    measured = measure_video(path, trackers=["attention"], seconds=0.6)
    assert measured.frames == 15 and measured.size == (960, 540)
    x, y, w, h = measured.region
    assert x >= 640 and y >= 240 and x + w <= 960 and y + h <= 540
    assert measured.seen[0].articulation is None
    assert measured.seen[0].steadiness.silent < 8.0
    assert measured.behaviour.blinks == 0 and measured.behaviour.yaw < 2.0
    assert measured.likeness.ssim > 0.97


def test_a_video_without_a_face_is_refused(tmp_path: Path) -> None:
    empty = encode(tmp_path / "empty.mp4", [np.full((128, 128, 3), 200, np.uint8)] * 5)
    with pytest.raises(MeasureError, match="No face"):
        measure_video(empty)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"not a video")
    with pytest.raises(MeasureError, match=r"broken\.mp4"):
        measure_video(broken)
    with pytest.raises(MeasureError):
        measure_video(tmp_path / "missing.mp4")


def test_a_performance_at_another_rate_is_refused(tmp_path: Path, frames: list[np.ndarray]) -> None:
    path = encode(tmp_path / "short.mp4", frames[:6])
    other = perform([], frames=6, rate=Fraction(30))
    with pytest.raises(MeasureError, match="frames a second"):
        measure_video(path, command=other, trackers=["attention"])
    longer = perform([], frames=60, rate=RATE)
    with pytest.raises(MeasureError, match="60"):
        measure_video(path, command=longer, trackers=["attention"])


def test_the_trackers_write_nothing(
    capfd: pytest.CaptureFixture[str], frames: list[np.ndarray]
) -> None:
    with Tracker("base") as mesh:
        assert find_region(frames[0], mesh) is not None
    captured = capfd.readouterr()
    assert captured.err == "" and captured.out == ""
