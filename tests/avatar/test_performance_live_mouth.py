"""The mouth of a stream: it moves as in a whole clip, as far as the stream can see."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from stream_world import MOUTH, R30, STEPS, away_from_the_ends, rows, spoken, streamed, talk

from avatar.performance import (
    INDEX,
    Prosody,
    Stream,
    frame_times,
    perform,
)
from avatar.performance.coarticulation import (
    FULL_REACH,
    LATE,
    LONG_PAUSE,
    PAUSE,
    REACH,
    find_pauses,
)
from avatar.performance.stream import LOOKAHEAD
from avatar.phone import Phone


@pytest.mark.parametrize("rate", [Fraction(25), R30, Fraction(60), Fraction(30000, 1001)])
@pytest.mark.parametrize("seed", range(3))
def test_with_enough_look_ahead_the_mouth_moves_as_in_a_whole_clip(
    rate: Fraction, seed: int
) -> None:
    phones = talk(seed, 30.0)
    frames = int((phones[-1].end + 1.0) * rate)
    whole = perform(phones, frames=frames, rate=rate).values
    near = away_from_the_ends(phones, frames, rate)
    assert any(PAUSE <= b - a < LONG_PAUSE for a, b in find_pauses(phones, 0.0))
    for lookahead in (FULL_REACH, 0.3):
        values = streamed(phones, rate, lookahead=lookahead)
        assert (values[near][:, MOUTH] == whole[near][:, MOUTH]).all()
    # With less look-ahead it is different.
    assert (streamed(phones, rate, lookahead=0.12)[near][:, MOUTH] != whole[near][:, MOUTH]).any()


@pytest.mark.parametrize("seed", range(3))
def test_at_reach_only_short_pauses_differ_and_little(seed: int) -> None:
    phones = talk(seed, 30.0)
    rate = Fraction(60)
    frames = int((phones[-1].end + 1.0) * rate)
    near = away_from_the_ends(phones, frames, rate)
    whole = perform(phones, frames=frames, rate=rate).values[near][:, MOUTH]
    off = np.abs(streamed(phones, rate, lookahead=REACH)[near][:, MOUTH] - whole).max(1)
    short = np.zeros(len(off), bool)
    times = frame_times(frames, rate)[near]
    for start, end in find_pauses(phones, 0.0):
        if end - start < LONG_PAUSE:
            # The rest begins some 60 ms before a pause, whose length is then seen in time.
            short |= (times > start - 0.06) & (times <= end - REACH)
    assert short.any() and (off[short] > 0).any()
    assert (off[~short] == 0).all()
    assert off.max() < 0.12


def test_loudness_opens_the_jaw_as_it_does_in_a_batch() -> None:
    phones = talk(5, 8.0)
    frames = int((phones[-1].end + 1.0) * 30)
    rng = np.random.default_rng(0)
    level = rng.uniform(-9.0, 5.0, frames).astype(np.float32)
    times = frame_times(frames, R30)
    loudness = []
    for phone in phones:
        first = int(np.searchsorted(times, phone.start, "left"))
        last = max(int(np.searchsorted(times, phone.end, "right")), first + 1)
        loudness.append(float(level[first:last].max()))
    prosody = Prosody(level, np.zeros(frames, np.float32))
    whole = perform(phones, frames=frames, rate=R30, prosody=prosody).values
    near = away_from_the_ends(phones, frames, R30)
    stream = Stream(R30, lookahead=FULL_REACH)
    values = rows(stream.push(phones, loudness=loudness), stream.finish())
    assert (values[near][:, MOUTH] == whole[near][:, MOUTH]).all()
    assert (streamed(phones, lookahead=FULL_REACH)[near][:, MOUTH] != whole[near][:, MOUTH]).any()


@pytest.mark.parametrize("rate", [Fraction(25), R30, Fraction(50), Fraction(60)])
@pytest.mark.parametrize("length", [0.03, 0.08, 0.2])
@pytest.mark.parametrize("shift", [0.0, 0.007, 0.019])
@pytest.mark.parametrize("lookahead", [0.025, LOOKAHEAD, REACH])
def test_every_closure_closes_and_every_labiodental_touches(
    rate: Fraction, length: float, shift: float, lookahead: float
) -> None:
    phones = spoken(
        "æ' p ɑ b i m f v u m æ' f ɑ' v ə p s p f ɑ _ b ɑ' . p ɑ'", start=0.6 + shift, length=length
    )
    values = streamed(phones, rate, lookahead=lookahead)
    times = frame_times(len(values), rate)
    tracks = dict.fromkeys("pbm", "mouthClose") | dict.fromkeys("fv", "labiodental")
    for phone in phones:
        if phone.symbol in tracks:
            track = values[:, INDEX[tracks[phone.symbol]]]
            # If three contacts fall on two frames, one of them waits for the next frame.
            slack = 2.5 / float(rate) if length < 0.05 else 0.5 / float(rate)
            near = (times >= phone.start - slack) & (times <= phone.end + slack)
            assert (track[near] == 1.0).any(), (phone, track[near])


def test_contacts_compete_for_a_frame_only_with_those_that_it_sees() -> None:
    # /f/ is nearest to 150 ms, and so is /p/, which would win if it were seen there
    phones = [Phone("f", 0.12, 0.16), Phone("p", 0.16, 0.18), Phone("ɑ", 0.5, 0.6)]
    rate = Fraction(10)
    whole = streamed(phones, rate, lookahead=0.0)
    stream = Stream(rate, lookahead=0.0)
    pieces = rows(*(stream.push([phone]) for phone in phones), stream.finish())
    assert (pieces == whole).all()
    assert whole[1, INDEX["labiodental"]] == 1.0
    assert streamed(phones, rate)[1, INDEX["mouthClose"]] == 1.0


def test_lips_that_see_a_closure_late_hurry_but_do_not_jump() -> None:
    phones = spoken("ɑ' b ɑ'", length=0.1)
    steps = []
    for lookahead in (0.03, REACH):
        close = streamed(phones, Fraction(120), lookahead=lookahead)[:, INDEX["mouthClose"]]
        assert close.max() == 1.0
        steps.append(float(np.diff(close).max()))
    assert steps[1] < 0.25 < steps[0] < 0.5


@pytest.mark.parametrize("lookahead", [0.05, LOOKAHEAD, 0.12, REACH])
def test_shapes_are_left_without_a_jump_however_late_a_pause_is_seen(lookahead: float) -> None:
    rate = Fraction(60)
    for last in ("ɑ'", "u'", "z", "ʃ"):
        # A longer look-ahead is for whole clips.
        for length in (0.05, 0.12, 0.2, 0.5) if lookahead < LATE else (0.05, 0.12, 0.2):
            phones = spoken(f"d {last} _ d {last}", length=length)
            frames = int((phones[-1].end + 0.5) * rate)
            whole = perform(phones, frames=frames, rate=rate).values
            values = streamed(phones, rate, lookahead=lookahead)
            left = frame_times(len(values) - 1, rate)
            after = (left > phones[1].end - 0.1) & (left < phones[2].start - 0.25)
            for name in ("jawOpen", "mouthPucker", "mouthFunnel", "teeth"):
                steps = np.abs(np.diff(values[:, INDEX[name]]))[after]
                # A jump would take one frame.
                assert steps.max() <= 0.65 * np.abs(whole[:, INDEX[name]]).max() + STEPS
    # In a gap that is too short for a pause, speech does not come to rest at all.
    values = streamed([Phone("ɑ", 0.6, 0.8), Phone("ɑ", 0.9, 1.1)], rate, lookahead=lookahead)
    assert values[45:62, INDEX["jawOpen"]].min() > 0.5


def test_parted_lips_close_in_silence_and_part_in_time() -> None:
    phones = spoken("d ɑ' d _ _ _ d ɑ' d")
    values = streamed(phones, rest_close=1.0)
    times = frame_times(len(values), R30)
    close = values[:, INDEX["mouthClose"]]
    assert close[np.argmin(np.abs(times - (phones[2].end + 1.2)))] > 0.9
    assert close[np.argmin(np.abs(times - phones[4].start))] < 0.1
    assert close[0] == 0.0
    # Between two words they have no time for that.
    values = streamed(spoken("ɑ' . ɑ' . ɑ'"), rest_close=1.0)
    assert 0.0 < values[18:40, INDEX["mouthClose"]].max() < 0.2
