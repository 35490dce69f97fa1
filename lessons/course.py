"""course.yaml and its folder to a `Course`."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from foundation.problem import Place
from lessons import media
from lessons import settings as settings_of
from lessons.errors import CourseError, LessonError, MediaError
from lessons.lexicon_file import find_unused, read_lexicon
from lessons.mapping import Mapping, read_mapping
from lessons.markdown import read_lesson, voice_map_of
from lessons.model import Course, Finding, Lesson, Presenter
from lessons.prose import Pauses
from lessons.speakable import Lexicon, LexiconEntry
from lessons.voice_map import VoiceMap

COURSE_FILE = "course.yaml"
LEXICON_FILE = "lexicon.yaml"
PRESENTER_FOLDER = "presenter"
LARGEST_BYTES = 8_000_000  # of a text file; a lesson's own bound is in characters

_KEYS = (
    "title",
    "id",
    "presenter",
    "lessons",
    *settings_of.COMMON,
    *settings_of.COURSE_ONLY,
)
_NOT_LESSONS = frozenset({"readme", "license", "contributing", "changelog", "notes"})
_TAKEN = frozenset({"draft", "manifest.json", "report.html", "report.json"})
"""What lies in the output folder beside the lessons' folders."""
_PHOTOS = (".png", ".jpg", ".jpeg", ".webp")


def load_course(root: Path) -> Course:
    """Read a course folder. Raises CourseError, LessonError and MediaError."""
    return read_course(root)[0]


def read_course(
    root: Path, voice_map: VoiceMap | None = None
) -> tuple[Course, tuple[Finding, ...]]:
    """As `load_course`, with what was remarked while its lessons were read.

    `voice_map` says which voices speak where the course does not: the lexicon may differ by voice.
    """
    mapping = _course_file(root)
    mapping.check_keys(_KEYS, COURSE_FILE)
    if mapping.values.get("title") is None:
        raise mapping.refuse(None, "The course has no title.", "Write 'title: …' in course.yaml.")
    title = settings_of.text(mapping, "title")
    settings = settings_of.read_settings(mapping, (*settings_of.COMMON, *settings_of.COURSE_ONLY))
    _check_signer(root, mapping, settings)
    presenter = _presenter(root, mapping)
    lexicon = _lexicon(root)
    lessons: list[Lesson] = []
    findings: list[Finding] = []
    used: set[LexiconEntry] = set()
    for path in _lesson_paths(root, mapping):
        lesson, remarks = read_lesson(
            _read_text(root / path, path),
            path=path,
            root=root,
            pauses=_pauses(settings),
            lexicon=lexicon,
            voice_map=voice_map_of(voice_map or VoiceMap(), settings),
            used=used,
        )
        lessons.append(lesson)
        findings.extend(remarks)
    findings.extend(find_unused(lexicon, used))
    _check_ids(lessons)
    course = Course(
        root=root.resolve(),
        id=_identity(root, mapping),
        title=title,
        lessons=tuple(lessons),
        presenter=presenter,
        settings=settings,
    )
    return course, tuple(findings)


def course_settings(root: Path) -> tuple[dict[str, object], Lexicon]:
    """The settings in course.yaml and the lexicon, without the lessons. Raises CourseError."""
    mapping = _course_file(root)
    mapping.check_keys(_KEYS, COURSE_FILE)
    settings = settings_of.read_settings(mapping, (*settings_of.COMMON, *settings_of.COURSE_ONLY))
    return settings, _lexicon(root)


def _lexicon(root: Path) -> Lexicon:
    return read_lexicon(root / LEXICON_FILE, LEXICON_FILE) if _has_lexicon(root) else Lexicon()


def _course_file(root: Path) -> Mapping:
    if not root.is_dir():
        raise CourseError(
            f"There is no course folder {root.name!r}.",
            remedy="Name a folder that holds a course.yaml, or make one with 'narrate init'.",
            place=Place(str(root)),
        )
    path = root / COURSE_FILE
    if not path.is_file():
        raise CourseError(
            "The folder holds no course.yaml.",
            remedy="Make a course with 'narrate init', or name the folder of one.",
            place=Place(str(root)),
        )
    _stay_inside(root, path, COURSE_FILE)
    return read_mapping(
        _read_text(path, COURSE_FILE, CourseError), path=COURSE_FILE, error=CourseError
    )


def _stay_inside(root: Path, path: Path, name: str) -> None:
    if not path.resolve().is_relative_to(root.resolve()):
        raise CourseError(
            f"{name!r} is a link that leads out of the course folder.",
            remedy="Put the file itself into the course folder.",
            place=Place(name),
        )


def _read_text(
    path: Path, name: str, error: type[CourseError] | type[LessonError] = LessonError
) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise error("The file is too large.", remedy="Split it.", place=Place(name))
        data = path.read_bytes()
    except OSError as problem:
        raise error(
            f"The file cannot be read: {problem.strerror}.",
            remedy="Check that it exists and may be read.",
            place=Place(name),
        ) from problem
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise error(
            "The file is not UTF-8 text.", remedy="Save it as UTF-8.", place=Place(name, line)
        ) from problem


def _pauses(settings: dict[str, object]) -> Pauses:
    usual = Pauses()

    def pause(name: str, default: int) -> int:
        value = settings.get(f"pause_{name}", default)
        return value if isinstance(value, int) else default

    return Pauses(
        pause("sentence", usual.sentence),
        pause("paragraph", usual.paragraph),
        pause("slide", usual.slide),
    )


