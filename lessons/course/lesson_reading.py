"""Reads the lessons of a course one by one, here or in a process of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from foundation.problem import Place, ProblemError
from lessons.course.discovery import Location, Projects, project_language
from lessons.course.setting_layers import merge
from lessons.course.settings import Settings
from lessons.course.text_files import opening, read_text, require_inside
from lessons.course.voice_map import NameVoice
from lessons.dialects.base import Project
from lessons.errors import CourseError, LessonError
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Finding, Lesson
from lessons.speakable import Lexicon, LexiconEntry


@dataclass(frozen=True, slots=True)
class ReadLesson:
    """A lesson, the findings made while it was read, and the entries of the lexicon that it
    used."""

    lesson: Lesson
    findings: tuple[Finding, ...]
    used: frozenset[LexiconEntry]


@dataclass(frozen=True)
class LessonReader:
    """What the lessons of a course have in common. `settings` are those of the course and the
    user; `flags` override those of the lessons. `opened` is the folder that the setting `root`
    opens. The other fields are those of `Surroundings`."""

    location: Location
    settings: Settings
    flags: Settings
    lexicon: Lexicon
    name_voice: NameVoice
    opened: Path | None

    def read(self, path: str) -> ReadLesson | ProblemError:
        """The lesson at a path relative to the course folder, or why it cannot be read."""
        used: set[LexiconEntry] = set()
        try:
            lesson, findings = self._read(path, used)
        except ProblemError as error:
            return error
        return ReadLesson(lesson, findings, frozenset(used))

    def find_settings(self, project: Project | None) -> Settings:
        """The settings above those of a lesson: what its project says is below course.yaml."""
        language = project_language(project)
        return merge(Settings(language=language), self.settings) if language else self.settings

    def _read(self, path: str, used: set[LexiconEntry]) -> tuple[Lesson, tuple[Finding, ...]]:
        root, project = self.location.root, self._projects.find(path)
        around = Surroundings(
            root, self.find_settings(project), self.flags, self.lexicon, self.name_voice, project,
            self.opened or self.location.opened,
            self.opened or self._projects.find_text_folder(path),
        )  # fmt: skip
        _check_name(path)
        with opening(path, Place(path), CourseError):
            require_inside(root, root / path, path)
        return read_lesson(read_text(root / path, path, LessonError), path, around, used)

    @cached_property
    def _projects(self) -> Projects:
        return Projects(self.location)


def _check_name(path: str) -> None:
    """Check that a lesson's path can be shown to people, in reports and on the terminal."""
    if not path.isprintable():
        raise LessonError(
            "A lesson's file cannot be called so.",
            remedy="Rename it: its name may not contain invisible characters.",
            place=Place(path.encode("ascii", "backslashreplace").decode().replace("\n", "\\n")),
        )
