"""A step that sleeps, and then writes bytes that follow from its inputs: for `runners.py`."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from narrate.pipeline.step import Job, Needs, Step, Task

SIZE = 1 << 16  # bytes of an output, which is written in two halves
_LOOK = 0.5  # seconds between two looks at how many workers have come


@dataclass(frozen=True, slots=True)
class Sleep:
    """`notes` is a folder in which a worker notes what it does, in a file named after its process
    id. A task with `together` ends when so many workers have done so."""

    name: str
    seconds: float
    notes: str = ""
    together: int = 0


def run(job: Job) -> None:
    sleep: Sleep = job.settings
    if sleep.notes:
        Path(sleep.notes, str(os.getpid())).write_text(sleep.name)
    while sleep.together and len(list(Path(sleep.notes).iterdir())) < sleep.together:
        time.sleep(_LOOK)
    time.sleep(sleep.seconds / 2)
    digest = hashlib.sha256(sleep.name.encode())
    for paths in job.inputs.values():
        for path in paths:
            digest.update(path.read_bytes())
    with job.outputs["bytes"].open("wb") as file:
        for half in b"12":
            file.write(hashlib.shake_256(digest.digest() + bytes([half])).digest(SIZE // 2))
            file.flush()
            time.sleep(sleep.seconds / 4)


STEP = Step(__name__, run, packages=())


def make_task(sleep: Sleep, *inputs: Task, cost: float | None = None) -> Task:
    """A task that sleeps. `cost` is how long somebody thinks it takes."""
    return STEP.task(
        sleep,
        {"all": tuple(artefact for task in inputs for artefact in task.made)},
        outputs={"bytes": ".bin"},
        label=f"sleeping through {sleep.name}",
        cost=sleep.seconds if cost is None else cost,
        needs=Needs(memory=1 << 20),
    )
