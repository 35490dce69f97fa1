"""`narrate init`, `import`, `check`, `rules` and `schema`."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import narrate
from foundation.languages import is_english, name_language
from lessons.course.schema import json_schema, keys_schema
from lessons.course.setting_layers import Assignments
from lessons.course.setting_types import Layer
from lessons.dialects import DIALECTS
from lessons.model import Lesson
from narrate.cli.build_result import count_unread
from narrate.cli.console import (
    console,
    count,
    count_findings,
    findings_as_data,
    print_findings,
    print_json,
)
from narrate.cli.exit_status import FailOnOption, parse_fail_on, status_of
from narrate.cli.failing import printing_failures
from narrate.cli.make import CourseArgument, SetOption
from narrate.cli.progress_bar import LogOption, show_progress
from narrate.rule_names import RULES

MOST_LESSONS_SHOWN = 40


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make for the new course.")],
    title: Annotated[
        str | None, typer.Option(help="The course's title. Default: from the folder's name.")
    ] = None,
) -> None:
    """Start a course: a folder with course.yaml and a first lesson that shows how to write one."""
    from foundation.files import write_whole
    from lessons.course.reading import make_course_id
    from narrate.pipeline.store.refusals import storing
    from narrate.templating import find_templates_folder, text_environment

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(
            f"{folder} exists already and is not empty. Name a new folder.", param_hint="FOLDER"
        )
    name = folder.resolve().name
    id = make_course_id(name)
    values = {"title": title or name.replace("-", " ").replace("_", " ").capitalize(), "id": id}
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for template in sorted((find_templates_folder() / "course").glob("*.j2")):
            text = text_environment().get_template(f"course/{template.name}").render(values)
            write_whole(folder / template.stem, text.encode())
    out = console()
    out.print(f"Started {folder}. Edit its lesson, then:", markup=False)
    out.print(f"  narrate preview {folder / '01-first-lesson.md'} --slide 1", markup=False)
    out.print(f"  narrate build {shlex.quote(str(folder))}", markup=False)


def check(
    course: CourseArgument,
    set_: SetOption = None,
    log: LogOption = "text",
    fail_on: FailOnOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check a course before you build it: its script, settings, pictures and consent.

    Ends with status 0 whatever it finds, unless --fail-on says otherwise or
    a lesson that you named cannot be read.
    """
    with printing_failures(json):
        counted = parse_fail_on(fail_on)
        with show_progress(quiet=json, log=log) as progress:
            settings = Assignments(tuple(set_ or ()))
            result = narrate.check(course, settings=settings, progress=progress)
        status = status_of(result.findings, counted, failed=bool(result.lost))
        if json:
            lessons = [_describe_lesson(lesson) for lesson in result.course.lessons]
            print_json(
                {
                    "title": result.course.title,
                    "lessons": lessons,
                    "findings": findings_as_data(result.findings),
                    "failures": [],
                }
            )
        else:
            _print_check(result)
        raise typer.Exit(status)


def _print_check(result: narrate.CheckResult) -> None:
    out = console()
    course, findings = result.course, result.findings
    lessons = course.lessons
    print_findings(findings)
    for lesson in lessons[:MOST_LESSONS_SHOWN]:
        what = f"{DIALECTS[lesson.dialect].title} {lesson.shape}"
        language = lesson.settings.language
        spoken = "" if is_english(language) else f", {name_language(language)}"
        slides = count(len(lesson.slides), "slide")
        indent, of = ("  ", f", translates {lesson.original}") if lesson.original else ("", "")
        out.print(f"{indent}{lesson.path}: {what}, {slides}{spoken}{of}", markup=False)
    if len(lessons) > MOST_LESSONS_SHOWN:
        out.print(f"… and {len(lessons) - MOST_LESSONS_SHOWN} more lessons", markup=False)
    unread = count_unread(findings)
    originals = sum(not lesson.original for lesson in lessons)
    read = f"{originals} of {count(originals + unread, 'lesson')}"
    shape = read if unread else count(originals, "lesson")
    if translated := len(lessons) - originals:
        shape += f" and {count(translated, 'translation')}"
    slides = count(sum(len(lesson.slides) for lesson in lessons), "slide")
    out.print(f"{course.title}: {shape}, {slides}: {count_findings(findings)}.", markup=False)


def _describe_lesson(lesson: Lesson) -> dict[str, object]:
    return {
        "path": lesson.path,
        "id": lesson.id,
        "title": lesson.title,
        "dialect": lesson.dialect,
        "shape": lesson.shape,
        "slides": len(lesson.slides),
        "language": lesson.settings.language,
        "translates": lesson.original or None,
    }


def import_(
    folder: Annotated[
        Path, typer.Argument(help="The folder of the lessons, which any tool may have been for.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Replace a course.yaml that is there.")
    ] = False,
) -> None:
    """Write the course.yaml of lessons that were written for another tool.

    It holds what is found without it: the title, the language and the
    lessons in order. No lesson is changed, and none needs it: 'narrate
    build' takes the folder as it is.
    """
    written = narrate.import_course(folder, force=force)
    out = console()
    name = shlex.quote(str(folder))
    out.print(f"Wrote {written}. Look through it, then:", markup=False)
    out.print(f"  narrate check {name}", markup=False)
    out.print(f"  narrate build {name} --draft", markup=False)
    out.print(f"  narrate build {name}", markup=False)


def rules(
    json: Annotated[bool, typer.Option("--json", help="Print the rules as JSON.")] = False,
) -> None:
    """List the rules of all checks. Their names can be given to --fail-on."""
    if json:
        print_json(dict(RULES))
        return
    width = max(map(len, RULES))
    for rule, meaning in RULES.items():
        console().print(f"{rule:<{width}}  {meaning}", markup=False)


class SettingsFile(StrEnum):
    course = "course"
    lesson = "lesson"
    user = "user"
    theme = "theme"


def schema(
    file: Annotated[
        SettingsFile,
        typer.Argument(
            help="For course.yaml (course), a lesson's front matter (lesson), your own settings "
            "(user), or a theme file (theme)."
        ),
    ] = SettingsFile.course,
) -> None:
    """Print the JSON Schema of a settings file, for editors.

    narrate schema course > course.schema.json

    If the first line of course.yaml is
    '# yaml-language-server: $schema=course.schema.json', editors complete
    its keys and mark mistakes.
    """
    if file is SettingsFile.theme:
        from narrate.slides.theme_keys import ThemeKeys

        print_json(keys_schema(ThemeKeys, "A theme file"))
    else:
        print_json(json_schema(Layer(file.value)))
