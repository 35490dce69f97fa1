"""Reads a course folder, with its course.yaml, into a `Course`."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path, PurePosixPath

from foundation.problem import Place, ProblemError, collect_errors, join_errors
from lessons.course import media
from lessons.course.lexicon_file import find_unused, read_lexicon
from lessons.course.presenter import FOLDER as PRESENTER_FOLDER
from lessons.course.presenter import find_presenter
from lessons.course.setting_layers import merge, read_layer
from lessons.course.settings import DEFAULTS, CourseKeys, Layer, Settings
from lessons.course.text_files import COURSE_FILE as COURSE_FILE
from lessons.course.text_files import is_file, opening, read_text, require_inside
from lessons.course.voice_map import NameVoice, keep_name
from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.errors import CourseError, LessonError, MediaError
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Course, Finding, Lesson, Presenter
from lessons.speakable import Lexicon, LexiconEntry

LEXICON_FILE = "lexicon.yaml"

_NOT_LESSONS = frozenset({"readme", "license", "contributing", "changelog", "notes"})
_TAKEN = frozenset({"draft", "manifest.json", "report.html", "report.json"})
"""Names in the output folder that are not lessons' folders."""


def load_course(root: Path) -> Course:
    """Read a course folder without the user's own settings.

    Raises ScriptError with all problems that were found.
    """
    return read_course(root)[0]


def read_course(
    root: Path,
    *,
    user: Settings = DEFAULTS,
    flags: Settings = DEFAULTS,
    name_voice: NameVoice = keep_name,
) -> tuple[Course, tuple[Finding, ...]]:
    """Read a course, and return it with the findings made while its lessons were read.

    The course's settings override those of `user`; `flags` override those of the lessons. The
    lexicon may differ by voice: `name_voice` gives the full name of a voice for a language. Raises
    ScriptError with all problems that were found in course.yaml, the lexicon and all lessons.
    """
    require_course(root)
    errors: list[ProblemError] = []
    keys = CourseKeys.model_construct(title="")
    with collect_errors(errors):
        keys = read_course_keys(root)
    below = merge(user, keys)
    lexicon = Lexicon()
    presenter: Presenter | None = None
    paths: list[str] = []
    with collect_errors(errors):
        _check_signer(root, keys)
    with collect_errors(errors), opening(PRESENTER_FOLDER, Place(COURSE_FILE), CourseError):
        presenter = find_presenter(root, keys)
    with collect_errors(errors):
        lexicon = _read_lexicon(root)
    unread = bool(errors)  # then whether there are lessons may not be known
    with collect_errors(errors), opening(str(root), Place(COURSE_FILE), CourseError):
        paths = _lesson_paths(root, keys, may_be_none=unread)
    lessons: list[Lesson] = []
    findings: list[Finding] = []
    used: set[LexiconEntry] = set()
    around = Surroundings(root, below, flags, lexicon, name_voice)
    for path in paths:
        with collect_errors(errors):
            text = read_text(root / path, path, LessonError)
            lesson, noticed = read_lesson(text, path, around, used)
            lessons.append(lesson)
            findings.extend(noticed)
    with collect_errors(errors):
        _check_ids(lessons)
    if errors:
        raise join_errors(errors)
    findings.extend(find_unused(lexicon, used))
    course = Course(
        root=root.resolve(),
        id=keys.id or make_course_id(root.resolve().name),
        title=keys.title,
        lessons=tuple(lessons),
        presenter=presenter,
        settings=merge(below, flags),
        flags=flags,
    )
    return course, tuple(findings)


def find_course_folder(file: Path) -> Path | None:
    """The nearest folder around a file that is a course."""
    return next((p for p in file.resolve().parents if is_file(p / COURSE_FILE)), None)


