"""`narrate build`, `preview` and `export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

import narrate
from lessons.course.setting_layers import Assignments
from lessons.model import Finding
from narrate.api import PlanResult
from narrate.captions.formats import CAPTION_FORMATS
from narrate.cli.console import (
    console,
    count,
    count_findings,
    fail,
    findings_as_data,
    print_findings,
    print_json,
    size,
)
from narrate.cli.exit_status import FailOnOption, parse_fail_on, status_of
from narrate.cli.failing import describe_failure, printing_failures
from narrate.cli.progress_bar import show_progress
from narrate.clock import format_clock
from narrate.documents.transcript import TRANSCRIPT_FORMATS
from narrate.pipeline.build import BuildResult
from narrate.pipeline.plan import PARTS, Output

MOST_FILES_SHOWN = 40  # those of four lessons; of more, the folders are listed

CourseArgument = Annotated[
    Path,
    typer.Argument(
        metavar="COURSE|LESSON",
        help="The folder of a course, with or without a course.yaml, or the file of one lesson.",
    ),
]
LessonOption = Annotated[
    str | None, typer.Option(help="Build only this lesson: its number or its file's name.")
]
JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs", "-j", min=0, help="How many slides to work on at once; 0 means one per core."
    ),
]
OutOption = Annotated[
    Path | None, typer.Option(help="The output folder. Default: 'build' in the course.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DraftOption = Annotated[
    bool,
    typer.Option(
        "--draft", help="Build quickly: a small picture, no voice, and a face that does not move."
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A setting that overrides those in all files, such as theme=dark or video.rate=25. "
        "May be repeated.",
    ),
]


def build(
    course: CourseArgument,
    lesson: LessonOption = None,
    slide: Annotated[
        int | None,
        typer.Option(min=1, help="Build only this slide of the --lesson, as a video of its own."),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(help=f"Build only these, separated by commas: {', '.join(PARTS)}."),
    ] = None,
    jobs: JobsOption = 0,
    draft: DraftOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be made, but make nothing.")
    ] = False,
    out: OutOption = None,
    set_: SetOption = None,
    fail_on: FailOnOption = None,
    json: JsonOption = False,
) -> None:
    """Build a course's videos, captions, chapters and transcripts.

    Files that are up to date are not made again. A build that was stopped
    continues where it was.
    """
    with printing_failures(json):
        if slide is not None and lesson is None and not course.is_file():
            raise typer.BadParameter(
                "A slide needs its lesson: add --lesson.", param_hint="--slide"
            )
        counted = parse_fail_on(fail_on)
        settings = _overrides(set_)
        parts = None if only is None else [p.strip() for p in only.split(",") if p.strip()]
        if dry_run:
            planned = narrate.plan(
                course,
                only=parts,
                lesson=lesson,
                slide=slide,
                draft=draft,
                out=out,
                settings=settings,
            )
            _print_plan(planned, json)
            raise typer.Exit(status_of(planned.findings, counted, failed=bool(planned.lost)))
        with show_progress(quiet=json) as progress:
            result = narrate.build(
                course, only=parts, lesson=lesson, slide=slide, draft=draft, jobs=jobs, out=out,
                settings=settings, progress=progress,
            )  # fmt: skip
        _finish(result, counted, json)


def preview(
    lesson: Annotated[
        Path,
        typer.Argument(metavar="LESSON", help="The lesson's file; of a course, its first lesson."),
    ],
    slide: Annotated[int, typer.Option("--slide", "-s", min=1, help="The slide's number.")] = 1,
    draft: DraftOption = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the video in a player.")] = False,
    out: OutOption = None,
    set_: SetOption = None,
    fail_on: FailOnOption = None,
    json: JsonOption = False,
) -> None:
    """Make a video of one slide, with sound, to see and hear it at once."""
    with printing_failures(json):
        counted = parse_fail_on(fail_on)
        settings = _overrides(set_)
        with show_progress(quiet=json) as progress:
            result = narrate.preview(
                lesson, slide=slide, draft=draft, out=out, settings=settings, progress=progress
            )
        if open_ and not result.failures:
            for output in (*result.made, *result.kept):
                typer.launch(str(result.out / output.path))
        _finish(result, counted, json)


export = typer.Typer(
    help="Write captions or transcripts without rendering any video.",
    no_args_is_help=True,
)


def _format_option(known: Sequence[str]) -> Any:
    """The option for some of the known formats."""
    return typer.Option(
        "--format", "-f", metavar="|".join(known),
        help="One or more formats, separated by commas, or 'all'.",
    )  # fmt: skip


@export.command("captions")
def export_captions(
    course: CourseArgument,
    format: Annotated[str, _format_option(tuple(CAPTION_FORMATS))] = "vtt",
    lesson: LessonOption = None,
    jobs: JobsOption = 0,
    out: OutOption = None,
    set_: SetOption = None,
    fail_on: FailOnOption = None,
    json: JsonOption = False,
) -> None:
    """Write the captions of each lesson, with the times of its narration."""
    with printing_failures(json):
        counted = parse_fail_on(fail_on)
        settings = _overrides(set_)
        with show_progress(quiet=json) as progress:
            result = narrate.export(
                course, "captions", formats=_formats(format), lesson=lesson, jobs=jobs, out=out,
                settings=settings, progress=progress,
            )  # fmt: skip
        _finish(result, counted, json)


@export.command("transcript")
def export_transcript(
    course: CourseArgument,
    format: Annotated[str, _format_option(tuple(TRANSCRIPT_FORMATS))] = "html",
    lesson: LessonOption = None,
    jobs: JobsOption = 0,
    out: OutOption = None,
    set_: SetOption = None,
    fail_on: FailOnOption = None,
    json: JsonOption = False,
) -> None:
    """Write the transcript of each lesson: what is spoken and what the slides show."""
    with printing_failures(json):
        counted = parse_fail_on(fail_on)
        settings = _overrides(set_)
        with show_progress(quiet=json) as progress:
            result = narrate.export(
                course, "transcript", formats=_formats(format), lesson=lesson, jobs=jobs, out=out,
                settings=settings, progress=progress,
            )  # fmt: skip
        _finish(result, counted, json)


def _formats(text: str) -> list[str] | None:
    names = [name.strip() for name in text.split(",") if name.strip()]
    return None if names == ["all"] else names


def _overrides(assignments: Sequence[str] | None) -> Assignments:
    return Assignments(tuple(assignments or ()))


def _finish(result: BuildResult, fail_on: Sequence[str], json: bool) -> None:
    """Print the result of a build and end with its status."""
    failed = bool(result.failures or result.lost)
    status = status_of(result.findings, fail_on, failed=failed)
    if json:
        print_json(_as_data(result))
        raise typer.Exit(status)
    print_findings(result.findings, stderr=True)
    for failure in result.failures:
        fail(failure)
    out = console()
    _print_outputs(result)
    took = format_clock(result.seconds) if result.seconds >= 1 else f"{result.seconds:.1f} s"
    summary = f"{count(len(result.made), 'file')} made, {len(result.kept)} up to date"
    if result.slides:
        summary += f"; {count(result.slides, 'slide')} worked on"
    if result.failures:
        summary += f"; {count(len(result.failures), 'failure')}, see above"
    if unread := count_unread(result.findings):
        summary += f"; {count(unread, 'lesson')} left out, see above"
    if result.findings:
        out.print(f"{count_findings(result.findings)}, see above", markup=False)
    out.print(f"{summary}; {took}. The output is in {_short(result.out)}", markup=False)
    raise typer.Exit(status)


def _print_outputs(result: BuildResult) -> None:
    """List the files, or, if they are many, the folders with the number of files."""
    out = console()
    outputs = [*((o, "made") for o in result.made), *((o, "kept") for o in result.kept)]
    if len(outputs) <= MOST_FILES_SHOWN:
        for output, state in outputs:
            path = result.out / output.path
            out.print(f"{state}  {_short(path)}  {size(path.stat().st_size)}", markup=False)
        return
    folders: dict[tuple[str, str], list[int]] = {}
    for output, state in outputs:
        path = result.out / output.path
        folders.setdefault((state, _short(path.parent)), []).append(path.stat().st_size)
    for (state, folder), sizes in folders.items():
        out.print(
            f"{state}  {folder}  {count(len(sizes), 'file')}, {size(sum(sizes))}", markup=False
        )


def count_unread(findings: Sequence[Finding]) -> int:
    """The number of lessons that could not be read."""
    return len({f.place for f in findings if f.rule == "lesson-unread"})


def _print_plan(planned: PlanResult, json: bool) -> None:
    tasks = planned.tasks
    if json:
        rows = [{"kind": t.kind, "path": t.path, "slide": t.slide, "what": t.label} for t in tasks]
        findings = findings_as_data(planned.findings)
        print_json({"tasks": rows, "out": str(planned.out), "findings": findings})
        return
    print_findings(planned.findings, stderr=True)
    out = console()
    for task in tasks:
        out.print(task.label, markup=False)
    if not tasks:
        out.print("Everything is up to date.", markup=False)


def _as_data(result: BuildResult) -> dict[str, Any]:
    def rows(outputs: tuple[Output, ...]) -> list[dict[str, str]]:
        return [
            {"path": str(result.out / o.path), "kind": o.kind, "lesson": o.lesson} for o in outputs
        ]

    return {
        "out": str(result.out),
        "made": rows(result.made),
        "kept": rows(result.kept),
        "slides": result.slides,
        "seconds": round(result.seconds, 2),
        "findings": findings_as_data(result.findings),
        "failures": [describe_failure(f.kind.__name__, f.problem) for f in result.failures],
    }


def _short(path: Path) -> str:
    """A path relative to the current folder if it is inside of it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
