"""The public API, which `import narrate` gives. The command `narrate` uses it too.

Every function reads the course again. What goes wrong is raised as a `narrate.ProblemError`, which
holds all problems that were found: what is wrong, where, and what to do.

Common arguments:

    course    the path of a course's folder, of a folder or a lesson's file in it, or a `Course`,
              which means what it was read from
    lesson    build this lesson alone: its number, its id, or its file's name
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

import errno
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Literal

from foundation.files import write_whole
from foundation.near_words import find_near
from foundation.problem import Place, ProblemError
from foundation.shortening import brief
from lessons.course.course_file import write_course_file
from lessons.course.discovery import locate_course
from lessons.course.reading import read_course, say_nothing
from lessons.course.setting_layers import Values, merge, read_any
from lessons.course.text_files import COURSE_FILE
from lessons.errors import NoCourseError
from lessons.model import Course, Finding
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
from narrate.pipeline.plan import PARTS, Output, Wanted
from narrate.pipeline.request import Request, plan_request, read_request
from narrate.pipeline.runners import RUNNERS
from narrate.pipeline.step import Task
from narrate.pipeline.store.refusals import storing
from narrate.progress import ProgressCallback, ProgressMeter, ReadingMeter
from narrate.user_settings import read_user_settings

Source = str | os.PathLike[str] | Course
ExportKind = Literal["captions", "transcript"]

_LARGEST = 1_000_000  # of lessons, slides and jobs: a larger number is a mistake


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
    paths are relative to the folder `out`."""

    course: Course
    out: Path
    tasks: tuple[Task, ...]
    outputs: tuple[Output, ...]
    findings: tuple[Finding, ...]
    lost: tuple[str, ...] = ()


def load_course(course: Source, *, settings: Values = None) -> Course:
    """Read a course: its lessons, slides and utterances, with all settings merged.

    Raises ProblemError if course.yaml, a lesson, a setting or a file that they name is unusable.
    """
    return read_request(
        Request(_check_course(course), settings=_merge_overrides(course, settings))
    )[0]


def check(
    course: Source, *, settings: Values = None, progress: ProgressCallback | None = None
) -> CheckResult:
    """Check a course before anything is built: its script, settings, pictures and consent.

    The result holds what a person should look at. `progress` is called for a course that takes long
    to read. Raises ProblemError as `build` does.
    """
    request = Request(_check_course(course), settings=_merge_overrides(course, settings))
    if progress is None:
        planned = plan_request(request)
    else:
        meter = ReadingMeter(_check_progress(progress), weight=1.0)
        planned = plan_request(request, meter.read)
        meter.finish()
    return CheckResult(planned.plan.course, planned.findings, planned.lost)


def import_course(folder: str | os.PathLike[str], *, force: bool = False) -> Path:
    """Write the course.yaml of a folder of lessons that has none, and return its path.

    It holds what is found without it. `force` replaces one that is there. Raises ProblemError as
    `load_course` does, and UsageError if there is a course.yaml or if the folder is only a part of
    a course.
    """
    path = _check_path(folder, "folder")
    force = _check_flag(force, "force")
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
    with storing(location.root, "copy the lessons into a folder of your own"):
        write_whole(file, write_course_file(course, location, findings).encode())
    return file


def plan(
    course: Source,
    *,
    only: Sequence[str] | None = None,
    lesson: str | int | None = None,
    slide: int | None = None,
    draft: bool = False,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    store: str | os.PathLike[str] | None = None,
) -> PlanResult:
    """Say what a build would do, without doing it. Raises ProblemError as `build` does."""
    wanted = Wanted(parts=_choose_parts(only), slide=_check_slide(slide, lesson, course))
    request = Request(
        course=_check_course(course),
        wanted=wanted,
        lesson=_check_lesson(lesson),
        draft=_check_flag(draft, "draft"),
        out=_check_out(out),
        settings=_merge_overrides(course, settings),
    )
    return _make_plan_result(prepare(request, _check_means(store=store)))


