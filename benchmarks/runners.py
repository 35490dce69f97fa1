"""Measures how near to the ideal the runners come, and whether killed workers change anything.

    python benchmarks/runners.py [--workers 1 2 64] [--runners here processes ray]
        [--seconds 30] [--mean 1] [--kills processes=40 ray=10] [--json]

The tasks sleep, so that 64 workers can be simulated on any machine. They have the shape of a
course: a slide's speech, which is checked, its picture, its segment out of both, and a lecture out
of each lesson's segments. The ideal is the longest way through them, or all their work divided by
the number of workers, whichever is more. All workers are there before the clock starts.

Then workers are killed at random moments while they work, and the results are compared byte for
byte with those of one process.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from figures import Figure, describe_machine, show
from sleeping_step import Sleep, make_task

from narrate.pipeline.runners import RUNNERS, start_runner
from narrate.pipeline.runners.base import TRIES, Failure, Runner
from narrate.pipeline.schedule import Graph, Quiet, run_graph
from narrate.pipeline.step import Task
from narrate.pipeline.store.opening import open_store, resolve
from narrate.pipeline.store.secret import TEXT_VARIABLE

NEAR = 0.9  # of the ideal
TASKS_A_SLIDE = 4
LESSON = 12  # slides
KILLED_SLIDES = 20
KILLED_WORKERS = 4
KILLED_MEAN = 0.4  # seconds; short, since every build is repeated
KILLS_A_BUILD = 5


def make_course(slides: int, mean: float, seed: int, notes: str = "") -> list[Task]:
    """The tasks of a course, which take `mean` seconds on the average. What they are thought to
    cost is wrong by up to a third."""
    chance = random.Random(seed)

    def task(name: str, least: float, most: float, *inputs: Task) -> Task:
        seconds = mean * chance.uniform(least, most)
        cost = seconds * chance.uniform(0.75, 1.33)
        return make_task(Sleep(f"{name} {seed}", seconds, notes), *inputs, cost=cost)

    tasks: list[Task] = []
    segments: list[Task] = []
    for n in range(slides):
        speech = task(f"speech {n}", 0.4, 1.8)
        picture = task(f"picture {n}", 0.1, 0.5)
        segments.append(task(f"segment {n}", 1.0, 3.0, speech, picture))
        tasks += [speech, task(f"check {n}", 0.2, 1.0, speech), picture, segments[-1]]
        if len(segments) == LESSON or n == slides - 1:
            tasks.append(task(f"lecture {n}", 0.5, 1.0, *segments))
            segments = []
    return tasks


def find_ideal(tasks: Sequence[Task], workers: int) -> float:
    """The seconds that nothing can beat."""
    exact = [replace(task, cost=task.settings.seconds) for task in tasks]
    longest = max(Graph(exact).measure_ways().values())
    return max(longest, sum(task.cost for task in exact) / workers)


@contextmanager
def start_workers(name: str, workers: int, root: Path) -> Iterator[tuple[Runner, Path]]:
    """A runner whose workers are all there, and the folder in which they leave their ids."""
    notes = root / "workers"
    notes.mkdir(parents=True)
    address = "local" if name == "ray" else ""
    runner = start_runner(name, resolve(root / "store"), jobs=workers, address=address)
    try:
        together = [Sleep(f"start {n}", 0.0, str(notes), workers) for n in range(workers)]
        require(run_graph([make_task(sleep) for sleep in together], runner, Quiet()))
        yield runner, notes
    finally:
        runner.close()


def require(failures: Sequence[Failure]) -> None:
    if failures:
        raise SystemExit("\n".join(f"{failure}\n{failure.details}" for failure in failures))


def measure_pace(name: str, workers: int, seconds: float, mean: float, root: Path) -> Figure:
    """How near to the ideal a course comes that takes so many seconds."""
    slides = max(2, round(seconds * workers / (TASKS_A_SLIDE * mean)))
    tasks = make_course(slides, mean, seed=workers)
    ideal = find_ideal(tasks, workers)
    began = time.monotonic()
    with start_workers(name, workers, root) as (runner, _):
        started = time.monotonic()
        require(run_graph(tasks, runner, Quiet()))
        took = time.monotonic() - started
    return Figure(
        f"{name}, {workers}",
        f"{len(tasks)} tasks",
        f"{took:.1f} s, {ideal / took:.3f} of the ideal of {ideal:.1f} s; started in "
        f"{started - began:.1f} s; load {os.getloadavg()[0]:.1f}",
        f">= {NEAR}",
        ideal / took >= NEAR,
    )


@dataclass(slots=True)
class Killer:
    """Kills workers that note what they do in a folder, at moments of its own.

    A task that has lost as many workers as it may lose is spared: the next one would end it.
    """

    notes: Path
    moments: Sequence[float]
    killed: dict[int, str] = field(default_factory=dict)

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._kill_all, daemon=True)
        thread.start()
        return thread

    def _kill_all(self) -> None:
        began = time.monotonic()
        for moment in sorted(self.moments):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            doing = {int(note.name): note.read_text() for note in self.notes.iterdir()}
            lost = Counter(self.killed.values())
            able = [p for p in sorted(doing) if lost[doing[p]] < TRIES - 1 and self._is_worker(p)]
            if able:
                pid = random.Random(moment).choice(able)
                os.kill(pid, signal.SIGKILL)
                self.killed[pid] = doing[pid]

    def _is_worker(self, pid: int) -> bool:
        """Whether it is alive, and still a process of ours."""
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return pid not in self.killed and (b"spawn_main" in command or b"ray::" in command)


def digest_results(store: Path, tasks: Sequence[Task]) -> dict[str, str]:
    """The digest of what each task has made."""
    opened = open_store(resolve(store))
    found = {}
    for task in tasks:
        file = opened.fetch(task.made[0])
        found[task.settings.name] = hashlib.sha256(file.read_bytes()).hexdigest() if file else ""
    return found


def measure_kills(name: str, kills: int, root: Path) -> list[Figure]:
    """Whether a course is the same when its workers are killed."""
    killed, different, failures, build = 0, [], [], 0
    while killed < kills:
        build += 1
        folder = root / f"build {build}"
        with start_workers(name, KILLED_WORKERS, folder) as (runner, notes):
            tasks = make_course(KILLED_SLIDES, KILLED_MEAN, build, str(notes))
            number = min(KILLS_A_BUILD, kills - killed)
            chance = random.Random(build)
            most = find_ideal(tasks, KILLED_WORKERS)
            killer = Killer(notes, [chance.uniform(0.0, most) for _ in range(number)])
            thread = killer.start()
            failures += run_graph(tasks, runner, Quiet())
            thread.join()
        killed += len(killer.killed)
        with_one = root / f"one {build}"
        calm = start_runner("here", resolve(with_one), jobs=1)
        require(run_graph(make_calm(tasks), calm, Quiet()))
        want = digest_results(with_one, make_calm(tasks))
        have = digest_results(folder / "store", tasks)
        different += [f"build {build}: {key}" for key in want if have[key] != want[key]]
    changed = {**want, next(iter(want)): "0" * 64}
    return [
        Figure(f"{name}, killed", "kills", f"{killed} in {build} builds of {len(tasks)} tasks",
               f"{kills}", killed >= kills),
        Figure(f"{name}, killed", "failed tasks", f"{len(failures)}", "0", not failures,
               tuple(map(str, failures[:5]))),
        Figure(f"{name}, killed", "results that differ", f"{len(different)}", "0", not different,
               tuple(different[:5])),
        Figure(f"{name}, killed", "control: a result changed",
               "noticed" if changed != want else "not noticed", "noticed", changed != want),
    ]  # fmt: skip


def make_calm(tasks: Sequence[Task]) -> list[Task]:
    """The same tasks without a wait."""
    made: dict[str, Task] = {}
    for task in tasks:
        inputs = [made[artefact.key] for artefact in task.taken]
        sleep = replace(task.settings, seconds=0.0, notes="")
        made[task.made[0].key] = make_task(sleep, *inputs)
    return list(made.values())


def parse_kills(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name not in RUNNERS or not number.isdecimal():
        raise argparse.ArgumentTypeError("it looks like processes=40")
    return name, int(number)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 64])
    parser.add_argument("--runners", nargs="+", default=list(RUNNERS), choices=list(RUNNERS))
    parser.add_argument("--seconds", type=float, default=30.0, help="the ideal time of a course")
    parser.add_argument("--mean", type=float, default=1.0, help="the mean seconds of a task")
    parser.add_argument("--kills", type=parse_kills, nargs="*",
                        default=[("processes", 40), ("ray", 10)])  # fmt: skip
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ[TEXT_VARIABLE] = "a secret of this benchmark, which seals nothing of worth"
    # Ray's workers find the step by it; the other runners hand on this process's own path.
    paths = [str(Path(__file__).resolve().parent), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    figures = [Figure("machine", describe_machine(), "")]

    def add(*new: Figure) -> None:
        figures.extend(new)
        if not given.json:
            for figure in new:
                print(f"... {figure.of}, {figure.what}: {figure.value}", file=sys.stderr)

    with tempfile.TemporaryDirectory(prefix="runners-") as temporary:
        root = Path(temporary)
        for name in given.runners:
            for workers in given.workers if name != "here" else [1]:
                folder = root / f"{name} {workers}"
                add(measure_pace(name, workers, given.seconds, given.mean, folder))
        for name, kills in given.kills:
            if name in given.runners:
                add(*measure_kills(name, kills, root / f"{name} killed"))
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
