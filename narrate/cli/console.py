"""Prints results: for people at a terminal, plainly elsewhere, or as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from foundation.problem import Problem, ProblemError
from foundation.unfit_characters import escape_unfit
from lessons.model import Finding, Severity
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.work import make_failure

if TYPE_CHECKING:
    from rich.console import Console

_STYLE: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def console(*, stderr: bool = False) -> Console:
    """Rich's console. Its output is plain where there is no terminal, and no text of a course can
    command the terminal."""
    from rich.console import Console

    class SafeConsole(Console):
        def print(self, *objects: Any, **options: Any) -> None:
            safe = (escape_unfit(o) if isinstance(o, str) else o for o in objects)
            super().print(*safe, **options)

    return SafeConsole(stderr=stderr, highlight=False, soft_wrap=True)


def fail(error: BaseException | Failure) -> None:
    """Print an error: for each problem where it is, what is wrong, and what to do."""
    failure = error if isinstance(error, Failure) else make_failure(error)
    out = console(stderr=True)
    if failure.details:
        out.print(failure.details, style="dim", markup=False)
    for problem in error.problems if isinstance(error, ProblemError) else (failure.problem,):
        place = f"{problem.place}: " if str(problem.place) else ""
        out.print("error", style="bold red", end=" ", markup=False)
        out.print(f"{place}{problem.message}", markup=False)
        if problem.remedy:
            style = "dim" if out.is_terminal else None
            out.print(f"      {problem.remedy}", style=style, markup=False)


SHOWN_OF_A_RULE = 5
"""Findings of one rule that are printed where there are many: the rest says nothing new."""
SHOWN_ERRORS = 20


def print_findings(findings: Iterable[Finding], *, stderr: bool = False) -> None:
    """Print findings as compilers do: `file:line (slide): severity: message [rule]`, and below each
    what to do. Of many of one rule, the first are printed, with the number of the others."""
    found = list(findings)
    total = Counter((finding.rule, finding.severity) for finding in found)
    printed: Counter[tuple[str, str]] = Counter()
    out = console(stderr=stderr)
    dim = "dim" if out.is_terminal else None
    for finding in found:
        kind = (finding.rule, finding.severity)
        most = SHOWN_ERRORS if finding.severity == "error" else SHOWN_OF_A_RULE
        left = total[kind] - most
        if left > 2 and printed[kind] >= most:  # one or two more take no more room than a summary
            continue
        printed[kind] += 1
        place = str(finding.place)
        out.print(f"{place}{': ' if place else ''}", end="", markup=False)
        out.print(finding.severity, style=_STYLE[finding.severity], end=": ", markup=False)
        out.print(f"{finding.message} [{finding.rule}]", markup=False)
        if finding.remedy:
            out.print(f"    {finding.remedy}", style=dim, markup=False)
        if left > 2 and printed[kind] == most:
            more = f"… and {left} more like it [{finding.rule}]; --json prints all"
            out.print(more, style=dim, markup=False)


def print_notes(notes: Iterable[Problem]) -> None:
    """Print what the program does of itself, and what may be done about it."""
    out = console(stderr=True)
    dim = "dim" if out.is_terminal else None
    for note in notes:
        place = f"{note.place}: " if str(note.place) else ""
        out.print("note", style="cyan", end=" ", markup=False)
        out.print(f"{place}{note.message}", markup=False)
        if note.remedy:
            out.print(f"     {note.remedy}", style=dim, markup=False)


def notes_as_data(notes: Iterable[Problem]) -> list[dict[str, str]]:
    return [{"message": note.message, "remedy": note.remedy} for note in notes]


def count_findings(findings: Sequence[Finding]) -> str:
    """`5 findings (1 error, 4 notes)`; `no findings`."""
    if not findings:
        return "no findings"
    number = Counter(finding.severity for finding in findings)
    parts = [count(number[name], name) for name in _STYLE if number[name]]
    return f"{count(len(findings), 'finding')} ({', '.join(parts)})"


def findings_as_data(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [finding.as_data() for finding in findings]


def print_json(document: object) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def check_output_file(out: Path, *, force: bool = True) -> None:
    """Check that --out can be a file's path before the work begins. Raises typer.BadParameter."""
    if out.is_dir():
        raise typer.BadParameter(f"{out} is a folder. Name a file.", param_hint="--out")
    if out.exists() and not force:
        raise typer.BadParameter(
            f"{out} exists already. Name another file, or add --force.", param_hint="--out"
        )
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"There is no folder {out.parent}.", param_hint="--out")


def count(number: int, noun: str) -> str:
    """`1 slide`, `2 slides`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