def build(
    course: Source,
    *,
    only: Sequence[str] | None = None,
    lesson: str | int | None = None,
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
    wanted = Wanted(parts=_choose_parts(only), slide=_check_slide(slide, lesson, course))
    request = Request(
        course=_check_course(course),
        wanted=wanted,
        lesson=_check_lesson(lesson),
        draft=_check_flag(draft, "draft"),
        out=_check_out(out),
        settings=_merge_overrides(course, settings),
    )
    return _run(request, progress, _check_means(jobs, runner, address, store))


def build_all(
    courses: Mapping[str | os.PathLike[str], str | os.PathLike[str] | None],
    *,
    only: Sequence[str] | None = None,
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
    means = _check_means(jobs, runner, address, store or shared_store_path())
    wanted = Wanted(parts=_choose_parts(only))
    meter = None if progress is None else ProgressMeter(_check_progress(progress))
    outcomes: list[BuildResult | ProblemError | None] = []
    prepared: list[Prepared] = []
    for course, out in courses.items():
        request = Request(
            course=_check_course(course),
            wanted=wanted,
            draft=_check_flag(draft, "draft"),
            out=_check_out(out),
            settings=settings,
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
    file = _check_path(lesson, "lesson")
    wanted = Wanted(parts=("lecture",), slide=_check_slide(1 if slide is None else slide, "1"))
    request = Request(
        course=file,
        wanted=wanted,
        lesson="1",
        draft=_check_flag(draft, "draft"),
        out=_check_out(out),
        settings=settings,
    )
    return _run(request, progress)


def export(
    course: Source,
    kind: ExportKind,
    *,
    formats: Sequence[str] | None = None,
    lesson: str | int | None = None,
    jobs: int = 0,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    progress: ProgressCallback | None = None,
) -> BuildResult:
    """Write captions or transcripts without rendering any video.

    `formats` are some of `caption_formats()` or `transcript_formats()`; by default all.

    Raises ProblemError as `build` does.
    """
    _choose((kind,), ("captions", "transcript"), "kind of export")
    if kind == "captions":
        chosen = _choose(formats, caption_formats(), "caption format")
        wanted = Wanted(parts=("captions",), formats=chosen)
    else:
        chosen = _choose(formats, transcript_formats(), "transcript format")
        wanted = Wanted(parts=("transcript",), documents=chosen)
    request = Request(
        course=_check_course(course),
        wanted=wanted,
        lesson=_check_lesson(lesson),
        out=_check_out(out),
        settings=_merge_overrides(course, settings),
    )
    return _run(request, progress, _check_means(jobs))


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
    meter = ProgressMeter(_check_progress(progress))
    result = run_build(request, meter, means, ReadingMeter(progress).read)
    meter.finish()
    return result


def _check_progress(progress: ProgressCallback) -> ProgressCallback:
    if not callable(progress):
        raise UsageError(
            f"The progress is given as {_describe(progress)}.",
            remedy="Give a function that takes a Progress.",
        )
    return progress


def _check_means(
    jobs: int = 0,
    runner: str | None = None,
    address: str | None = None,
    store: str | os.PathLike[str] | None = None,
) -> Means:
    if runner is not None:
        _choose((runner,), tuple(RUNNERS), "runner")
    if address and runner != "ray":
        raise UsageError(
            "An address is given without the runner 'ray'.", remedy="Add --runner ray."
        )
    place = "" if store is None else os.fspath(_check_path(store, "store"))
    # A path would lose one of the slashes of an address.
    if isinstance(store, str) and "://" in store:
        place = store
    return Means(_check_jobs(jobs), runner or "", address or "", place)


def _make_plan_result(prepared: Prepared) -> PlanResult:
    return PlanResult(
        prepared.plan.course, prepared.folder.out, prepared.tasks, prepared.outputs,
        prepared.findings, prepared.lost,
    )  # fmt: skip


def _check_course(course: Source) -> Path:
    """The path of a course, or of what is asked for in it; its reader says what is wrong there."""
    if isinstance(course, Course):
        return course.root / course.within
    return _check_path(course, "course")


def _check_path(value: str | os.PathLike[str], name: str) -> Path:
    """A path that the file system can be asked for, whether or not anything is there."""
    refusal = UsageError(
        f"The {name} is given as {_describe(value)}.", remedy="Give a path, as text or as a Path."
    )
    try:
        text = os.fspath(value)
    except Exception as error:  # a program's own class may raise anything
        raise refusal from error
    if not isinstance(text, str) or not text.strip():
        raise refusal
    try:
        os.lstat(text)
    except ValueError as error:  # a NUL, or half a character
        raise refusal from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise refusal from error
    return Path(text)


def _check_flag(value: bool, name: str) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{name!r} is given as {_describe(value)}.", remedy="Give True or False.")
    return value


def _check_out(out: str | os.PathLike[str] | None) -> Path | None:
    return None if out is None else _check_path(out, "output folder")


def _merge_overrides(course: object, settings: Values) -> Values:
    """The settings that override those of all files; those with which a course was loaded stay."""
    if not isinstance(course, Course):
        return settings
    return course.flags if settings is None else merge(course.flags, read_any(settings, UsageError))


def _choose_parts(only: Sequence[str] | None) -> tuple[str, ...]:
    asked = _choose(only, PARTS, "part")
    return tuple(part for part in PARTS if part in asked)


def _choose(asked: object, known: Collection[str], what: str) -> tuple[str, ...]:
    """The names asked for, which must be known ones; all known names for None."""
    if asked is None:
        return tuple(known)
    if not isinstance(asked, Collection) or isinstance(asked, bytes | Mapping):
        raise UsageError(
            f"What to make is given as {_describe(asked)}.",
            remedy=f"Give a list with some of {', '.join(known)}.",
        )
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in names:
        if not isinstance(name, str) or name not in known:
            near = find_near(name, known) if isinstance(name, str) else ""
            remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(known)}."
            shown = brief(name) if isinstance(name, str) else _describe(name)
            raise UsageError(f"There is no {what} {shown}.", remedy=remedy)
    if not names:
        raise UsageError(f"No {what} is named.", remedy=f"Choose from {', '.join(known)}.")
    return names


def _check_lesson(lesson: str | int | None) -> str | None:
    if lesson is None or isinstance(lesson, str):
        return lesson
    if isinstance(lesson, int) and not isinstance(lesson, bool) and abs(lesson) < _LARGEST:
        return str(lesson)
    raise UsageError(
        f"The lesson is given as {_describe(lesson)}.",
        remedy="Give its number, its id or its file's name.",
    )


def _check_slide(slide: int | None, lesson: str | int | None, course: Source = "") -> int | None:
    if slide is None:
        return None
    if not isinstance(slide, int) or isinstance(slide, bool) or not 1 <= slide < _LARGEST:
        raise UsageError(
            f"There is no slide {_describe(slide)}.", remedy="Give its number, which counts from 1."
        )
    if lesson is None and not _is_lesson(course):
        raise UsageError(
            "A slide is given without its lesson.", remedy="Give the lesson that it belongs to."
        )
    return slide


def _is_lesson(course: Source) -> bool:
    """Whether a course is one lesson's file."""
    if isinstance(course, Course):
        return len(course.listed) == 1
    return bool(course) and _check_path(course, "course").is_file()


def _check_jobs(jobs: int) -> int:
    if not isinstance(jobs, int) or isinstance(jobs, bool) or not 0 <= jobs < _LARGEST:
        raise UsageError(
            f"The number of jobs cannot be {_describe(jobs)}.",
            remedy="Give a number from 1, or 0 for one job per core.",
        )
    return jobs


def _describe(value: object) -> str:
    """A value and its type, for messages about wrong arguments."""
    shown = str(value) if isinstance(value, PurePath) else value
    return f"{'None' if shown is None else brief(shown)} ({type(value).__name__})"
