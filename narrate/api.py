"""The public API, which `import narrate` gives. The command `narrate` uses it too.

Every function reads the course again. What goes wrong is raised as a `narrate.ProblemError`, which
holds all problems that were found: what is wrong, where, and what to do.

Common arguments:

    course    the path of a course's folder, of a folder or a lesson's file in it, or a `Course`,
              which means what it was read from
    lesson    build this lesson alone: its number, its id, or its file's name. Its translations
              belong to it; the name of one of them means that one
    language  build only what is in this language, such as "fr"
    slide     build this slide of the lesson alone, as a video of its own
    draft     build quickly: a small picture, no voice, and a face that does not move
    jobs      how many slides to work on at once; 0 means one for each core
    runner    where to work: `here`, `processes` or `ray`, whose cluster has an `address`
    store     a folder, or an object store such as s3://bucket/prefix, that keeps what is made; by
              default it is in the output folder
    out       the output folder; by default `build` in the course
    settings  values that override those of all files, such as {"video": {"rate": 25}}
    progress  a function that is called with a `Progress` whenever there is news. It runs in the
              thread that builds. An error that it raises stops the build and is raised unchanged.

With more than one job, other processes are started. A script that builds must therefore do so
under `if __name__ == "__main__":`, as the examples in samples/examples do.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from foundation.files import write_whole
from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import brief
from lessons.course.course_file import write_course_file
from lessons.course.discovery import locate_course
from lessons.course.reading import read_course, say_nothing
from lessons.course.setting_layers import Values
from lessons.course.text_files import COURSE_FILE
from lessons.errors import NoCourseError
from lessons.model import Course, Finding
from narrate.arguments import (
    Source,
    check_course,
    check_flag,
    check_language,
    check_lesson,
    check_means,
    check_out,
    check_path,
    check_progress,
    check_slide,
    choose,
    choose_parts,
    merge_overrides,
)
from narrate.captions.formats import CAPTION_FORMATS
from narrate.documents.transcript import TRANSCRIPT_FORMATS
from narrate.errors import StoreError, UsageError
from narrate.pipeline.build import (
    DEFAULT_MEANS,
    BuildResult,
    Means,
    Prepared,
    build_prepared,
    prepare,
)
from narrate.pipeline.build import build as run_build
from narrate.pipeline.plan import Output, Wanted
from narrate.pipeline.request import Request, plan_request, read_request
from narrate.pipeline.step import Task
from narrate.pipeline.store.refusals import storing
from narrate.progress import ProgressCallback, ProgressMeter, ReadingMeter
from narrate.user_settings import read_user_settings

ExportKind = Literal["captions", "transcript"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings of a course before anything is built. `lost` are the paths of lessons that
    somebody named and that cannot be read."""

    course: Course
    findings: tuple[Finding, ...]
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What a build would do: the `tasks` that remain, in a possible order, and all `outputs`, whose
    paths are relative to the folder `out`. `notes` say what is made again because the program was
    upgraded."""

    course: Course
    out: Path
    tasks: tuple[Task, ...]
    outputs: tuple[Output, ...]
    findings: tuple[Finding, ...]
    lost: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()


def load_course(course: Source, *, settings: Values = None) -> Course:
    """Read a course: its lessons, slides and utterances, with all settings merged.

    Raises ProblemError if course.yaml, a lesson, a setting or a file that they name is unusable.
    """
    return read_request(Request(check_course(course), settings=merge_overrides(course, settings)))[
        0
    ]


def check(
    course: Source, *, settings: Values = None, progress: ProgressCallback | None = None
) -> CheckResult:
    """Check a course before anything is built: its script, settings, pictures and consent.

    The result holds what a person should look at. `progress` is called for a course that takes long
    to read. Raises ProblemError as `build` does.
    """
    request = Request(check_course(course), settings=merge_overrides(course, settings))
    if progress is None:
        planned = plan_request(request)
    else:
        meter = ReadingMeter(check_progress(progress), weight=1.0)
        planned = plan_request(request, meter.read)
        meter.finish()
    return CheckResult(planned.plan.course, planned.findings, planned.lost)


def import_course(folder: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write the course.yaml of a folder of lessons that has none, and return its path.

    It holds what is found without it. `force` replaces one that is there. Raises ProblemError as
    `load_course` does, and UsageError if there is a course.yaml or if the folder is only a part of
    a course.
    """
    path = check_path(folder, "folder")
    force = check_flag(force, "force")
    try:
        location = locate_course(path)
    except NoCourseError as error:
        raise UsageError.of(error.problems) from error
    if location.within:
        raise UsageError(
            f"{brief(path.name)} is a part of the course in {str(location.root)!r}.",
            remedy="Name the folder of the whole course.",
            place=Place(str(path)),
        )
    file = location.root / COURSE_FILE
    if location.has_course_file and not force:
        raise UsageError(
            "The folder has a course.yaml already.",
            remedy="Add --force to replace it, or leave it as it is: nothing else is needed.",
            place=Place(str(file)),
        )
    location = replace(location, has_course_file=False)
    course, findings = read_course(location, user=read_user_settings())
    with storing(location.root, elsewhere="copy the lessons into a folder of your own"):
        write_whole(file, write_course_file(course, location, findings).encode())
    return file


