"""What a worker does, whichever runner it belongs to: a task that came as bytes, and its result as
bytes.

A result that cannot be sent, a task that cannot be read, and another version of this program are
failures of the task, not ends of the worker.
"""

from __future__ import annotations

import pickle
import platform
import time
from typing import Any

from foundation.problem import Problem
from narrate.errors import RunnerError, WorkerError
from narrate.pipeline.runners.base import TRIES, Failure, OpenStore
from narrate.pipeline.step import Progress, Task, load_step
from narrate.pipeline.work import attempt_task, make_failure

PROGRESS_EVERY = 0.1  # seconds; a bar shows no more, and a message costs about 50 microseconds


def pack_task(task: Task) -> bytes:
    """A task and the version of its step, as bytes. Raises whatever the settings' pickling does."""
    return pickle.dumps((load_step(task.step).version, task))


def do_packed(
    packed: bytes, open_store: OpenStore, progress: Progress, *, every: float = PROGRESS_EVERY
) -> bytes:
    """Do a task and return its failure or None, as bytes. Progress is reported every so many
    seconds."""
    try:
        version, task = pickle.loads(packed)
    except ModuleNotFoundError as error:
        return pack_failure(_make_other(f"A worker on {platform.node()} has no {error.name}."))
    except Exception as error:
        return pack_failure(make_failure(error))
    failure = check_version(task, version)
    return pack_failure(failure or attempt_task(task, open_store, thin_out(progress, every)))


def check_version(task: Task, version: tuple[str, ...]) -> Failure | None:
    """The failure of a task whose step is another one here than where its keys were made."""
    try:
        found = load_step(task.step).version
    except ModuleNotFoundError as error:
        return _make_other(f"A worker on {platform.node()} has no {error.name}.")
    if found == version:
        return None
    return _make_other(
        f"A worker on {platform.node()} has another version of the step {task.kind} than this "
        "command."
    )


def _make_other(message: str) -> Failure:
    remedy = "Install the same version of narrate, with the same extras, on every machine; if it "
    remedy += "was being updated, build again."
    return Failure(RunnerError, Problem(message, remedy))


def pack_failure(failure: Failure | None) -> bytes:
    """A failure as bytes. The class of an error of somebody's own may not be sendable."""
    try:
        packed = pickle.dumps(failure)
        pickle.loads(packed)
    except Exception as error:
        message = f"The failure of a task cannot be sent between processes: {failure}"
        problem = Problem(message, "Please report it, with the lines above.")
        return pickle.dumps(Failure(RuntimeError, problem, make_failure(error).details))
    return packed


def unpack_failure(packed: bytes, task: Task) -> Failure | None:
    """The failure in these bytes; a bug if they cannot be read here."""
    try:
        failure: Any = pickle.loads(packed)
    except Exception as error:
        return make_failure(error, task)
    assert failure is None or isinstance(failure, Failure)
    return failure


def make_death(task: Task, remedy: str) -> Failure:
    """The failure of a task whose worker died each time."""
    message = f"A worker process died {TRIES} times while {task.label}."
    return Failure(WorkerError, Problem(message, remedy, task.place))


def thin_out(progress: Progress, every: float) -> Progress:
    """Pass on the first report of progress, and later ones only every so many seconds."""
    due = 0.0

    def tell(share: float) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + every
            progress(share)

    return tell
