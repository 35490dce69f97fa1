from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lessons.course.reading import load_course
from lessons.markdown.lesson import parse_lesson
from lessons.model import Course, Lesson

Parse = Callable[[str], Lesson]
Make = Callable[..., Path]


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
