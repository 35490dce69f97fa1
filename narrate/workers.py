"""How a worker process begins: it ends with the process that started it, and uses one thread."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
}
"""The environment of a process that uses one thread a task: tasks run in parallel, and results must
not depend on the number of cores. The libraries read it when they are loaded."""


def begin_worker(parent: int) -> None:
    """Begin a new worker process; `parent` is the id of the process that started it."""
    # Ctrl-C reaches the parent too, which ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):  # see `starting_workers`
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


@contextmanager
def starting_workers() -> Iterator[None]:
    """Processes that are started in this block inherit one thread a task, and are deaf to Ctrl-C
    from their first moment, not only when they have begun."""
    blocks = hasattr(signal, "pthread_sigmask")
    if blocks:
        resource_tracker.ensure_running()  # which unblocks signals when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if blocks else set()
    try:
        with one_thread():
            yield
    finally:
        if blocks:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def one_thread() -> Iterator[None]:
    """Use one thread in this block, in the libraries that it loads and in OpenCV."""
    environment = {name: os.environ.get(name) for name in ONE_THREAD}
    opencv = sys.modules.get("cv2")
    threads = opencv.getNumThreads() if opencv else 0
    os.environ.update(ONE_THREAD)
    if opencv:
        opencv.setNumThreads(1)
    try:
        yield
    finally:
        for name, value in environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if opencv:
            opencv.setNumThreads(threads)


def _end_with(parent: int) -> None:
    """End this process when the parent has been killed, since nobody would use the result."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
