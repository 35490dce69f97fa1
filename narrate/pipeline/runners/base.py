"""What a runner is: something that does tasks, here, in other processes or on other machines.

To add one, copy `here.py`, and name it in `RUNNERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from foundation.problem import Problem
from narrate.errors import DamagedError, RunnerError, StoreError
from narrate.pipeline.step import Task
from narrate.pipeline.store.base import Store

LOOK_UP = 1.0
"""Seconds for which a runner waits in one piece. Ctrl-C in the moment before it begins to wait is
heard when it looks up, and not only when something happens to a task."""
TRIES = 3
"""How often a task is begun before it is given up because its worker died each time."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed, as a value that can be sent between processes. `kind` is the class of the
    error; `details` is a traceback if the error is a bug."""

    kind: type[BaseException]
    problem: Problem
    details: str = ""

    @property
    def stops_all(self) -> bool:
        """Whether all other tasks would fail too: on a full disk, a store that cannot be reached,
        or a runner that cannot go on. What is damaged is one artefact alone."""
        return issubclass(self.kind, StoreError | RunnerError) and not issubclass(
            self.kind, DamagedError
        )

    def __str__(self) -> str:
        return str(self.problem)


@dataclass(frozen=True, slots=True)
class Started:
    """A task is being done now. It comes again when the task is given to another worker."""

    id: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A share of a running task is done, 0 to 1."""

    id: str
    share: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A task ended, with a failure or without one."""

    id: str
    failure: Failure | None = None


Event = Started | Moved | Ended
Tell = Callable[[Event], None]
"""Is told what happens. What it raises is no failure of a task, and stops the runner."""

OpenStore = Callable[[], Store]
"""Opens the store. It can be sent to another process or machine."""


class Runner(Protocol):
    """Does tasks. One thread alone calls it."""

    @property
    def free(self) -> int:
        """How many more tasks it takes at present."""

    def submit(self, task: Task) -> None:
        """Take a task. It is begun at once or later, and ends in `wait`, however it ends."""

    def wait(self, tell: Tell) -> None:
        """Wait until something happens to the tasks that were taken, and tell it.

        Raises RunnerError or WorkerError if the runner cannot do any task.
        """

    def close(self) -> None:
        """End at once, with what is still running. A runner may be closed twice."""


class RunnerFactory(Protocol):
    """Starts a runner whose tasks use this store. `jobs` is the number of tasks at once, and 0
    leaves it to the runner. `address` is that of a cluster. Raises RunnerError."""

    def __call__(self, open_store: OpenStore, *, jobs: int, address: str = "") -> Runner: ...
