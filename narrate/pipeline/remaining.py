"""Which tasks of a plan remain, given what the store has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from narrate.pipeline.plan import Plan
from narrate.pipeline.step import Artefact, Task, makers
from narrate.pipeline.store.base import Store


def find_remaining(plan: Plan, store: Store, wanted: Iterable[Artefact]) -> tuple[Task, ...]:
    """The tasks that make the wanted artefacts out of what the store has, in a possible order.

    Of a task with several outputs, only those are kept that are needed and missing.
    """
    wanted = list(wanted)
    if not wanted:
        return ()
    tasks = list({task.id: task for task in plan.walk_tasks()}.values())
    made_by = makers(tasks)
    missing = store.find_missing(made_by)
    needed: set[Artefact] = set()
    chosen: set[str] = set()
    left = [a for a in wanted if a in missing]
    while left:
        artefact = left.pop()
        if artefact in needed:
            continue
        needed.add(artefact)
        task = made_by[artefact]
        if task.id not in chosen:
            chosen.add(task.id)
            left += [a for a in task.taken if a in missing]
    return tuple(_narrow(task, needed) for task in tasks if task.id in chosen)


def _narrow(task: Task, needed: set[Artefact]) -> Task:
    outputs = tuple((name, a) for name, a in task.outputs if a in needed)
    return task if len(outputs) == len(task.outputs) else replace(task, outputs=outputs)
