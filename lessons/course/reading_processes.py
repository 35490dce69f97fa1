"""Reads the lessons of a large course in several processes, with the results of one.

The processes are started as programs of their own, not as copies of this one: a script that checks
a course is not run again in each of them. A process ends when its input does, which is when this
one ends, however that happens. Whatever a process fails to read is read here.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from foundation.problem import ProblemError
from lessons.course.lesson_reading import LessonReader, ReadLesson

LEAST_BYTES = 400_000
"""Of lessons for each process: half of them take as long to read as a process takes to start."""

LEAST_MEMORY = 512 << 20
"""Of the machine for each process: one takes 100 MB and ten times the text of its lesson."""

MOST_PROCESSES = 8
"""This process takes in what the others read, which is a tenth of the work."""

_START = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from lessons.course.reading_processes import serve; serve()"
)


def read_lessons(
    reader: LessonReader, paths: Sequence[str]
) -> Iterator[tuple[str, ReadLesson | ProblemError]]:
    """What is read at each path, in order."""
    count = count_processes(reader.location.root, paths)
    packed = _pack(reader) if count > 1 else None
    if packed is None:
        for path in paths:
            yield path, reader.read(path)
        return
    processes = _Processes(packed, count)
    threads = ThreadPoolExecutor(count)
    try:
        for path, read in zip(paths, threads.map(processes.read, paths), strict=True):
            yield path, reader.read(path) if read is None else read
    finally:
        processes.end()
        threads.shutdown(cancel_futures=True)


def count_processes(root: Path, paths: Sequence[str]) -> int:
    """In how many processes to read lessons; 1 means in this one."""
    size = 0
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            size += (root / path).stat().st_size
    most = min(count_processors(), len(paths), MOST_PROCESSES, _count_memory() // LEAST_MEMORY)
    return max(1, min(most, size // LEAST_BYTES))


def count_processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _count_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 2 << 30


def _pack(reader: LessonReader) -> bytes | None:
    """The reader as bytes; None if it cannot be sent, as with a function of a script."""
    try:
        return pickle.dumps(reader)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


class _Process:
    """A process that has been given the reader."""

    def __init__(self, packed: bytes) -> None:
        ours = str(Path(__file__).resolve().parents[2])
        paths = [ours, *(path for path in sys.path if path and Path(path).is_absolute())]
        # -I: neither the folder that the user is in nor the environment chooses what is imported.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._packed = packed

    def read(self, path: str) -> ReadLesson | ProblemError:
        """Raises OSError, EOFError and UnpicklingError if the process has ended."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(self._packed + pickle.dumps(path))
        process.stdin.flush()
        self._packed = b""
        read = pickle.load(process.stdout)
        assert isinstance(read, ReadLesson | ProblemError)
        return read

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # what it was not told in time
                pipe.close()


class _Processes:
    """Gives each lesson to a process that waits for one. May be used by as many threads."""

    def __init__(self, packed: bytes, count: int) -> None:
        self._all: list[_Process] = []
        self._idle: SimpleQueue[_Process | None] = SimpleQueue()
        with contextlib.suppress(OSError):  # the system allows no more processes
            for _ in range(count):
                self._all.append(_Process(packed))
                self._idle.put(self._all[-1])
        self._left = len(self._all)
        if not self._all:
            self._idle.put(None)

    def read(self, path: str) -> ReadLesson | ProblemError | None:
        """None if the process that was given the lesson ended, and when all have ended."""
        process = self._idle.get()
        try:
            if process is not None:
                read = process.read(path)
                self._idle.put(process)
                return read
        except Exception:
            self._left -= 1
        if process is None or self._left <= 0:
            self._idle.put(None)
        return None

    def end(self) -> None:
        """End them all, and with them whatever is waiting for them."""
        self._idle.put(None)
        for process in self._all:
            process.end()
        for process in self._all:
            process.close()


def serve() -> None:
    """Read lessons in a process of their own: first comes the reader, then one path after another,
    and each is answered."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends this one
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing that a library prints may come between the answers
    reader = pickle.load(asked)
    gc.freeze()  # what has been loaded stays, and need not be looked through again and again
    while True:
        try:
            path = pickle.load(asked)
        except EOFError:
            return
        pickle.dump(reader.read(path), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()
