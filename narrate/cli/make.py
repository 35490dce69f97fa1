"""`narrate build`, `preview` and `export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

import narrate
from foundation.problem import ProblemError
from lessons.course.setting_layers import Assignments
from narrate.captions.formats import CAPTION_FORMATS
from narrate.cli.build_result import finish, print_plan
from narrate.cli.exit_status import FailOnOption, parse_fail_on
from narrate.cli.failing import printing_failures
from narrate.cli.progress_bar import LogOption, show_progress
from narrate.documents.transcript import TRANSCRIPT_FORMATS
from narrate.pipeline.build import BuildResult
from narrate.pipeline.plan import PARTS
from narrate.pipeline.runners import RUNNERS

CoursesArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="COURSE|LESSON",
        help="The folder of a course, with or without a course.yaml, or the file of one lesson. "
        "Several courses share one store and one queue.",
    ),
]
RunnerOption = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(RUNNERS),
        help="Where to work: in this process, in several, or on a Ray cluster. Default: the first "
        "or the second, as --jobs says.",
    ),
]
AddressOption = Annotated[
    str | None, typer.Option(help="The address of the Ray cluster. Default: one on this machine.")
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        metavar="FOLDER|URL",
        help="Where to keep what is made for later builds: a folder, or an object store such as "
        "s3://bucket/prefix. Default: in the output folder.",
    ),
]
CourseArgument = Annotated[
    Path,
    typer.Argument(
        metavar="COURSE|LESSON",
        help="The folder of a course, with or without a course.yaml, or the file of one lesson.",
    ),
]
LessonOption = Annotated[
    str | None,
    typer.Option(
        help="Build only this lesson, in all its languages: its number or its file's name."
    ),
]
LanguageOption = Annotated[
    str | None, typer.Option(metavar="TAG", help="Build only what is in this language, such as fr.")
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
    courses: CoursesArgument,
    lesson: LessonOption = None,
    language: LanguageOption = None,
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
    runner: RunnerOption = None,
    address: AddressOption = None,
    store: StoreOption = None,
    log: LogOption = "text",
    fail_on: FailOnOption = None,
    json: JsonOption = False,
) -> None:
    """Build a course's videos, captions, chapters and transcripts.

    Files that are up to date are not made again. A build that was stopped
    continues where it was.
    """
    with printing_failures(json):
        if len(courses) > 1 and (lesson is not None or slide is not None):
            raise typer.BadParameter("Name one course to build a lesson of.", param_hint="--lesson")
        course = courses[0]
        if slide is not None and lesson is None and not course.is_file():
            raise typer.BadParameter(
                "A slide needs its lesson: add --lesson.", param_hint="--slide"
            )
        counted = parse_fail_on(fail_on)
        settings = _overrides(set_)
        parts = None if only is None else [p.strip() for p in only.split(",") if p.strip()]
        if dry_run:
            planned = [
                narrate.plan(
                    path, only=parts, lesson=lesson, language=language, slide=slide, draft=draft,
                    out=folder,
                    settings=settings, store=store,
                )
                for path, folder in _name_folders(courses, out)
            ]  # fmt: skip
            raise typer.Exit(max(print_plan(plan, counted, json) for plan in planned))
        with show_progress(quiet=json, log=log) as progress:
            if len(courses) == 1:
                built: list[BuildResult | ProblemError] = [
                    narrate.build(
                        course, only=parts, lesson=lesson, language=language, slide=slide,
                        draft=draft, jobs=jobs,
                        out=out, settings=settings, runner=runner, address=address, store=store,
                        progress=progress,
                    )
                ]  # fmt: skip
            else:
                built = narrate.build_all(
                    dict(_name_folders(courses, out)), only=parts, language=language, draft=draft,
                    jobs=jobs, settings=settings, runner=runner, address=address, store=store,
                    progress=progress,
                )  # fmt: skip
        finish(built, counted, json)


def _name_folders(courses: Sequence[Path], out: Path | None) -> list[tuple[Path, Path | None]]:
    """Each course with its output folder: of several, each has its own in the one that is named."""
    if out is None or len(courses) == 1:
        return [(course, out) for course in courses]
    return [(course, out / course.resolve().name) for course in courses]


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
        finish([result], counted, json)


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
    language: LanguageOption = None,
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
                course, "captions", formats=_formats(format), lesson=lesson, language=language,
                jobs=jobs, out=out, settings=settings, progress=progress,
            )  # fmt: skip
        finish([result], counted, json)


@export.command("transcript")
def export_transcript(
    course: CourseArgument,
    format: Annotated[str, _format_option(tuple(TRANSCRIPT_FORMATS))] = "html",
    lesson: LessonOption = None,
    language: LanguageOption = None,
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
                course, "transcript", formats=_formats(format), lesson=lesson, language=language,
                jobs=jobs, out=out, settings=settings, progress=progress,
            )  # fmt: skip
        finish([result], counted, json)


def _formats(text: str) -> list[str] | None:
    names = [name.strip() for name in text.split(",") if name.strip()]
    return None if names == ["all"] else names


def _overrides(assignments: Sequence[str] | None) -> Assignments:
    return Assignments(tuple(assignments or ()))
