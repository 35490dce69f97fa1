"""Reports the progress of a build to a program or to the command's progress bar."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from foundation.problem import Problem
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.step import Task


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` is how much of the work is done, 0 to 1; it ends at 1 even if tasks failed. `doing`
    describes the present tasks. `seconds_left` is an estimate for the rest, or None until one can
    be made. `done` of so many `tasks` have ended, of which `failed` failed. `notes` are what a
    person may want to know at the beginning."""

    share: float
    doing: tuple[str, ...]
    seconds_left: float | None
    done: int = 0
    tasks: int = 0
    failed: int = 0
    notes: tuple[Problem, ...] = ()


QUIET_SECONDS = 2.0
"""Reading that takes no longer than this is not worth a word."""

ProgressCallback = Callable[[Progress], None]


class ReadingMeter:
    """Tells a callback which lesson of a course is being read, if that takes long. `weight` is the
    share of reading in all that is done: 1 for a check, and 0 for a build, of which it is a small
    part."""

    def __init__(self, tell: ProgressCallback, weight: float = 0.0) -> None:
        self._tell = tell
        self._weight = weight
        self._began = time.monotonic()
        self._told = False

    def read(self, done: int, lessons: int) -> None:
        if done < lessons and time.monotonic() - self._began >= QUIET_SECONDS:
            self._told = True
            doing = f"reading lesson {done + 1} of {lessons}"
            self._tell(Progress(self._weight * done / lessons, (doing,), None))

    def finish(self) -> None:
        """Say that all is done, if anything was said."""
        if self._told:
            self._tell(Progress(1.0, (), 0.0))


class ProgressMeter:
    """Watches a build's tasks and tells a callback their progress, weighted by their cost.

    The callback runs in the thread that builds. An error that it raises stops the build.
    """

    def __init__(self, tell: ProgressCallback) -> None:
        self._tell = tell
        self._costs: dict[str, float] = {}
        self._shares: dict[str, float] = {}
        self._whole = self._behind = 0.0  # the sums of all costs, and of what is done of them
        self._running: dict[str, str] = {}
        self._began = time.monotonic()
        self._told = 0.0
        self._done = 0
        self._failed = 0
        self._notes: tuple[Problem, ...] = ()

    def note(self, notes: Iterable[Problem]) -> None:
        """Tell these notes too, from the first progress on."""
        self._notes += tuple(notes)

    def finish(self) -> None:
        """Say that the build has ended."""
        self._say(1.0, (), 0.0)

    def begin(self, tasks: Sequence[Task]) -> None:
        self._costs = {task.id: task.cost for task in tasks}
        self._shares = dict.fromkeys(self._costs, 0.0)
        self._whole, self._behind = sum(self._costs.values()), 0.0
        self._began = time.monotonic()
        self._done = self._failed = 0
        if tasks:
            self._report()

    def started(self, task: Task) -> None:
        self._running[task.id] = task.label
        self._report()

    def moved(self, task: Task, share: float) -> None:
        self._set_share(task, share)
        self._report()

    def ended(self, task: Task, failure: Failure | None) -> None:
        self._running.pop(task.id, None)
        self._set_share(task, 1.0)
        self._done += 1
        self._failed += failure is not None
        self._report()

    def _set_share(self, task: Task, share: float) -> None:
        self._behind += self._costs[task.id] * (share - self._shares[task.id])
        self._shares[task.id] = share

    def _report(self) -> None:
        all_done = self._done == len(self._costs)  # sums of floats may miss it by a hair
        share = 1.0 if all_done else self._behind / (self._whole or 1.0)
        passed = time.monotonic() - self._began
        known = passed >= 2 and share >= 0.02  # before that, an estimate would be a guess
        left = passed * (1 - share) / share if known else None
        # What is made a second time, because it was damaged, does not count backwards.
        self._told = min(max(self._told, share), 1.0)
        doing = tuple(self._running.values())
        self._say(self._told, doing, left)

    def _say(self, share: float, doing: tuple[str, ...], left: float | None) -> None:
        done, tasks, failed = self._done, len(self._costs), self._failed
        self._tell(Progress(share, doing, left, done, tasks, failed, self._notes))
