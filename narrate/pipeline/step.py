"""What a step of the pipeline is, and what a task is: one step with one set of inputs.

All of a step stands in its own file in `narrate.pipeline.steps`, as the constant `STEP` and the
functions that plan its tasks. The README beside this file says how to add one.

A task reads artefacts and settings and nothing else, so it can run wherever its store can be
reached. Its outputs have keys that are digests of the step's name, the sources of the packages on
which the step's result depends, the settings, and the keys of the inputs. Every key is thus known
before anything is made, and nothing else decides what is out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.problem import NOWHERE, Place
from narrate.pipeline.keys import find_releases, make_key
from narrate.pipeline.sources import digest_sources

CORE = (
    "foundation",
    "lessons.box_kinds",
    "lessons.course.setting_types",
    "lessons.course.settings",
    "lessons.model",
    "narrate.errors",
    "narrate.pipeline.keys",
    "narrate.pipeline.packages",
    "narrate.pipeline.sources",
    "narrate.pipeline.step",
    "narrate.templating",
)
"""What every step depends on: the vocabulary of a script, and this file with its like."""

if TYPE_CHECKING:
    from avatar.consent import Trust

Progress = Callable[[float], None]
"""Is called with the share of a task that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A file in the store. `key` is the digest of what it is made from, or, for a file of the
    course, of its bytes; `suffix` (with its dot) is its kind. `consent` is the id of the consent
    record under which it is made, if it shows the presenter: under another record it is not the
    same artefact."""

    key: str
    suffix: str
    consent: str = ""

    @property
    def name(self) -> str:
        return self.key + self.suffix


Artefacts = tuple[Artefact, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a task uses of a machine while it runs: processors, bytes of memory, and a share of a
    GPU."""

    cpu: float = 1.0
    memory: int = 1 << 30
    gpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Gate:
    """What the consent gate is asked wherever the presenter's photo is decoded or animated.

    It is no part of a key: the photo and the id of its record are. `photo` and `record` are paths
    in the course, and `papers` are the bytes of the record and of the revocations that lie beside
    it, each with its path.
    """

    course: str
    record_id: str
    photo_sha256: str
    trust: Trust
    photo: str
    record: str
    papers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """What a step's function is given: its settings, its inputs as files that were checked, and the
    paths to write its outputs to. Of a task with several outputs, only those that are missing have
    a path."""

    settings: Any
    inputs: Mapping[str, tuple[Path, ...]]
    outputs: Mapping[str, Path]
    progress: Progress = field(default=lambda share: None)
    gate: Gate | None = None

    def input(self, name: str) -> Path:
        """The file of an input that is one file."""
        (path,) = self.inputs[name]
        return path


@dataclass(frozen=True, slots=True)
class Task:
    """One step with its inputs. `step` is the module of the step; `label` describes the task for
    people and `place` what it is about; `cost` is an estimate in seconds of one core."""

    step: str
    settings: Any
    inputs: tuple[tuple[str, Artefacts], ...]
    outputs: tuple[tuple[str, Artefact], ...]
    label: str
    cost: float
    place: Place = NOWHERE
    needs: Needs = Needs()
    gate: Gate | None = None

    @property
    def id(self) -> str:
        """What tells tasks apart: two may have one of their outputs in common."""
        return " ".join((self.kind, *(artefact.key for _, artefact in self.outputs)))

    @property
    def kind(self) -> str:
        """The name of the step."""
        return self.step.rpartition(".")[2]

    @property
    def path(self) -> str:
        """The lesson or file that the task is about; empty for the whole course."""
        return self.place.path

    @property
    def slide(self) -> int | None:
        return self.place.slide

    @property
    def made(self) -> Artefacts:
        return tuple(artefact for _, artefact in self.outputs)

    @property
    def taken(self) -> Artefacts:
        return tuple(artefact for _, artefacts in self.inputs for artefact in artefacts)

    def output(self, name: str) -> Artefact:
        return dict(self.outputs)[name]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the pipeline.

    `module` is the file that it stands in (`__name__`), and `run` does a task. `packages` are the
    packages and modules of ours that the result depends on; the step's own file is always one.
    `templates` are the parts of the templates folder that it fills, and `releases` the installed
    distributions whose release changes the result.
    """

    module: str
    run: Callable[[Job], None]
    packages: tuple[str, ...]
    templates: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.module.rpartition(".")[2]

    @property
    def version(self) -> tuple[str, ...]:
        """What the keys of all tasks of this step have in common."""
        return (
            self.name,
            digest_sources(self.sources, self.templates),
            *find_releases(*self.releases),
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """The packages and modules whose files are part of the keys."""
        return tuple(sorted({self.module, *self.packages, *CORE}))

    def key(
        self, settings: object, inputs: Mapping[str, Artefacts] | None = None, output: str = ""
    ) -> str:
        """The key of an output that is made from these settings and inputs."""
        taken = {name: [a.key for a in artefacts] for name, artefacts in (inputs or {}).items()}
        return make_key(self.version, settings, taken, output)

    def task(
        self,
        settings: object,
        inputs: Mapping[str, Artefacts] | None = None,
        *,
        outputs: Mapping[str, str],
        label: str,
        cost: float,
        place: Place = NOWHERE,
        needs: Needs | None = None,
        gate: Gate | None = None,
    ) -> Task:
        """A task whose outputs all depend on all of its settings and inputs. `outputs` are their
        names and suffixes."""
        consent = gate.record_id if gate else ""
        made = tuple(
            (name, Artefact(self.key(settings, inputs, name), suffix, consent))
            for name, suffix in outputs.items()
        )
        return Task(
            self.module, settings, tuple((inputs or {}).items()), made, label, cost, place,
            needs or Needs(), gate,
        )  # fmt: skip


def load_step(module: str) -> Step:
    """The step in a module."""
    step = import_module(module).STEP
    assert isinstance(step, Step)
    return step


def makers(tasks: Iterable[Task]) -> dict[Artefact, Task]:
    """The task that makes each artefact."""
    return {artefact: task for task in tasks for artefact in task.made}
