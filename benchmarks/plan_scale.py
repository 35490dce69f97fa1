"""How long it takes to read, check and plan a large course, and to find it up to date.

    python -m benchmarks.plan_scale [--slides 100 1000 10000] [--profile FILE]

Each course is made of lessons of 50 slides, whose sentences differ. Each measurement runs in a
process of its own. "check" is what `narrate check` does; "plan" finds the tasks of a course of
which nothing was made; "up to date" is a second build. For that, small files stand for the videos,
entered in the ledger as a build does, since building 10,000 slides takes hours. Times are CPU
seconds, which other programs change little; memory is the largest that the process used, and that
each of the processes used which read the lessons of a large course for it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SLIDES_A_LESSON = 50
MODES = ("check", "plan", "up to date")
_SUBJECTS = ("A lens", "The prism", "Every student", "This model", "The third law", "A cell")
_VERBS = ("bends", "explains", "measures", "divides", "compares", "describes")
_OBJECTS = ("the light", "12 kg of water", "a force of $F = ma$", "half of them", "the year 1905")


def write_course(root: Path, slides: int) -> None:
    """A course of so many slides, no two of which are alike."""
    root.mkdir()
    (root / "course.yaml").write_text(
        "title: Scale\nid: scale\nvoice: silent\nvideo: {size: 640x360, rate: 10}\n"
    )
    for lesson in range(-(-slides // SLIDES_A_LESSON)):
        first = lesson * SLIDES_A_LESSON
        count = min(SLIDES_A_LESSON, slides - first)
        text = "\n".join(_write_slide(n) for n in range(first, first + count))
        (root / f"{lesson:03d}-lesson.md").write_text(text)


def _write_slide(n: int) -> str:
    sentences = " ".join(
        f"{_pick(_SUBJECTS, n, k)} {_pick(_VERBS, n // 6, k)} {_pick(_OBJECTS, n // 36, k)}, "
        f"as step {n} of part {k} shows."
        for k in range(6)
    )
    listed = "\n".join(f"- Point {k} of slide {n}" for k in range(3))
    return f"## Slide {n}\n\n{listed}\n\n{sentences}\n"


def _pick(words: tuple[str, ...], n: int, k: int) -> str:
    return words[(n + k) % len(words)]


def measure(mode: str, course: Path) -> dict[str, float]:
    """The CPU seconds, the seconds on the clock, and the megabytes of one run."""
    child = [sys.executable, "-m", "benchmarks.plan_scale", "--run", mode, str(course)]
    began = time.monotonic()
    done = subprocess.run(child, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "clock": time.monotonic() - began}


def run(mode: str, course: Path, profile: str) -> None:
    """Do one of the modes in this process, and print what it used."""
    os.environ["NARRATE_STORE_SECRET"] = "benchmark " * 4
    if mode == "publish":
        _publish(course)
        return
    import cProfile

    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    facts = _do(mode, course)
    if profile:
        profiler.disable()
        profiler.dump_stats(profile)
    own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = sum(used.ru_utime + used.ru_stime for used in (own, others))
    print(
        json.dumps(
            {
                **facts,
                "cpu": cpu,
                "megabytes": own.ru_maxrss / 1024,
                "megabytes of others": others.ru_maxrss / 1024,
            }
        )
    )


def _do(mode: str, course: Path) -> dict[str, float]:
    import narrate

    if mode == "check":
        return {"findings": len(narrate.check(course).findings)}
    if mode == "plan":
        return {"tasks": len(narrate.plan(course).tasks)}
    result = narrate.build(course)
    assert not result.made and not result.failures, "it was not up to date"
    return {"kept": len(result.kept)}


def _publish(course: Path) -> None:
    """Enter small files for all outputs, as if they had been built."""
    from narrate.pipeline.build import prepare
    from narrate.pipeline.request import Request

    prepared = prepare(Request(course))
    report = b'{"findings": [], "lessons": []}'
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        for output in prepared.stale:
            file.unlink(missing_ok=True)
            file.write_bytes(report if output.path == "report.json" else output.path.encode())
            prepared.folder.publish(output, file, 1000)
    prepared.folder.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--slides", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--profile", default="")
    parser.add_argument("--run", nargs=2)
    arguments = parser.parse_args()
    if arguments.run:
        run(arguments.run[0], Path(arguments.run[1]), arguments.profile)
        return
    print(f"{'slides':>7}  {'':10}  {'CPU s':>7}  {'clock s':>7}  {'MB':>6}  {'MB each':>7}")
    for slides in arguments.slides:
        with tempfile.TemporaryDirectory() as folder:
            course = Path(folder) / "course"
            write_course(course, slides)
            for mode in MODES:
                if mode == "up to date":
                    child = [sys.executable, "-m", "benchmarks.plan_scale", "--run", "publish"]
                    subprocess.run([*child, str(course)], check=True)
                found = measure(mode, course)
                print(
                    f"{slides:7}  {mode:10}  {found['cpu']:7.1f}  {found['clock']:7.1f}"
                    f"  {found['megabytes']:6.0f}  {found['megabytes of others']:7.0f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
