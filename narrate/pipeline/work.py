"""Does a task: with the store's artefacts as its inputs, wherever it runs."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from avatar.errors import AvatarError
from foundation.problem import NOWHERE, Place, Problem, ProblemError
from narrate.errors import DamagedError, StoreError
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.step import Artefact, Job, Progress, Task, load_step
from narrate.pipeline.store.base import Store


def do_task(task: Task, store: Store, progress: Progress) -> None:
    """Make the outputs of a task that are missing. Raises what the step raises, DamagedError if an
    input is missing, and StoreError."""
    with store.lock(task.made):
        missing = store.find_missing(task.made)
        if not missing:
            return
        found = require_all(store, task.taken)
        inputs = {name: tuple(found[a] for a in artefacts) for name, artefacts in task.inputs}
        wanted = [(name, a) for name, a in task.outputs if a in missing]
        with store.writing([a for _, a in wanted]) as paths:
            outputs = {name: path for (name, _), path in zip(wanted, paths, strict=True)}
            job = Job(task.settings, inputs, outputs, progress, task.gate)
            load_step(task.step).run(job)


def attempt_task(task: Task, store: Callable[[], Store], progress: Progress) -> Failure | None:
    """Do a task and return why it failed, if it did."""
    try:
        do_task(task, store(), progress)
    except Exception as error:
        return make_failure(error, task)
    return None


def require_all(store: Store, artefacts: Iterable[Artefact]) -> dict[Artefact, Path]:
    """Local files with the bytes of artefacts that were made before.

    Raises DamagedError if any are missing or damaged. All of these are dropped first, so that they
    are made again.
    """
    fetched = {artefact: store.fetch(artefact) for artefact in artefacts}
    found = {artefact: path for artefact, path in fetched.items() if path is not None}
    damaged = [artefact for artefact in fetched if artefact not in found]
    if damaged:
        raise DamagedError(
            f"Files in the build's store are damaged or missing ({len(damaged)}).",
            remedy="Build again: they will be made again.",
            place=Place(damaged[0].name),
        )
    return found


def make_failure(error: BaseException, task: Task | None = None) -> Failure:
    """Turn an error into a failure. The task gives the place if the error has none."""
    here = task.place if task else NOWHERE
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
