"""Builds lecture videos, captions and transcripts from a course.

`graph` decides what depends on what, a store keeps what was made, a runner does the tasks, and this
module brings them together.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.problem import Problem
from lessons.model import Finding
from narrate.clock import frames_covering, frames_to_ms
from narrate.errors import DamagedError, StoreError
from narrate.pipeline.outputs import SAMPLE_BYTES, OutputFolder
from narrate.pipeline.plan import LessonPlan, Output, Plan
from narrate.pipeline.remaining import find_remaining
from narrate.pipeline.request import Planned, Request, plan_request
from narrate.pipeline.runners import start_runner
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.schedule import Quiet, Watcher, run_graph
from narrate.pipeline.slide_files import load_checked
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.steps.report import JSON, read_report_findings
from narrate.pipeline.store.base import Store
from narrate.pipeline.store.opening import open_store, resolve
from narrate.pipeline.store.secret import read_secret
from narrate.pipeline.work import make_failure, require_all

BUILD = "build"
DRAFT = "draft"
_REBUILDS = 8  # attempts to make damaged artefacts again; each finds what the next step takes


@dataclass(frozen=True, slots=True)
class Means:
    """With what to build. `jobs` 0 means one job for each core. `runner` is one of
    `narrate.pipeline.runners.RUNNERS`, by default the one that suits the number of jobs, and
    `address` is that of its cluster. `store` is a folder or the address of an object store; by
    default each course has its own, in its output folder."""

    jobs: int = 0
    runner: str = ""
    address: str = ""
    store: str = ""


DEFAULT_MEANS = Means()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan, its output folder and store, the outputs that are not up to date, and the tasks that
    remain."""

    planned: Planned
    folder: OutputFolder
    store: Store
    stale: tuple[Output, ...]
    tasks: tuple[Task, ...]

    @property
    def plan(self) -> Plan:
        return self.planned.plan

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All files that are published, whether or not they are up to date."""
        return _list_outputs(self.planned)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.planned.findings

    @property
    def lost(self) -> tuple[str, ...]:
        return self.planned.lost


@dataclass(frozen=True, slots=True)
class BuildResult:
    """The result of a build. `made` are the new outputs and `kept` the unchanged ones; `slides` is
    the number of slides that were spoken or rendered. `lost` are the paths of lessons that
    somebody named and that could not be read. `notes` tell of what was in the way, or lay in the
    store and was not believed."""

    plan: Plan
    out: Path
    made: tuple[Output, ...]
    kept: tuple[Output, ...]
    slides: int
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    seconds: float
    lost: tuple[str, ...] = ()
    notes: tuple[Problem, ...] = ()


def prepare(request: Request, means: Means = DEFAULT_MEANS) -> Prepared:
    """Read the course, check consent, and find what has to be done, without doing it.

    Raises ScriptError, ConsentError, SettingsError, VoiceError, UsageError, StoreError.
    """
    planned = plan_request(request)
    plan = planned.plan
    out = request.out or plan.course.root / BUILD
    folder = OutputFolder(out / DRAFT if request.draft else out, read_secret())
    # Courses come from strangers: a course's own build folder must not lead out of the course.
    folder.require_inside(plan.course.root if request.out is None else out, plan.outputs)
    store: Store = open_store(resolve(means.store)) if means.store else folder.own
    outputs = _list_outputs(planned)
    current = folder.find_current(outputs, sample=SAMPLE_BYTES)
    stale = tuple(o for o in outputs if o.path not in current)
    tasks = find_remaining(plan, store, _list_wanted(planned, stale))
    return Prepared(planned, folder, store, stale, tasks)


def _list_outputs(planned: Planned) -> tuple[Output, ...]:
    """The files that are published. The report tells of the whole course."""
    plan = planned.plan
    reports = plan.reports if planned.whole else ()
    return (*(o for lesson in plan.lessons for o in lesson.outputs), *reports)


def _list_wanted(planned: Planned, stale: Iterable[Output]) -> list[Artefact]:
    """What is taken out of the store: the outputs that are not up to date, and the findings, which
    the report has even where nobody gets it."""
    wanted = [o.artefact for o in stale]
    if not planned.whole:
        wanted.append(planned.plan.report.output(JSON))
    return wanted


def build(
    request: Request, watcher: Watcher | None = None, means: Means = DEFAULT_MEANS
) -> BuildResult:
    """Build what is asked for. What is up to date is not made again, and a failure leaves what was
    made before as it is. Raises as `prepare` does; later failures are in the result."""
    began = time.monotonic()
    return _Build(prepare(request, means), means, watcher or Quiet()).run(began)


class _Build:
    """The state of one build."""

    def __init__(self, prepared: Prepared, means: Means, watcher: Watcher) -> None:
        self._prepared = prepared
        self._means = means
        self._watcher = watcher
        self._publisher = _Publisher(prepared)

    def run(self, began: float) -> BuildResult:
        prepared = self._prepared
        plan, folder = prepared.plan, prepared.folder
        failures = self._make(prepared.tasks)
        for _ in range(_REBUILDS):
            # Damaged artefacts have been dropped: make them and what depends on them again.
            left = self._publisher.left
            damaged = any(issubclass(f.kind, DamagedError) for f in failures)
            if not damaged and (failures or not left):
                break
            wanted = _list_wanted(prepared.planned, left)
            failures = self._make(find_remaining(plan, prepared.store, wanted))
        if prepared.tasks:
            prepared.store.touch(a for task in plan.walk_tasks() for a in task.made)
            folder.own.sweep()
        if not any(issubclass(f.kind, StoreError) for f in failures):
            folder.write_manifest(plan)
        done = self._publisher.done
        outputs = prepared.outputs
        stale = {o.path for o in prepared.stale}
        slides = {(t.place.path, t.place.slide) for t in prepared.tasks if t.place.slide}
        return BuildResult(
            plan=plan,
            out=folder.out,
            made=tuple(o for o in outputs if o.path in done),
            kept=tuple(o for o in outputs if o.path not in stale),
            slides=len(slides),
            findings=self._read_findings(failures),
            failures=tuple(failures),
            seconds=time.monotonic() - began,
            lost=prepared.lost,
            notes=(*folder.notes, *_take_notes(prepared)),
        )

    def _make(self, tasks: Sequence[Task]) -> list[Failure]:
        """Do tasks and publish what they make. A failure of publishing is one of the build."""
        prepared, means = self._prepared, self._means
        watcher = _Publishing(self._watcher, self._publisher)
        try:
            self._publisher.publish_ready(tasks)
            watcher.begin(tasks)
            if tasks:
                jobs = means.jobs or _choose_jobs()
                runner = start_runner(
                    means.runner, prepared.store.address, jobs=min(jobs, len(tasks)),
                    address=means.address,
                )  # fmt: skip
                try:
                    failures = run_graph(
                        tasks,
                        runner,
                        watcher,
                        before=lambda task: prepared.plan.files.bring(prepared.store, [task]),
                    )
                finally:
                    runner.close()
            else:
                failures = []
            prepared.folder.flush()
        except StoreError as error:
            return [make_failure(error)]
        return failures

    def _read_findings(self, failures: Sequence[Failure]) -> tuple[Finding, ...]:
        """All findings, out of the report; those of the script alone if there is none."""
        prepared = self._prepared
        if failures:
            return prepared.findings
        plan, folder = prepared.plan, prepared.folder
        output = next(o for o in plan.reports if o.format == JSON)
        path = folder.out / output.path
        if not prepared.planned.whole:
            path = require_all(prepared.store, [output.artefact])[output.artefact]
        return tuple(read_report_findings(path))


class _Publisher:
    """Puts outputs into the output folder as soon as the store has them."""

    def __init__(self, prepared: Prepared) -> None:
        self._folder = prepared.folder
        self._store = prepared.store
        self._lessons = {lesson.lesson.id: lesson for lesson in prepared.plan.lessons}
        self._durations: dict[str, int | None] = {}
        self._left: dict[Artefact, list[Output]] = {}
        for output in prepared.stale:
            self._left.setdefault(output.artefact, []).append(output)
        self.done: set[str] = set()

    @property
    def left(self) -> list[Output]:
        return [output for outputs in self._left.values() for output in outputs]

    def publish_ready(self, tasks: Iterable[Task]) -> None:
        """Publish what no task has to make first."""
        later = {artefact for task in tasks for artefact in task.made}
        for artefact in [a for a in self._left if a not in later]:
            self.publish(artefact)

    def publish(self, artefact: Artefact) -> None:
        """Publish an artefact, if it is an output. One that the store has lost in the meantime is
        left for later. Raises StoreError."""
        outputs = self._left.get(artefact)
        file = self._store.fetch(artefact) if outputs else None
        if outputs is None or file is None:
            return
        for output in outputs:
            self._folder.publish(output, file, self._find_duration(output.lesson))
            self.done.add(output.path)
        del self._left[artefact]

    def _find_duration(self, id: str) -> int | None:
        """The duration of a lesson in milliseconds; None for the course, and for a lesson of which
        the store has forgotten the times."""
        if id not in self._durations:
            lesson = self._lessons.get(id)
            self._durations[id] = _measure(lesson, self._store) if lesson else None
        return self._durations[id]


def _measure(lesson: LessonPlan, store: Store) -> int | None:
    rate = lesson.settings.video.rate
    frames = 0
    for slide in lesson.slides:
        path = store.fetch(slide.checked)
        if path is None:
            return None
        frames += frames_covering(load_checked(path, slide.slide, "").samples, rate)
    return frames_to_ms(frames, rate)


class _Publishing:
    """A watcher that publishes what a task has made before it passes the news on."""

    def __init__(self, watcher: Watcher, publisher: _Publisher) -> None:
        self._watcher = watcher
        self._publisher = publisher

    def begin(self, tasks: Sequence[Task]) -> None:
        self._watcher.begin(tasks)

    def started(self, task: Task) -> None:
        self._watcher.started(task)

    def moved(self, task: Task, share: float) -> None:
        self._watcher.moved(task, share)

    def ended(self, task: Task, failure: Failure | None) -> None:
        if failure is None:
            for artefact in task.made:
                self._publisher.publish(artefact)
        self._watcher.ended(task, failure)


def _take_notes(prepared: Prepared) -> tuple[Problem, ...]:
    stores = {id(s): s for s in (prepared.store, prepared.folder.own)}
    return tuple(note for store in stores.values() for note in store.take_notes())


def _choose_jobs() -> int:
    """One worker per core, but no more than fit into memory at 1.5 GB each (a worker holds the
    recogniser, the voice and the portrait: 1.43 GB measured)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        pages = 4 << 30
    return max(1, min(cores or 1, pages // (3 << 29)))
