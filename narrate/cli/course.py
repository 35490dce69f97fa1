"""`narrate init`, `check`, `rules` and `schema`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import narrate
from lessons.course.schema import json_schema
from lessons.course.setting_layers import Assignments
from lessons.course.settings import Layer
from narrate.cli.console import console, count, findings_as_data, print_findings, print_json
from narrate.cli.exit_status import FailOnOption, parse_fail_on, status_of
from narrate.cli.make import CourseArgument, SetOption
from narrate.rule_names import RULES


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make for the new course.")],
    title: Annotated[
        str | None, typer.Option(help="The course's title. Default: from the folder's name.")
    ] = None,
) -> None:
    """Start a course: a folder with course.yaml and a first lesson that shows how to write one."""
    from foundation.files import write_whole
    from lessons.course.reading import make_course_id
    from narrate.pipeline.store import storing
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
    out.print(f"  narrate build {folder}", markup=False)


def check(
    course: CourseArgument,
    set_: SetOption = None,
    fail_on: FailOnOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check a course before you build it: its script, settings, pictures and consent.

    Ends with status 0 whatever it finds, unless --fail-on says otherwise.
    """
    counted = parse_fail_on(fail_on)
    result = narrate.check(course, settings=Assignments(tuple(set_ or ())))
    findings = result.findings
    if json:
        print_json({"findings": findings_as_data(findings)})
    else:
        print_findings(findings)
        lessons = result.course.lessons
        slides = sum(len(lesson.slides) for lesson in lessons)
        found = count(len(findings), "finding") if findings else "no findings"
        shape = f"{count(len(lessons), 'lesson')}, {count(slides, 'slide')}"
        console().print(f"{shape}: {found}.", markup=False)
    raise typer.Exit(status_of(findings, counted))


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


def schema(
    file: Annotated[
        SettingsFile,
        typer.Argument(
            help="For course.yaml (course), a lesson's front matter (lesson), or your own "
            "settings (user)."
        ),
    ] = SettingsFile.course,
) -> None:
    """Print the JSON Schema of a settings file, for editors.

    narrate schema course > course.schema.json

    If the first line of course.yaml is
    '# yaml-language-server: $schema=course.schema.json', editors complete
    its keys and mark mistakes.
    """
    print_json(json_schema(Layer(file.value)))
