"""Reading, checking and planning take work and memory in proportion to the slides of a course."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

import narrate
from benchmarks.plan_scale import write_course

SLIDES = 150
MOST_BYTES_A_SLIDE = 60_000
"""A slide of the course has about a hundred words, each of which is some 300 bytes."""


@pytest.fixture
def make_course(tmp_path: Path, settings_elsewhere: None) -> Callable[[int], Path]:
    def make(slides: int) -> Path:
        root = tmp_path / str(slides)
        if not root.exists():
            write_course(root, slides)
        return root

    return make


def count_calls(work: Callable[[], object]) -> int:
    """How many functions of Python and of C are called, in whatever way."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_twice_the_slides_are_twice_the_work(make_course: Callable[[int], Path]) -> None:
    narrate.plan(make_course(2 * SLIDES))  # what is done once, such as imports, does not count
    small, large = (
        count_calls(lambda n=n: narrate.plan(make_course(n)))  # type: ignore[misc]
        for n in (SLIDES, 2 * SLIDES)
    )
    assert 1.8 * small < large < 2.1 * small


def measure_plan(course: Path) -> int:
    """How many bytes a plan holds."""
    tracemalloc.start()
    try:
        plan = narrate.plan(course)
        held = tracemalloc.get_traced_memory()[0]
        assert plan.tasks
    finally:
        tracemalloc.stop()
    return held


def test_the_memory_of_a_slide_is_bounded(make_course: Callable[[int], Path]) -> None:
    narrate.plan(make_course(2 * SLIDES))
    small, large = (measure_plan(make_course(n)) for n in (SLIDES, 2 * SLIDES))
    assert large - small < SLIDES * MOST_BYTES_A_SLIDE
