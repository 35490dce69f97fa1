"""Measures an hour of script: memory, cost, equal bytes, and the level of so long a lesson.

    python benchmarks/speech_hour.py [--minutes 60] [--voice hibari] [--json]

The script is benchmarks/sentences, repeated until it is long enough, with one slide for each
paragraph. It is spoken by one process, then by two that take turns with another seed for Python's
hashes, and then at another speed, which must give other bytes (the control). Cost is processor time
for each second of sound, compared within one run. Finally a short course is built by one job and by
two.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from figures import Figure, show
from speech_sound import levels_of, padded

from lessons.course.reading import load_course
from narrate.clock import SAMPLE_RATE
from narrate.narration_file import load_narration, save_narration
from narrate.pipeline.build import Means, build
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.speech import DEFAULT_VOICE, narrate_slide, open_voice
from narrate.speech.narration import USUAL_SPEED
from narrate.vocabulary import Narration, Samples

SENTENCES = Path(__file__).parent / "sentences"
MOST_GROWTH_MB = 60.0  # from the first tenth to the last, since the longest slide may come late
MOST_RATIO = 1.25  # the last tenth's cost against the first's, on a machine that is not idle
WORDS_A_MINUTE = 185  # in the script, at the usual speed and with pauses


@dataclass(frozen=True, slots=True)
class Said:
    """For each slide that a process spoke: seconds of processor time, seconds of sound, and the
    most memory that the process had used by then, in MB."""

    spent: tuple[float, ...]
    seconds: tuple[float, ...]
    memory: tuple[float, ...]


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--voice", default=DEFAULT_VOICE)
    options.add_argument("--json", action="store_true")
    options.add_argument("--child", nargs=5, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        course, out, turn, turns, speed = chosen.child
        return speak(Path(course), Path(out), chosen.voice, int(turn), int(turns), float(speed))
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), chosen.voice, chosen.minutes)
    return show(figures, as_json=chosen.json)


def write_course(folder: Path, voice: str, minutes: float) -> Path:
    """Write a course of that length."""
    folder.mkdir()
    (folder / "course.yaml").write_text(f"title: Long\nid: long\nvoice: {voice}\n", "utf-8")
    paragraphs = []
    for path in sorted(SENTENCES.glob("*.md")):
        body = path.read_text("utf-8").split("---\n", 2)[2]
        blocks = [b.strip() for b in body.split("\n\n") if b.strip()]
        paragraphs += [b.partition("\n")[2] if b.startswith("#") else b for b in blocks]
    words = 0
    slides: list[str] = []
    while words < minutes * WORDS_A_MINUTE:
        text = paragraphs[len(slides) % len(paragraphs)]
        slides.append(f"## Slide {len(slides) + 1}\n\n{text}\n")
        words += len(text.split())
    (folder / "01-long.md").write_text("---\ntitle: Long\n---\n" + "\n".join(slides), "utf-8")
    return folder


def speak(course: Path, out: Path, name: str, turn: int, turns: int, speed: float) -> int:
    """Run as a worker: speak each slide whose turn it is, and write it to its file."""
    voice = open_voice(name, "en-US")
    spent, seconds, memory = [], [], []
    for number, slide in enumerate(load_course(course).lessons[0].slides):
        if number % turns != turn:
            continue
        begun = time.process_time()
        narration = narrate_slide(slide, lambda _: voice, speed=speed)
        save_narration(narration, out / f"{number:05}")
        spent.append(time.process_time() - begun)
        seconds.append(len(narration.samples) / SAMPLE_RATE)
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps({"spent": spent, "seconds": seconds, "memory": memory}))
    return 0


def spoken(course: Path, out: Path, voice: str, jobs: int, seed: int, speed: float) -> list[Said]:
    out.mkdir()
    workers = [
        subprocess.Popen(
            [sys.executable, __file__, "--voice", voice, "--child", str(course), str(out),
             str(turn), str(jobs), str(speed)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            text=True,
        )
        for turn in range(jobs)
    ]  # fmt: skip
    made = []
    for worker in workers:
        text, _ = worker.communicate()
        if worker.returncode:
            raise SystemExit(f"A worker failed with {worker.returncode}.")
        made.append(Said(**{k: tuple(v) for k, v in json.loads(text).items()}))
    return made


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def stored(folder: Path) -> Iterator[Narration]:
    return (load_narration(path) for path in sorted(folder.iterdir()))


def measure(folder: Path, voice: str, minutes: float) -> list[Figure]:
    course = write_course(folder / "course", voice, minutes)
    (alone,) = spoken(course, folder / "one", voice, 1, 1, USUAL_SPEED)
    tenth = max(len(alone.spent) // 10, 1)
    first = sum(alone.spent[:tenth]) / sum(alone.seconds[:tenth])
    last = sum(alone.spent[-tenth:]) / sum(alone.seconds[-tenth:])
    growth = alone.memory[-1] - alone.memory[tenth - 1]
    of = f"{sum(alone.seconds) / 60:.0f} minutes, {len(alone.spent)} slides"
    spoken(course, folder / "two", voice, 2, 2, USUAL_SPEED)
    bytes_of = digest(folder / "one"), digest(folder / "two")
    for path in (folder / "two").iterdir():
        path.unlink()
    spoken(course, folder / "other", voice, 2, 2, 0.95)
    other = digest(folder / "other")
    for path in (folder / "other").iterdir():
        path.unlink()
    figures = [
        Figure(
            of,
            "most memory",
            f"{alone.memory[tenth - 1]:.0f} MB after a tenth, {alone.memory[-1]:.0f} at the end",
            f"at most {MOST_GROWTH_MB:g} MB more",
            growth <= MOST_GROWTH_MB,
        ),
        Figure(
            of,
            "processor time a second of sound",
            f"{first:.4f} s in the first tenth, {last:.4f} in the last: x {last / first:.2f}",
            f"at most x {MOST_RATIO:g}",
            last / first <= MOST_RATIO,
        ),
        Figure(
            of,
            "bytes of one process and of two",
            f"{bytes_of[0]}, {bytes_of[1]}",
            "equal",
            bytes_of[0] == bytes_of[1],
        ),
        Figure(of, "control: another speed", other, "other bytes", other != bytes_of[0]),
        *levels_of(of, partial(_sound, folder / "one")),
    ]
    return [*figures, *_jobs(folder, voice)]


def _sound(folder: Path) -> Iterator[Samples]:
    return padded(stored(folder))


def _jobs(folder: Path, voice: str) -> list[Figure]:
    """Build a short course by one job and by two."""
    course = write_course(folder / "short", voice, 1.0)

    def narrations(jobs: int) -> dict[str, bytes]:
        out = folder / f"jobs{jobs}"
        build(Request(course, Wanted(("captions",)), out=out), means=Means(jobs=jobs))
        files = {p.name: p.read_bytes() for p in (out / ".store").rglob("*") if p.is_file()}
        return {name: c for name, c in files.items() if c.startswith(b"narration 1\n")}

    one, two = narrations(1), narrations(2)
    return [
        Figure(
            "a minute",
            "narrations built by one job and by two",
            f"{len(one)} and {len(two)}",
            "equal",
            bool(one) and one == two,
        )
    ]


if __name__ == "__main__":
    raise SystemExit(main())
