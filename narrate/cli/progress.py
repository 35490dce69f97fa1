"""What a build shows while it runs: a bar at a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from narrate.cli.console import console
from narrate.clock import format_clock
from narrate.progress import Progress, ProgressCallback

_PLAIN_EVERY = 10.0  # s between two lines where there is no terminal: a log stays short


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[ProgressCallback]:
    """A callback that shows progress as it suits where standard error goes."""
    if quiet:
        yield lambda progress: None
    elif sys.stderr.isatty():
        with _bar() as tell:
            yield tell
    else:
        yield _plain()


@contextmanager
def _bar() -> Iterator[ProgressCallback]:
    """A progress bar with what is being done and how long is left."""
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
                shown, completed=progress.share, description=_doing(progress), left=_left(progress)
            )

        yield tell


def _plain() -> ProgressCallback:
    """A line now and then."""
    due = time.monotonic() + _PLAIN_EVERY

    def tell(progress: Progress) -> None:
        nonlocal due
        if time.monotonic() < due:
            return
        due = time.monotonic() + _PLAIN_EVERY
        left = f", {_left(progress)}" if progress.seconds_left is not None else ""
        print(f"{progress.share:4.0%}{left}  {_doing(progress)}", file=sys.stderr, flush=True)

    return tell


def _doing(progress: Progress) -> str:
    return ", ".join(progress.doing[:2])


def _left(progress: Progress) -> str:
    return (
        f"{format_clock(progress.seconds_left)} left" if progress.seconds_left is not None else ""
    )
