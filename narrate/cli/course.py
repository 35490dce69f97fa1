"""`narrate init` and `narrate check`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from narrate.cli.console import console, count, findings_as_data, print_findings, print_json


def init(
    folder: Annotated[Path, typer.Argument(help="The new course's folder.")],
    title: Annotated[str | None, typer.Option(help="The course's title.")] = None,
) -> None:
    """Start a course: a folder with a course.yaml and a first lesson that explains itself."""
    from narrate.pipeline.store import storing, write_whole
    from narrate.templating import find_templates_folder, text_environment

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise typer.BadParameter(
            f"{folder} is there already and not empty: name a new folder.", param_hint="FOLDER"
        )
    name = folder.resolve().name
    id = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "course"
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
    course: Annotated[Path, typer.Argument(help="The course's folder, with its course.yaml.")],
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Look a course over before anything is built: script, settings, pictures, consent."""
    from narrate.pipeline import Request, prepare

    prepared = prepare(Request(course))
    findings = prepared.findings
    if json:
        print_json({"findings": findings_as_data(findings)})
    else:
        print_findings(findings)
        slides = len(prepared.plan.slides)
        lessons = len(prepared.plan.lessons)
        found = count(len(findings), "finding") if findings else "no findings"
        shape = f"{count(lessons, 'lesson')}, {count(slides, 'slide')}"
        console().print(f"{shape}: {found}.", markup=False)
    # Notes are for information: they do not fail a check.
    raise typer.Exit(1 if any(f.severity != "note" for f in findings) else 0)
