"""Which lessons of a course are built: all, or those of a name, in all languages or in one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.languages import name_language, normalize_tag, same_language
from foundation.shortening import brief
from lessons.errors import LessonError
from lessons.model import Course, Finding, Lesson
from narrate.errors import UsageError

if TYPE_CHECKING:
    from narrate.pipeline.request import Request

MOST_TOLD = 30  # lessons that a message names


def choose_lessons(
    course: Course, request: Request, remarks: Sequence[Finding]
) -> Sequence[Lesson]:
    """The lessons to build. The name of a lesson means all its languages, and that of a translation
    only itself. A single slide is made in the original's language unless one is asked for.

    Raises UsageError if there is no such lesson, and LessonError if it could not be read.
    """
    chosen = course.lessons
    if request.lesson is not None:
        chosen = _find_named(course, request.lesson, remarks)
    if request.language is not None:
        return _find_in_language(chosen, request.language)
    if request.wanted.slide is not None and len({lesson.group for lesson in chosen}) == 1:
        return chosen[:1]
    return chosen


def _find_named(course: Course, name: str, remarks: Sequence[Finding]) -> tuple[Lesson, ...]:
    translations = {track.path for group in course.tracks for track in group[1:]}
    listed = course.listed or tuple(lesson.path for lesson in course.lessons)
    originals = [path for path in listed if path not in translations] or list(listed)
    if name.isdecimal() and len(name) < 8 and 1 <= int(name) <= len(originals):
        paths = [originals[int(name) - 1]]
    else:
        ids = {lesson.path: lesson.id for lesson in course.lessons}
        stem = Path(name).stem
        paths = [path for path in listed if name in (path, ids.get(path))]
        paths += [path for path in listed if stem in (ids.get(path), Path(path).stem)]
    if not paths:
        read = [lesson for lesson in course.lessons if lesson.path not in translations]
        known = ", ".join(f"{n} {x.id}" for n, x in enumerate(read[:MOST_TOLD], 1))
        known += " and more" if len(read) > MOST_TOLD else ""
        raise UsageError(
            f"The course has no lesson {brief(name)}.", remedy=f"Its lessons are {known}."
        )
    path = paths[0]
    found = [lesson for lesson in course.lessons if lesson.path == path]
    if not found:
        unread = [f.problem for f in remarks if f.rule == "lesson-unread"]
        raise LessonError.of([p for p in unread if p.place.path == path] or unread)
    if path in translations:
        return tuple(found)
    return tuple(lesson for lesson in course.lessons if lesson.group == found[0].id)


def _find_in_language(lessons: Sequence[Lesson], written: str) -> tuple[Lesson, ...]:
    """The lessons in a language; a tag without a region means all regions."""
    known = ", ".join(dict.fromkeys(lesson.settings.language for lesson in lessons))
    try:
        tag = normalize_tag(written)
    except ValueError as error:
        raise UsageError(
            f"{brief(written)} is not the tag of a language.",
            remedy=f"Write a tag such as fr or pt-BR. These lessons are in {known}.",
        ) from error
    same = tuple(lesson for lesson in lessons if lesson.settings.language == tag)
    if not same and "-" not in tag:
        same = tuple(lesson for lesson in lessons if same_language(lesson.settings.language, tag))
    if not same:
        raise UsageError(
            f"No lesson is in {name_language(tag)}.",
            remedy=f"These lessons are in {known}. A translation is a file beside the lesson, such "
            f"as 01-light.{tag}.md beside 01-light.md.",
        )
    return same
