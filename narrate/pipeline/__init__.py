"""Builds lecture videos, captions and transcripts from a course.

`planner` decides what depends on what, `store` keeps what was made, and this module runs a build.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from foundation.problem import Place, Problem, ProblemError, collect_errors, join_errors
from foundation.shortening import brief
from lessons.checks.script import check_course
from lessons.course.reading import read_course
from lessons.course.recordings import VOICE as RECORDING
from lessons.course.setting_layers import Values, read_any
from lessons.course.settings import DEFAULTS
from lessons.course.text_files import COURSE_FILE
from lessons.errors import LessonError, NoCourseError
from lessons.model import Course, Finding, Lesson
from narrate.errors import DamagedError, StoreError, UsageError, VoiceError
from narrate.pipeline.outputs import MANIFEST, STORE, OutputFolder
from narrate.pipeline.plan import ENGINE, PARTS, VIDEOS, Output, Plan, Portrayed, Wanted
from narrate.pipeline.planner import find_engine_version, make_draft, plan_course
from narrate.pipeline.report import read_findings, write_report
from narrate.pipeline.run import Failure, Quiet, Watcher, run_tasks
from narrate.pipeline.stages import WorkerContext
from narrate.pipeline.tasks import Task, find_missing_voices, find_tasks
from narrate.speech import full_name, require_engine, settle_voices
from narrate.user_settings import read_user_settings

__all__ = [
    "MANIFEST",
    "PARTS",
    "STORE",
    "BuildResult",
    "Failure",
    "Output",
    "Plan",
    "Prepared",
    "Quiet",
    "Request",
    "Task",
    "Wanted",
    "Watcher",
    "build",
    "prepare",
    "read_request",
]

BUILD = "build"
DRAFT = "draft"
MOST_TOLD = 30  # lessons that a message names
_REBUILDS = 3  # attempts to make damaged artefacts again


@dataclass(frozen=True, slots=True)
class Request:
    """What to build of which course: its folder, or a folder or a lesson's file in it. `lesson` is
    a lesson's number, id or file name. `out` is the output folder, by default `build` in the
    course. `jobs` 0 means one job for each core. `settings` override those of all files, and are
    checked when the course is read."""

    course: Path
    wanted: Wanted = field(default_factory=Wanted)
    lesson: str | None = None
    draft: bool = False
    jobs: int = 0
    out: Path | None = None
    settings: Values = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, its output folder, and the tasks that remain."""

    plan: Plan
    folder: OutputFolder
    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of a build. `made` are the new outputs and `kept` the unchanged ones; `slides` is
    the number of slides that were spoken or rendered. `lost` are the paths of lessons that
    somebody named and that could not be read."""

    plan: Plan
    out: Path
    made: tuple[Output, ...]
    kept: tuple[Output, ...]
    slides: int
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    seconds: float
    lost: tuple[str, ...] = ()


def prepare(request: Request) -> Prepared:
    """Read the course, check consent, and find what has to be done, without doing it.

    Raises ScriptError, ConsentError, SettingsError, VoiceError, UsageError.
    """
    course, remarks = read_request(request)
    findings = tuple(check_course(course, remarks))
    chosen = _choose_lessons(course, request.lesson, remarks)
    if request.wanted.slide is not None:
        _require_slide(chosen, request.wanted.slide)
    lessons = []
    for lesson in chosen:
        if lesson.settings.voice == RECORDING:  # a teacher can read every word
            unread = (lesson.path, "word-unread")
            findings = tuple(f for f in findings if (f.place.path, f.rule) != unread)
        if request.draft:
            lessons.append(make_draft(lesson, lesson.settings))
            continue
        settled, settings, missing = settle_voices(lesson, lesson.settings)
        lessons.append((settled, settings))
        findings = (*findings, *missing)
    portrayed = _approve_presenter(course) if set(request.wanted.parts) & set(VIDEOS) else None
    if portrayed and request.draft:
        find_engine_version(portrayed.face_engine, portrayed.presenter.engine_place)
        portrayed = replace(portrayed, face_engine="still")
    plan = plan_course(course, lessons, request.wanted, portrayed)
    out = request.out or course.root / BUILD
    folder = OutputFolder(out / DRAFT if request.draft else out)
    # Courses come from strangers: a course's own build folder must not lead out of the course.
    folder.require_inside(course.root if request.out is None else out, plan)
    if portrayed is None and "lipreadable" in request.wanted.parts:
        findings = (*findings, _make_no_presenter_finding(course))
    lost = course.lost if request.lesson is None else ()
    return Prepared(plan, folder, find_tasks(plan, folder), findings, lost)


def build(request: Request, watcher: Watcher | None = None) -> BuildResult:
    """Build what is asked for. What is up to date is not made again, and a failure leaves what was
    made before as it is. Raises as `prepare` does; later failures are in the result."""
    began = time.monotonic()
    watcher = watcher or Quiet()
    prepared = prepare(request)
    plan, folder, tasks = prepared.plan, prepared.folder, prepared.tasks
    jobs = request.jobs or _choose_jobs()
    context = WorkerContext.of(plan, folder.store.root)
    failures = run_tasks(tasks, context, folder.out, jobs=jobs, watcher=watcher)
    for _ in range(_REBUILDS):
        # Damaged artefacts have been dropped: make them and what depends on them again.
        if not any(issubclass(f.kind, DamagedError) for f in failures):
            break
        failures = run_tasks(
            find_tasks(plan, folder), context, folder.out, jobs=jobs, watcher=watcher
        )
    outputs = [o for lesson in plan.lessons for o in lesson.outputs]
    current = folder.find_current(outputs)
    planned = {o.path for t in tasks for o in t.outputs}
    findings = list(prepared.findings)
    if tasks:
        folder.store.touch(plan.artefacts)
        folder.store.sweep()
    if not any(f.kind is StoreError for f in failures):
        folder.write_manifest(plan)
    if not failures:
        known = read_findings(plan, folder, prepared.findings, request)
        if known is None:
            known, failures = _write_report(prepared, request, context, jobs, watcher)
        findings = findings if known is None else known
    return BuildResult(
        plan=plan,
        out=folder.out,
        made=tuple(o for o in outputs if o.path in current and o.path in planned),
        kept=tuple(o for o in outputs if o.path in current and o.path not in planned),
        slides=len({(t.path, t.slide) for t in tasks if t.slide is not None}),
        findings=tuple(findings),
        failures=tuple(failures),
        seconds=time.monotonic() - began,
        lost=prepared.lost,
    )


def _write_report(
    prepared: Prepared, request: Request, context: WorkerContext, jobs: int, watcher: Watcher
) -> tuple[list[Finding] | None, list[Failure]]:
    """Write the report. It needs the narrations, which the store may have dropped since the videos
    were made: these are made again first."""
    plan, folder = prepared.plan, prepared.folder
    for left in reversed(range(_REBUILDS)):
        if again := find_missing_voices(plan, folder):
            failures = run_tasks(again, context, folder.out, jobs=jobs, watcher=watcher)
            if failures:
                return None, failures
        try:
            return write_report(plan, folder, prepared.findings, request), []
        except DamagedError:
            if not left:
                raise
    raise AssertionError("the last attempt returns or raises")


def _choose_jobs() -> int:
    """One worker per core, but no more than fit into memory at 1.5 GB each (a worker holds the
    recogniser, the voice and the portrait: 1.43 GB measured)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        pages = 4 << 30
    return max(1, min(cores or 1, pages // (3 << 29)))


def _choose_lessons(
    course: Course, name: str | None, remarks: Sequence[Finding]
) -> Sequence[Lesson]:
    """The lessons to build. Raises UsageError if there is none of that name, and LessonError if it
    could not be read."""
    if name is None:
        return course.lessons
    listed = course.listed or tuple(lesson.path for lesson in course.lessons)
    if name.isdecimal() and len(name) < 8 and 1 <= int(name) <= len(listed):
        paths = [listed[int(name) - 1]]
    else:
        ids = {lesson.path: lesson.id for lesson in course.lessons}
        stem = Path(name).stem
        paths = [path for path in listed if name in (path, ids.get(path))]
        paths += [path for path in listed if stem in (ids.get(path), Path(path).stem)]
    if not paths:
        known = ", ".join(f"{n} {x.id}" for n, x in enumerate(course.lessons[:MOST_TOLD], 1))
        known += " and more" if len(course.lessons) > MOST_TOLD else ""
        raise UsageError(
            f"The course has no lesson {brief(name)}.", remedy=f"Its lessons are {known}."
        )
    found = [lesson for lesson in course.lessons if lesson.path == paths[0]]
    if not found:
        unread = [f.problem for f in remarks if f.rule == "lesson-unread"]
        raise LessonError.of([p for p in unread if p.place.path == paths[0]] or unread)
    return found


def read_request(request: Request) -> tuple[Course, tuple[Finding, ...]]:
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
            read = read_course(request.course, user=user, flags=flags, name_voice=full_name)
        except NoCourseError as error:
            raise UsageError.of(error.problems) from error
    if not errors:
        errors.extend(_find_unknown_engines(read[0]))
    if errors:
        raise join_errors(errors)
    return read


def _find_unknown_engines(course: Course) -> Iterator[ProblemError]:
    """An error for each voice in the settings whose engine does not exist, even if no lesson has
    text for it. In a lesson's front matter it is a finding."""
    for lesson in course.lessons:
        settings = lesson.settings
        named = {"voice": settings.voice}
        named |= {f"voices.{tag}": voice for tag, voice in settings.voices.items()}
        for key, voice in named.items():
            try:
                require_engine(voice)
            except VoiceError as error:
                place = settings.place_of(key, "voices")
                if place.path == lesson.path:  # it may be meant for another tool
                    continue
                kind = UsageError if place.path.startswith("--set") else VoiceError
                yield kind(error.message, remedy=error.remedy, place=place)


def _require_slide(lessons: Sequence[Lesson], number: int) -> None:
    for lesson in lessons:
        if not any(s.number == number for s in lesson.slides):
            raise UsageError(
                f"The lesson has no slide {number}.",
                remedy=f"It has the slides 1 to {len(lesson.slides)}.",
                place=Place(lesson.path),
            )


def _approve_presenter(course: Course) -> Portrayed | None:
    """The presenter, if consent allows to show them. Raises ConsentError."""
    if course.presenter is None:
        return None
    from avatar.consent import check, load_trust, make_disclosure, make_metadata

    presenter = course.presenter
    record = check(
        course.root / presenter.photo,
        course.root / presenter.consent,
        course=course.id,
        trust=load_trust(course.root),
    )
    return Portrayed(
        presenter=presenter,
        photo_sha256=record.photo_sha256,
        record_id=record.id,
        statement=make_disclosure(record),
        metadata=tuple(sorted(make_metadata(record).items())),
        face_engine=presenter.engine or ENGINE,
    )


def _make_no_presenter_finding(course: Course) -> Finding:
    message = "The course has no presenter, so there is no lip-readable video."
    remedy = "Put an approved photo into presenter/ and name it in course.yaml."
    place = Place(COURSE_FILE) if (course.root / COURSE_FILE).exists() else Place()
    return Finding("no-presenter", "note", Problem(message, remedy, place))
