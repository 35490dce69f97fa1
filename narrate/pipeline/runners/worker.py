"""What a worker does, whichever runner it belongs to: a task that came as bytes, and its result as
bytes.

A result that cannot be sent, a task that cannot be read, and another version of this program are
failures of the task, not ends of the worker.
"""

from __future__ import annotations

import pickle
import platform
import time
from collections.abc import Callable
from typing import Any

from foundation.problem import Problem
from narrate.errors import RunnerError
from narrate.pipeline.runners.base import Failure, OpenStore
from narrate.pipeline.step import Progress, Task, load_step
from narrate.pipeline.work import attempt_task, make_failure

PROGRESS_EVERY = 0.1  # seconds; a bar shows no more, and a message costs about 50 microseconds


def pack_task(task: Task) -> bytes:
    """A task and the version of its step, as bytes. Raises whatever the settings' pickling does."""
    return pickle.dumps((load_step(task.step).version, task))


def do_packed(packed: bytes, open_store: OpenStore, progress: Progress) -> bytes:
    """Do a task and return its failure or None, as bytes."""
    try:
        version, task = pickle.loads(packed)
    except Exception as error:
        return pack_failure(make_failure(error))
    failure = check_version(task, version)
    return pack_failure(failure or attempt_task(task, open_store, thin_out(progress)))


def check_version(task: Task, version: tuple[str, ...]) -> Failure | None:
    """The failure of a task whose step is another one here than where its keys were made."""
    try:
        found = load_step(task.step).version
    except ModuleNotFoundError as error:
        what = f"has no {error.name}"
    else:
        if found == version:
            return None
        what = f"has another version of the step {task.kind} than this command"
    return Failure(
        RunnerError,
        Problem(
            f"A worker on {platform.node()} {what}.",
            "Install the same version of narrate, with the same extras, on every machine; if it "
            "was being updated, build again.",
        ),
    )


def pack_failure(failure: Failure | None) -> bytes:
    """A failure as bytes. The class of an error of somebody's own may not be sendable."""
    try:
        packed = pickle.dumps(failure)
        pickle.loads(packed)
    except Exception as error:
        assert failure is not None
        told = make_failure(error)
        problem = Problem(f"{told.problem.message} It hid: {failure}", told.problem.remedy)
        return pickle.dumps(Failure(RuntimeError, problem, told.details))
    return packed


def unpack_failure(packed: bytes, task: Task) -> Failure | None:
    """The failure in these bytes; a bug if they cannot be read here."""
    try:
        failure: Any = pickle.loads(packed)
    except Exception as error:
        return make_failure(error, task)
    assert failure is None or isinstance(failure, Failure)
    return failure


def thin_out(progress: Progress, clock: Callable[[], float] = time.monotonic) -> Progress:
    """Pass on the first report of progress, and later ones only so often."""
    last = -PROGRESS_EVERY

    def tell(share: float) -> None:
        nonlocal last
        now = clock()
        if now - last >= PROGRESS_EVERY:
            last = now
            progress(share)

    return tell
