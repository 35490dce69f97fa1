"""Finds the course that a folder or a file belongs to, with or without a course.yaml.

Without one, a tool's own configuration says which lessons there are, in which order, what the
course is called and which language it is in; without that, the files in the folder are the lessons.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from foundation.languages import is_tag, normalize_tag
from foundation.problem import Place, Problem, ProblemError
from lessons.course.found_files import (
    LESSON_SUFFIXES,
    MOST_LESSONS,
    find_lesson_files,
)
from lessons.course.repository import find_repository, walk_up
from lessons.course.text_files import COURSE_FILE, opening
from lessons.dialects import DIALECTS
from lessons.dialects.base import Project
from lessons.errors import CourseError, NoCourseError
from lessons.model import Finding
from lessons.translations.names import NamedTrack


@dataclass(frozen=True, slots=True)
class Location:
    """Where a course is. `within` is the file or the folder in it, relative to `root`, that was
    asked for; empty if that is the course itself. `opened` is the folder out of which no picture
    comes unless course.yaml says otherwise: `root`, or its repository if there is no course.yaml,
    since then nobody could say so. For texts, see `Projects.find_text_folder`."""

    root: Path
    within: str = ""
    project: Project | None = None
    has_course_file: bool = False

    @property
    def opened(self) -> Path:
        repository = None if self.has_course_file else find_repository(self.root)
        return repository or self.root


@dataclass(frozen=True, slots=True)
class LessonList:
    """The lessons to read, as paths relative to the course, and `every` one that it has. `named`
    are those that a person listed or asked for: when one of them is lost, what was asked for was
    not made. `missing` are errors about some of `paths`, which are known before they are read.
    `tracks` are those that are a language of another lesson."""

    paths: tuple[str, ...]
    every: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    tracks: Mapping[str, NamedTrack] = field(default_factory=dict)
    missing: Mapping[str, ProblemError] = field(default_factory=dict)


def locate_course(path: Path) -> Location:
    """The course that a folder or a file is, or belongs to.

    A folder with a course.yaml or a tool's configuration is a course. Others, and files, belong to
    the nearest course around them that has them among its lessons, or are one by themselves. Raises
    CourseError if there is nothing of that name, or if it is no lesson.
    """
    place = Place(str(path))
    with opening(str(path), place, CourseError):
        here = path.resolve()
        is_folder = here.is_dir()
        if not is_folder:
            _require_lesson(path, here, place)
        folder = here if is_folder else here.parent
        own = find_project(folder)
        if _has_course_file(folder) or (is_folder and own):
            return _make_location(folder, here, own)
        around = list(walk_up(folder))
        for above in around:
            if _has_course_file(above):
                return _make_location(above, here, find_project(above))
        for above in around:
            project = find_project(above)
            if project and _owns(project, here):
                return _make_location(above, here, project)
        return _make_location(folder, here, own)


def _make_location(root: Path, asked: Path, project: Project | None) -> Location:
    within = "" if asked == root else asked.relative_to(root).as_posix()
    return Location(root, within, project, _has_course_file(root))


def _has_course_file(folder: Path) -> bool:
    return os.path.lexists(folder / COURSE_FILE)


def _require_lesson(path: Path, here: Path, place: Place) -> None:
    if not os.path.lexists(path):
        what = "lesson file" if here.suffix.lower() in LESSON_SUFFIXES else "course folder"
        raise NoCourseError(
            f"There is no {what} {path.name!r}.",
            remedy="Name the folder of a course or the file of a lesson, or start a course with "
            "'narrate init'.",
            place=place,
        )
    if here.suffix.lower() not in LESSON_SUFFIXES:
        known = ", ".join(sorted(LESSON_SUFFIXES))
        raise NoCourseError(
            f"{path.name!r} is neither a course's folder nor a lesson.",
            remedy=f"Name the folder of a course, or a lesson: a file that ends with {known}.",
            place=place,
        )


def _owns(project: Project, path: Path) -> bool:
    """Whether a file or a folder is among the lessons of a project. A project that does not list
    them has all that lies in its folder."""
    if not project.lessons:
        return True
    lessons = {(project.root / name).resolve() for name in project.lessons}
    return path in lessons or any(lesson.is_relative_to(path) for lesson in lessons)


def _holds(project: Project, lesson: Path) -> bool:
    """Whether a file lies among the lessons of a project, in their folder or below it. A tool's
    configuration at the top of a repository does not make all that is in it the tool's."""
    if _owns(project, lesson):
        return True
    folders = [(project.root / name).resolve().parent for name in project.lessons]
    return lesson.is_relative_to(os.path.commonpath(folders))


def _is_workspace(folder: Path) -> bool:
    return any(dialect.is_workspace(folder) for dialect in DIALECTS.values())


