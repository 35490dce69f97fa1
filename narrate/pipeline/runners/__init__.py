"""Runners of tasks, one file each: in this process, in worker processes, and on a Ray cluster."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from narrate.errors import UsageError
from narrate.pipeline.runners.base import Runner, RunnerFactory
from narrate.pipeline.store.base import StoreAddress

RUNNERS = {
    "here": "narrate.pipeline.runners.here",
    "processes": "narrate.pipeline.runners.processes",
    "ray": "narrate.pipeline.runners.ray",
}
"""The module of each runner. It is loaded when the runner is started: the last needs an extra."""


def choose_runner(jobs: int) -> str:
    """The runner for so many jobs at once on this machine."""
    return "here" if jobs == 1 else "processes"


def start_runner(name: str, store: StoreAddress, *, jobs: int, address: str = "") -> Runner:
    """Start a runner, by default the one that suits the number of jobs.

    Close it when the last task has been done. Raises UsageError if there is none of that name, and
    RunnerError if it cannot be started.
    """
    from narrate.pipeline.store.opening import open_store

    name = name or choose_runner(jobs)
    if name not in RUNNERS:
        raise UsageError(
            f"There is no runner {name!r}.", remedy=f"The runners are {', '.join(RUNNERS)}."
        )
    start: RunnerFactory = import_module(RUNNERS[name]).start
    return start(partial(open_store, store), jobs=jobs, address=address)