def plan(
    course: Source,
    *,
    only: Sequence[str] | None = None,
    lesson: str | int | None = None,
    language: str | None = None,
    slide: int | None = None,
    draft: bool = False,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    store: str | os.PathLike[str] | None = None,
) -> PlanResult:
    """Say what a build would do, without doing it. Raises ProblemError as `build` does."""
    wanted = Wanted(parts=choose_parts(only), slide=check_slide(slide, lesson, course))
    request = Request(
        course=check_course(course),
        wanted=wanted,
        lesson=check_lesson(lesson),
        language=check_language(language),
        draft=check_flag(draft, "draft"),
        out=check_out(out),
        settings=merge_overrides(course, settings),
    )
    return _make_plan_result(prepare(request, check_means(store=store)))


def build(
    course: Source,
    *,
    only: Sequence[str] | None = None,
    lesson: str | int | None = None,
    language: str | None = None,
    slide: int | None = None,
    draft: bool = False,
    jobs: int = 0,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    runner: str | None = None,
    address: str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
) -> BuildResult:
    """Build a course's videos, captions, chapters, transcripts and report.

    `only` names the parts to build: lecture, lipreadable, captions, transcript. Files that are up
    to date are not made again, and a build that was stopped continues where it was. A slide that
    fails does not stop the others; it is listed in the result's `failures`.

    Raises ProblemError before anything is made: ScriptError for the course and its lessons,
    ConsentError for a photo without valid consent, SettingsError and VoiceError for settings,
    UsageError for arguments, StoreError for an output folder that cannot be written.
    """
    wanted = Wanted(parts=choose_parts(only), slide=check_slide(slide, lesson, course))
    request = Request(
        course=check_course(course),
        wanted=wanted,
        lesson=check_lesson(lesson),
        language=check_language(language),
        draft=check_flag(draft, "draft"),
        out=check_out(out),
        settings=merge_overrides(course, settings),
    )
    return _run(request, progress, check_means(jobs, runner, address, store))


