"""The public API: what `import narrate` gives, and all that the command does with a course.

Every function reads the course anew and raises errors of one tree (`narrate.ProblemError`), each
with all the problems that were found: what is wrong, where, and what to do.

Common arguments:

    course    a course's folder, as a path; a `Course` stands for its folder
    lesson    only this lesson: its number, its id, or its file's name
    slide     only this slide of the lesson, as a video of its own
    draft     small pictures, no voice and a face that does not move: made in a moment
    jobs      how many slides are worked on at once; 0 means one for each core
    out       the output folder; by default `build` in the course
    settings  values that are stronger than those of all files, as {"video": {"rate": 25}}
    progress  is called with a `Progress` whenever there is news, in the thread that builds

Where more than one slide is worked on at once, other processes are started. A script that builds
must therefore do so under `if __name__ == "__main__":`, as the examples in samples/examples do.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lessons.course import COURSE_FILE
from lessons.layers import find_near, read_values
from lessons.model import Course, Finding
from lessons.settings import DEFAULTS, Settings
from narrate.captions.formats import FORMATS
from narrate.documents.transcript import TRANSCRIPT_FORMATS
from narrate.errors import UsageError
from narrate.pipeline import (
    BuildResult,
    Output,
    Prepared,
    Request,
    Task,
    Wanted,
    prepare,
    read_request,
)
from narrate.pipeline import build as run_build
from narrate.pipeline.plan import PARTS
from narrate.progress import Progress, ProgressCallback, ProgressMeter

Source = str | os.PathLike[str] | Course
Values = Mapping[str, object] | Settings | None
ExportKind = Literal["captions", "transcript"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a look at a course found, before anything is built."""

    course: Course
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PlanResult:
    """What a build would do: the `tasks` that are still to be done, in an order in which they can
    be, and all `outputs`, whose paths are relative to the folder `out`."""

    course: Course
    out: Path
    tasks: tuple[Task, ...]
    outputs: tuple[Output, ...]
    findings: tuple[Finding, ...]


def load_course(course: Source, *, settings: Values = None) -> Course:
    """Read a course: its lessons, slides and utterances, with all settings merged.

    Raises ProblemError: course.yaml, a lesson, a setting or a file that they name is unusable.
    """
    return read_request(Request(_folder(course), settings=_flags(settings)))[0]


def check(course: Source, *, settings: Values = None) -> CheckResult:
    """Look a course over before anything is built: script, settings, pictures, consent.

    Raises ProblemError as `build` does; what a person should look at is in the result.
    """
    prepared = prepare(Request(_folder(course), settings=_flags(settings)))
    return CheckResult(prepared.plan.course, prepared.findings)


def plan(
    course: Source,
    *,
    only: Sequence[str] | None = None,
    lesson: str | int | None = None,
    slide: int | None = None,
    draft: bool = False,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
) -> PlanResult:
    """Say what a build would do. Makes nothing. Raises ProblemError as `build` does."""
    wanted = Wanted(parts=_parts(only), slide=_slide(slide, lesson))
    request = Request(
        _folder(course), wanted, _lesson(lesson), draft, 0, _out(out), _flags(settings)
    )
    return _planned(prepare(request))


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
    progress: ProgressCallback | None = None,
) -> BuildResult:
    """Build a course's videos, captions, chapters, transcripts and report.

    `only` names parts: lecture, lipreadable, captions, transcript. What is up to date is not made
    again, and a build that was stopped goes on where it was. A slide that fails does not stop the
    others: it is in the result's `failures`.

    Raises ProblemError before anything is made: ScriptError for the course and its lessons,
    ConsentError for a photo without valid consent, SettingsError and VoiceError for settings,
    UsageError for arguments, StoreError for an output folder that cannot be written.
    """
    wanted = Wanted(parts=_parts(only), slide=_slide(slide, lesson))
    request = Request(
        _folder(course), wanted, _lesson(lesson), draft, _jobs(jobs), _out(out), _flags(settings)
    )
    return _run(request, progress)


