"""Checks the arguments of the public API. What is wrong with them is raised as a UsageError."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path, PurePath

from foundation.near_words import find_near
from foundation.shortening import brief
from lessons.course.setting_layers import Values, merge, read_any
from lessons.model import Course
from narrate.errors import UsageError
from narrate.pipeline.build import Means
from narrate.pipeline.plan import PARTS
from narrate.pipeline.runners import RUNNERS
from narrate.progress import ProgressCallback

Source = str | os.PathLike[str] | Course
_LARGEST = 1_000_000  # of lessons, slides and jobs: a larger number is a mistake


def check_progress(progress: ProgressCallback) -> ProgressCallback:
    if not callable(progress):
        raise UsageError(
            f"The progress is given as {_describe(progress)}.",
            remedy="Give a function that takes a Progress.",
        )
    return progress


def check_means(
    jobs: int = 0,
    runner: str | None = None,
    address: str | None = None,
    store: str | os.PathLike[str] | None = None,
) -> Means:
    if runner is not None:
        choose((runner,), tuple(RUNNERS), "runner")
    if address and runner != "ray":
        raise UsageError(
            "An address is given without the runner 'ray'.", remedy="Add --runner ray."
        )
    place = "" if store is None else os.fspath(check_path(store, "store"))
    # A path would lose one of the slashes of an address.
    if isinstance(store, str) and "://" in store:
        place = store
    return Means(_check_jobs(jobs), runner or "", address or "", place)


def check_course(course: Source) -> Path:
    """The path of a course, or of what is asked for in it; its reader says what is wrong there."""
    if isinstance(course, Course):
        return course.root / course.within
    return check_path(course, "course")


def check_path(value: str | os.PathLike[str], name: str) -> Path:
    """A path that the file system can be asked for, whether or not anything is there."""
    refusal = UsageError(
        f"The {name} is given as {_describe(value)}.", remedy="Give a path, as text or as a Path."
    )
    try:
        text = os.fspath(value)
    except Exception as error:  # a program's own class may raise anything
        raise refusal from error
    if not isinstance(text, str) or not text.strip():
        raise refusal
    try:
        os.lstat(text)
    except ValueError as error:  # a NUL, or half a character
        raise refusal from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise refusal from error
    return Path(text)


def check_flag(value: bool, name: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name!r} is given as {_describe(value)}.", remedy="Give True or False.")
    return value


def check_out(out: str | os.PathLike[str] | None) -> Path | None:
    return None if out is None else check_path(out, "output folder")


def merge_overrides(course: object, settings: Values) -> Values:
    """The settings that override those of all files; those with which a course was loaded stay."""
    if not isinstance(course, Course):
        return settings
    return course.flags if settings is None else merge(course.flags, read_any(settings, UsageError))


def choose_parts(only: Sequence[str] | None) -> tuple[str, ...]:
    asked = choose(only, PARTS, "part")
    return tuple(part for part in PARTS if part in asked)


def choose(asked: object, known: Collection[str], what: str) -> tuple[str, ...]:
    """The names asked for, which must be known ones; all known names for None."""
    if asked is None:
        return tuple(known)
    if not isinstance(asked, Collection) or isinstance(asked, bytes | Mapping):
        raise UsageError(
            f"What to make is given as {_describe(asked)}.",
            remedy=f"Give a list with some of {', '.join(known)}.",
        )
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in names:
        if not isinstance(name, str) or name not in known:
            near = find_near(name, known) if isinstance(name, str) else ""
            remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(known)}."
            shown = brief(name) if isinstance(name, str) else _describe(name)
            raise UsageError(f"There is no {what} {shown}.", remedy=remedy)
    if not names:
        raise UsageError(f"No {what} is named.", remedy=f"Choose from {', '.join(known)}.")
    return names


def check_lesson(lesson: str | int | None) -> str | None:
    if lesson is None or isinstance(lesson, str):
        return lesson
    if isinstance(lesson, int) and not isinstance(lesson, bool) and abs(lesson) < _LARGEST:
        return str(lesson)
    raise UsageError(
        f"The lesson is given as {_describe(lesson)}.",
        remedy="Give its number, its id or its file's name.",
    )


def check_language(language: str | None) -> str | None:
    if language is None or isinstance(language, str):
        return language
    raise UsageError(
        f"The language is given as {_describe(language)}.",
        remedy="Give its tag, such as 'fr' or 'pt-BR'.",
    )


def check_slide(slide: int | None, lesson: str | int | None, course: Source = "") -> int | None:
    if slide is None:
        return None
    if not isinstance(slide, int) or isinstance(slide, bool) or not 1 <= slide < _LARGEST:
        raise UsageError(
            f"There is no slide {_describe(slide)}.", remedy="Give its number, which counts from 1."
        )
    if lesson is None and not _is_lesson(course):
        raise UsageError(
            "A slide is given without its lesson.", remedy="Give the lesson that it belongs to."
        )
    return slide


def _is_lesson(course: Source) -> bool:
    """Whether a course is one lesson's file."""
    if isinstance(course, Course):
        return len(course.listed) == 1
    return bool(course) and check_path(course, "course").is_file()


def _check_jobs(jobs: int) -> int:
    if not isinstance(jobs, int) or isinstance(jobs, bool) or not 0 <= jobs < _LARGEST:
        raise UsageError(
            f"The number of jobs cannot be {_describe(jobs)}.",
            remedy="Give a number from 1, or 0 for one job per core.",
        )
    return jobs


def _describe(value: object) -> str:
    """A value and its type, for messages about wrong arguments."""
    shown = str(value) if isinstance(value, PurePath) else value
    return f"{'None' if shown is None else brief(shown)} ({type(value).__name__})"