def find_project(folder: Path) -> Project | None:
    """What the tools' configurations in a folder say of it. Of several, the surest one that names
    lessons counts; what it leaves open is taken from the others."""
    found = [p for p in (dialect.find_project(folder) for dialect in DIALECTS.values()) if p]
    if not found:
        return None
    best = max(found, key=lambda p: (bool(p.lessons), p.score, bool(p.title)))
    return replace(
        best,
        title=best.title or next((p.title for p in found if p.title), ""),
        language=best.language or next((p.language for p in found if p.language), ""),
    )


class Projects:
    """The project around each lesson of a course: the nearest one, out of which nothing is read."""

    def __init__(self, location: Location) -> None:
        self._root = location.root
        self._top = location.opened
        self._known: dict[Path, Project | None] = {}
        if location.project:
            self._known[location.root] = location.project
        above = [p for p in (self._root, *self._root.parents) if p.is_relative_to(self._top)]
        self._workspace = next((p for p in above if _is_workspace(p)), self._root)

    def find(self, path: str) -> Project | None:
        """The project of a lesson, whose path is relative to the course folder."""
        folder = (self._root / path).parent
        passed: list[Path] = []
        while folder not in self._known and folder.is_relative_to(self._top):
            if project := find_project(folder):
                self._known[folder] = project
                break
            passed.append(folder)
            folder = folder.parent
        found = self._known.get(folder)
        self._known.update(dict.fromkeys(passed, found))
        return found

    def find_text_folder(self, path: str) -> Path:
        """The folder out of which a lesson brings in no text: the course folder, or the project
        above it in whose folders the lesson lies, or a tool's workspace. The rest of the repository
        may be another's, and a text shows all that is in it."""
        project = self.find(path)
        if project and self._root.is_relative_to(project.root):
            with opening(path, Place(path), CourseError):
                if _holds(project, (self._root / path).resolve()):
                    return project.root
        return self._workspace


def project_language(project: Project | None) -> str:
    """The language that a project's configuration gives, as a tag; empty if it gives none."""
    if project is None or not project.language or not is_tag(project.language):
        return ""
    return normalize_tag(project.language)


def find_lessons(location: Location) -> LessonList:
    """The lessons of a course that does not list them itself, or the one that was asked for."""
    findings: list[Finding] = []
    paths = _list_project(location) if location.project else ()
    if not paths:
        found = find_lesson_files(location.root, flat=location.has_course_file)
        paths = found.paths
        if found.left_out:
            names = ", ".join(found.left_out[:5]) + (" …" if found.left_out[5:] else "")
            findings.append(
                _make_note(
                    f"Files that seem to be about the repository, or made of a lesson by a tool, "
                    f"are left out ({len(found.left_out)}): {names}.",
                    f"To use them, list them in {COURSE_FILE} under 'lessons'.",
                )
            )
        if found.more:
            findings.append(
                _make_note(
                    "There is more in this folder than is looked through, so lessons may be left "
                    "out.",
                    f"Name a folder inside it, or list the lessons in {COURSE_FILE}.",
                )
            )
    every = tuple(paths)
    return choose_within(LessonList(every, every, findings=tuple(findings)), location)


def choose_within(lessons: LessonList, location: Location) -> LessonList:
    """The lessons in the file or the folder that was asked for."""
    within = location.within
    if not within:
        return lessons
    if (location.root / within).is_dir():
        inner = tuple(p for p in lessons.paths if PurePosixPath(p).is_relative_to(within))
        if not inner:
            found = find_lesson_files(location.root / within)
            inner = tuple(f"{within}/{path}" for path in found.paths)
        return replace(lessons, paths=inner)
    return replace(lessons, paths=(within,), named=frozenset({within}))


def _list_project(location: Location) -> tuple[str, ...]:
    """The lessons that a project lists, relative to the course folder; of those that lead out of
    it, none."""
    project = location.project
    assert project is not None
    root = location.root
    found: dict[str, None] = {}
    for name in project.lessons:
        try:
            path = Path(os.path.normpath(project.root.resolve() / name))
            inside = path.resolve().is_relative_to(root)
        except (OSError, ValueError, RuntimeError):
            continue
        if inside and path.is_relative_to(root):
            found[path.relative_to(root).as_posix()] = None
    return tuple(found)[:MOST_LESSONS]


def _make_note(message: str, remedy: str) -> Finding:
    return Finding("file-left-out", "note", Problem(message, remedy))


def name_folder(folder: Path) -> str:
    """A folder's name as a title: `optics-101` is called "Optics 101"."""
    name = "".join(c if c.isprintable() else " " for c in folder.name)  # a title is shown
    words = " ".join(name.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:] or "Course"


def find_readme(folder: Path, names: Iterable[str] = ("README.md", "readme.md")) -> Path | None:
    """The file that describes a folder, if it is an ordinary one inside it."""
    for name in names:
        path = folder / name
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    return None
