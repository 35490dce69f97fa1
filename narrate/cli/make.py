"""`narrate build`, `preview` and `export`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from lessons.course import COURSE_FILE
from narrate.cli.console import (
    console,
    count,
    fail,
    findings_as_data,
    print_findings,
    print_json,
    size,
)
from narrate.cli.progress import watcher
from narrate.clock import format_clock
from narrate.pipeline import BUILD, PARTS, Built, Output, Prepared, Request, Wanted, prepare
from narrate.pipeline import build as build_course

CourseArgument = Annotated[Path, typer.Argument(help="The course's folder, with its course.yaml.")]
LessonOption = Annotated[
    str | None, typer.Option(help="Only this lesson: its number, or its file's name.")
]
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=0, help="Slides at once; 0: as many as there are cores.")
]
OutOption = Annotated[
    Path | None, typer.Option(help="Output folder instead of 'build' in the course.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DraftOption = Annotated[
    bool, typer.Option("--draft", help="Small, silent and with a still face, in a moment.")
]


def build(
    course: CourseArgument,
    lesson: LessonOption = None,
    slide: Annotated[
        int | None, typer.Option(min=1, help="Only this slide (with --lesson), as a video alone.")
    ] = None,
    only: Annotated[
        str | None, typer.Option(help=f"Only these, with commas between: {', '.join(PARTS)}.")
    ] = None,
    jobs: JobsOption = 0,
    draft: DraftOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be made, and make nothing.")
    ] = False,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Build a course's videos, captions, chapters and transcripts.

    What is up to date is not made again. A build that was stopped goes on where it was.
    """
    if slide is not None and lesson is None:
        raise typer.BadParameter("A slide needs its lesson: add --lesson.", param_hint="--slide")
    wanted = Wanted(parts=_parts(only), slide=slide)
    request = Request(course, wanted, lesson, draft, jobs, out)
    if dry_run:
        _print_plan(prepare(request), json)
        return
    _finish(_build(request, quiet=json), json)


def preview(
    lesson: Annotated[Path, typer.Argument(help="The lesson's file in its course.")],
    slide: Annotated[int, typer.Option("--slide", "-s", min=1, help="The slide's number.")] = 1,
    draft: DraftOption = False,
    open_: Annotated[bool, typer.Option("--open", help="Open it in the usual player.")] = False,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Make one slide of a lesson as a video with sound, to play at once."""
    if not lesson.is_file():
        raise typer.BadParameter(f"There is no lesson {lesson}.", param_hint="LESSON")
    file = lesson.resolve()
    courses = (p for p in file.parents if (p / COURSE_FILE).is_file())
    folder = next(courses, file.parent)
    name = file.relative_to(folder).as_posix()
    wanted = Wanted(parts=("lecture",), slide=slide)
    request = Request(folder, wanted, name, draft, 0, out)
    built = _build(request, quiet=json)
    if open_ and not built.failures:
        for output in (*built.made, *built.kept):
            typer.launch(str(built.out / output.path))
    _finish(built, json)


export = typer.Typer(
    help="Write captions or transcripts alone; no video is rendered for it.", no_args_is_help=True
)


class CaptionFormat(StrEnum):
    vtt = "vtt"
    srt = "srt"
    ttml = "ttml"
    ass = "ass"


class TranscriptFormat(StrEnum):
    html = "html"
    md = "md"
    txt = "txt"


@export.command("captions")
def export_captions(
    course: CourseArgument,
    format: Annotated[CaptionFormat, typer.Option("--format", "-f")] = CaptionFormat.vtt,
    lesson: LessonOption = None,
    jobs: JobsOption = 0,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Write each lesson's captions, timed to its narration."""
    wanted = Wanted(parts=("captions",), formats=(format.value,))
    _finish(_build(Request(course, wanted, lesson, False, jobs, out), quiet=json), json)


@export.command("transcript")
def export_transcript(
    course: CourseArgument,
    format: Annotated[TranscriptFormat, typer.Option("--format", "-f")] = TranscriptFormat.html,
    lesson: LessonOption = None,
    jobs: JobsOption = 0,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Write each lesson's transcript: what is said beside what the slides show."""
    wanted = Wanted(parts=("transcript",), documents=(format.value,))
    _finish(_build(Request(course, wanted, lesson, False, jobs, out), quiet=json), json)


def _parts(only: str | None) -> tuple[str, ...]:
    if only is None:
        return PARTS
    asked = [p.strip() for p in only.split(",") if p.strip()]
    unknown = [p for p in asked if p not in PARTS]
    if unknown or not asked:
        raise typer.BadParameter(
            f"There is no part {', '.join(unknown) or only!r}. The parts are {', '.join(PARTS)}.",
            param_hint="--only",
        )
    return tuple(p for p in PARTS if p in asked)


def _build(request: Request, *, quiet: bool) -> Built:
    with watcher(quiet=quiet) as shown:
        return build_course(request, shown)


def _finish(built: Built, json: bool) -> None:
    """Print what a build came to and end with its code."""
    worst = any(f.severity == "error" for f in built.findings)
    code = 1 if built.failures or worst else 0
    if json:
        print_json(_as_data(built))
        raise typer.Exit(code)
    print_findings(built.findings, stderr=True)
    for failure in built.failures:
        fail(failure)
    out = console()
    for output, state in (*((o, "made") for o in built.made), *((o, "kept") for o in built.kept)):
        path = built.out / output.path
        out.print(f"{state}  {_short(path)}  {size(path.stat().st_size)}", markup=False)
    took = format_clock(built.seconds) if built.seconds >= 1 else f"{built.seconds:.1f} s"
    summary = f"{count(len(built.made), 'file')} made, {len(built.kept)} up to date"
    if built.slides:
        summary += f"; {count(built.slides, 'slide')} worked on"
    if built.failures:
        summary += f"; {count(len(built.failures), 'failure')}, see above"
    out.print(f"{summary}; {took}. In {_short(built.out)}", markup=False)
    raise typer.Exit(code)


def _print_plan(prepared: Prepared, json: bool) -> None:
    tasks = prepared.tasks
    if json:
        rows = [{"kind": t.kind, "path": t.path, "slide": t.slide, "what": t.label} for t in tasks]
        print_json({"tasks": rows, "out": str(prepared.folder.out)})
        return
    out = console()
    for task in tasks:
        out.print(task.label, markup=False)
    if not tasks:
        out.print("Everything is up to date.", markup=False)


def _as_data(built: Built) -> dict[str, Any]:
    def rows(outputs: tuple[Output, ...]) -> list[dict[str, str]]:
        return [
            {"path": str(built.out / o.path), "kind": o.kind, "lesson": o.lesson} for o in outputs
        ]

    return {
        "out": str(built.out),
        "made": rows(built.made),
        "kept": rows(built.kept),
        "slides": built.slides,
        "seconds": round(built.seconds, 2),
        "findings": findings_as_data(built.findings),
        "failures": [
            {
                "error": f.kind.__name__,
                "message": f.problem.message,
                "remedy": f.problem.remedy,
                "path": f.problem.place.path,
                "line": f.problem.place.line,
                "slide": f.problem.place.slide,
            }
            for f in built.failures
        ],
    }


def _short(path: Path) -> str:
    """As the user would write it: relative to where they are, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


__all__ = ["BUILD", "build", "export", "preview"]
