"""Reads the text files of a course: they must be in its folder, not too large, and UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.files import TooLargeError, read_bounded
from foundation.problem import Place, ProblemError
from foundation.shortening import shorten
from lessons.errors import CourseError

COURSE_FILE = "course.yaml"
LARGEST_BYTES = 8_000_000  # a lesson has a limit of its own, in characters


@contextmanager
def opening(name: str, place: Place, error: type[ProblemError]) -> Iterator[None]:
    """Raise `error` if the system cannot open the file or folder `name`."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as problem:
        raise error(
            f"{shorten(name)!r} cannot be opened: {explain(problem)}.",
            remedy="Check the path, and that you may read it.",
            place=place,
        ) from problem


def is_file(path: Path) -> bool:
    """Whether `path` is a regular file that can be reached. No path raises an error."""
    try:
        return path.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def explain(error: Exception) -> str:
    """Why the system, or pathlib, could not follow a path."""
    if isinstance(error, RuntimeError):  # pathlib, up to Python 3.12
        return "it is a link that leads to itself"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "its name has a character that no file name can have"


def read_text(path: Path, name: str, error: type[ProblemError]) -> str:
    """The text of a file, whose name in problems is `name`. Raises `error`."""
    place = Place(name)
    try:
        data = read_bounded(path, LARGEST_BYTES)
    except TooLargeError as problem:
        raise error(
            f"The file is larger than {LARGEST_BYTES / 1e6:.0f} MB.",
            remedy="Split it into smaller files.",
            place=place,
        ) from problem
    except OSError as problem:
        raise error(
            f"The file cannot be read: {problem.strerror}.",
            remedy="Check that it exists, that it is a file, and that you may read it.",
            place=place,
        ) from problem
    remedy = "Save it as text in the encoding UTF-8."
    if b"\0" in data:  # as in UTF-16, where every other byte of English text is 0
        place = Place(name, data[: data.index(b"\0")].count(b"\n") + 1)
        raise error("The file is not UTF-8 text: it holds a NUL.", remedy=remedy, place=place)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        place = Place(name, data[: problem.start].count(b"\n") + 1)
        raise error("The file is not UTF-8 text.", remedy=remedy, place=place) from problem


def require_inside(root: Path, path: Path, name: str) -> None:
    """Raise CourseError if the file is a link that leads out of the course folder."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise CourseError(
            f"{name!r} is a link that leads out of the course folder.",
            remedy="Put the file itself into the course folder.",
            place=Place(name),
        )
