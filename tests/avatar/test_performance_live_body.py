"""The body of a stream: blinks, gaze, head and breath without knowledge of the future."""

from __future__ import annotations

import numpy as np
from stream_world import MOUTH, R30, rows, spoken, streamed, talk

from avatar.performance import (
    INDEX,
    Controls,
    Stream,
    frame_times,
)
from avatar.performance.coarticulation import (
    find_pauses,
)
from avatar.performance.stream import LOOKAHEAD
from avatar.phone import Phone


def test_silence_is_still() -> None:
    values = streamed(spoken("b æ' d _ _ _ _ b æ' d"))
    times = frame_times(len(values), R30)
    silent = (times > 0.84 + 0.2) & (times < 0.84 + 2.4 - 0.15)
    assert not values[silent][:, MOUTH].any()
    assert values[~silent][:, MOUTH].any()


def test_an_idle_face_breathes_and_blinks_and_says_nothing() -> None:
    stream = Stream(R30, Controls(seed=2))
    values = rows(*(stream.silence(tick / 10) for tick in range(1801)))
    assert len(values) == int((180.0 - LOOKAHEAD) * 30 + 0.5)
    assert not values[:, MOUTH].any()
    lids = values[:, INDEX["eyeBlinkLeft"]]
    blinks = int(((lids[1:] == 1.0) & (lids[:-1] < 1.0)).sum())
    assert 3 * 12 <= blinks <= 3 * 30
    breath = values[:, INDEX["breath"]]
    assert breath.min() < -0.2 and breath.max() > 0.2
    assert np.abs(np.diff(breath)).max() < 0.03
    assert 0.02 < np.abs(values[:, INDEX["headYaw"]]).max() < 1.0
    # It speaks as soon as phones come.
    speech = rows(stream.push([Phone("m", 180.0, 180.1), Phone("ɑ", 180.1, 180.4, 1)]))
    assert speech[:, INDEX["mouthClose"]].max() == 1.0
    assert speech[:, INDEX["jawOpen"]].max() > 0.4


def test_blinks_come_at_a_human_rate_and_more_at_pauses() -> None:
    shares = []
    for seed in range(3):
        phones = talk(seed, 240.0)
        values = streamed(phones, seed=seed)
        lids = values[:, INDEX["eyeBlinkLeft"]]
        starts = np.flatnonzero((lids[1:] > 0) & (lids[:-1] == 0)) / 30
        assert 15 <= len(starts) / (len(values) / 1800) <= 27
        gaps = np.diff(starts)
        assert gaps.min() > 0.6 and gaps.std() / gaps.mean() > 0.35
        ends = np.array([start for start, _ in find_pauses(phones, 0.0)])
        shares.append(np.mean([np.abs(ends - t).min() < 0.25 for t in starts]))
        moved = starts + 1.3  # the same times, moved away from the phrases that they follow
        chance = np.mean([np.abs(ends - t).min() < 0.25 for t in moved])
        assert shares[-1] > 1.5 * chance


def test_gaze_rests_on_the_viewer_and_the_head_follows_speech() -> None:
    values = streamed(talk(8, 120.0), seed=3)
    away = np.hypot(values[:, INDEX["gazeX"]], values[:, INDEX["gazeY"]])
    assert (away < 0.5).mean() > 0.8
    looks = int(((away[1:] > 1.0) & (away[:-1] <= 1.0)).sum())
    assert 2 * 4 <= looks <= 2 * 14
    idle = rows(Stream(R30, Controls(seed=3)).silence(120.0))
    for name, limit in (("headYaw", 3.0), ("headPitch", 2.0), ("headRoll", 1.5)):
        track = values[:, INDEX[name]]
        assert 0.15 * limit < np.abs(track).max() <= limit
        assert track.std() > 2.0 * idle[:, INDEX[name]].std()
        assert np.abs(np.diff(track, 2)).max() < 0.25  # degrees a frame squared: no twitch
    assert values[:, INDEX["browInnerUp"]].max() > 0.2
    assert not idle[:, INDEX["browInnerUp"]].any()
    still = streamed(talk(8, 20.0), motion=0.0)
    for name in ("headYaw", "headPitch", "headRoll", "browInnerUp", "breath"):
        assert not still[:, INDEX[name]].any()


def test_pitch_lifts_the_head() -> None:
    phones = talk(4, 20.0)
    tilts = []
    for high in (100.0, 140.0, 200.0):
        stream = Stream(R30)
        pitch = [100.0] * len(phones)
        half = len(phones) // 2
        pitch[half:] = [high] * (len(phones) - half)
        values = rows(stream.push(phones, pitch=pitch), stream.finish())
        first = int(phones[half].start * 30)
        tilts.append(float(values[first : first + 60, INDEX["headPitch"]].mean()))
    assert tilts[0] < tilts[1] < tilts[2]


def test_a_blink_that_has_begun_ends_and_none_begins_at_the_end() -> None:
    idle = rows(Stream(R30, Controls(seed=1)).silence(20.0))[:, INDEX["eyeBlinkLeft"]]
    first = int(np.flatnonzero(idle)[0])
    shut = 0
    for frame in range(first - 20, first + 12):
        stream = Stream(R30, Controls(seed=1))
        values = rows(stream.silence(frame / 30 + LOOKAHEAD), stream.finish())
        lids = values[:, INDEX["eyeBlinkLeft"]]
        assert lids[-2] < 0.3
        assert np.abs(np.diff(lids)).max() < 0.8
        shut += lids.max() == 1.0
    assert 8 <= shut < 32