def build_all(
    courses: Mapping[str | os.PathLike[str], str | os.PathLike[str] | None],
    *,
    only: Sequence[str] | None = None,
    language: str | None = None,
    draft: bool = False,
    jobs: int = 0,
    settings: Values = None,
    runner: str | None = None,
    address: str | None = None,
    store: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
) -> list[BuildResult | ProblemError]:
    """Build several courses, each with its output folder or None. They share one store, by default
    one in the user's own cache folder, and all their tasks wait in one queue.

    Gives for each course its result, or why it could not be planned: the others are built. Raises
    UsageError and StoreError for what concerns all of them.
    """
    means = check_means(jobs, runner, address, store or shared_store_path())
    wanted = Wanted(parts=choose_parts(only))
    meter = None if progress is None else ProgressMeter(check_progress(progress))
    outcomes: list[BuildResult | ProblemError | None] = []
    prepared: list[Prepared] = []
    for course, out in courses.items():
        request = Request(
            course=check_course(course),
            wanted=wanted,
            draft=check_flag(draft, "draft"),
            out=check_out(out),
            settings=settings,
            language=check_language(language),
        )
        try:
            tell = ReadingMeter(progress).read if progress else say_nothing
            prepared.append(prepare(request, means, tell))
        except StoreError:
            raise
        except ProblemError as error:
            outcomes.append(error)
        else:
            outcomes.append(None)
            if meter:
                meter.note(_list_notes(prepared[-1]))
    results = iter(build_prepared(prepared, meter, means) if prepared else ())
    if meter:
        meter.finish()
    return [outcome or next(results) for outcome in outcomes]


def shared_store_path() -> Path:
    """The store of builds of several courses that name no other."""
    from platformdirs import user_cache_path

    return user_cache_path("narrate", appauthor=False) / "store"


def preview(
    lesson: str | os.PathLike[str],
    *,
    slide: int = 1,
    draft: bool = False,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    progress: ProgressCallback | None = None,
) -> BuildResult:
    """Make one slide of a lesson's file as a video with sound; of a course, of its first lesson.

    Raises ProblemError as `build` does.
    """
    file = check_path(lesson, "lesson")
    wanted = Wanted(parts=("lecture",), slide=check_slide(1 if slide is None else slide, "1"))
    request = Request(
        course=file,
        wanted=wanted,
        lesson="1",
        draft=check_flag(draft, "draft"),
        out=check_out(out),
        settings=settings,
    )
    return _run(request, progress)


def export(
    course: Source,
    kind: ExportKind,
    *,
    formats: Sequence[str] | None = None,
    lesson: str | int | None = None,
    language: str | None = None,
    jobs: int = 0,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    progress: ProgressCallback | None = None,
) -> BuildResult:
    """Write captions or transcripts without rendering any video.

    `formats` are some of `caption_formats()` or `transcript_formats()`; by default all.

    Raises ProblemError as `build` does.
    """
    choose((kind,), ("captions", "transcript"), "kind of export")
    if kind == "captions":
        chosen = choose(formats, caption_formats(), "caption format")
        wanted = Wanted(parts=("captions",), formats=chosen)
    else:
        chosen = choose(formats, transcript_formats(), "transcript format")
        wanted = Wanted(parts=("transcript",), documents=chosen)
    request = Request(
        course=check_course(course),
        wanted=wanted,
        lesson=check_lesson(lesson),
        language=check_language(language),
        out=check_out(out),
        settings=merge_overrides(course, settings),
    )
    return _run(request, progress, check_means(jobs))


def caption_formats() -> tuple[str, ...]:
    """The names of the caption formats."""
    return tuple(CAPTION_FORMATS)


def transcript_formats() -> tuple[str, ...]:
    """The names of the transcript formats."""
    return tuple(TRANSCRIPT_FORMATS)


def _run(
    request: Request, progress: ProgressCallback | None, means: Means = DEFAULT_MEANS
) -> BuildResult:
    if progress is None:
        return run_build(request, means=means)
    meter = ProgressMeter(check_progress(progress))
    began = time.monotonic()
    prepared = prepare(request, means, ReadingMeter(progress).read)
    meter.note(_list_notes(prepared))
    (result,) = build_prepared([prepared], meter, means, began)
    meter.finish()
    return result


def _list_notes(prepared: Prepared) -> tuple[Problem, ...]:
    return (prepared.upgrade.describe(),) if prepared.upgrade else ()


def _make_plan_result(prepared: Prepared) -> PlanResult:
    return PlanResult(
        prepared.plan.course, prepared.folder.out, prepared.tasks, prepared.outputs,
        prepared.findings, prepared.lost, _list_notes(prepared),
    )  # fmt: skip
