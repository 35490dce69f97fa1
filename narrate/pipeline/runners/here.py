"""Does one task after another in this process and this thread."""

from __future__ import annotations

from collections import deque
from functools import cache

from narrate.pipeline.runners.base import Ended, Moved, OpenStore, Started, Tell
from narrate.pipeline.step import Task
from narrate.pipeline.work import attempt_task
from narrate.workers import one_thread


class Here:
    """Does a task while it is waited for, so that its progress is told while it runs."""

    def __init__(self, open_store: OpenStore) -> None:
        self._store = cache(open_store)
        self._tasks: deque[Task] = deque()

    @property
    def free(self) -> int:
        return 1 - len(self._tasks)

    def submit(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self, tell: Tell) -> None:
        task = self._tasks.popleft()
        tell(Started(task.id))
        with one_thread():
            failure = attempt_task(task, self._store, lambda share: tell(Moved(task.id, share)))
        tell(Ended(task.id, failure))

    def close(self) -> None:
        self._tasks.clear()


def start(open_store: OpenStore, *, jobs: int = 1, address: str = "") -> Here:
    """A runner that does one task at a time, whatever `jobs` says."""
    return Here(open_store)
