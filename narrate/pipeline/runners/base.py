"""What a runner is: something that does tasks, here, in other processes or on other machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from foundation.problem import Problem
from narrate.pipeline.step import Task
from narrate.pipeline.store.base import StoreAddress


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed, as a value that can be sent between processes. `kind` is the class of the
    error; `details` is a traceback if the error is a bug."""

    kind: type[BaseException]
    problem: Problem
    details: str = ""

    def __str__(self) -> str:
        return str(self.problem)


@dataclass(frozen=True, slots=True)
class Moved:
    """A share of a running task is done."""

    id: str
    share: float


@dataclass(frozen=True, slots=True)
class Ended:
    """A task ended, with a failure or without one."""

    id: str
    failure: Failure | None = None


Event = Moved | Ended


class Runner(Protocol):
    """Does tasks. One thread alone calls it."""

    @property
    def free(self) -> int:
        """How many more tasks it takes at present."""

    def submit(self, task: Task) -> None:
        """Begin a task, or keep it until there is room for it."""

    def wait(self, seconds: float) -> Sequence[Event]:
        """What happened, waiting for at most so long if nothing has."""

    def close(self) -> None:
        """End at once, with what is still running."""


class RunnerFactory(Protocol):
    """Starts a runner whose tasks use the store at this address."""

    def __call__(self, store: StoreAddress, *, jobs: int, address: str = "") -> Runner: ...
