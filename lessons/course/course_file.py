"""Writes the course.yaml of a course that was found without one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from foundation.languages import is_english
from foundation.shortening import shorten
from lessons.course.discovery import Location, Projects, find_readme, project_language
from lessons.dialects import DIALECTS
from lessons.model import Course, Finding, Picture, walk_visuals

_PLAIN = re.compile(r"[^\W\d_][\w./-]*(?: [\w./-]+)*|[\w./-]*[^\W\d_][\w./-]*\.[A-Za-z]\w*")
_UNFIT = re.compile(r"[^\S ]|[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LEAST_COLUMN = 28  # where comments begin


def write_course_file(course: Course, location: Location, findings: Sequence[Finding]) -> str:
    """The text of a course.yaml that says what was found, and where each line of it comes from."""
    lines = [
        "# What `narrate` found in this folder. Change what is not right; a build finds anew what",
        "# you delete. `narrate schema course` describes all settings.",
        _line("title", _quote(course.title), _find_origin_of_title(course, location)),
        _line("id", _quote(course.id), "consent records refer to it, so keep it"),
        *_write_language(course, location),
        *_write_dialect(course),
        *_write_root(course, location),
        *_write_lessons(course, location, findings),
    ]
    return "\n".join(lines) + "\n"


def _find_origin_of_title(course: Course, location: Location) -> str:
    project = location.project
    if project and project.title.strip() == course.title:
        return f"from the configuration of {_name(project.dialect)}"
    if find_readme(course.root) and course.title.lower() != course.root.name.lower():
        return "the first heading of the README, or the folder's name"
    return "the folder's name"


def _write_language(course: Course, location: Location) -> Iterator[str]:
    told = project_language(location.project)
    languages = list(dict.fromkeys(lesson.settings.language for lesson in course.lessons))
    if told:
        assert location.project is not None
        origin = f"from the configuration of {_name(location.project.dialect)}"
        yield _line("language", told, origin)
    elif len(languages) == 1 and not is_english(languages[0]):
        yield _line("language", languages[0], "recognised from the text of the lessons")
    elif len(languages) == 1:
        yield _line("# language", languages[0], "nothing says it; the lessons look English")
    else:
        many = ", ".join(languages)
        yield f"# The lessons are in several languages ({many}); they or their texts say it."


def _write_dialect(course: Course) -> Iterator[str]:
    names = {lesson.dialect for lesson in course.lessons}
    if len(names) == 1:
        (name,) = names
        key = "# dialect" if name == "markdown" else "dialect"
        yield _line(key, name, f"all lessons look as if they were written for {_name(name)}")
    elif names:
        told = ", ".join(sorted(_name(name) for name in names))
        yield f"# The lessons were written for several tools ({told}); each is recognised."


def _write_root(course: Course, location: Location) -> Iterator[str]:
    """The folder above the course that its lessons use: no more than that is opened for good."""
    projects = Projects(location)
    used = {course.root}
    for lesson in course.lessons:
        used.add(projects.find_text_folder(lesson.path))
        for slide in lesson.slides:
            for visual in walk_visuals(slide.visuals):
                if isinstance(visual, Picture):
                    used.add((course.root / visual.path).resolve().parent)
    opened = Path(os.path.commonpath(used))
    if opened != course.root:
        way = Path(os.path.relpath(opened, course.root)).as_posix()
        yield _line("root", way, "the folder with the pictures and texts that the lessons use")


def _write_lessons(
    course: Course, location: Location, findings: Sequence[Finding]
) -> Iterator[str]:
    project = location.project
    listed = project is not None and bool(project.lessons)
    origin = f"in the order of {_name(project.dialect)}" if project and listed else "by their names"
    yield _line("lessons", "", origin)
    read = {lesson.path: lesson for lesson in course.lessons}
    unread = {f.place.path: f.message for f in findings if f.rule == "lesson-unread"}
    for path in course.listed or tuple(read):
        if path in read:
            lesson = read[path]
            number = len(lesson.slides)
            slides = "1 slide" if number == 1 else f"{number} slides"
            yield _line("  -", _quote_path(path), f"{_clean(lesson.title)}: {slides}")
        elif _quote_path(path).isprintable():
            yield _line("  # -", _quote_path(path), _clean(unread.get(path, "It cannot be read.")))


def _line(key: str, value: str, comment: str) -> str:
    colon = "" if key.endswith("-") else ":"
    written = f"{key}{colon} {value}".rstrip()
    return f"{written:<{_LEAST_COLUMN}}  # {comment}" if comment else written


def _name(dialect: str) -> str:
    return DIALECTS[dialect].title if dialect in DIALECTS else "the tool"


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _quote_path(path: str) -> str:
    return path if _PLAIN.fullmatch(path) else _quote(path)


def _clean(text: str) -> str:
    """A text for a comment: on one line, without invisible characters."""
    return shorten(" ".join(_UNFIT.sub(" ", text).split()), 60)
