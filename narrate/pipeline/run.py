"""Runs tasks on this machine: in this process, or in worker processes.

If a worker is killed (by hand, or by the system when memory runs out), its task is given to another
worker. A task whose worker died three times is given up.
"""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Protocol

from avatar.errors import AvatarError
from foundation.problem import NOWHERE, Place, Problem, ProblemError
from narrate.errors import StoreError, WorkerError
from narrate.pipeline.stages import WorkerContext
from narrate.pipeline.store import storing
from narrate.pipeline.tasks import Task, run_task
from narrate.workers import begin_worker

TRIES = 3
_LOOK = 0.1  # seconds between two checks of the progress


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task failed, as a value that can be sent between processes. `kind` is the class of the
    error; `details` is a traceback if the error is a bug."""

    kind: type[BaseException]
    problem: Problem
    details: str = ""

    def __str__(self) -> str:
        return str(self.problem)


class Watcher(Protocol):
    """Is told about the progress of tasks."""

    def begin(self, tasks: Sequence[Task]) -> None: ...

    def started(self, task: Task) -> None: ...

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


def make_failure(error: BaseException, task: Task | None = None) -> Failure:
    """Turn an error into a failure. The task gives the place if the error has none."""
    here = Place(task.path, slide=task.slide) if task else NOWHERE
    if isinstance(error, StoreError):
        # The problem is the folder, not the slide that was being written.
        return Failure(type(error), error.problem)
    if isinstance(error, AvatarError):
        return Failure(type(error), error.problem.within(Place(here.path)))
    if isinstance(error, ProblemError):
        return Failure(type(error), error.problem.within(here))
    if isinstance(error, MemoryError):
        remedy = "Close other programs, or build one slide at a time with --jobs 1."
        problem = Problem("There is not enough memory.", remedy, here)
        return Failure(MemoryError, problem)
    message = f"There is a bug in narrate: {type(error).__name__}: {error}."
    problem = Problem(message, "Please report it, with the lines above.", here)
    return Failure(RuntimeError, problem, "".join(traceback.format_exception(error)))


def run_tasks(
    tasks: Sequence[Task], context: WorkerContext, out: Path, *, jobs: int, watcher: Watcher
) -> list[Failure]:
    """Do the tasks, up to `jobs` at once, and return the failures. Tasks that need a failed task
    are skipped; all others are done."""
    watcher.begin(tasks)
    if not tasks:
        return []
    if jobs == 1:
        return _run_here(tasks, context, out, watcher)
    return _Pool(tasks, context, out, jobs, watcher).run()


def _run_here(
    tasks: Sequence[Task], context: WorkerContext, out: Path, watcher: Watcher
) -> list[Failure]:
    _use_one_thread()
    failures: list[Failure] = []
    lost: set[str] = set()
    waiting = list(tasks)
    done: set[str] = set()
    while waiting:
        task = next(t for t in waiting if t.needs <= done | lost)
        waiting.remove(task)
        if task.needs & lost:
            lost.add(task.id)
            continue
        watcher.started(task)
        try:
            failure = _attempt(task, context, out, _make_teller(watcher, task))
        except _WatcherError as error:
            raise error.cause from None
        watcher.ended(task, failure)
        if failure:
            failures.append(failure)
            lost.add(task.id)
            if failure.kind is StoreError:
                break  # a full disk makes every task fail
        else:
            done.add(task.id)
    return failures


class _WatcherError(BaseException):
    """An error of the watcher. It is no failure of the task in which it was raised."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(cause)
        self.cause = cause


def _make_teller(watcher: Watcher, task: Task) -> Callable[[float], None]:
    def moved(share: float) -> None:
        try:
            watcher.moved(task, share)
        except Exception as error:
            raise _WatcherError(error) from error

    return moved


def _attempt(
    task: Task, context: WorkerContext, out: Path, moved: Callable[[float], None]
) -> Failure | None:
    try:
        with storing(out):
            run_task(task, context, out, moved)
    except Exception as error:
        return make_failure(error, task)
    return None


