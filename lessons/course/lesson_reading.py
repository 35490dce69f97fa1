"""Reads the lessons of a course one by one, here or in a process of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from foundation.languages import same_language
from foundation.problem import Place, ProblemError
from lessons.course.discovery import Location, Projects, project_language
from lessons.course.setting_layers import merge
from lessons.course.settings import LessonKeys, Settings
from lessons.course.text_files import opening, read_text, require_inside
from lessons.course.voice_map import NameVoice
from lessons.dialects.base import Project
from lessons.errors import CourseError, LessonError
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.markdown.outline import clean_text
from lessons.markdown.shared_settings import read_shared_keys
from lessons.model import Finding, Lesson
from lessons.speakable import Lexicon, LexiconEntry
from lessons.translations.names import NamedTrack

VOICES_OF_EVERY_LANGUAGE = frozenset({"silent"})


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
    opens. `tracks` are the lessons that are a language of another one, by their paths. The other
    fields are those of `Surroundings`."""

    location: Location
    settings: Settings
    flags: Settings
    lexicon: Lexicon
    name_voice: NameVoice
    opened: Path | None
    tracks: Mapping[str, NamedTrack] = field(default_factory=dict)

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
        settings, track = self.find_settings(project), self.tracks.get(path)
        if track:
            settings = _settle_language(settings, track.language)
        around = Surroundings(
            root, settings, self.flags, self.lexicon, self.name_voice, project,
            self.opened or self.location.opened,
            self.opened or self._projects.find_text_folder(path),
            self._read_original(track.original) if track and track.original != path else None,
        )  # fmt: skip
        return read_lesson(self._read_text(path), path, around, used)

    def _read_text(self, path: str) -> str:
        root = self.location.root
        _check_name(path)
        with opening(path, Place(path), CourseError):
            require_inside(root, root / path, path)
        return read_text(root / path, path, LessonError)

    def _read_original(self, path: str) -> LessonKeys | None:
        """What the front matter of an original sets for its translations; None if it cannot be
        read, which is reported where it is read itself."""
        try:
            return read_shared_keys(clean_text(self._read_text(path)), path)
        except ProblemError:
            return None

    @cached_property
    def _projects(self) -> Projects:
        return Projects(self.location)


def _settle_language(settings: Settings, language: str) -> Settings:
    """The settings of a course for a lesson in the language of its file's name. The course's voice
    speaks the course's language: another one is spoken by the voice that `voices` gives for it, or
    by the best that there is."""
    if settings.language == language and "language" in settings.model_fields_set:
        return settings
    bound = {"voice"} if settings.voice not in VOICES_OF_EVERY_LANGUAGE else set()
    kept = {name: getattr(settings, name) for name in settings.model_fields_set - bound}
    kept["language"] = language
    near = [voice for tag, voice in settings.voices.items() if same_language(tag, language)]
    if near:
        kept["voice"] = settings.voices.get(language, near[0])
    settled = Settings.model_construct(_fields_set=set(kept), **kept)
    settled._places = {k: p for k, p in settings._places.items() if k not in bound}
    if near:
        settled._places["voice"] = settings.place_of("voices")
    return settled


def _check_name(path: str) -> None:
    """Check that a lesson's path can be shown to people, in reports and on the terminal."""
    if not path.isprintable():
        raise LessonError(
            "A lesson's file cannot be called so.",
            remedy="Rename it: its name may not contain invisible characters.",
            place=Place(path.encode("ascii", "backslashreplace").decode().replace("\n", "\\n")),
        )
