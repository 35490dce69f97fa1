"""Streams: phones in pieces give the rows that the whole would give, early, and without an end."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatar.performance import (
    CHANNELS,
    INDEX,
    Controls,
    PerformanceError,
    Prosody,
    Stream,
    frame_times,
    perform,
)
from avatar.performance.channels import Values
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

R30 = Fraction(30)
STEPS = 1 / 4096
MOUTH = [i for n, i in INDEX.items() if n.startswith(("mouth", "jaw", "tongue", "teeth", "labio"))]
SYMBOLS = (*"pbmfvθsʃhnlɹjwɪæəɑuɝ", "tʃ", "aɪ", "oʊ")


def spoken(symbols: str, *, start: float = 0.6, length: float = 0.08) -> list[Phone]:
    """Phones of equal length; ' marks a stressed vowel, _ a pause of .6 s, . one of .18 s."""
    phones = []
    time = start
    for symbol in symbols.split():
        if symbol in "_.":
            time += 0.6 if symbol == "_" else 0.18
            continue
        stress = 1 if symbol.endswith("'") else 0
        phones.append(Phone(symbol.rstrip("'"), time, time + length, stress))
        time += length
    return phones


def talk(seed: int, seconds: float, *, start: float = 0.4) -> list[Phone]:
    """Random phrases of phones of natural lengths, with pauses."""
    rng = np.random.default_rng(seed)
    phones: list[Phone] = []
    time = start
    while time < seconds:
        for _ in range(int(rng.integers(8, 40))):
            length = float(rng.uniform(0.03, 0.16))
            symbol = str(rng.choice(SYMBOLS))
            phones.append(Phone(symbol, time, time + length, int(rng.integers(0, 2))))
            time += length
        # Every second pause is short.
        time += float(rng.uniform(0.13, 0.24) if len(phones) % 2 else rng.uniform(0.3, 0.8))
    return phones


def rows(*pieces: Iterable[Values]) -> Values:
    """(rows, channels); none gives an empty array of that width."""
    taken = [row for piece in pieces for row in piece]
    return np.array(taken, np.float32).reshape(-1, len(CHANNELS))


def streamed(
    phones: Sequence[Phone],
    rate: Fraction = R30,
    *,
    until: float | None = None,
    lookahead: float = LOOKAHEAD,
    **controls: Any,
) -> Values:
    stream = Stream(rate, Controls(**controls), lookahead=lookahead)
    return rows(stream.push(phones), stream.finish(until))


def away_from_the_ends(phones: Sequence[Phone], frames: int, rate: Fraction) -> slice:
    """The frames that no start or end of a clip reaches."""
    times = frame_times(frames, rate)
    first, last = np.searchsorted(times, [0.35, phones[-1].end - 0.3])
    return slice(int(first), int(last))


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


@st.composite
def timelines(draw: st.DrawFn) -> list[Phone]:
    phones: list[Phone] = []
    time = draw(st.sampled_from([0.0, 0.03, 0.7]))
    for _ in range(draw(st.integers(0, 14))):
        # Gaps of about the length at which they become pauses, and short and long phones.
        time += draw(st.sampled_from([0.0] * 6 + [0.01, 0.119, 0.12, 0.2, 0.25, 0.4, 3.0]))
        length = draw(st.sampled_from([0.0, 0.012, 0.05, 0.08, 0.11, 0.4]))
        symbol = draw(st.sampled_from([*SYMBOLS, "", "."]))
        phones.append(Phone(symbol, time, time + length, draw(st.integers(0, 2))))
        time += length
    return phones


