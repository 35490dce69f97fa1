from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrate.clock import (
    SAMPLE_RATE,
    format_clock,
    format_timestamp,
    frames_covering,
    frames_to_ms,
    frames_to_samples,
    ms_to_frame,
    ms_to_samples,
    ms_to_seconds,
    samples_to_frame,
    samples_to_ms,
    samples_to_seconds,
    seconds_to_ms,
    seconds_to_samples,
)

RATES = st.sampled_from([Fraction(25), Fraction(30), Fraction(30000, 1001), Fraction(15)])
COUNTS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("seconds", "text", "with_tenths"),
    [
        (0, "0:00", "0:00.0"),
        (59.999, "0:59", "0:59.9"),
        (61.25, "1:01", "1:01.2"),
        (3600, "1:00:00", "1:00:00.0"),
        (3723.456, "1:02:03", "1:02:03.4"),
        (36_000, "10:00:00", "10:00:00.0"),
    ],
)
def test_times_for_people_are_rounded_down(seconds: float, text: str, with_tenths: str) -> None:
    assert format_clock(seconds) == text
    assert format_clock(seconds, tenths=True) == with_tenths


def test_timestamps_always_have_hours_and_milliseconds() -> None:
    assert format_timestamp(2_345) == "00:00:02.345"
    assert format_timestamp(3_600_900, separator=",") == "01:00:00,900"
    assert format_timestamp(360_000_007) == "100:00:00.007"


@given(COUNTS)
def test_milliseconds_survive_the_way_to_samples_and_seconds(ms: int) -> None:
    assert samples_to_ms(ms_to_samples(ms)) == ms
    assert seconds_to_ms(ms_to_seconds(ms)) == ms
    assert seconds_to_samples(samples_to_seconds(ms)) == ms


def test_samples_are_rounded_to_the_nearest_millisecond() -> None:
    assert [samples_to_ms(n) for n in (0, 23, 24, 48, 71, 72)] == [0, 0, 1, 1, 1, 2]


@given(COUNTS, RATES)
def test_covering_frames_are_as_few_as_possible(samples: int, rate: Fraction) -> None:
    frames = frames_covering(samples, rate)
    assert frames / rate >= Fraction(samples, SAMPLE_RATE)
    assert (frames - 1) / rate < Fraction(samples, SAMPLE_RATE)


@given(st.integers(0, 10**6), RATES)
def test_frames_survive_the_way_to_milliseconds_and_samples(frame: int, rate: Fraction) -> None:
    assert ms_to_frame(frames_to_ms(frame, rate), rate) == frame
    assert samples_to_frame(frames_to_samples(frame, rate), rate) == frame


def test_a_frame_is_a_whole_number_of_samples_at_the_usual_rates() -> None:
    assert frames_to_samples(1, Fraction(30)) == 1600
    assert frames_to_samples(1, Fraction(25)) == 1920
