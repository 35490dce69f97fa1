"""What a build shows while it runs: a bar at a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from narrate.cli.console import console
from narrate.clock import format_clock
from narrate.pipeline.run import Failure
from narrate.pipeline.tasks import Task

_PLAIN_EVERY = 10.0  # s between two lines where there is no terminal: a log stays short


class _Progress:
    """How much is done, by what the tasks cost."""

    def __init__(self) -> None:
        self.costs: dict[str, float] = {}
        self.shares: dict[str, float] = {}
        self.running: dict[str, str] = {}
        self.began = time.monotonic()

    def begin(self, tasks: Sequence[Task]) -> None:
        self.costs = {t.id: t.cost for t in tasks}
        self.shares = dict.fromkeys(self.costs, 0.0)
        self.began = time.monotonic()

    @property
    def share(self) -> float:
        whole = sum(self.costs.values()) or 1.0
        return sum(self.costs[id] * share for id, share in self.shares.items()) / whole

    @property
    def left(self) -> str:
        """How long is left at the pace so far; empty while that is anybody's guess."""
        passed, share = time.monotonic() - self.began, self.share
        if passed < 2 or share < 0.02:
            return ""
        return format_clock(passed * (1 - share) / share)

    @property
    def doing(self) -> str:
        return ", ".join(list(self.running.values())[:2])


class Bar:
    """A progress bar with what is being done and how long is left."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        self._state = _Progress()
        self._bar = Progress(
            BarColumn(30),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[left]}", style="cyan"),
            TextColumn("{task.description}", markup=False),
            console=console(stderr=True),
            transient=True,
        )
        self._id: Any = None

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def begin(self, tasks: Sequence[Task]) -> None:
        self._state.begin(tasks)
        if tasks:
            self._id = self._bar.add_task("", total=1.0, left="")

    def started(self, task: Task) -> None:
        self._state.running[task.id] = task.label
        self._show()

    def moved(self, task: Task, share: float) -> None:
        self._state.shares[task.id] = share
        self._show()

    def ended(self, task: Task, failure: Failure | None) -> None:
        self._state.running.pop(task.id, None)
        self._state.shares[task.id] = 1.0
        self._show()

    def _show(self) -> None:
        left = self._state.left
        self._bar.update(
            self._id,
            completed=self._state.share,
            description=self._state.doing,
            left=f"{left} left" if left else "",
        )


class Plain:
    """A line now and then, on standard error."""

    def __init__(self) -> None:
        self._state = _Progress()
        self._next = 0.0

    def __enter__(self) -> Plain:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def begin(self, tasks: Sequence[Task]) -> None:
        self._state.begin(tasks)
        self._next = time.monotonic() + _PLAIN_EVERY

    def started(self, task: Task) -> None:
        self._state.running[task.id] = task.label

    def moved(self, task: Task, share: float) -> None:
        self._state.shares[task.id] = share
        self._show()

    def ended(self, task: Task, failure: Failure | None) -> None:
        self._state.running.pop(task.id, None)
        self._state.shares[task.id] = 1.0
        self._show()

    def _show(self) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PLAIN_EVERY
        left = f", {self._state.left} left" if self._state.left else ""
        print(f"{self._state.share:4.0%}{left}  {self._state.doing}", file=sys.stderr, flush=True)


class Silent(Plain):
    def _show(self) -> None:
        pass


def watcher(*, quiet: bool) -> Bar | Plain:
    """What suits where standard error goes."""
    if quiet:
        return Silent()
    return Bar() if sys.stderr.isatty() else Plain()