@settings(deadline=None, max_examples=60)
@given(
    phones=timelines(),
    rate=st.sampled_from([Fraction(10), Fraction(25), R30, Fraction(60)]),
    lookahead=st.sampled_from([0.0, 0.03, LOOKAHEAD, 0.15, REACH, FULL_REACH, 0.3]),
    seed=st.integers(-3, 3),
    rest_close=st.sampled_from([0.0, 1.0]),
    voiced=st.booleans(),
    data=st.data(),
)
def test_rows_do_not_depend_on_the_pieces(
    phones: list[Phone],
    rate: Fraction,
    lookahead: float,
    seed: int,
    rest_close: float,
    voiced: bool,
    data: st.DataObject,
) -> None:
    controls = Controls(seed=seed, rest_close=rest_close, emotion="warm")

    def push(stream: Stream, first: int, last: int) -> Iterable[Values]:
        if not voiced:
            return stream.push(phones[first:last])
        return stream.push(
            phones[first:last],
            loudness=[float(i % 7) - 4 for i in range(first, last)],
            pitch=[90.0 + 10 * (i % 5) if i % 3 else 0.0 for i in range(first, last)],
        )

    stream = Stream(rate, controls, lookahead=lookahead)
    whole = rows(push(stream, 0, len(phones)), stream.finish())
    stream = Stream(rate, controls, lookahead=lookahead)
    pieces: list[Values] = []
    first = 0
    while first < len(phones):
        last = min(first + data.draw(st.integers(1, 4)), len(phones))
        coming = push(stream, first, last)
        if data.draw(st.booleans()):
            pieces.extend(coming)
        first = last
        if first < len(phones) and data.draw(st.booleans()):
            share = data.draw(st.sampled_from([0.3, 0.99, 1.0]))
            gap = phones[first].start - stream.known
            coming = stream.silence(min(stream.known + share * gap, phones[first].start))
            pieces.extend(islice(coming, data.draw(st.integers(0, 3))))
    pieces.extend(stream.finish())
    assert rows(pieces).tobytes() == whole.tobytes()
    if len(whole):
        assert not whole[0].any() and not whole[-1].any()
        assert np.isfinite(whole).all()


@pytest.mark.parametrize("lookahead", [0.0, LOOKAHEAD, REACH])
def test_a_row_depends_on_nothing_beyond_its_look_ahead(lookahead: float) -> None:
    before = talk(1, 6.0)
    end = before[-1].end
    seen = frame_times(600, R30) <= end - lookahead
    futures = [
        [],
        [Phone("w", end, end + 0.1), Phone("u", end + 0.1, end + 0.3, 1)],
        [Phone("m", end + 0.15, end + 0.2), Phone("ɑ", end + 0.2, end + 0.5, 1)],
    ]
    known = int(seen.sum())
    first, *others = (streamed([*before, *future], lookahead=lookahead) for future in futures)
    for other in others:
        assert (other[:known] == first[:known]).all()
        assert (other[known : known + 5] != first[known : known + 5]).any()


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


def test_silence_is_still() -> None:
    values = streamed(spoken("b æ' d _ _ _ _ b æ' d"))
    times = frame_times(len(values), R30)
    silent = (times > 0.84 + 0.2) & (times < 0.84 + 2.4 - 0.15)
    assert not values[silent][:, MOUTH].any()
    assert values[~silent][:, MOUTH].any()


def test_rows_come_as_soon_as_they_are_known() -> None:
    rate = R30
    phones = talk(3, 10.0, start=0.0)
    for lookahead in (0.0, LOOKAHEAD, REACH):
        stream = Stream(rate, lookahead=lookahead)
        count = 0
        for phone in phones:
            count += len(rows(stream.push([phone])))
            assert stream.known == phone.end
            assert count == (frame_times(1000, rate) <= phone.end - lookahead).sum()
    # A synthesiser's chunk decides its first row at once, without waiting for the whole.
    stream = Stream(rate)
    assert next(iter(stream.push(phones[:3]))).shape == (len(CHANNELS),)
    # Phones come as they end. The first row comes within 170 ms, decided by the second phone.
    stream = Stream(rate)
    assert not len(rows(stream.push([Phone("ð", 0.0, 0.08)])))
    assert len(rows(stream.push([Phone("ə", 0.08, 0.16)])))


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