def preview(
    lesson: str | os.PathLike[str],
    *,
    slide: int = 1,
    draft: bool = False,
    out: str | os.PathLike[str] | None = None,
    settings: Values = None,
    progress: ProgressCallback | None = None,
) -> BuildResult:
    """Make one slide of a lesson's file as a video with sound. Raises ProblemError as `build`."""
    file = _path(lesson, "lesson").resolve()
    if not file.is_file():
        raise UsageError(
            f"There is no lesson {str(lesson)!r}.", remedy="Name the Markdown file of a lesson."
        )
    folder = next((p for p in file.parents if (p / COURSE_FILE).is_file()), file.parent)
    name = file.relative_to(folder).as_posix()
    wanted = Wanted(parts=("lecture",), slide=_slide(slide, name))
    return _run(Request(folder, wanted, name, draft, 0, _out(out), _flags(settings)), progress)


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
    """Write captions or transcripts alone; no video is rendered for them.

    `formats` are some of `caption_formats()` or `transcript_formats()`; by default all. Raises
    ProblemError as `build` does.
    """
    _choose([kind], ("captions", "transcript"), "kind of export")
    if kind == "captions":
        chosen = _choose(formats, caption_formats(), "caption format")
        wanted = Wanted(parts=("captions",), formats=chosen)
    else:
        chosen = _choose(formats, transcript_formats(), "transcript format")
        wanted = Wanted(parts=("transcript",), documents=chosen)
    request = Request(
        _folder(course), wanted, _lesson(lesson), False, _jobs(jobs), _out(out), _flags(settings)
    )
    return _run(request, progress)


def caption_formats() -> tuple[str, ...]:
    """The names of the caption formats."""
    return tuple(FORMATS)


def transcript_formats() -> tuple[str, ...]:
    """The names of the transcript formats."""
    return tuple(TRANSCRIPT_FORMATS)


def _run(request: Request, progress: ProgressCallback | None) -> BuildResult:
    return run_build(request, ProgressMeter(progress) if progress is not None else None)


def _planned(prepared: Prepared) -> PlanResult:
    outputs = tuple(o for lesson in prepared.plan.lessons for o in lesson.outputs)
    return PlanResult(
        prepared.plan.course, prepared.folder.out, prepared.tasks, outputs, prepared.findings
    )


def _folder(course: Source) -> Path:
    return course.root if isinstance(course, Course) else _path(course, "course")


def _path(value: str | os.PathLike[str], name: str) -> Path:
    if not isinstance(value, str | os.PathLike):
        raise UsageError(
            f"The {name} is given as {_kind(value)}.", remedy="Give a path, as text or as a Path."
        )
    return Path(value)


def _out(out: str | os.PathLike[str] | None) -> Path | None:
    return None if out is None else _path(out, "output folder")


def _flags(settings: Values) -> Settings:
    if settings is None:
        return DEFAULTS
    if isinstance(settings, Settings):
        return settings
    if not isinstance(settings, Mapping):
        raise UsageError(
            f"The settings are given as {_kind(settings)}.",
            remedy="Give a mapping, such as {'theme': 'dark'}.",
        )
    return read_values(settings, "settings", UsageError)


def _parts(only: Sequence[str] | None) -> tuple[str, ...]:
    asked = _choose(only, PARTS, "part")
    return tuple(part for part in PARTS if part in asked)


def _choose(asked: Sequence[str] | None, known: Collection[str], what: str) -> tuple[str, ...]:
    """The names asked for, all of them known; all that are known if none are asked for."""
    if asked is None:
        return tuple(known)
    names = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in names:
        if name not in known:
            near = find_near(name, known) if isinstance(name, str) else ""
            remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(known)}."
            raise UsageError(f"There is no {what} {name!r}.", remedy=remedy)
    if not names:
        raise UsageError(f"No {what} is named.", remedy=f"Choose from {', '.join(known)}.")
    return names


def _lesson(lesson: str | int | None) -> str | None:
    if lesson is None or (isinstance(lesson, str | int) and not isinstance(lesson, bool)):
        return None if lesson is None else str(lesson)
    raise UsageError(
        f"The lesson is given as {_kind(lesson)}.", remedy="Give its number, its id or its file."
    )


def _slide(slide: int | None, lesson: str | int | None) -> int | None:
    if slide is None:
        return None
    if not isinstance(slide, int) or isinstance(slide, bool) or slide < 1:
        raise UsageError(f"There is no slide {slide!r}.", remedy="Slides are numbered from 1.")
    if lesson is None:
        raise UsageError(
            "A slide is named without its lesson.", remedy="Name the lesson that it belongs to."
        )
    return slide


def _jobs(jobs: int) -> int:
    if not isinstance(jobs, int) or isinstance(jobs, bool) or jobs < 0:
        raise UsageError(
            f"{jobs!r} slides cannot be worked on at once.",
            remedy="Give a number from 1, or 0 for one for each core.",
        )
    return jobs


def _kind(value: object) -> str:
    return f"{value!r:.60} ({type(value).__name__})"


__all__ = [
    "BuildResult",
    "CheckResult",
    "Course",
    "ExportKind",
    "Finding",
    "PlanResult",
    "Progress",
    "build",
    "caption_formats",
    "check",
    "export",
    "load_course",
    "plan",
    "preview",
    "transcript_formats",
]
