"""Streams: phones in pieces give the rows that the whole would give, early, and without an end."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stream_world import R30, SYMBOLS, rows, spoken, streamed, talk

from avatar.performance import (
    CHANNELS,
    INDEX,
    Controls,
    PerformanceError,
    Stream,
    frame_times,
)
from avatar.performance.channels import Values
from avatar.performance.coarticulation import (
    FULL_REACH,
    REACH,
)
from avatar.performance.stream import LOOKAHEAD
from avatar.phone import Phone


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