@pytest.mark.parametrize("emotion", ["neutral", "warm", "surprised"])
def test_it_begins_and_finishes_at_rest_without_a_jump(emotion: str) -> None:
    for spare in np.linspace(0.0, 3.0, 13):
        stream = Stream(
            R30, Controls(emotion=emotion, strength=1.0, gaze=(5, 3), motion=2.0, distance=0.8)
        )
        phones = spoken("b ɑ' b u' f aɪ' v", start=0.0)
        end = phones[-1].end + spare
        values = rows(stream.push(phones), stream.silence(end), stream.finish())
        assert not values[0].any() and not values[-1].any()
        assert end <= len(values) / 30 + 1e-9 < end + 0.9
        calm = [INDEX[n] for n in ("headYaw", "headPitch", "headZ", "gazeX", "browInnerUp")]
        assert np.abs(np.diff(values[-12:][:, calm], axis=0)).max() < 1.2
    stream = Stream(R30)
    assert len(rows(stream.push(phones), stream.finish(9.0))) == 9 * 30
    assert not len(rows(Stream(R30).finish()))


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


def test_memory_does_not_grow() -> None:
    sizes = []
    stream = Stream(R30)
    phones = talk(0, 60.0)
    period = 62.0
    for minute in range(6):
        moved = [
            Phone(p.symbol, p.start + minute * period, p.end + minute * period, p.stress)
            for p in phones
        ]
        for phone in moved:
            rows(stream.push([phone], loudness=[0.0], pitch=[120.0]))
        sizes.append(len(pickle.dumps(vars(stream))))
        rows(stream.silence((minute + 1) * period - 1.0))
    assert max(sizes[1:]) <= 1.2 * sizes[0]
    # Rows that are not taken are kept, and the measure sees that.
    stream.push([Phone(p.symbol, p.start + 400, p.end + 400, p.stress) for p in phones])
    assert len(pickle.dumps(vars(stream))) > 3 * sizes[0]


def test_phones_out_of_order_or_in_the_past_are_refused_and_change_nothing() -> None:
    stream = Stream(R30)
    rows(stream.push([Phone("a", 0.0, 0.5)]))
    for wrong in (
        [Phone("b", 0.4, 0.6)],
        [Phone("b", 0.5, 0.6), Phone("a", 0.55, 0.7)],
        [Phone("b", 0.7, 0.6)],
        [Phone("b", 0.5, float("inf"))],
        [Phone("b", float("nan"), 0.6)],
    ):
        with pytest.raises(PerformanceError) as caught:
            stream.push(wrong)
        assert caught.value.remedy
    rows(stream.silence(2.0))
    with pytest.raises(PerformanceError, match=r"2\.0 s is already decided"):
        stream.push([Phone("b", 1.9, 2.1)])
    rows(stream.silence(1.0))  # adds nothing new
    assert stream.known == 2.0
    rows(stream.push([Phone("b", 2.0, 2.1)]))


def test_impossible_numbers_are_refused() -> None:
    phones = spoken("b ɑ'")
    stream = Stream(R30)
    for wrong in ({"loudness": [0.0]}, {"pitch": [100.0, float("nan")]}, {"pitch": [-1.0, 100.0]}):
        with pytest.raises(PerformanceError, match=next(iter(wrong))):
            stream.push(phones, **wrong)
    for until in (float("inf"), float("nan")):
        with pytest.raises(PerformanceError, match="end of the silence"):
            stream.silence(until)
    with pytest.raises(PerformanceError, match="look-ahead"):
        Stream(R30, lookahead=-0.1)
    with pytest.raises(PerformanceError, match="rate"):
        Stream(Fraction(0))


def test_a_finished_stream_takes_no_more() -> None:
    stream = Stream(R30)
    stream.push(spoken("b ɑ'"))
    stream.finish()
    with pytest.raises(PerformanceError, match="finished"):
        stream.push([])
    with pytest.raises(PerformanceError, match="finished"):
        stream.silence(9.0)
    with pytest.raises(PerformanceError, match="finished"):
        stream.finish()
