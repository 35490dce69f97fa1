"""How the presenter listens while somebody else speaks."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from avatar.performance import Controls, Performance, PerformanceError, Prosody, perform
from avatar.performance.frames import frame_times
from avatar.performance.listening import Span
from avatar.phone import Phone

RATE = Fraction(30)
FRAMES = 600
OTHERS: tuple[Span, ...] = ((5.0, 13.0),)
MOUTH = ("jawOpen", "mouthClose", "mouthPucker", "mouthLowerDownLeft", "labiodental", "tongueTip")


def chatter(start: float, end: float) -> list[Phone]:
    symbols = ("b", "ɑ", "f", "i", "m", "u", "v", "æ")
    count = int((end - start) / 0.1)
    return [
        Phone(symbols[n % 8], start + n * 0.1, start + n * 0.1 + 0.1, int(symbols[n % 8] in "ɑæ"))
        for n in range(count)
    ]


PHONES = [*chatter(0.5, 4.5), *chatter(5.0, 13.0), *chatter(13.6, 19.0)]


def play(listening: tuple[Span, ...] = OTHERS, **controls: float) -> Performance:
    asked = Controls(**controls)  # type: ignore[arg-type]
    return perform(PHONES, frames=FRAMES, rate=RATE, controls=asked, listening=listening)


def span(performance: Performance, name: str, start: float, end: float) -> np.ndarray:
    times = frame_times(len(performance), RATE)
    return performance.channel(name)[(times > start) & (times < end)]


def test_the_words_of_others_do_not_move_the_lips() -> None:
    for name in MOUTH:
        assert np.abs(span(play(), name, 5.3, 12.7)).max() == 0.0, name
    # All phones driving the lips, as if nobody else spoke:
    assert span(play(()), "jawOpen", 5.3, 12.7).max() > 0.3


def test_ones_own_words_move_them_as_ever() -> None:
    own = [p for p in PHONES if not 5.0 <= p.start < 13.0]
    alone = perform(own, frames=FRAMES, rate=RATE)
    for name in MOUTH:
        assert np.array_equal(play().channel(name), alone.channel(name)), name


def test_lips_that_are_parted_in_the_photo_are_closed() -> None:
    assert span(play(rest_close=1.0), "mouthClose", 7.0, 12.0).min() > 0.9


def test_the_eyes_and_the_head_turn_to_the_speaker_and_back() -> None:
    looking = play(motion=1.0)
    assert np.median(span(looking, "gazeX", 6.0, 12.5)) < -6
    assert np.median(span(looking, "headYaw", 6.0, 12.5)) < -1.2
    for start, end in ((1.0, 4.5), (14.0, 18.0)):
        assert abs(np.median(span(looking, "gazeX", start, end))) < 1
    assert abs(np.median(span(play(()), "gazeX", 6.0, 12.5))) < 1


def test_the_head_nods_slowly_and_the_eyes_blink() -> None:
    nodding, still = play(), play(OTHERS, motion=0.0)
    pitch = span(nodding, "headPitch", 5.5, 12.7)
    assert pitch.min() < -0.8
    assert np.abs(np.diff(pitch)).max() < 0.25  # degrees a frame; a stressed syllable's is faster
    assert np.abs(span(still, "headPitch", 5.5, 12.7)).max() == 0.0
    assert span(nodding, "eyeBlinkLeft", 5.0, 13.0).max() == 1.0


def test_nobody_turns_to_a_short_remark() -> None:
    short = play(((5.0, 5.5),))
    assert np.abs(span(short, "headYaw", 5.0, 5.6) - span(play(()), "headYaw", 5.0, 5.6)).max() < 1
    assert np.median(span(short, "gazeX", 5.0, 5.5)) > -6


def test_the_head_does_not_follow_the_voice_of_another() -> None:
    quiet = np.full(FRAMES, -40.0, np.float32)
    times = frame_times(FRAMES, RATE)
    shouting = np.where((times > 5) & (times < 13), np.float32(400), np.float32(0))
    calm = Prosody(quiet, np.where(times < 5, np.float32(120), np.float32(0)))
    other = Prosody(quiet, calm.pitch + shouting)

    def tilt(prosody: Prosody, spans: tuple[Span, ...]) -> np.ndarray:
        played = perform(PHONES, frames=FRAMES, rate=RATE, prosody=prosody, listening=spans)
        return played.channel("headPitch")

    assert np.array_equal(tilt(calm, OTHERS), tilt(other, OTHERS))
    assert not np.array_equal(tilt(calm, ()), tilt(other, ()))


def test_the_same_seed_gives_the_same_nods() -> None:
    assert np.array_equal(play(seed=3).values, play(seed=3).values)
    assert not np.array_equal(play(seed=3).values, play(seed=4).values)


def test_whoever_does_not_listen_performs_as_before() -> None:
    assert np.array_equal(perform(PHONES, frames=FRAMES, rate=RATE).values, play(()).values)


@pytest.mark.parametrize("spans", [((3.0, 2.0),), ((1.0, 3.0), (2.0, 4.0)), ((-1.0, 2.0),)])
def test_spans_out_of_order_are_refused(spans: tuple[Span, ...]) -> None:
    with pytest.raises(PerformanceError, match="out of order"):
        play(spans)


def test_channels_stay_in_their_range_at_any_motion() -> None:
    for motion in (0.0, 1.0, 2.0):
        played = play(motion=motion)
        assert np.abs(played.channel("gazeX")).max() <= 12
        assert np.abs(played.channel("headYaw")).max() <= 3 * motion + 1e-6