def _identity(root: Path, mapping: Mapping) -> str:
    """The course's id: letters, digits, `-`, `_` and `.`; the folder's name by default."""
    if "id" in mapping:
        identity = settings_of.text(mapping, "id")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", identity):
            raise mapping.refuse(
                "id",
                f"{identity!r} cannot be a course's id.",
                "Write letters, digits, '-', '_' and '.', as 'optics-101'.",
            )
        return identity
    name = unicodedata.normalize("NFKD", root.resolve().name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "course"


def _lesson_paths(root: Path, mapping: Mapping) -> list[str]:
    """The lessons' paths relative to the course folder, in order."""
    if "lessons" not in mapping:
        paths = sorted(
            path.name
            for path in root.glob("*.md")
            if path.is_file()
            and path.stem.lower() not in _NOT_LESSONS
            and not path.name.startswith((".", "_"))
        )
        for name in paths:
            _stay_inside(root, root / name, name)
            _check_name(name)
        if not paths:
            raise mapping.refuse(
                None,
                "The course has no lesson.",
                "Write one as a Markdown file in the course folder, as 01-introduction.md.",
            )
        return paths
    listed = mapping.values["lessons"]
    if not isinstance(listed, list) or not listed:
        raise mapping.refuse(
            "lessons", "'lessons' must be a list of files.", "Write 'lessons: [01-light.md]'."
        )
    paths = []
    place = Place(COURSE_FILE, mapping.lines["lessons"])
    for name in listed:
        if not isinstance(name, str):
            raise mapping.refuse("lessons", f"{name!r} is not a file.", "List Markdown files.")
        try:
            target = media.inside(root, name, place)
        except MediaError as error:
            raise mapping.refuse("lessons", error.message, error.remedy) from error
        path = target.relative_to(root.resolve()).as_posix()
        if path in paths:
            raise mapping.refuse("lessons", f"{name!r} is listed twice.", "List it once.")
        _check_name(path)
        paths.append(path)
    return paths


def _check_name(path: str) -> None:
    """A lesson's outputs go to a folder named as its file: it must name one, and no other's."""
    name = PurePosixPath(path).stem
    if name.startswith(".") or not name.isprintable() or name.casefold() in _TAKEN:
        raise LessonError(
            f"A lesson's file cannot be called {PurePosixPath(path).name!r}.",
            remedy="Rename it: no dot at the beginning, no invisible characters, and none of "
            f"{', '.join(sorted(_TAKEN))}.",
            place=Place(path),
        )


def _check_ids(lessons: list[Lesson]) -> None:
    """Outputs are named by a lesson's id, so no two may be alike, on any file system."""
    seen: dict[str, str] = {}
    for lesson in lessons:
        other = seen.setdefault(lesson.id.casefold(), lesson.path)
        if other != lesson.path:
            raise LessonError(
                f"The lesson has the same name as {other!r}.",
                remedy="Give each lesson's file a name of its own.",
                place=Place(lesson.path),
            )


def _check_signer(root: Path, mapping: Mapping, settings: dict[str, object]) -> None:
    signer = settings.get("signer")
    if isinstance(signer, str) and signer not in ("none", "reserve"):
        place = Place(COURSE_FILE, mapping.lines["signer"])
        target = media.inside(root, signer, place)
        settings["signer"] = target.relative_to(root.resolve()).as_posix()


def _has_lexicon(root: Path) -> bool:
    path = root / LEXICON_FILE
    if not path.is_file():
        return False
    _stay_inside(root, path, LEXICON_FILE)
    return True


def _presenter(root: Path, mapping: Mapping) -> Presenter | None:
    """The presenter named in course.yaml, or the only picture in the presenter folder."""
    place = Place(COURSE_FILE, mapping.lines.get("presenter"))
    if "presenter" in mapping:
        value = mapping.values["presenter"]
        if value is None or value is False or value == "none":
            return None
        if isinstance(value, str):
            value = {"photo": value}
        if not isinstance(value, dict):
            raise mapping.refuse(
                "presenter",
                "'presenter' must hold a photo.",
                "Write 'presenter: {photo: presenter/me.jpg, name: …}'.",
            )
        line = mapping.lines["presenter"]
        inner = Mapping(COURSE_FILE, CourseError, line, value, {})
        inner.check_keys(("photo", "consent", "name", "engine"), "'presenter'")
        if inner.values.get("photo") is None:
            raise inner.refuse(None, "The presenter has no photo.", "Write 'photo: …', or nothing.")
        photo = media.picture(root, settings_of.text(inner, "photo"), place)
        name = settings_of.text(inner, "name") if inner.values.get("name") is not None else ""
        consent = f"{photo}.consent.json"
        if inner.values.get("consent") is not None:
            consent = settings_of.text(inner, "consent")
        engine = settings_of.text(inner, "engine") if inner.values.get("engine") else ""
        return Presenter(photo, _consent(root, consent, place), name, engine)
    folder = root / PRESENTER_FOLDER
    if not folder.is_dir():
        return None
    photos = sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in _PHOTOS and not path.name.startswith(".")
    )
    if len(photos) != 1:
        return None
    photo = media.picture(root, f"{PRESENTER_FOLDER}/{photos[0]}", place)
    return Presenter(photo, _consent(root, f"{photo}.consent.json", place))


def _consent(root: Path, name: str, place: Place) -> str:
    """The record's path; whether it exists and is valid is the consent gate's to say."""
    home = root.resolve()
    target = (home / name).resolve()
    if not target.is_relative_to(home):
        raise MediaError(
            f"The consent record {name!r} leads out of the course folder.",
            remedy="Keep it beside the photo.",
            place=place,
        )
    return target.relative_to(home).as_posix()
