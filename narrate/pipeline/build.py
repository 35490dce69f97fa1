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

from foundation.problem import Place, Problem
from lessons.course.reading import TellReading, say_nothing
from lessons.model import Finding
from narrate.errors import DamagedError, StoreError
from narrate.pipeline.failed_voices import forget_failed_voices
from narrate.pipeline.outputs import SAMPLE_BYTES, OutputFolder
from narrate.pipeline.plan import Output, Plan
from narrate.pipeline.publisher import Publisher
from narrate.pipeline.remaining import find_remaining
from narrate.pipeline.request import Planned, Request, plan_request
from narrate.pipeline.runners import start_runner
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.schedule import Quiet, Watcher, run_graph
from narrate.pipeline.server_limits import begin_sending
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.steps.report import JSON, read_report_findings
from narrate.pipeline.store.base import Store
from narrate.pipeline.store.opening import open_store, resolve
from narrate.pipeline.store.secret import read_secret
from narrate.pipeline.upgrade import Upgrade, find_upgrade
from narrate.pipeline.work import make_failure

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
    """A plan, its output folder and store, the outputs that are not up to date, the tasks that
    remain, and what of them is because the program was upgraded."""

    planned: Planned
    folder: OutputFolder
    store: Store
    stale: tuple[Output, ...]
    tasks: tuple[Task, ...]
    upgrade: Upgrade | None = None

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


def prepare(
    request: Request, means: Means = DEFAULT_MEANS, tell: TellReading = say_nothing
) -> Prepared:
    """Read the course, check consent, and find what has to be done, without doing it. `tell` is
    told how many of how many lessons have been read.

    Raises ScriptError, ConsentError, SettingsError, VoiceError, UsageError, StoreError.
    """
    planned = plan_request(request, tell)
    plan = planned.plan
    out = request.out or plan.course.root / BUILD
    folder = OutputFolder(out / DRAFT if request.draft else out, read_secret())
    # Courses come from strangers: a course's own build folder must not lead out of the course.
    folder.require_inside(plan.course.root if request.out is None else out, plan.outputs)
    if request.out is not None:
        folder.require_own(plan.course.id)
    store: Store = open_store(resolve(means.store)) if means.store else folder.own
    outputs = _list_outputs(planned)
    current = folder.find_current(outputs, sample=SAMPLE_BYTES)
    stale = tuple(o for o in outputs if o.path not in current)
    tasks = find_remaining(plan, store, _list_wanted(planned, stale))
    upgrade = find_upgrade(plan, tasks, folder.read_versions())
    return Prepared(planned, folder, store, stale, tasks, upgrade)


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
    return build_prepared([prepare(request, means)], watcher, means, began)[0]


def build_prepared(
    courses: Sequence[Prepared],
    watcher: Watcher | None = None,
    means: Means = DEFAULT_MEANS,
    began: float | None = None,
) -> list[BuildResult]:
    """Build several courses, of which all tasks wait in one queue. They must have one store. Raises
    VoiceError if they would send too much to a speech server."""
    began = time.monotonic() if began is None else began
    begin_sending(task for prepared in courses for task in prepared.tasks)
    return _Build(courses, means, watcher or Quiet()).run(began)


