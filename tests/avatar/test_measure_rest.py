"""Where a mouth rests, and when nothing is said."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from avatar.measure import MeasureError, compute_command
from avatar.measure.silence import find_pause_frames, find_silent_frames
from avatar.measure.statistics import CONTRAST, meeting, narrowed, open_eyed
from avatar.performance import Controls, Performance, perform
from avatar.performance.channels import INDEX
from avatar.phone import Phone

R30 = Fraction(30)
PHONES = [Phone(s, 1.0 + 0.1 * i, 1.1 + 0.1 * i, 1) for i, s in enumerate("pɑmifuvɛb")]
SPOKEN = (1.0, 1.9)


def performed(**controls: Any) -> Performance:
    return perform(PHONES, frames=150, rate=R30, controls=Controls(**controls))


@pytest.mark.parametrize(
    "controls",
    [
        {},
        {"rest_close": 1.0},
        {"emotion": "warm", "strength": 1.0},
        {"emotion": "surprised", "strength": 1.0, "rest_close": 0.6},
        {"emotion": "serious"},
    ],
    ids=lambda c: " ".join(map(str, c.values())) or "neutral",
)
def test_a_mouth_rests_in_silence_whatever_its_posture(controls: dict[str, object]) -> None:
    performance = performed(**controls)
    still = compute_command(performance).still
    times = (np.arange(150) + 0.5) / 30
    assert still[(times > 3.2) & (times < 4.4)].all()
    assert not still[(times > SPOKEN[0] - 0.05) & (times < SPOKEN[1] + 0.05)].any()


def test_a_shape_of_speech_is_not_rest_however_long_it_is_held() -> None:
    performance = performed()
    for name, value in (("jawOpen", 0.2), ("mouthPucker", 0.6), ("labiodental", 1.0)):
        held = replace(performance, values=performance.values.copy())
        held.values[90:, INDEX[name]] = value
        assert not compute_command(held).still[90:].any()


def test_a_mouth_that_fidgets_does_not_rest() -> None:
    performance = performed(emotion="warm")
    fidget = replace(performance, values=performance.values.copy())
    fidget.values[90:140:4, INDEX["mouthSmileLeft"]] += 0.02
    assert compute_command(performance).still[95:130].all()
    assert not compute_command(fidget).still[95:130].any()


def test_nothing_is_said_between_phones() -> None:
    silent = find_pause_frames(PHONES, 150, R30)
    times = (np.arange(150) + 0.5) / 30
    assert silent[times < 0.8].all() and silent[times > 2.05].all()
    assert not silent[(times > 0.8) & (times < 2.05)].any()
    gap = [*PHONES, Phone("p", 2.2, 2.3, 1)]  # .3 s: spoken through
    assert not find_pause_frames(gap, 72, R30)[(times[:72] > 0.8)].any()
    assert find_pause_frames([], 15, R30).all()


def sounding(path: Path, sound: np.ndarray | None) -> Path:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        audio = container.add_stream("aac", rate=48000) if sound is not None else None
        for _ in range(90):
            grey = np.full((64, 64, 3), 90, np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            frame = av.AudioFrame.from_ndarray(sound[None], format="flt", layout="mono")
            frame.sample_rate = 48000
            container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return path


def test_silence_is_found_in_the_sound(tmp_path: Path) -> None:
    t = np.arange(3 * 48000) / 48000
    loud = (t > 1) & (t < 1.8)
    tone = (0.3 * np.sin(2 * np.pi * 200 * t) * loud).astype(np.float32)
    silent = find_silent_frames(sounding(tmp_path / "tone.mp4", tone), 90, R30)
    times = (np.arange(90) + 0.5) / 30
    assert silent[times < 0.7].all() and silent[times > 2.1].all()
    assert not silent[(times > 0.85) & (times < 1.9)].any()
    part = find_silent_frames(tmp_path / "tone.mp4", 30, R30, start=1.0)
    assert not part[:27].any()
    noise = np.random.default_rng(1).normal(0, 0.1, len(t)).astype(np.float32)
    assert not find_silent_frames(sounding(tmp_path / "noise.mp4", noise), 90, R30).any()
    assert find_silent_frames(sounding(tmp_path / "mute.mp4", None), 90, R30).all()
    with pytest.raises(MeasureError, match="sound"):
        find_silent_frames(tmp_path / "missing.mp4", 9, R30)


def test_blinks_are_not_rest_for_the_tracker() -> None:
    eyes = 0.3 + np.random.default_rng(1).normal(0, 0.004, 60)
    eyes[30:34] = 0.05
    assert np.flatnonzero(~open_eyed(eyes, 2)).tolist() == list(range(28, 36))
    eyes[:] = np.nan
    assert open_eyed(eyes, 2).all()


def test_a_trackers_zero_is_what_it_shows_for_lips_that_meet() -> None:
    # A smile: the base mesh puts its closed lips at .04, and its rest is open.
    opening = np.concatenate([np.full(20, 0.09), np.full(20, 0.04), np.linspace(0.05, 0.28, 100)])
    still = np.arange(140) < 20
    met = (np.arange(140) >= 20) & (np.arange(140) < 40)
    assert meeting(opening, still) < 0.04 < meeting(opening, still, met) < 0.075
    assert meeting(opening, still, met & (np.arange(140) < 25)) == meeting(opening, still)
    # With closed lips at rest nothing changes.
    assert meeting(opening - 0.04, met, met) == pytest.approx(meeting(opening - 0.04, met))
    assert np.isnan(meeting(np.full(5, np.nan), np.ones(5, bool)))


def test_a_jaw_that_narrows_the_mouth_does_not_round_it() -> None:
    width = np.full(100, 0.5)
    width[20:40] -= 0.02  # an open jaw
    width[50:60] -= 0.15  # /u/
    still = np.arange(100) < 20
    assert 0.35 < narrowed(width, still) < 0.48
    width[50:60] = 0.5
    assert narrowed(width, still) < 0.5 - CONTRAST
    assert np.isnan(narrowed(np.full(3, np.nan), np.ones(3, bool)))
