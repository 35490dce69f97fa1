"""A step that does what its settings say, and a store without seals: for tests of runners."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from foundation.problem import Problem
from narrate.errors import RenderError, StoreError
from narrate.pipeline.step import Artefact, Job, Needs, Step, Task
from narrate.pipeline.store.base import StoreAddress


@dataclass(frozen=True, slots=True)
class Settings:
    """`what` is the name of one of the functions below; `notes` is a folder in which a task leaves
    the marks that it shall find when it is done again."""

    name: str
    what: str = "write"
    notes: str = ""
    often: int = 0


class OddError(Exception):
    """Can be pickled, but not read again: its constructor wants two arguments."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def run(job: Job) -> None:
    settings: Settings = job.settings
    _WHATS[settings.what](job, settings)
    text = settings.name
    for paths in job.inputs.values():
        text += "".join(f" ({path.read_text()})" for path in paths)
    for path in job.outputs.values():
        path.write_text(text)


def _fail(job: Job, settings: Settings) -> None:
    raise RenderError("It cannot be drawn.", remedy="Draw it by hand.")


def _fail_disk(job: Job, settings: Settings) -> None:
    raise StoreError("The disk is full.", remedy="Clear it up.")


def _fail_oddly(job: Job, settings: Settings) -> None:
    class OwnError(RenderError):
        """Its class cannot be found again where it is sent to."""

    raise OwnError("Own.", remedy="None.")


def _break(job: Job, settings: Settings) -> None:
    raise OddError("one", "two")


def _die(job: Job, settings: Settings) -> None:
    """Kill this worker, the first `often` times, and only once the driver knows that it works."""
    marks = [Path(settings.notes, f"{settings.name}-{n}") for n in range(settings.often)]
    for mark in marks:
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def _die_speaking(job: Job, settings: Settings) -> None:
    """Kill this worker in the middle of a message, of which the head says a kilobyte."""
    mark = Path(settings.notes, settings.name)
    if not mark.exists():
        mark.touch()
        for end in Path("/proc/self/fd").iterdir():
            with suppress(OSError):  # the folder's own descriptor is closed by now
                if str(end.readlink()).startswith("socket:"):
                    os.write(int(end.name), (1024).to_bytes(4, "big") + b"half")
        os.kill(os.getpid(), signal.SIGKILL)


def _exit(job: Job, settings: Settings) -> None:
    raise SystemExit(3)


def _wait(job: Job, settings: Settings) -> None:
    """Note the id of this process, and wait until the note `go` is there."""
    Path(settings.notes, f"{settings.name}.{os.getpid()}").touch()
    while not Path(settings.notes, "go").exists():
        time.sleep(0.01)


def _tell(job: Job, settings: Settings) -> None:
    for share in (0.25, 0.5, 0.75):
        job.progress(share)


def _tell_and_wait(job: Job, settings: Settings) -> None:
    """Report progress, and wait until somebody has left the note `go`."""
    job.progress(0.25)
    _wait(job, settings)


def _look(job: Job, settings: Settings) -> None:
    """Note from where this process imports, and its environment."""
    seen = {"path": sys.path, "folder": str(Path.cwd()), "environment": dict(os.environ)}
    Path(settings.notes, f"{settings.name}.json").write_text(json.dumps(seen))


_WHATS = {
    "write": lambda job, settings: None,
    "fail": _fail,
    "fail disk": _fail_disk,
    "fail oddly": _fail_oddly,
    "break": _break,
    "die": _die,
    "die speaking": _die_speaking,
    "exit": _exit,
    "wait": _wait,
    "tell": _tell,
    "tell and wait": _tell_and_wait,
    "look": _look,
}

STEP = Step(__name__, run, packages=())


def make_task(
    name: str,
    *inputs: Task,
    what: str = "write",
    notes: Path | str = "",
    often: int = 0,
    cost: float = 1.0,
) -> Task:
    settings = Settings(name, what, str(notes), often)
    taken = {"all": tuple(artefact for task in inputs for artefact in task.made)}
    return STEP.task(
        settings,
        taken,
        outputs={"text": ".txt"},
        label=f"making {name}",
        cost=cost,
        needs=Needs(cpu=1.0, memory=1 << 20),
    )


def course_like(slides: int) -> list[Task]:
    """Four tasks a slide, and one that needs all of them."""
    tasks = []
    segments = []
    for n in range(slides):
        speech = make_task(f"speech {n}", cost=1 + n % 7)
        picture = make_task(f"picture {n}")
        segments.append(make_task(f"segment {n}", speech, picture))
        tasks += [speech, picture, make_task(f"check {n}", speech), segments[-1]]
    return [*tasks, make_task("lecture", *segments)]


@dataclass(frozen=True, slots=True)
class PlainStore:
    """A folder. Every file in it is believed."""

    folder: Path

    @property
    def address(self) -> StoreAddress:
        return StoreAddress(str(self.folder), "")

    def find_missing(self, artefacts: Collection[Artefact]) -> set[Artefact]:
        return {artefact for artefact in artefacts if not (self.folder / artefact.name).exists()}

    def fetch(self, artefact: Artefact) -> Path | None:
        path = self.folder / artefact.name
        return path if path.exists() else None

    @contextmanager
    def writing(self, artefacts: Collection[Artefact]) -> Iterator[tuple[Path, ...]]:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=".") as temporary:
            paths = tuple(Path(temporary, artefact.name) for artefact in artefacts)
            yield paths
            for path in paths:
                path.replace(self.folder / path.name)

    def add_file(self, path: Path, artefact: Artefact) -> None:
        raise NotImplementedError

    def lock(self, artefacts: Iterable[Artefact]) -> AbstractContextManager[object]:
        return nullcontext()

    def drop(self, artefact: Artefact) -> None:
        (self.folder / artefact.name).unlink(missing_ok=True)

    def touch(self, artefacts: Iterable[Artefact]) -> None:
        pass

    def take_notes(self) -> tuple[Problem, ...]:
        return ()

    def sweep(self) -> int:
        return 0


def open_plain_store(folder: str) -> PlainStore:
    return PlainStore(Path(folder))


def refuse_store() -> PlainStore:
    raise StoreError("The store cannot be reached.", remedy="Start it.")


class Notebook:
    """A watcher that writes down what it is told, by the tasks' names."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def begin(self, tasks: Iterable[Task]) -> None:
        self.told.append(("begin", str(len(list(tasks)))))

    def started(self, task: Task) -> None:
        self.told.append(("started", task.settings.name))

    def moved(self, task: Task, share: float) -> None:
        self.told.append((f"moved {share}", task.settings.name))

    def ended(self, task: Task, failure: object) -> None:
        self.told.append(("failed" if failure else "ended", task.settings.name))

    def names(self, what: str) -> list[str]:
        return [name for said, name in self.told if said == what]


def leave(pipe: Connection, room: int) -> None:
    """A driver that takes one task, if it says that it has room, and ends."""
    if room:
        pipe.send(("room", room))
        pipe.recv_bytes()
