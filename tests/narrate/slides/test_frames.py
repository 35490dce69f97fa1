"""When the frames of a slide are shown."""

from __future__ import annotations

import pytest

from narrate.clock import ms_to_samples
from narrate.slides.frames import SlideFrame, find_utterance_starts, schedule_frames
from narrate.vocabulary import Word

SECOND = ms_to_samples(1000)


def frame(step: int = 0, anchor: int | None = None, weight: int = 1) -> SlideFrame:
    return SlideFrame(b"", step, 0, anchor, weight)


def schedule(
    *frames: SlideFrame, steps: tuple[int, ...] = (0,), said: tuple[int, ...] = (), total: int = 20
) -> list[float]:
    starts = schedule_frames(
        frames,
        steps=[at * SECOND for at in steps],
        utterances=[at * SECOND for at in said],
        total=total * SECOND,
    )
    return [start / SECOND for start in starts]


def test_each_step_has_its_frame() -> None:
    assert schedule(frame(0), frame(1), frame(2), steps=(0, 4, 9)) == [0, 4, 9]


def test_pages_share_the_time_by_what_is_on_them() -> None:
    assert schedule(frame(weight=1), frame(weight=3), frame(weight=4), total=16) == [0, 2, 8]


def test_a_page_begins_with_the_utterance_that_introduces_it() -> None:
    said = (0, 3, 7, 15)
    assert schedule(frame(anchor=0), frame(anchor=2), frame(anchor=3), said=said) == [0, 7, 15]


def test_pages_of_the_same_utterance_share_its_time() -> None:
    said = (0, 10)
    pages = [frame(anchor=0), frame(anchor=0), frame(anchor=1), frame(anchor=1, weight=4)]
    assert schedule(*pages, said=said) == [0, 5, 10, 12]


def test_pages_of_a_later_step_share_its_time_alone() -> None:
    assert schedule(frame(0), frame(1), frame(1), steps=(0, 10), total=20) == [0, 10, 15]


def test_no_page_is_shown_too_briefly_if_there_is_time() -> None:
    starts = schedule(frame(weight=1), frame(weight=1000), frame(weight=1))
    assert starts[1] >= 1.5 and starts[2] - starts[1] > 10 and starts[2] <= 18.5
    assert schedule(frame(), frame(), total=2) == [0, 1]


@pytest.mark.parametrize("anchor", [5, 99])
def test_an_anchor_without_a_time_is_shared(anchor: int) -> None:
    assert schedule(frame(anchor=0), frame(anchor=anchor), said=(0, 1)) == [0, 10]


def test_steps_at_the_end_of_a_slide_have_no_time() -> None:
    assert schedule(frame(0), frame(1), frame(1), steps=(0, 20)) == [0, 20, 20]


def test_utterances_begin_with_their_first_word() -> None:
    words = [Word("a", 10, 20, 0, 0), Word("b", 30, 40, 0, 1), Word("c", 50, 60, 2, 0)]
    assert find_utterance_starts(words) == (10, 50, 50)
    assert find_utterance_starts([]) == ()
