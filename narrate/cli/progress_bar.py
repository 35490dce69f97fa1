"""Shows the progress of a build: a bar at a terminal, plain lines elsewhere, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated, Literal

import typer

from narrate.cli.console import console, count, notes_as_data, print_notes
from narrate.clock import format_clock
from narrate.progress import Progress, ProgressCallback

_PLAIN_EVERY = 10.0  # seconds between two lines where there is no terminal, so that logs stay short
_JSON_EVERY = 1.0

Log = Literal["text", "json"]
LogOption = Annotated[
    Log,
    typer.Option(
        "--log",
        help="How to tell the progress on standard error: as text, or as one JSON object a line.",
    ),
]


@contextmanager
def show_progress(*, quiet: bool, log: Log = "text") -> Iterator[ProgressCallback]:
    """A callback that shows progress in the way that suits standard error, after the notes.

    If the block is stopped, what remains to be done is said.
    """
    last = Progress(0.0, (), None)

    def note(progress: Progress) -> None:
        nonlocal last
        new = progress.notes[len(last.notes) :]
        last = progress
        if log == "json":
            for line in notes_as_data(new):
                _print_line({"event": "note", "time": round(time.time(), 3), **line})
        elif not quiet:
            print_notes(new)
        tell(progress)

    try:
        if log == "json":
            tell = _make_json_printer()
            yield note
        elif quiet:
            tell = _do_nothing
            yield note
        elif sys.stderr.isatty():
            with _show_bar() as tell:
                yield note
        else:
            tell = _make_line_printer()
            yield note
    except (KeyboardInterrupt, SystemExit):
        _tell_remains(last, log)
        raise


def _do_nothing(progress: Progress) -> None:
    pass


def _tell_remains(progress: Progress, log: Log) -> None:
    left = progress.tasks - progress.done
    if log == "json":
        _print_json("stopped", progress)
    elif left > 0:
        time_left = _describe_time_left(progress)
        text = f"{left} of {count(progress.tasks, 'task')} remain"
        print(f"\n{text}{', about ' + time_left if time_left else ''}.", file=sys.stderr)


@contextmanager
def _show_bar() -> Iterator[ProgressCallback]:
    """A progress bar with the present tasks and the time left."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as RichProgress

    bar = RichProgress(
        BarColumn(30),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[left]}", style="cyan"),
        TextColumn("{task.description}", markup=False),
        console=console(stderr=True),
        transient=True,
    )
    shown = bar.add_task("", total=1.0, left="")
    with ExitStack() as showing:

        def tell(progress: Progress) -> None:
            if not bar.live.is_started:  # before that, there is nothing to show
                showing.enter_context(bar)
            bar.update(
                shown,
                completed=progress.share,
                description=_describe_tasks(progress),
                left=_describe_time_left(progress),
            )

        yield tell


def _make_line_printer() -> ProgressCallback:
    """A callback that prints a line now and then."""
    due = time.monotonic() + _PLAIN_EVERY

    def tell(progress: Progress) -> None:
        nonlocal due
        if time.monotonic() < due:
            return
        due = time.monotonic() + _PLAIN_EVERY
        left = f", {_describe_time_left(progress)}" if progress.seconds_left is not None else ""
        print(
            f"{progress.share:4.0%}{left}  {_describe_tasks(progress)}", file=sys.stderr, flush=True
        )

    return tell


def _make_json_printer() -> ProgressCallback:
    """A callback that prints a line every second, and when the number of failures changes."""
    due = 0.0
    failed = 0

    def tell(progress: Progress) -> None:
        nonlocal due, failed
        now = time.monotonic()
        if now < due and progress.failed == failed and progress.share < 1:
            return
        due, failed = now + _JSON_EVERY, progress.failed
        _print_json("progress", progress)

    return tell


def _print_json(event: str, progress: Progress) -> None:
    left = progress.seconds_left
    line = {
        "event": event,
        "time": round(time.time(), 3),
        "share": round(progress.share, 4),
        "tasks": progress.tasks,
        "done": progress.done,
        "failed": progress.failed,
        "seconds_left": None if left is None else round(left, 1),
        "doing": list(progress.doing),
    }
    _print_line(line)


def _print_line(line: dict[str, object]) -> None:
    print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)


def _describe_tasks(progress: Progress) -> str:
    return ", ".join(progress.doing[:2])


def _describe_time_left(progress: Progress) -> str:
    return (
        f"{format_clock(progress.seconds_left)} left" if progress.seconds_left is not None else ""
    )
