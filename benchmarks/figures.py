"""Figures that can fail their target, printed as a table or JSON, and helpers to measure them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from narrate.clock import SAMPLE_RATE
from narrate.narration_file import load_narration
from narrate.pipeline.build import prepare
from narrate.pipeline.plan import Plan, SlidePlan
from narrate.pipeline.request import Request
from narrate.pipeline.slide_files import CheckedSlide, load_checked
from narrate.pipeline.store.base import Store
from narrate.pipeline.work import require_all
from narrate.vocabulary import Narration

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    `of` is what was measured and `what` is the quantity. `asked` is the target, and `met` says
    whether it was met; it is None without a target. `notes` describe what missed the target.
    """

    of: str
    what: str
    value: str
    asked: str = ""
    met: bool | None = None
    notes: tuple[str, ...] = ()


def show(figures: Sequence[Figure], *, as_json: bool) -> int:
    """Print figures. Returns the exit code: 1 if a target was missed, otherwise 0."""
    if as_json:
        print(json.dumps([asdict(f) for f in figures], indent=1, ensure_ascii=False))
    else:
        heads = ("", "measured", "figure", "value", "target")
        marks = {True: "ok", False: "MISSED", None: ""}
        rows = [heads, *((marks[f.met], f.of, f.what, f.value, f.asked) for f in figures)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
        for n, row in enumerate(rows):
            print("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip())
            for note in figures[n - 1].notes if n else ():
                print(f"{'':8}- {note}")
    return int(any(f.met is False for f in figures))


def load_built_course(folder: Path, course: Path) -> tuple[Plan, Store]:
    """Return the plan of a course, and the store of the folder that the course was built to.

    Raises SystemExit if the present code would build the course differently. The figures would
    then be compared with the wrong times.
    """
    prepared = prepare(Request(course, out=folder))
    if prepared.tasks:
        raise SystemExit(
            f"{folder} is not up to date: {len(prepared.tasks)} tasks remain, and the first is "
            f"{prepared.tasks[0].label!r}. Build the course with this code first."
        )
    return prepared.plan, prepared.store


def load_slide(store: Store, part: SlidePlan) -> tuple[Narration, CheckedSlide]:
    """Return the sound of a slide and its checked words."""
    found = require_all(store, (part.narration, part.checked))
    checked = load_checked(found[part.checked], part.slide, part.lesson.path)
    return load_narration(found[part.narration]), checked


def describe_machine() -> str:
    """Return the processor, the number of cores, and the load over the last minute."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}; load {os.getloadavg()[0]:.1f}"


def decode_sound(path: Path) -> npt.NDArray[np.float32]:
    """Decode a video's mono sound at 48 kHz, with each frame at the time of its time stamp."""
    import av

    pieces: list[tuple[int, npt.NDArray[np.float32]]] = []
    with av.open(str(path), options={"err_detect": "explode"}) as source:
        stream = source.streams.audio[0]
        for frame in source.decode(stream):
            assert frame.pts is not None and frame.time_base is not None
            start = round(frame.pts * frame.time_base * SAMPLE_RATE)
            pieces.append((start, frame.to_ndarray().astype(np.float32).reshape(-1)))
    sound = np.zeros(max((at + len(x) for at, x in pieces), default=0), np.float32)
    for at, piece in pieces:
        skipped = max(-at, 0)
        sound[at + skipped : at + len(piece)] = piece[skipped:]
    return sound


def measure_level_db(sound: npt.NDArray[np.float32], window_ms: int = 5) -> Floats:
    """Return the RMS level at every millisecond, over the next `window_ms`.

    Levels are in dB relative to the loudest one.
    """
    step = SAMPLE_RATE // 1000
    energy = (sound[: len(sound) // step * step].astype(np.float64) ** 2).reshape(-1, step).mean(1)
    summed = np.cumsum(np.concatenate([[0.0], energy, np.zeros(window_ms)]))
    mean = (summed[window_ms:] - summed[:-window_ms])[: len(energy)] / window_ms
    return np.asarray(10 * np.log10(np.maximum(mean, 1e-14) / max(mean.max(), 1e-14)))
