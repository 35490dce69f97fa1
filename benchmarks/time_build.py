"""Measures how long a course takes to build, and how the time is divided.

    python benchmarks/time_build.py samples/course [--quick] [--json]

Wall times are those of the command in its own process. The table of tasks comes from a second cold
build in this process, which does one task after another so that their CPU times can be measured
separately. `--quick` leaves out that build. The figures are only valid if the machine was otherwise
idle, so its load is printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from figures import Figure, describe_machine, show

from lessons.course.reading import load_course
from lessons.model import Lesson, Token
from narrate.pipeline.build import Means, build
from narrate.pipeline.request import Request
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.step import Task

SECOND_S = 2.0  # the target for a second build
PREVIEW_SHARE = 1 / 3  # the target for a preview, of the time of its whole lesson
OTHER_WORD = "really"


class Ledger:
    """A watcher that adds up the wall and CPU seconds of each kind of task.

    The tasks must be done one after another.
    """

    def __init__(self) -> None:
        self.wall: defaultdict[str, float] = defaultdict(float)
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self.count: defaultdict[str, int] = defaultdict(int)
        self._began = (0.0, 0.0)

    def begin(self, tasks: Sequence[Task]) -> None:
        pass

    def started(self, task: Task) -> None:
        self._began = time.monotonic(), time.process_time()

    def moved(self, task: Task, share: float) -> None:
        pass

    def ended(self, task: Task, failure: Failure | None) -> None:
        if failure is not None:
            raise SystemExit(str(failure))
        kind = task.kind if task.kind != "video" else f"video {task.outputs[0][0]}"
        self.wall[kind] += time.monotonic() - self._began[0]
        self.cpu[kind] += time.process_time() - self._began[1]
        self.count[kind] += 1


def run(*words: str | Path) -> tuple[float, float, str]:
    """Run the command. Returns wall seconds, CPU seconds of its processes, and its output."""
    narrate = Path(sys.executable).with_name("narrate")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [str(narrate), *map(str, words)], capture_output=True, text=True, check=False
    )
    wall = time.monotonic() - began
    if done.returncode:
        raise SystemExit(f"narrate {' '.join(map(str, words))} failed:\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout


def find_changeable_word(lesson: Lesson) -> tuple[int, Token]:
    """Return a slide in the middle of a lesson, and an ordinary word that is spoken on it."""
    for slide in lesson.slides[len(lesson.slides) // 2 :]:
        for utterance in slide.utterances:
            for token in utterance.tokens[1:-1]:
                if token.written.islower() and token.written.isalpha() and len(token.written) > 3:
                    return slide.number, token
    raise SystemExit(f"{lesson.path} has no ordinary word to change.")


def change_word(course: Path, lesson: Lesson) -> tuple[int, str]:
    """Replace a word in a copy of a course. Returns the slide's number and the old word."""
    number, token = find_changeable_word(lesson)
    path = course / lesson.path
    text = path.read_text()
    assert text[token.start : token.end].startswith(token.written)
    end = token.start + len(token.written)
    path.write_text(text[: token.start] + OTHER_WORD + text[end:])
    return number, token.written


class Timing:
    """Times builds of a copy of a course, and gathers the figures."""

    def __init__(self, course: Path, root: Path, *, quiet: bool) -> None:
        self.figures: list[Figure] = []
        self._quiet = quiet
        self._root = root
        self._course, self._out = root / "course", root / "out"
        self._cold = 0.0  # s of wall time for the cold build
        shutil.copytree(course, self._course, ignore=shutil.ignore_patterns("build"))

    def add(self, of: str, what: str, value: str, asked: str = "", met: bool | None = None) -> None:
        self.figures.append(Figure(of, what, value, asked, met))
        if not self._quiet:
            print(f"... {of}, {what}: {value}", file=sys.stderr, flush=True)

    def time_cold_build(self) -> None:
        wall, cpu, _ = run("build", self._course, "--out", self._out)
        self._cold = wall
        outputs = json.loads((self._out / "manifest.json").read_text())["outputs"]
        length = sum(o["duration_ms"] for o in outputs if o["kind"] == "lecture") / 1000
        self.add("cold build", "course", f"{length:.1f} s")
        self.add("cold build", "wall", f"{wall:.1f} s, {wall / length:.2f} of the course", "< 1",
                 wall < length)  # fmt: skip
        self.add("cold build", "CPU", f"{cpu:.1f} s, {cpu / length:.2f} of the course")

    def time_second_build(self) -> None:
        wall, cpu, _ = min(run("build", self._course, "--out", self._out) for _ in range(3))
        self.add("second build", "wall, best of 3", f"{wall:.2f} s; {cpu:.2f} s CPU",
                 f"< {SECOND_S} s", wall < SECOND_S)  # fmt: skip

    def time_changed_word(self) -> None:
        lesson = load_course(self._course).lessons[0]
        number, word = change_word(self._course, lesson)
        plan = run("build", self._course, "--out", self._out, "--dry-run", "--json")[2]
        tasks = json.loads(plan)["tasks"]
        needless = [
            t["what"]
            for t in tasks
            if t["slide"] not in (None, number) or t["path"] not in (lesson.path, "")
        ]
        wall, _, _ = run("build", self._course, "--out", self._out)
        kinds = ", ".join(t["kind"] for t in tasks)
        self.add("one word", "changed", f"slide {number}: {word!r} to {OTHER_WORD!r}")
        self.add("one word", "tasks", kinds, "of that slide and its lesson", not needless)
        self.add("one word", "wall", f"{wall:.1f} s, {wall / self._cold:.2f} of the cold build")

    def time_previews(self) -> None:
        lesson = load_course(self._course).lessons[-1]
        out = self._root / "lesson"
        whole, _, _ = run("build", self._course, "--lesson", lesson.id, "--out", out)
        for number in sorted({1, len(lesson.slides) // 2 + 1}):
            file, out = self._course / lesson.path, self._root / f"preview-{number}"
            wall, _, _ = run("preview", file, "--slide", str(number), "--out", out)
            share = wall / whole
            self.add("preview", f"slide {number} of {lesson.id}",
                     f"{wall:.1f} s, {share:.2f} of its lesson's {whole:.1f} s",
                     f"< {PREVIEW_SHARE:.2f}", share < PREVIEW_SHARE)  # fmt: skip

    def time_tasks(self) -> None:
        """Build again in this process, one task after another."""
        shutil.rmtree(self._out)
        ledger = Ledger()
        done = build(Request(self._course, out=self._out), ledger, Means(jobs=1))
        total = sum(ledger.cpu.values())
        for kind in sorted(ledger.cpu, key=lambda k: -ledger.cpu[k]):
            self.add("one at a time", f"{kind}, {ledger.count[kind]} tasks",
                     f"{ledger.cpu[kind]:.1f} s CPU, {ledger.cpu[kind] / total:.0%}; "
                     f"{ledger.wall[kind]:.1f} s wall")  # fmt: skip
        self.add("one at a time", "all", f"{total:.1f} s CPU; {done.seconds:.1f} s wall")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("course", type=Path)
    parser.add_argument("--quick", action="store_true", help="leave out the table of tasks")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="time-build-") as temporary:
        timing = Timing(given.course, Path(temporary), quiet=given.json)
        timing.add("machine", describe_machine(), "")
        timing.time_cold_build()
        timing.time_second_build()
        timing.time_changed_word()
        timing.time_previews()
        if not given.quick:
            timing.time_tasks()
        timing.add("machine", "at the end", describe_machine())
    return show(timing.figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
