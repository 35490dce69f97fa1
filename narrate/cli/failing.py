"""How the errors of a command end it: what is printed, and with which status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from foundation.files import FULL
from foundation.problem import Problem, ProblemError
from foundation.shortening import shorten
from lessons.course.text_files import explain
from narrate.cli.console import print_json
from narrate.cli.exit_status import FAILED, WRONG_USAGE
from narrate.errors import StoreError, UsageError


def as_problem_error(error: OSError) -> ProblemError | None:
    """An error of the system as one of ours; None if it says nothing that a person could use."""
    if error.errno in FULL:
        return StoreError("The disk is full.", remedy="Free some space and try again.")
    if error.filename is None:
        return None
    message = f"{shorten(str(error.filename))!r} cannot be used: {explain(error)}."
    return StoreError(message, remedy="Check the path and its permissions.")


def status_of_error(error: ProblemError) -> int:
    """The exit status of a command that an error ended."""
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


@contextmanager
def printing_failures(json: bool) -> Iterator[None]:
    """Print what ends a command as JSON, if that is asked for, since a program reads it."""
    if not json:
        yield
        return
    try:
        yield
    except typer.BadParameter as error:
        _end([describe_failure("UsageError", Problem(str(error.message)))], WRONG_USAGE)
    except BrokenPipeError:
        raise
    except (ProblemError, OSError) as error:
        told = as_problem_error(error) if isinstance(error, OSError) else error
        if told is None:
            raise
        rows = [describe_failure(type(told).__name__, problem) for problem in told.problems]
        _end(rows, status_of_error(told))


def _end(failures: list[dict[str, object]], status: int) -> None:
    print_json({"findings": [], "failures": failures})
    raise typer.Exit(status)


def describe_failure(error: str, problem: Problem) -> dict[str, object]:
    """A failure as `--json` has it; `error` is the name of its class."""
    place = problem.place
    return {
        "error": error,
        "message": problem.message,
        "remedy": problem.remedy,
        "path": place.path,
        "line": place.line,
        "slide": place.slide,
    }
