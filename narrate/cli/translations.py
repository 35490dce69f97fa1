"""`narrate translations`."""

from __future__ import annotations

import json as json_module
import shlex
from typing import Annotated

import typer

import narrate
from foundation.languages import name_language, normalize_tag, same_language
from lessons.model import Course, Finding, Lesson
from lessons.translations.record import RECORD_FILE, read_record, write_record
from narrate.cli.console import console, count, print_findings
from narrate.cli.exit_status import FailOnOption, parse_fail_on, status_of
from narrate.cli.failing import printing_failures
from narrate.cli.make import CourseArgument
from narrate.pipeline.store.refusals import storing

PREFIX = "translation-"
"""With which the rules about translations begin."""


def translations(
    course: CourseArgument,
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="Only translations into this language.")
    ] = None,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm",
            help=f"Remember in {RECORD_FILE} that the translations say what their originals say "
            "now. From then on, a slide whose original is changed is reported.",
        ),
    ] = False,
    fail_on: FailOnOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say which translations of a course lag behind their originals.

    A translation is a file beside its lesson whose name has the tag of its
    language: 01-light.fr.md translates 01-light.md.
    """
    with printing_failures(json):
        counted = parse_fail_on(fail_on)
        result = narrate.check(course)
        pairs = _find_pairs(result.course, language)
        if confirm and pairs:
            with storing(result.course.root):
                write_record(result.course.root, pairs)
            result = narrate.check(course)
            pairs = _find_pairs(result.course, language)
        paths = {translation.path for _, translation in pairs}
        findings = [
            f for f in result.findings if f.rule.startswith(PREFIX) and f.place.path in paths
        ]
        confirmed = read_record(result.course.root)[0]
        states = {
            lesson.path: _describe_state(lesson, findings, lesson.path in confirmed)
            for _, lesson in pairs
        }
        if json:
            typer.echo(json_module.dumps(_as_data(pairs, states, findings), ensure_ascii=False))
        else:
            _print(result.course, pairs, states, findings)
        raise typer.Exit(status_of(findings, counted, failed=False))


def _find_pairs(course: Course, language: str | None) -> list[tuple[Lesson, Lesson]]:
    """Each translation with its original before it."""
    originals = {lesson.id: lesson for lesson in course.lessons}
    tag = None
    if language is not None:
        try:
            tag = normalize_tag(language)
        except ValueError as error:
            raise typer.BadParameter(
                f"{language!r} is not the tag of a language. Write one such as fr or pt-BR.",
                param_hint="--language",
            ) from error
    return [
        (originals[lesson.original], lesson)
        for lesson in course.lessons
        if lesson.original in originals
        and (tag is None or same_language(lesson.settings.language, tag))
    ]


def _describe_state(lesson: Lesson, findings: list[Finding], confirmed: bool) -> str:
    behind = sorted({f.place.slide or 0 for f in findings if f.place.path == lesson.path})
    if behind:
        slides = ", ".join(map(str, behind))
        return f"look at slide{'s' if len(behind) > 1 else ''} {slides}"
    return "up to date with what was confirmed" if confirmed else "nothing found, not confirmed"


def _print(
    course: Course,
    pairs: list[tuple[Lesson, Lesson]],
    states: dict[str, str],
    findings: list[Finding],
) -> None:
    print_findings(findings)
    out = console()
    for original, lesson in pairs:
        name = name_language(lesson.settings.language)
        slides = f"{len(lesson.slides)} of {count(len(original.slides), 'slide')}"
        out.print(f"{lesson.path}: {name}, {slides}: {states[lesson.path]}", markup=False)
    if not pairs:
        out.print(
            "There are no translations. To start one, copy a lesson and put the tag of its "
            "language into its name: 01-light.fr.md beside 01-light.md.",
            markup=False,
        )
    elif not findings and any("not confirmed" in state for state in states.values()):
        name = shlex.quote(str(course.root))
        out.print(f"Once they are right: narrate translations {name} --confirm", markup=False)


def _as_data(
    pairs: list[tuple[Lesson, Lesson]], states: dict[str, str], findings: list[Finding]
) -> dict[str, object]:
    return {
        "translations": [
            {
                "path": lesson.path,
                "original": original.path,
                "language": lesson.settings.language,
                "state": states[lesson.path],
            }
            for original, lesson in pairs
        ],
        "findings": [finding.as_data() for finding in findings],
        "failures": [],
    }
