"""Does tasks in worker processes on this machine.

A worker may die, killed by hand or by the system when memory runs out. Its task is then given to
another worker, and no other task is touched. A task whose worker died three times is given up.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections import Counter, deque
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from narrate.errors import WorkerError
from narrate.pipeline.runners.base import (
    LOOK_UP,
    TRIES,
    Ended,
    Event,
    Failure,
    Moved,
    OpenStore,
    Started,
    Tell,
)
from narrate.pipeline.runners.worker import do_packed, make_death, pack_task, unpack_failure
from narrate.pipeline.step import Task
from narrate.pipeline.work import make_failure
from narrate.workers import begin_worker, starting_workers

_READY, _MOVED, _ENDED = "ready", "moved", "ended"  # what a worker says, each with a value
_REMEDY = "Memory may have run out; build one slide at a time with --jobs 1."
_PATIENCE = 5.0  # seconds for a worker to end when it is asked to


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker process, the driver's end of its pipe, and the task that it has been given.

    One that is not ready yet does not read, and sending it a long message would block the driver.
    """

    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    ready: bool = False

    def send(self, packed: bytes) -> bool:
        """Send it its task. Returns False if it is dead."""
        try:
            self.pipe.send_bytes(packed)
        except OSError:
            return False
        return True

    def end(self) -> None:
        """Clear up after it. It may have closed its pipe and be alive."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


class Processes:
    """Up to `jobs` workers, each started when there is a task for it, and kept for the next."""

    def __init__(self, open_store: OpenStore, jobs: int) -> None:
        self._open_store = open_store
        self._jobs = max(1, jobs)
        self._workers: list[_Worker] = []
        self._packed: dict[str, bytes] = {}  # the tasks that were taken and have not ended
        self._deaths: Counter[str] = Counter()
        self._failed_starts = 0
        self._news: deque[Event] = deque()

    @property
    def free(self) -> int:
        return self._jobs - len(self._packed)

    def submit(self, task: Task) -> None:
        try:
            self._packed[task.id] = pack_task(task)
        except Exception as error:
            self._news.append(Ended(task.id, make_failure(error, task)))
        else:
            self._assign(task)

    def wait(self, tell: Tell) -> None:
        while not self._news:
            ends = [x for w in self._workers for x in (w.pipe, w.process.sentinel)]
            heard = set(wait(ends, LOOK_UP))
            for worker in tuple(self._workers):
                dead = worker.process.sentinel in heard
                if dead or worker.pipe in heard:
                    self._listen(worker, dead)
        while self._news:
            tell(self._news.popleft())

    def close(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            worker.end()
        self._workers.clear()
        self._packed.clear()
        self._news.clear()

    def _assign(self, task: Task) -> None:
        """Give a task to an idle worker, or to a new one."""
        for worker in self._workers:
            # An idle worker that cannot be sent to has died, which is heard of in `wait`.
            if worker.task is None and worker.send(self._packed[task.id]):
                worker.task = task
                self._news.append(Started(task.id))
                return
        self._workers.append(self._start_worker(task))

    def _start_worker(self, task: Task) -> _Worker:
        spawning = multiprocessing.get_context("spawn")
        ours, theirs = spawning.Pipe()
        # A daemon ends with this process even if nobody closes the runner.
        process = spawning.Process(
            target=_serve, args=(theirs, self._open_store, os.getpid()), daemon=True
        )
        with starting_workers():
            process.start()
        theirs.close()  # so that the pipe ends when the worker does
        return _Worker(process, ours, task)

    def _listen(self, worker: _Worker, dead: bool) -> None:
        """Take in what a worker says; what it said before it died counts."""
        try:
            while worker.pipe.poll():
                self._take(worker, *pickle.loads(worker.pipe.recv_bytes()))
        except (EOFError, OSError):  # it died, perhaps in the middle of a message
            dead = True
        if dead:
            self._bury(worker)

    def _take(self, worker: _Worker, said: str, value: object) -> None:
        if said == _READY:
            worker.ready = True
            self._failed_starts = 0
            # If it died meanwhile, its end is the next thing that is heard of it.
            if worker.task and worker.send(self._packed[worker.task.id]):
                self._news.append(Started(worker.task.id))
        elif worker.task is not None and said == _MOVED:
            assert isinstance(value, float)
            self._news.append(Moved(worker.task.id, value))
        elif worker.task is not None:
            assert isinstance(value, bytes)
            self._finish(worker.task, unpack_failure(value, worker.task))
            worker.task = None

    def _finish(self, task: Task, failure: Failure | None) -> None:
        del self._packed[task.id]
        self._deaths.pop(task.id, None)
        self._news.append(Ended(task.id, failure))

    def _bury(self, worker: _Worker) -> None:
        """Clear up after a dead worker, and give its task to another one."""
        self._workers.remove(worker)
        worker.end()
        task = worker.task
        if not worker.ready:
            self._count_failed_start()
        elif task is not None:
            self._deaths[task.id] += 1
            if self._deaths[task.id] >= TRIES:
                self._finish(task, make_death(task, _REMEDY))
                return
        if task is not None:
            self._assign(task)

    def _count_failed_start(self) -> None:
        self._failed_starts += 1
        if self._failed_starts >= TRIES:
            raise WorkerError(
                f"{TRIES} worker processes ended before they had begun to work.",
                remedy="A script that builds must do so below `if __name__ == '__main__':`. "
                "Otherwise memory may have run out; build with --jobs 1.",
            )


def start(open_store: OpenStore, *, jobs: int, address: str = "") -> Processes:
    """A runner with up to `jobs` workers on this machine."""
    return Processes(open_store, jobs)


def _serve(pipe: Connection, open_store: OpenStore, parent: int) -> None:
    """Do tasks as they come, in a worker process, until the driver closes the pipe."""
    begin_worker(parent)
    store = cache(open_store)
    sending = threading.Lock()  # a step may report its progress from a thread of its own

    def say(what: str, value: object) -> None:
        with sending:
            pipe.send_bytes(pickle.dumps((what, value)))

    def progress(share: float) -> None:
        say(_MOVED, float(share))

    try:
        say(_READY, None)
        while True:
            say(_ENDED, do_packed(pipe.recv_bytes(), store, progress))
    except (EOFError, OSError):
        return  # the driver has ended
