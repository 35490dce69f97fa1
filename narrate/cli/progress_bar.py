"""Shows the progress of a build: a bar at a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from narrate.cli.console import console
from narrate.clock import format_clock
from narrate.progress import Progress, ProgressCallback

_PLAIN_EVERY = 10.0  # seconds between two lines where there is no terminal, so that logs stay short


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[ProgressCallback]:
    """A callback that shows progress in the way that suits standard error."""
    if quiet:
        yield lambda progress: None
    elif sys.stderr.isatty():
        with _show_bar() as tell:
            yield tell
    else:
        yield _make_line_printer()


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
    with bar:
        shown = bar.add_task("", total=1.0, left="")

        def tell(progress: Progress) -> None:
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


def _describe_tasks(progress: Progress) -> str:
    return ", ".join(progress.doing[:2])


def _describe_time_left(progress: Progress) -> str:
    return (
        f"{format_clock(progress.seconds_left)} left" if progress.seconds_left is not None else ""
    )