class _Course:
    """The state of one course in a build."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self.tasks: Sequence[Task] = prepared.tasks
        self.failures: list[Failure] = []
        self.slides: set[tuple[str, int | None]] = set()
        self.publisher = Publisher(
            prepared.folder, prepared.store, prepared.plan.lessons, prepared.stale
        )

    def list_wanted(self) -> list[Artefact]:
        return _list_wanted(self.prepared.planned, self.publisher.left)

    def must_go_on(self) -> bool:
        """Whether artefacts turned out to be damaged. They have been dropped: they are made again,
        with what depends on them."""
        damaged = any(issubclass(f.kind, DamagedError) for f in self.failures)
        return damaged or (not self.failures and (bool(self.publisher.left) or self._lacks_report))

    @property
    def _report(self) -> Artefact:
        return self.prepared.plan.report.output(JSON)

    @property
    def _lacks_report(self) -> bool:
        """Whether the findings of a part of the course, of which no report is published, are
        damaged."""
        prepared = self.prepared
        return not prepared.planned.whole and prepared.store.fetch(self._report) is None

    def give_up(self) -> None:
        """Say that something could not be made, however often it was tried."""
        if self.must_go_on() and not self.failures:
            paths = [output.path for output in self.publisher.left]
            message = "The store does not give back what was just put into it."
            remedy = "Check the disk, or name another store with --store, and build again."
            place = Place(paths[0] if paths else self._report.name)
            self.failures.append(Failure(DamagedError, Problem(message, remedy, place)))

    def finish(self, began: float) -> BuildResult:
        prepared = self.prepared
        plan, folder = prepared.plan, prepared.folder
        if prepared.tasks:
            used = (a for task in plan.walk_tasks() for a in (*task.made, *task.taken))
            prepared.store.touch(set(used))
            for store in {id(s): s for s in (prepared.store, folder.own)}.values():
                store.sweep()
        if not any(f.stops_all for f in self.failures):
            folder.write_manifest(plan)
        if not self.failures:
            folder.remember_versions(plan)
        stale = {o.path for o in prepared.stale}
        findings = self._read_findings()
        forget_failed_voices(plan, findings, prepared.store, folder)
        return BuildResult(
            plan=plan,
            out=folder.out,
            made=tuple(o for o in prepared.outputs if o.path in self.publisher.done),
            kept=tuple(o for o in prepared.outputs if o.path not in stale),
            slides=len(self.slides),
            findings=findings,
            failures=tuple(self.failures),
            seconds=time.monotonic() - began,
            lost=prepared.lost,
            notes=(*folder.notes, *_take_notes(prepared)),
        )

    def _read_findings(self) -> tuple[Finding, ...]:
        """All findings, out of the report; those of the script alone if there is none."""
        prepared = self.prepared
        if self.failures:
            return prepared.findings
        output = next(o for o in prepared.plan.reports if o.format == JSON)
        path: Path | None = prepared.folder.out / output.path
        if not prepared.planned.whole:
            path = prepared.store.fetch(self._report)
        try:
            return tuple(read_report_findings(path)) if path else prepared.findings
        except (OSError, ValueError, KeyError, TypeError):  # changed since it was looked at
            return prepared.findings


class _Build:
    """A build of courses that share a store and a queue. It watches the tasks, and publishes what
    they make before it passes the news on."""

    def __init__(self, courses: Sequence[Prepared], means: Means, watcher: Watcher) -> None:
        self._courses = [_Course(prepared) for prepared in courses]
        self._means = means
        self._watcher = watcher
        self._owners: dict[str, list[_Course]] = {}

    def run(self, began: float) -> list[BuildResult]:
        self._make(self._courses)
        for _ in range(_REBUILDS):
            again = [course for course in self._courses if course.must_go_on()]
            if not again:
                break
            for course in again:
                prepared = course.prepared
                wanted = course.list_wanted()
                course.tasks = find_remaining(prepared.plan, prepared.store, wanted)
            self._make(again)
        for course in self._courses:
            course.give_up()
        return [course.finish(began) for course in self._courses]

    def _make(self, courses: Sequence[_Course]) -> None:
        """Do the tasks of courses. A failure of publishing is one of the build."""
        self._owners = {}
        for course in courses:
            course.failures = []
            for task in course.tasks:
                self._owners.setdefault(task.id, []).append(course)
        tasks = [task for course in courses for task in course.tasks]
        try:
            try:
                for course in courses:
                    course.publisher.publish_ready(course.tasks)
                if tasks:
                    self._run(tasks)
                else:
                    self._watcher.begin(tasks)
            finally:  # also where a person stops the build: what was published is remembered
                for course in courses:
                    course.prepared.folder.flush()
        except StoreError as error:
            for course in courses:
                course.failures.append(make_failure(error))

    def _run(self, tasks: Sequence[Task]) -> None:
        means = self._means
        # A cluster knows itself how much it has room for.
        jobs = means.jobs or (0 if means.runner == "ray" else _choose_jobs())
        runner = start_runner(
            means.runner,
            self._courses[0].prepared.store.address,
            jobs=min(jobs, len(tasks)),
            address=means.address,
        )
        try:
            run_graph(tasks, runner, self, before=self._bring_files)
        finally:
            runner.close()

    def _bring_files(self, task: Task) -> None:
        for course in self._owners[task.id]:
            course.prepared.plan.files.bring(course.prepared.store, [task])

    def begin(self, tasks: Sequence[Task]) -> None:
        self._watcher.begin(tasks)

    def started(self, task: Task) -> None:
        self._watcher.started(task)

    def moved(self, task: Task, share: float) -> None:
        self._watcher.moved(task, share)

    def ended(self, task: Task, failure: Failure | None) -> None:
        for course in self._owners[task.id]:
            if task.slide is not None:
                course.slides.add((task.path, task.slide))
            if failure is not None and failure not in course.failures:
                course.failures.append(failure)
            for artefact in task.made if failure is None else ():
                course.publisher.publish(artefact)
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
