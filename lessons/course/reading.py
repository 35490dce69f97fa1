"""Reads a course, with or without a course.yaml, into a `Course`."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from foundation.problem import Place, ProblemError, collect_errors, join_errors
from foundation.shortening import shorten
from lessons.course import media
from lessons.course.discovery import (
    LessonList,
    Location,
    choose_within,
    find_lessons,
    find_readme,
    locate_course,
    name_folder,
    project_language,
)
from lessons.course.lesson_ids import make_lesson_ids
from lessons.course.lesson_reading import LessonReader
from lessons.course.lexicon_file import find_unused, read_lexicon
from lessons.course.presenter import FOLDER as PRESENTER_FOLDER
from lessons.course.presenter import find_presenter
from lessons.course.reading_processes import read_lessons
from lessons.course.root_setting import find_opened
from lessons.course.setting_layers import merge, read_layer
from lessons.course.setting_types import Layer
from lessons.course.settings import DEFAULTS, CourseKeys, Settings
from lessons.course.text_files import COURSE_FILE as COURSE_FILE
from lessons.course.text_files import is_file, opening, read_text, require_inside
from lessons.course.voice_map import NameVoice, keep_name
from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.dialects.syntax.scan import scan_lines
from lessons.errors import CourseError, LessonError, MediaError, NoCourseError
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Course, Finding, Lesson, Presenter, Track
from lessons.speakable import Lexicon, LexiconEntry
from lessons.translations.found_tracks import add_tracks
from lessons.translations.lag import find_lag
from lessons.translations.names import NamedTrack, make_track_ids
from lessons.translations.record import read_record
from lessons.translations.shared_pictures import share_pictures

LEXICON_FILE = "lexicon.yaml"
LARGEST_README = 20_000  # characters: its title is near its beginning
LONGEST_TITLE = 120
_HEADING = re.compile(r" {0,3}(#{1,6})\s|.{0,200}?<h([1-6])\b| {0,3}=+\s*$")
_ENGLISH = Settings(language="en")  # of a README, only the title is wanted


TellReading = Callable[[int, int], None]


def say_nothing(done: int, lessons: int) -> None:
    """Tell nobody how many lessons have been read."""


def load_course(path: Path) -> Course:
    """Read a course without the user's own settings.

    Raises ScriptError with all problems that were found.
    """
    return read_course(path)[0]


def read_course(
    path: Path | Location,
    *,
    user: Settings = DEFAULTS,
    flags: Settings = DEFAULTS,
    name_voice: NameVoice = keep_name,
    tell: TellReading = say_nothing,
) -> tuple[Course, tuple[Finding, ...]]:
    """Read a course, and return it with the findings made while its lessons were read.

    `path` is the course's folder, or a folder or a lesson's file in it, or where that is. The
    course's settings override those of `user`; `flags` override those of the lessons. The lexicon
    may differ by voice: `name_voice` gives the full name of a voice for a language. `tell` is told
    how many of how many lessons have been read.

    A lesson that cannot be read is a finding, as long as there is another one. Raises ScriptError
    with all problems that were found in course.yaml and the lexicon, and with those of all lessons
    if none can be read.
    """
    location = path if isinstance(path, Location) else locate_course(path)
    root = location.root
    errors: list[ProblemError] = []
    keys = CourseKeys()
    if location.has_course_file:
        with collect_errors(errors):
            keys = read_course_keys(root)
    lexicon = Lexicon()
    presenter: Presenter | None = None
    opened: Path | None = None
    with collect_errors(errors):
        _check_signer(root, keys)
    with collect_errors(errors):
        opened = find_opened(location, keys, flags)
    with collect_errors(errors), opening(PRESENTER_FOLDER, Place(COURSE_FILE), CourseError):
        presenter = find_presenter(root, keys)
    with collect_errors(errors):
        lexicon = _read_lexicon(root)
    unread = bool(errors)  # then whether there are lessons may not be known
    listed = LessonList(())
    with collect_errors(errors), opening(str(root), Place(COURSE_FILE), CourseError):
        listed = _list_lessons(location, keys, may_be_none=unread)
        listed = add_tracks(listed, location, _find_language(keys))
    tracks = listed.tracks
    reader = LessonReader(location, merge(user, keys), flags, lexicon, name_voice, opened, tracks)
    reading = _Lessons()
    ids = make_lesson_ids(dict.fromkeys((*listed.every, *listed.paths)))
    ids = make_track_ids(ids, tracks)
    reading.read_all(reader, listed, ids, tell)
    reading.join_tracks(reader, tracks, ids)
    if reading.errors and (errors or not reading.lessons):
        errors.extend(reading.errors.values())
    if errors:
        raise join_errors(errors)
    findings = [*listed.findings, *reading.findings]
    findings.extend(_make_unread_findings(reading.errors))
    if not location.within:  # other lessons may use the rest
        findings.extend(find_unused(lexicon, reading.used))
    course = Course(
        root=root,
        id=keys.id or make_course_id(root.name),
        title=_choose_title(location, keys),
        lessons=tuple(reading.lessons),
        presenter=presenter,
        settings=merge(reader.find_settings(location.project), flags),
        flags=flags,
        opened=opened or location.opened,
        within=location.within,
        ids=frozenset(ids.values()),
        listed=listed.paths,
        lost=tuple(path for path in reading.errors if path in listed.named),
        tracks=reading.tracks,
        titles=keys.titles,
    )
    return course, tuple(findings)


@dataclass(slots=True)
class _Lessons:
    """The lessons of a course. `errors` holds those of lessons that cannot be read, by their
    paths."""

    lessons: list[Lesson] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: dict[str, ProblemError] = field(default_factory=dict)
    used: set[LexiconEntry] = field(default_factory=set)
    tracks: tuple[tuple[Track, ...], ...] = ()

    def read_all(
        self, reader: LessonReader, listed: LessonList, ids: Mapping[str, str], tell: TellReading
    ) -> None:
        self.errors.update(listed.missing)
        paths = [path for path in listed.paths if path not in listed.missing]
        for done, (path, read) in enumerate(read_lessons(reader, paths), 1):
            if isinstance(read, ProblemError):
                self.errors[path] = read
            else:
                self.lessons.append(replace(read.lesson, id=ids[path]))
                self.findings.extend(read.findings)
                self.used |= read.used
            tell(done, len(paths))
        self.errors = {path: self.errors[path] for path in listed.paths if path in self.errors}

    def join_tracks(
        self, reader: LessonReader, tracks: Mapping[str, NamedTrack], ids: Mapping[str, str]
    ) -> None:
        """Name the original of each translation, give it the original's pictures that it leaves
        out, and find where it lags behind."""
        read = {lesson.path: lesson for lesson in self.lessons}
        record, problems = read_record(reader.location.root) if tracks else ({}, ())
        self.findings.extend(problems)
        for n, lesson in enumerate(self.lessons):
            track = tracks.get(lesson.path)
            if track is None or track.original == lesson.path:
                continue
            if track.original not in read:  # only the translation was asked for
                found = reader.read(track.original)
                if isinstance(found, ProblemError):
                    continue
                read[track.original] = found.lesson
            original = read[track.original]
            shared = share_pictures(original, lesson)
            self.findings.extend(find_lag(original, shared, record.get(lesson.path)))
            self.lessons[n] = replace(shared, original=ids.get(track.original, original.id))
        self.tracks = tuple(_name_tracks(tracks, ids, read))


def find_course_folder(file: Path) -> Path | None:
    """The nearest folder around a file that has a course.yaml."""
    return next((p for p in file.resolve().parents if is_file(p / COURSE_FILE)), None)


def read_course_keys(root: Path) -> CourseKeys:
    """What course.yaml sets. Raises CourseError with all problems that were found in it."""
    with opening(COURSE_FILE, Place(COURSE_FILE), CourseError):
        require_inside(root, root / COURSE_FILE, COURSE_FILE)
    text = read_text(root / COURSE_FILE, COURSE_FILE, CourseError)
    mapping = read_mapping(
        text, path=COURSE_FILE, error=CourseError, limit=LARGEST_SETTINGS, keep_problems=True
    )
    return read_layer(mapping, CourseKeys, Layer.COURSE)


def course_settings(path: Path, user: Settings = DEFAULTS) -> tuple[Settings, Lexicon]:
    """A course's settings and its lexicon, without its lessons. Raises CourseError."""
    location = locate_course(path)
    keys = read_course_keys(location.root) if location.has_course_file else CourseKeys()
    language = project_language(location.project)
    below = Settings(language=language) if language else DEFAULTS
    return merge(below, user, keys), _read_lexicon(location.root)


