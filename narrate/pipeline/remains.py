"""What a build that stops leaves to be done."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from narrate.pipeline.runners.base import Failure
from narrate.pipeline.schedule import Watcher
from narrate.pipeline.step import Task


@dataclass(frozen=True, slots=True)
class Remains:
    """How many tasks remain, and an estimate of the seconds that they take together on the runner
    that stopped."""

    tasks: int
    seconds: float


class Tally:
    """A watcher that passes everything on to another one, and counts what remains.

    A failed task, and those that need it, remain. `jobs` is the number of workers, which the
    estimate rests on until the first task has ended; after that it rests on the pace so far.
    """

    def __init__(self, watcher: Watcher, jobs: int = 1) -> None:
        self._watcher = watcher
        self._jobs = max(1, jobs)
        self._tasks = 0
        self._left = 0.0
        self._done = 0.0
        self._began = time.monotonic()

    def remains(self) -> Remains:
        passed = time.monotonic() - self._began
        pace = self._done / passed if self._done and passed else self._jobs
        return Remains(self._tasks, max(0.0, self._left) / pace if self._tasks else 0.0)

    def begin(self, tasks: Sequence[Task]) -> None:
        self._tasks = len(tasks)
        self._left = sum(task.cost for task in tasks)
        self._done = 0.0
        self._began = time.monotonic()
        self._watcher.begin(tasks)

    def started(self, task: Task) -> None:
        self._watcher.started(task)

    def moved(self, task: Task, share: float) -> None:
        self._watcher.moved(task, share)

    def ended(self, task: Task, failure: Failure | None) -> None:
        if failure is None:
            self._tasks -= 1
            self._left -= task.cost
            self._done += task.cost
        self._watcher.ended(task, failure)
