"""Figures that can fail, as a table and as JSON, and the built course that they are read from."""

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
from narrate.pipeline import Request, prepare
from narrate.pipeline.outputs import OutputFolder
from narrate.pipeline.plan import Plan

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """`of` is what was measured, `asked` what it has to be; `met` is None where nothing is asked.
    `notes` name the places that fall short."""

    of: str
    what: str
    value: str
    asked: str = ""
    met: bool | None = None
    notes: tuple[str, ...] = ()


def show(figures: Sequence[Figure], *, as_json: bool) -> int:
    """Print figures; returns 1 if one is not met, else 0."""
    if as_json:
        print(json.dumps([asdict(f) for f in figures], indent=1, ensure_ascii=False))
    else:
        heads = ("", "measured", "figure", "value", "asked")
        marks = {True: "ok", False: "MISSED", None: ""}
        rows = [heads, *((marks[f.met], f.of, f.what, f.value, f.asked) for f in figures)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
        for n, row in enumerate(rows):
            print("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip())
            for note in figures[n - 1].notes if n else ():
                print(f"{'':8}- {note}")
    return int(any(f.met is False for f in figures))


def built(folder: Path, course: Path) -> tuple[Plan, OutputFolder]:
    """The plan of a course as the present code makes it, and the folder that it was built to.

    Raises SystemExit where the folder was built from something else: figures would be read
    against the wrong clock.
    """
    prepared = prepare(Request(course, out=folder))
    if prepared.tasks:
        raise SystemExit(
            f"{folder} is not up to date: {len(prepared.tasks)} tasks are left, the first is "
            f"{prepared.tasks[0].label!r}. Build the course with this code first."
        )
    return prepared.plan, prepared.folder


def machine() -> str:
    """Processor, cores that may be used, and the load of the last minute."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}; load {os.getloadavg()[0]:.1f}"


def decoded_sound(path: Path) -> npt.NDArray[np.float32]:
    """A video's mono sound at 48 kHz, each frame at the place its time stamp says."""
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


def level_db(sound: npt.NDArray[np.float32], window_ms: int = 5) -> Floats:
    """RMS level of every millisecond in dB under the loudest, over `window_ms` from it on."""
    step = SAMPLE_RATE // 1000
    energy = (sound[: len(sound) // step * step].astype(np.float64) ** 2).reshape(-1, step).mean(1)
    summed = np.cumsum(np.concatenate([[0.0], energy, np.zeros(window_ms)]))
    mean = (summed[window_ms:] - summed[:-window_ms])[: len(energy)] / window_ms
    return np.asarray(10 * np.log10(np.maximum(mean, 1e-14) / max(mean.max(), 1e-14)))
