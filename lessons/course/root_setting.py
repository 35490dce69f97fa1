"""The setting `root`: the folder above a course that its lessons may use, texts included."""

from __future__ import annotations

from pathlib import Path

from foundation.problem import Place
from lessons.course.discovery import Location
from lessons.course.repository import find_repository
from lessons.course.settings import Settings
from lessons.course.text_files import opening
from lessons.errors import CourseError


def find_opened(location: Location, keys: Settings, flags: Settings) -> Path | None:
    """The folder that the setting opens, out of which nothing is read; None if it opens none.

    A course comes from anyone: its course.yaml may open its own repository, but no other folder.
    The command line may open any folder above the course. Raises CourseError.
    """
    asked = "root" in flags.model_fields_set
    written = flags.root if asked else keys.root
    if not written:
        return None
    place = flags.place_of("root") if asked else keys.place_of("root")
    with opening(written, place, CourseError):
        opened = (location.root / written).resolve()
        if not opened.is_dir() or not location.root.is_relative_to(opened):
            raise CourseError(
                f"'root' cannot be {written!r}: it is not a folder above the course.",
                remedy="Write the way from the course folder to the one to open, such as '..'.",
                place=place,
            )
    if not asked:
        _require_own_repository(location.root, opened, written, place)
    return opened


def _require_own_repository(root: Path, opened: Path, written: str, place: Place) -> None:
    repository = find_repository(root)
    if opened == root or (repository is not None and opened.is_relative_to(repository)):
        return
    raise CourseError(
        f"'root' cannot be {written!r} here: the folder is not in the course's own repository.",
        remedy=f"If you trust the course with what is in that folder, add --set root={written} to "
        "the command.",
        place=place,
    )
