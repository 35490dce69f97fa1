"""The text files of a course: inside its folder, bounded, in UTF-8."""

from __future__ import annotations

from pathlib import Path

from foundation.files import TooLargeError, read_bounded
from foundation.problem import Place, ProblemError
from lessons.errors import CourseError

LARGEST_BYTES = 8_000_000  # a lesson's own bound is in characters


def read_text(path: Path, name: str, error: type[ProblemError]) -> str:
    """The text of a file, which is called `name` in errors. Raises `error`."""
    place = Place(name)
    try:
        data = read_bounded(path, LARGEST_BYTES)
    except TooLargeError as problem:
        raise error("The file is too large.", remedy="Split it.", place=place) from problem
    except OSError as problem:
        raise error(
            f"The file cannot be read: {problem.strerror}.",
            remedy="Check that it exists, is a file and may be read.",
            place=place,
        ) from problem
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        place = Place(name, data[: problem.start].count(b"\n") + 1)
        remedy = "Save it as UTF-8."
        raise error("The file is not UTF-8 text.", remedy=remedy, place=place) from problem


def require_inside(root: Path, path: Path, name: str) -> None:
    """Raises CourseError if the file is a link that leads out of the course folder."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise CourseError(
            f"{name!r} is a link that leads out of the course folder.",
            remedy="Put the file itself into the course folder.",
            place=Place(name),
        )