def _read_lexicon(root: Path) -> Lexicon:
    path = root / LEXICON_FILE
    with opening(LEXICON_FILE, Place(LEXICON_FILE), CourseError):
        if not os.path.lexists(path):
            return Lexicon()
        require_inside(root, path, LEXICON_FILE)
    return read_lexicon(path, LEXICON_FILE)


def make_course_id(name: str) -> str:
    """The id of a course if course.yaml gives none: letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "course"


def _name_tracks(
    tracks: Mapping[str, NamedTrack], ids: Mapping[str, str], read: Mapping[str, Lesson]
) -> Iterator[tuple[Track, ...]]:
    """The languages of each lesson that has several. Of those that were read, it is known better
    than from their names."""
    for original in dict.fromkeys(track.original for track in tracks.values()):
        paths = sorted(
            (path for path, track in tracks.items() if track.original == original != path),
            key=lambda path: tracks[path].language,
        )
        named = {original: ids.get(original, ""), **{path: ids.get(path, "") for path in paths}}
        yield tuple(
            Track(
                id,
                path,
                read[path].settings.language
                if path in read
                else tracks[path].language
                if path in tracks
                else "",
            )
            for path, id in named.items()
            if id
        )


def _find_language(keys: CourseKeys) -> str:
    return keys.language if "language" in keys.model_fields_set else ""


def _list_lessons(location: Location, keys: CourseKeys, *, may_be_none: bool) -> LessonList:
    """The lessons in order: those in course.yaml, or else those that are found."""
    if keys.lessons is not None:
        listed = _read_list(location.root, keys.lessons, keys.place_of("lessons"))
        listed = choose_within(listed, location)
    else:
        listed = find_lessons(location)
    if not listed.paths and not may_be_none:
        remedy = (
            "Write one in the folder: a Markdown file such as 01-introduction.md; or start a "
            "course with 'narrate init'."
        )
        if location.has_course_file and not location.within:
            place = Place(COURSE_FILE, 1)
            raise CourseError("The course has no lesson.", remedy=remedy, place=place)
        place = Place(str(location.root / location.within))
        raise NoCourseError("There is no lesson in this folder.", remedy=remedy, place=place)
    return listed


def _read_list(root: Path, names: tuple[str, ...], place: Place) -> LessonList:
    """The lessons that course.yaml lists. Raises CourseError for one that leads out of the course,
    and for one that is listed twice."""
    paths: list[str] = []
    errors: list[ProblemError] = []
    missing: dict[str, ProblemError] = {}
    for name in names:
        with collect_errors(errors):
            try:
                path = _find_listed(root, name, place)
            except MediaError as error:
                told = CourseError(error.message, remedy=error.remedy, place=place)
                path = Path(os.path.normpath(name)).as_posix()
                if os.path.lexists(root / path) or path.startswith(("..", "/")) or ":" in path:
                    raise told from error
                missing[path] = told
            if path in paths:
                message = f"The lesson {name!r} is listed twice."
                raise CourseError(message, remedy="List it once.", place=place)
            paths.append(path)
    if errors:
        raise join_errors(errors)
    every = tuple(paths)
    return LessonList(every, every, frozenset(every), missing=missing)


def _find_listed(root: Path, name: str, place: Place) -> str:
    """The path of a lesson that course.yaml lists. Raises MediaError."""
    target = root / name
    if "\0" not in name and is_file(target) and target.resolve().is_relative_to(root):
        return target.resolve().relative_to(root).as_posix()
    return media.inside(root, name, place).relative_to(root).as_posix()


def _make_unread_findings(errors: dict[str, ProblemError]) -> Iterator[Finding]:
    for path, error in errors.items():
        for problem in error.problems:
            message = f"The lesson is left out: {problem.message}"
            place = problem.place.within(Place(path))
            yield Finding("lesson-unread", "error", replace(problem, message=message, place=place))


def _choose_title(location: Location, keys: CourseKeys) -> str:
    """The title in course.yaml, in the tool's configuration, or in the README; else the folder's
    name."""
    title = keys.title or (location.project.title if location.project else "")
    return title.strip() or read_readme_title(location.root) or name_folder(location.root)


def read_readme_title(root: Path) -> str:
    """The title of the file that describes a folder; empty if there is none."""
    path = find_readme(root)
    if path is None:
        return ""
    try:
        text = read_text(path, path.name, LessonError)[:LARGEST_README]
        title = read_lesson(text, path.name, Surroundings(root, _ENGLISH))[0].title
    except ProblemError:
        return ""
    named = title != path.stem and _begins_with_title(text)
    return shorten(title, LONGEST_TITLE) if named else ""


def _begins_with_title(text: str) -> bool:
    """Whether the first heading is of the first level: another one is that of a part."""
    for line in scan_lines(text):
        if line.kind == "text" and (found := _HEADING.match(line.text)):
            return (found[1] or found[2] or "#") in ("#", "1")
    return False


def _check_signer(root: Path, keys: CourseKeys) -> None:
    if keys.signer not in ("none", "reserve"):
        media.inside(root, keys.signer, keys.place_of("signer"))
