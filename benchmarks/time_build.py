"""How long a course takes to build, and where the time goes.

    python benchmarks/time_build.py samples/course [--quick] [--json]

Wall times are those of the command in a process of its own; the table by kind of task is from a
second cold build in this process, one task after another, so that CPU seconds can be told apart.
`--quick` leaves that one out. A figure counts only if the machine was free: the load is printed.
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

from figures import Figure, machine, show

from lessons.course import load_course
from lessons.model import Lesson, Token
from narrate.pipeline import Failure, Request, Task, build

SECOND_S = 2.0
PREVIEW_SHARE = 1 / 3
OTHER_WORD = "really"


class Ledger:
    """A watcher that sums wall and CPU seconds a kind of task, for tasks one after another."""

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
        kind = task.kind if task.kind != "join" else f"join {Path(task.outputs[0].path).stem}"
        self.wall[kind] += time.monotonic() - self._began[0]
        self.cpu[kind] += time.process_time() - self._began[1]
        self.count[kind] += 1


def run(*words: str | Path) -> tuple[float, float, str]:
    """Run the command: wall seconds, CPU seconds of its processes, what it printed."""
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


def changeable(lesson: Lesson) -> tuple[int, Token]:
    """A slide in the middle of a lesson and a plain word that it says."""
    for slide in lesson.slides[len(lesson.slides) // 2 :]:
        for utterance in slide.utterances:
            for token in utterance.tokens[1:-1]:
                if token.written.islower() and token.written.isalpha() and len(token.written) > 3:
                    return slide.number, token
    raise SystemExit(f"{lesson.path} says no plain word.")


def change(course: Path, lesson: Lesson) -> tuple[int, str]:
    """Write another word into a copy of a course; the slide's number and the word that went."""
    number, token = changeable(lesson)
    path = course / lesson.path
    text = path.read_text()
    assert text[token.start : token.end].startswith(token.written)
    end = token.start + len(token.written)
    path.write_text(text[: token.start] + OTHER_WORD + text[end:])
    return number, token.written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("course", type=Path)
    parser.add_argument("--quick", action="store_true", help="without the table of tasks")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures: list[Figure] = []

    def add(of: str, what: str, value: str, asked: str = "", met: bool | None = None) -> None:
        figures.append(Figure(of, what, value, asked, met))
        if not given.json:
            print(f"... {of}, {what}: {value}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="time-build-") as temporary:
        root = Path(temporary)
        course, out = root / "course", root / "out"
        shutil.copytree(given.course, course, ignore=shutil.ignore_patterns("build"))
        add("machine", machine(), "")
        wall, cpu, _ = run("build", course, "--out", out)
        outputs = json.loads((out / "manifest.json").read_text())["outputs"]
        length = sum(o["duration_ms"] for o in outputs if o["kind"] == "lecture") / 1000
        add("cold build", "course", f"{length:.1f} s")
        add("cold build", "wall", f"{wall:.1f} s, {wall / length:.2f} of the course", "< 1",
            wall < length)  # fmt: skip
        add("cold build", "CPU", f"{cpu:.1f} s, {cpu / length:.2f} of the course")
        again, spent, _ = min(run("build", course, "--out", out) for _ in range(3))
        add("second build", "wall, best of 3", f"{again:.2f} s; {spent:.2f} s CPU",
            f"< {SECOND_S} s", again < SECOND_S)  # fmt: skip

        lesson = load_course(course).lessons[0]
        number, word = change(course, lesson)
        tasks = json.loads(run("build", course, "--out", out, "--dry-run", "--json")[2])["tasks"]
        strange = [t["what"] for t in tasks if t["slide"] not in (None, number)]
        strange += [t["what"] for t in tasks if t["path"] != lesson.path]
        edit, _, _ = run("build", course, "--out", out)
        kinds = ", ".join(f"{t['kind']}" for t in tasks)
        add("one word", "changed", f"slide {number}: {word!r} to {OTHER_WORD!r}")
        add("one word", "tasks", kinds, "that slide's, joins, texts", not strange)
        add("one word", "wall", f"{edit:.1f} s, {edit / wall:.2f} of the cold build")

        last = load_course(course).lessons[-1]
        file = course / last.path
        whole, _, _ = run("build", course, "--lesson", last.id, "--out", root / "lesson")
        share = []
        for number in sorted({1, len(last.slides) // 2 + 1}):
            took, _, _ = run("preview", file, "--slide", number.__str__(), "--out",
                             root / f"preview-{number}")  # fmt: skip
            share.append(took / whole)
            add("preview", f"slide {number} of {last.id}", f"{took:.1f} s, {took / whole:.2f} of "
                f"its lesson's {whole:.1f} s", f"< {PREVIEW_SHARE:.2f}",
                took / whole < PREVIEW_SHARE)  # fmt: skip
        if not given.quick:
            shutil.rmtree(out)
            ledger = Ledger()
            done = build(Request(course, out=out, jobs=1), ledger)
            total = sum(ledger.cpu.values())
            for kind in sorted(ledger.cpu, key=lambda k: -ledger.cpu[k]):
                add("one at a time", f"{kind}, {ledger.count[kind]} tasks",
                    f"{ledger.cpu[kind]:.1f} s CPU, {ledger.cpu[kind] / total:.0%}; "
                    f"{ledger.wall[kind]:.1f} s wall")  # fmt: skip
            add("one at a time", "all", f"{total:.1f} s CPU; {done.seconds:.1f} s wall")
        add("machine", "at the end", machine())
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
