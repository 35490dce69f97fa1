"""Does tasks on a Ray cluster: on many machines, or on this one.

Each node opens the store by its address, with the secret from its own environment or file, and has
no folder of the course. Ray places the tasks by what they need.

Ray itself is used by a process of its own (`ray_driver.py`). Ray prints to the standard output
whatever befalls its workers, takes over signals, and ends its process when the cluster is lost.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import socket
from collections import deque
from importlib.util import find_spec
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from narrate.errors import RunnerError
from narrate.pipeline.runners.base import LOOK_UP, Ended, Event, OpenStore, Tell
from narrate.pipeline.runners.ray_driver import ENDED, EVENT, LOCAL, LOST, REACH_REMEDY, ROOM, drive
from narrate.pipeline.runners.worker import pack_task, unpack_failure
from narrate.pipeline.step import Task
from narrate.pipeline.work import make_failure
from narrate.workers import starting_workers

_ANSWER = 10.0  # seconds for the machine at an address to answer; Ray itself would try for minutes
_CONNECTION = (
    300.0  # seconds to be connected; a new cluster takes 3 s, and minutes on a busy machine
)
_CLOSING = 10.0  # seconds for the driver to leave the cluster


class Ray:
    """Tasks on the nodes of a cluster, by way of a driver process."""

    def __init__(self, driver: BaseProcess, pipe: Connection) -> None:
        self._driver = driver
        self._pipe = pipe
        self._room = 0
        self._tasks: dict[str, Task] = {}
        self._news: deque[Event] = deque()

    @property
    def free(self) -> int:
        return self._room - len(self._tasks)

    def connect(self) -> None:
        """Wait until the driver is connected to the cluster. Raises RunnerError."""
        if not wait([self._pipe, self._driver.sentinel], _CONNECTION):
            raise RunnerError(
                f"The cluster was not reached within {_CONNECTION:.0f} seconds.",
                remedy=REACH_REMEDY,
            )
        self._listen()

    def submit(self, task: Task) -> None:
        try:
            packed = pack_task(task)
        except Exception as error:
            self._news.append(Ended(task.id, make_failure(error, task)))
            return
        self._tasks[task.id] = task
        try:
            self._pipe.send_bytes(packed)
        except OSError as error:
            raise self._make_lost_error() from error

    def wait(self, tell: Tell) -> None:
        while not self._news:
            wait([self._pipe, self._driver.sentinel], LOOK_UP)
            self._listen()
        while self._news:
            tell(self._news.popleft())

    def close(self) -> None:
        if self._pipe.closed:
            return
        self._pipe.close()  # on which the driver leaves the cluster, and its workers end
        self._driver.join(_CLOSING if self._room else 0.0)  # one that still connects is deaf
        self._driver.kill()
        self._driver.join()
        self._driver.close()
        self._tasks.clear()
        self._news.clear()

    def _listen(self) -> None:
        """Take in what the driver says. Raises RunnerError if it says that it cannot go on, or has
        ended."""
        dead = not self._driver.is_alive()
        try:
            while self._pipe.poll():
                self._take(*pickle.loads(self._pipe.recv_bytes()))
        except (EOFError, OSError) as error:
            raise self._make_lost_error() from error
        if dead:
            raise self._make_lost_error()

    def _take(self, said: str, value: Any) -> None:
        if said == ROOM:
            self._room = value
        elif said == EVENT:
            self._news.append(value)
        elif said == LOST:
            raise RunnerError.of([value])
        elif said == ENDED:
            id, packed = value
            self._news.append(Ended(id, unpack_failure(packed, self._tasks.pop(id))))

    def _make_lost_error(self) -> RunnerError:
        if not self._room:
            return RunnerError(
                "The process that connects to the cluster ended at once.",
                remedy="A script that builds must do so below `if __name__ == '__main__':`. "
                "Otherwise memory may have run out.",
            )
        return RunnerError(
            "The connection to the cluster was lost.",
            remedy=f"{REACH_REMEDY} Then build again: what was made is kept.",
        )


def start(open_store: OpenStore, *, jobs: int = 0, address: str = "") -> Ray:
    """A runner on the cluster at an address, which may be "auto" for one that runs on this machine.

    Without an address it is that of RAY_ADDRESS, or else a new cluster of this machine alone, with
    `jobs` processors. For another cluster, `jobs` is the most tasks at once, or 0 for as many as it
    has room for.
    """
    if find_spec("ray") is None:
        raise RunnerError(
            "The runner ray needs Ray, which is not installed.",
            remedy="Install the extra cluster: pip install 'narrate-lectures[cluster]'.",
        )
    address = address or os.environ.get("RAY_ADDRESS", "") or LOCAL
    _require_answer(address)
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    driver = spawning.Process(
        target=drive, args=(theirs, os.getpid(), open_store, address, jobs), daemon=True
    )
    with starting_workers():
        driver.start()
    theirs.close()
    runner = Ray(driver, ours)
    try:
        runner.connect()
    except BaseException:
        runner.close()
        raise
    return runner


def _require_answer(address: str) -> None:
    """Raise RunnerError if nothing answers at host:port, which Ray would find out in minutes."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise RunnerError(
            f"The cluster {address} cannot be reached: {error}.", remedy=REACH_REMEDY
        ) from error
