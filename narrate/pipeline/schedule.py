"""Does tasks in the order that their artefacts ask for, with any runner.

A task starts when the tasks that make its inputs are done. Of those that can start, the one with
the longest way to the end of the build goes first, since it is the way that decides how long the
build takes. All of it is linear in the number of tasks and of their inputs.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from graphlib import TopologicalSorter
from typing import Protocol

from narrate.pipeline.runners.base import Ended, Event, Failure, Runner, Started
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.work import make_failure


class Watcher(Protocol):
    """Is told about the progress of tasks, in the thread that builds. What it raises stops the
    build."""

    def begin(self, tasks: Sequence[Task]) -> None: ...

    def started(self, task: Task) -> None:
        """A task is being done. It is told again if the task is begun anew."""

    def moved(self, task: Task, share: float) -> None: ...

    def ended(self, task: Task, failure: Failure | None) -> None: ...


class Quiet:
    """A watcher that does nothing."""

    def begin(self, tasks: Sequence[Task]) -> None:
        pass

    def started(self, task: Task) -> None:
        pass

    def moved(self, task: Task, share: float) -> None:
        pass

    def ended(self, task: Task, failure: Failure | None) -> None:
        pass


def do_nothing(task: Task) -> None:
    """What comes before a task of which every input is in the store."""


def run_graph(
    tasks: Iterable[Task],
    runner: Runner,
    watcher: Watcher,
    *,
    before: Callable[[Task], None] = do_nothing,
) -> list[Failure]:
    """Do the tasks and return the failures.

    `before` is called for each task before it is given to the runner, to bring the course's files
    into the store; what it raises is a failure of that task. Tasks that need a failed one are
    skipped, and all others are done; but no more are begun after a failure that they would all
    share. A task that is there twice is done once.

    The runner can be used again afterwards, but is closed if this raises: what the watcher raised,
    KeyboardInterrupt, an error of the runner itself, or graphlib.CycleError if a task needs its own
    result.
    """
    try:
        return _Build(Graph(tasks), runner, watcher, before).run()
    except _WatcherError as error:
        runner.close()
        raise error.cause from None
    except BaseException:
        runner.close()
        raise


class Graph:
    """Tasks, and which of them each one waits for."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.tasks: dict[str, Task] = {}
        for task in tasks:
            self.tasks.setdefault(task.id, task)
        makers: dict[Artefact, str] = {
            artefact: id for id, task in self.tasks.items() for artefact in task.made
        }
        self._needs = {
            id: {makers[artefact] for artefact in task.taken if artefact in makers}
            for id, task in self.tasks.items()
        }

    def sort(self) -> TopologicalSorter[str]:
        """The order of the tasks. Raises graphlib.CycleError."""
        order = TopologicalSorter(self._needs)
        order.prepare()
        return order

    def measure_ways(self) -> dict[str, float]:
        """For each task, the seconds from its start to the end of the build if there were workers
        enough. Raises graphlib.CycleError."""
        ways = {id: task.cost for id, task in self.tasks.items()}
        for id in reversed(list(TopologicalSorter(self._needs).static_order())):
            for need in self._needs[id]:
                ways[need] = max(ways[need], ways[id] + self.tasks[need].cost)
        return ways


class _WatcherError(BaseException):
    """An error of the watcher. It passes through a step that runs in this thread, whose failure it
    is not."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


class _Build:
    """The state of one run over a graph."""

    def __init__(
        self, graph: Graph, runner: Runner, watcher: Watcher, before: Callable[[Task], None]
    ) -> None:
        self._tasks = graph.tasks
        self._order = graph.sort()
        self._rank = {
            id: (-way, place) for place, (id, way) in enumerate(graph.measure_ways().items())
        }
        self._runner = runner
        self._watcher = watcher
        self._before = before
        self._ready: list[tuple[tuple[float, int], str]] = []
        self._running: set[str] = set()
        self._begun: set[str] = set()
        self._failures: dict[Failure, None] = {}
        self._stopped = False

    def run(self) -> list[Failure]:
        self._watcher.begin(list(self._tasks.values()))
        while True:
            self._gather()
            while self._ready and self._runner.free > 0:
                self._begin(heapq.heappop(self._ready)[1])
                self._gather()
            if not self._running:
                return list(self._failures)
            self._runner.wait(self._hear)

    def _gather(self) -> None:
        """Take in the tasks that can start now."""
        for id in self._order.get_ready():
            heapq.heappush(self._ready, (self._rank[id], id))
        if self._stopped:
            self._ready.clear()

    def _begin(self, id: str) -> None:
        task = self._tasks[id]
        self._running.add(id)
        try:
            self._before(task)
        except Exception as error:
            self._hear(Ended(id, make_failure(error, task)))
        else:
            self._runner.submit(task)

    def _hear(self, event: Event) -> None:
        """Take in an event, and pass it on. A late one of a task that has ended is nothing."""
        if event.id not in self._running:
            return
        try:
            self._pass_on(event)
        except Exception as error:
            raise _WatcherError(error) from error
        if not isinstance(event, Ended):
            return
        self._running.remove(event.id)
        if event.failure is None:
            self._order.done(event.id)
        else:  # it is never done, so those that need it never become ready
            self._failures.setdefault(event.failure)
            self._stopped |= event.failure.stops_all

    def _pass_on(self, event: Event) -> None:
        task = self._tasks[event.id]
        if isinstance(event, Started) or event.id not in self._begun:
            self._begun.add(event.id)
            self._watcher.started(task)
        if isinstance(event, Ended):
            self._watcher.ended(task, event.failure)
        elif not isinstance(event, Started):
            self._watcher.moved(task, event.share)
