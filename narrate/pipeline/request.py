"""What is asked for: reads the course and its settings, and plans what is wanted of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from foundation.problem import Place, Problem, ProblemError, collect_errors, join_errors
from lessons.checks.script import check_course
from lessons.course.reading import TellReading, read_course, say_nothing
from lessons.course.recordings import VOICE as RECORDING
from lessons.course.setting_layers import Values, read_any
from lessons.course.settings import DEFAULTS, Settings, Video
from lessons.course.text_files import COURSE_FILE
from lessons.errors import NoCourseError
from lessons.model import Course, Finding, Lesson
from narrate.errors import UsageError, VoiceError
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.graph import plan_course
from narrate.pipeline.lesson_choice import choose_lessons
from narrate.pipeline.lesson_themes import ThemeFinder
from narrate.pipeline.plan import VIDEOS, Plan, Wanted
from narrate.pipeline.presenter import approve_presenter
from narrate.speech import ENGINES, full_name, require_engine, settle_voices
from narrate.speech.speaker_voices import name_speakers
from narrate.user_settings import read_user_settings

DRAFT_SIZE = (960, 540)  # a quarter of the pixels; the layouts scale
DRAFT_RATE = 15


@dataclass(frozen=True, slots=True)
class Request:
    """What to build of which course: its folder, or a folder or a lesson's file in it. `lesson` is
    a lesson's number, id or file name, and `language` the tag of the language that alone is wanted.
    `out` is the output folder, by default `build` in the
    course. `settings` override those of all files, and are checked when the course is read."""

    course: Path
    wanted: Wanted = field(default_factory=Wanted)
    lesson: str | None = None
    draft: bool = False
    out: Path | None = None
    settings: Values = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, the findings of reading and checking the course, and the paths of those lessons that
    somebody named and that could not be read."""

    request: Request
    plan: Plan
    findings: tuple[Finding, ...]
    lost: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether all of the course was asked for, so that its report can be written."""
        request = self.request
        part = request.lesson or request.language or self.plan.course.within
        return not part and request.wanted == Wanted()


def plan_request(request: Request, tell: TellReading = say_nothing) -> Planned:
    """Read the course, check it and its consent, and plan what is wanted. `tell` is told how many
    of how many lessons have been read.

    Raises ScriptError, ConsentError, SettingsError, VoiceError, UsageError.
    """
    course, remarks = read_request(request, tell)
    findings = check_course(course, remarks)
    chosen = choose_lessons(course, request, remarks)
    if request.wanted.slide is not None:
        _require_slide(chosen, request.wanted.slide)
    recorded = {lesson.path for lesson in chosen if lesson.settings.voice == RECORDING}
    if recorded:  # a teacher can read every word
        findings = [f for f in findings if f.rule != "word-unread" or f.place.path not in recorded]
    lessons = []
    told: dict[Finding, None] = {}
    for lesson in chosen:
        if request.draft:
            lessons.append(_make_draft(lesson, lesson.settings))
            continue
        settled, settings, missing = settle_voices(lesson, lesson.settings)
        lessons.append((settled, settings))
        told.update(dict.fromkeys(missing))  # lessons share the voices that course.yaml names
    findings.extend(told)
    files = CourseFiles(course.root, course.opened)
    portrayed = None
    if set(request.wanted.parts) & set(VIDEOS):
        portrayed = approve_presenter(course, files, draft=request.draft)
    if portrayed is None and "lipreadable" in request.wanted.parts:
        findings.append(_make_no_presenter_finding(course))
    finder = ThemeFinder(course.root, course.opened or course.root, files)
    themes = {lesson.path: finder.find(own, lesson.palette) for lesson, own in lessons}
    findings.extend(finder.findings)
    plan = plan_course(
        course, lessons, request.wanted, portrayed, files, findings, themes=themes,
        listened=not request.draft,
    )  # fmt: skip
    lost = course.lost if request.lesson is None and request.language is None else ()
    return Planned(request, plan, tuple(findings), lost)


def _make_draft(lesson: Lesson, settings: Settings) -> tuple[Lesson, Settings]:
    """The lesson and settings of a draft: small pictures, and no voice even if a note names one."""
    lesson = name_speakers(lesson, ENGINES)
    slides = tuple(
        replace(s, utterances=tuple(replace(u, voice=None) for u in s.utterances))
        for s in lesson.slides
    )
    video = Video(size=DRAFT_SIZE, rate=Fraction(DRAFT_RATE))
    small = settings.model_copy(update={"voice": "silent", "voices": {}, "video": video})
    return replace(lesson, slides=slides), small


def read_request(
    request: Request, tell: TellReading = say_nothing
) -> tuple[Course, tuple[Finding, ...]]:
    """Read the course under the user's settings and with those of the request.

    Problems of all of them are found in one run.
    """
    errors: list[ProblemError] = []
    user = flags = DEFAULTS
    with collect_errors(errors):
        flags = read_any(request.settings, UsageError)
    with collect_errors(errors):
        user = read_user_settings()
    with collect_errors(errors):
        try:
            read = read_course(
                request.course, user=user, flags=flags, name_voice=full_name, tell=tell
            )
        except NoCourseError as error:
            raise UsageError.of(error.problems) from error
    if not errors:
        errors.extend(_find_unknown_engines(read[0]))
    if errors:
        raise join_errors(errors)
    return read


def _find_unknown_engines(course: Course) -> Iterator[ProblemError]:
    """An error for each voice on the command line whose engine does not exist, even if no lesson
    has text for it, and for each `voice` of a course or of the user. Elsewhere it is a finding."""
    for lesson in course.lessons:
        settings = lesson.settings
        named = {"voice": settings.voice}
        named |= {f"voices.{tag}": voice for tag, voice in settings.voices.items()}
        for key, voice in named.items():
            try:
                require_engine(voice)
            except VoiceError as error:
                place = settings.place_of(key, "voices")
                if place.path.startswith("--set"):
                    yield UsageError(error.message, remedy=error.remedy, place=place)
                elif key == "voice" and place.path != lesson.path:  # there, for another tool
                    yield VoiceError(error.message, remedy=error.remedy, place=place)


def _require_slide(lessons: Sequence[Lesson], number: int) -> None:
    for lesson in lessons:
        if not any(s.number == number for s in lesson.slides):
            raise UsageError(
                f"The lesson has no slide {number}.",
                remedy=f"It has the slides 1 to {len(lesson.slides)}.",
                place=Place(lesson.path),
            )


def _make_no_presenter_finding(course: Course) -> Finding:
    message = "The course has no presenter, so there is no lip-readable video."
    remedy = "Put an approved photo into presenter/ and name it in course.yaml."
    place = Place(COURSE_FILE) if (course.root / COURSE_FILE).exists() else Place()
    return Finding("no-presenter", "note", Problem(message, remedy, place))