class _Pool:
    """Runs tasks in worker processes, each as soon as the tasks that it needs are done."""

    def __init__(
        self, tasks: Sequence[Task], context: WorkerContext, out: Path, jobs: int, watcher: Watcher
    ) -> None:
        self._tasks = {t.id: t for t in tasks}
        self._worker_context = context
        self._out = out
        self._jobs = min(jobs, len(tasks))
        self._watcher = watcher
        self._waiting = list(tasks)
        self._done: set[str] = set()
        self._lost: set[str] = set()
        self._tries: dict[str, int] = {}
        self._failures: list[Failure] = []
        self._processes = multiprocessing.get_context("spawn")
        self._news: SimpleQueue[tuple[str, float]] = self._processes.SimpleQueue()

    def run(self) -> list[Failure]:
        executor = self._executor()
        running: dict[Future[Failure | None], Task] = {}
        try:
            while self._waiting or running:
                for task in self._ready(self._jobs - len(running)):
                    self._watcher.started(task)
                    running[executor.submit(_work, task, self._worker_context, self._out)] = task
                if not running:
                    break
                finished, _ = wait(running, timeout=_LOOK, return_when=FIRST_COMPLETED)
                self._tell()
                broken = False
                for future in finished:
                    broken |= not self._settle(running.pop(future), future)
                if broken:
                    # A dead worker breaks the whole pool: do again what was running.
                    for task in running.values():
                        self._waiting.insert(0, task)
                    running.clear()
                    _stop_workers(executor)
                    executor = self._executor()
        finally:
            _stop_workers(executor)
        return self._failures

    def _executor(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._jobs,
            mp_context=self._processes,
            initializer=_begin_worker,
            initargs=(self._news, os.getpid()),
        )

    def _ready(self, free: int) -> list[Task]:
        """Up to `free` tasks that can start now, in the order of the list; the portrait first,
        since all videos wait for it."""
        self._waiting = [t for t in self._waiting if not self._give_up(t)]
        able = [t for t in self._waiting if t.needs <= self._done]
        able.sort(key=lambda t: t.kind != "portrait")
        chosen = able[:free]
        for task in chosen:
            self._waiting.remove(task)
        return chosen

    def _give_up(self, task: Task) -> bool:
        if task.needs & self._lost:
            self._lost.add(task.id)
            return True
        return False

    def _settle(self, task: Task, future: Future[Failure | None]) -> bool:
        """Take the result of a task. Returns False if its worker died."""
        alive = True
        try:
            failure = future.result()
        except BrokenProcessPool:
            alive = False
            self._tries[task.id] = self._tries.get(task.id, 0) + 1
            if self._tries[task.id] < TRIES:
                self._waiting.insert(0, task)
                return False
            message = f"A worker process died {TRIES} times while {task.label}."
            remedy = "Memory may have run out; build one slide at a time with --jobs 1."
            place = Place(task.path, slide=task.slide)
            failure = Failure(WorkerError, Problem(message, remedy, place))
        except Exception as error:  # the result could not be sent between processes
            failure = make_failure(error, task)
        self._watcher.ended(task, failure)
        if failure is None:
            self._done.add(task.id)
        else:
            if failure not in self._failures:
                self._failures.append(failure)
            self._lost.add(task.id)
            if failure.kind is StoreError:
                self._waiting.clear()
        return alive

    def _tell(self) -> None:
        while not self._news.empty():
            id, share = self._news.get()
            self._watcher.moved(self._tasks[id], share)


_news: SimpleQueue[tuple[str, float]] | None = None


def _begin_worker(news: SimpleQueue[tuple[str, float]], parent: int) -> None:
    global _news
    _news = news
    begin_worker(parent)
    _use_one_thread()


def _use_one_thread() -> None:
    """Use one thread per task: tasks run in parallel, and results must not depend on the cores."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    import cv2

    cv2.setNumThreads(1)


def _work(task: Task, context: WorkerContext, out: Path) -> Failure | None:
    def moved(share: float) -> None:
        if _news is not None:
            _news.put((task.id, share))

    return _attempt(task, context, out, moved)


def _stop_workers(executor: ProcessPoolExecutor) -> None:
    workers = list((executor._processes or {}).values())
    executor.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(5)
