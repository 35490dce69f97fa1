"""Prints what a build made, what is wrong, and what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from foundation.byte_sizes import format_size
from foundation.problem import ProblemError
from lessons.model import Finding
from narrate.api import PlanResult
from narrate.cli.console import (
    console,
    count,
    count_findings,
    fail,
    findings_as_data,
    notes_as_data,
    print_findings,
    print_json,
    print_notes,
)
from narrate.cli.exit_status import DONE, status_of
from narrate.cli.failing import describe_failure, status_of_error
from narrate.clock import format_clock
from narrate.pipeline.build import BuildResult
from narrate.pipeline.plan import Output

MOST_FILES_SHOWN = 40  # those of four lessons; of more, the folders are listed


def finish(built: Sequence[BuildResult | ProblemError], fail_on: Sequence[str], json: bool) -> None:
    """Print the results of a build of courses, or why one could not be read, and end with the
    status of the worst."""
    statuses = [_find_status(result, fail_on) for result in built]
    if json:
        rows = [_as_data(result) for result in built]
        print_json(rows[0] if len(rows) == 1 else {"courses": rows})
    else:
        for result in built:
            _print_result(result)
    raise typer.Exit(max(statuses, default=DONE))


def _find_status(result: BuildResult | ProblemError, fail_on: Sequence[str]) -> int:
    if isinstance(result, ProblemError):
        return status_of_error(result)
    failed = bool(result.failures or result.lost)
    return status_of(result.findings, fail_on, failed=failed)


def _print_result(result: BuildResult | ProblemError) -> None:
    if isinstance(result, ProblemError):
        fail(result)
        return
    print_findings(result.findings, stderr=True)
    print_notes(result.notes)
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


def _print_outputs(result: BuildResult) -> None:
    """List the files, or, if they are many, the folders with the number of files."""
    out = console()
    outputs = [*((o, "made") for o in result.made), *((o, "kept") for o in result.kept)]
    if len(outputs) <= MOST_FILES_SHOWN:
        for output, state in outputs:
            path = result.out / output.path
            out.print(f"{state}  {_short(path)}  {format_size(path.stat().st_size)}", markup=False)
        return
    folders: dict[tuple[str, str], list[int]] = {}
    for output, state in outputs:
        path = result.out / output.path
        folders.setdefault((state, _short(path.parent)), []).append(path.stat().st_size)
    for (state, folder), sizes in folders.items():
        out.print(
            f"{state}  {folder}  {count(len(sizes), 'file')}, {format_size(sum(sizes))}",
            markup=False,
        )


def count_unread(findings: Sequence[Finding]) -> int:
    """The number of lessons that could not be read."""
    return len({f.place for f in findings if f.rule == "lesson-unread"})


def print_plan(planned: PlanResult, fail_on: Sequence[str], json: bool) -> int:
    """Print what a build would do, and give the exit status."""
    tasks = planned.tasks
    status = status_of(planned.findings, fail_on, failed=bool(planned.lost))
    if json:
        rows = [{"kind": t.kind, "path": t.path, "slide": t.slide, "what": t.label} for t in tasks]
        findings = findings_as_data(planned.findings)
        notes = notes_as_data(planned.notes)
        print_json({"tasks": rows, "out": str(planned.out), "findings": findings, "notes": notes})
        return status
    print_findings(planned.findings, stderr=True)
    print_notes(planned.notes)
    out = console()
    for task in tasks:
        out.print(task.label, markup=False)
    if not tasks:
        out.print("Everything is up to date.", markup=False)
    return status


def _as_data(result: BuildResult | ProblemError) -> dict[str, Any]:
    if isinstance(result, ProblemError):
        name = type(result).__name__
        failures = [describe_failure(name, problem) for problem in result.problems]
        return {"findings": [], "failures": failures}

    def rows(outputs: tuple[Output, ...]) -> list[dict[str, str]]:
        return [
            {
                "path": str(result.out / o.path),
                "kind": o.kind,
                "lesson": o.group or o.lesson,
                "language": o.language,
            }
            for o in outputs
        ]

    return {
        "out": str(result.out),
        "made": rows(result.made),
        "kept": rows(result.kept),
        "slides": result.slides,
        "seconds": round(result.seconds, 2),
        "findings": findings_as_data(result.findings),
        "notes": notes_as_data(result.notes),
        "failures": [describe_failure(f.kind.__name__, f.problem) for f in result.failures],
    }


def _short(path: Path) -> str:
    """A path relative to the current folder if it is inside of it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