def require_course(root: Path) -> None:
    """Raises CourseError if the folder is not a course: without it there is nothing to read."""
    path = root / COURSE_FILE
    place = Place(str(root))
    with opening(str(root), place, CourseError):
        if not root.is_dir():
            there = root.exists()
            raise CourseError(
                "A course must be a folder, and this is a file."
                if there
                else f"There is no course folder {root.name!r}.",
                remedy="Name a folder with a course.yaml, or make one with 'narrate init'.",
                place=place,
            )
        if not os.path.lexists(path):
            raise CourseError(
                "There is no course.yaml in this folder.",
                remedy="Make a course with 'narrate init', or name the folder of one.",
                place=place,
            )
    with opening(COURSE_FILE, Place(COURSE_FILE), CourseError):
        require_inside(root, path, COURSE_FILE)


def read_course_keys(root: Path) -> CourseKeys:
    """What course.yaml sets. Raises CourseError with all problems that were found in it."""
    require_course(root)
    text = read_text(root / COURSE_FILE, COURSE_FILE, CourseError)
    mapping = read_mapping(
        text, path=COURSE_FILE, error=CourseError, limit=LARGEST_SETTINGS, keep_problems=True
    )
    return read_layer(mapping, CourseKeys, Layer.COURSE)


def course_settings(root: Path, user: Settings = DEFAULTS) -> tuple[Settings, Lexicon]:
    """A course's settings and its lexicon, without its lessons. Raises CourseError."""
    return merge(user, read_course_keys(root)), _read_lexicon(root)


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


def _lesson_paths(root: Path, keys: CourseKeys, *, may_be_none: bool) -> list[str]:
    """The lessons' paths relative to the course folder, in order."""
    if keys.lessons is not None:
        return _listed_paths(root, keys.lessons, keys.place_of("lessons"))
    paths = sorted(
        path.name
        for path in root.glob("*.md")
        if not path.is_dir()  # a link that leads nowhere is told when it is read
        and path.stem.lower() not in _NOT_LESSONS
        and not path.name.startswith((".", "_"))
    )
    errors: list[ProblemError] = []
    for name in paths:
        with collect_errors(errors), opening(name, Place(name), CourseError):
            require_inside(root, root / name, name)
            _check_name(name)
    if not paths and not may_be_none:
        raise CourseError(
            "The course has no lesson.",
            remedy="Write one in the course folder: a Markdown file such as 01-introduction.md.",
            place=Place(COURSE_FILE, 1),
        )
    if errors:
        raise join_errors(errors)
    return paths


def _listed_paths(root: Path, names: tuple[str, ...], place: Place) -> list[str]:
    paths: list[str] = []
    errors: list[ProblemError] = []
    for name in names:
        with collect_errors(errors):
            try:
                target = media.inside(root, name, place)
            except MediaError as error:
                raise CourseError(error.message, remedy=error.remedy, place=place) from error
            path = target.relative_to(root.resolve()).as_posix()
            if path in paths:
                message = f"The lesson {name!r} is listed twice."
                raise CourseError(message, remedy="List it once.", place=place)
            _check_name(path)
            paths.append(path)
    if errors:
        raise join_errors(errors)
    return paths


def _check_name(path: str) -> None:
    """Check that a lesson's name can be the name of its folder in the output."""
    name = PurePosixPath(path).stem
    if name.startswith(".") or not name.isprintable() or name.casefold() in _TAKEN:
        raise LessonError(
            f"A lesson's file cannot be called {PurePosixPath(path).name!r}.",
            remedy="Rename it: it may not begin with a dot, contain invisible characters, or be "
            f"called {', '.join(sorted(_TAKEN))}.",
            place=Place(path.encode("ascii", "backslashreplace").decode().replace("\n", "\\n")),
        )


def _check_ids(lessons: list[Lesson]) -> None:
    """Check that no two lessons' names differ in case only: some file systems ignore case, and the
    outputs are named after the lessons."""
    seen: dict[str, str] = {}
    for lesson in lessons:
        other = seen.setdefault(lesson.id.casefold(), lesson.path)
        if other != lesson.path:
            raise LessonError(
                f"This lesson has the same name as {other!r}.",
                remedy="Rename one of the two files.",
                place=Place(lesson.path),
            )


def _check_signer(root: Path, keys: CourseKeys) -> None:
    if keys.signer not in ("none", "reserve"):
        media.inside(root, keys.signer, keys.place_of("signer"))
