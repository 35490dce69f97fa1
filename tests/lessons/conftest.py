from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lessons.course.reading import load_course
from lessons.markdown.lesson import parse_lesson
from lessons.model import Course, Lesson

Parse = Callable[[str], Lesson]
Make = Callable[..., Path]
AssertLinear = Callable[[Callable[[str], object], str], None]

TICK = 0.02
"""Seconds of the processor below which a time says nothing."""


@pytest.fixture
def parse(tmp_path: Path) -> Parse:
    """Parse a lesson of an otherwise empty course that holds media/a.png."""
    (tmp_path / "media").mkdir()
    Image.new("RGB", (8, 6), "white").save(tmp_path / "media" / "a.png")

    def run(text: str) -> Lesson:
        return parse_lesson(text, path="lesson.md", root=tmp_path)

    return run


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a course. Each keyword is a file name with `_` for `.` and `__` for `/`."""

    def run(settings: str = "title: Optics\n", **files: str) -> Path:
        root = tmp_path / "Optics 101"
        root.mkdir(exist_ok=True)
        (root / "course.yaml").write_text(settings)
        for name, text in (files or {"a_md": "# One\n\nHello there.\n"}).items():
            path = root / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return root

    return run


@pytest.fixture
def load(make: Make) -> Callable[..., Course]:
    def run(settings: str = "title: Optics\n", **files: str) -> Course:
        return load_course(make(settings, **files))

    return run


@pytest.fixture
def assert_linear() -> AssertLinear:
    """Assert that some work does not take time in proportion to the square of a text's length.

    The time for the text is compared with that for an eighth of it, its first and last sixteenth,
    so that the speed of the machine does not count. It would be 8 times as much for linear work,
    and 64 times for quadratic work.
    """

    def measure(work: Callable[[str], object], text: str) -> float:
        gc.disable()  # what other tests have left does not count
        try:
            begun = time.process_time()
            work(text)
            return time.process_time() - begun
        finally:
            gc.enable()

    def run(work: Callable[[str], object], text: str) -> None:
        part = len(text) // 16
        short = text[:part] + text[len(text) - part :]
        work(short)  # what is made once, such as tables of words, does not count
        ratios = []
        for _ in range(3):
            ratios.append(measure(work, text) / max(measure(work, short), TICK))
            if ratios[-1] < 32:
                return
        raise AssertionError(f"an eighth of the text takes so much less time: {ratios}")

    return run
