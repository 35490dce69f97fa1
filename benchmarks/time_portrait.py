"""What a frame, a rig and an hour of a talking portrait cost, as ratios within one run.

    python benchmarks/time_portrait.py [PORTRAITS_FOLDER] [--only NAME ...] [--json]

The measure of a frame is one cubic remap of a four-channel picture of the same size by the same
OpenCV on the same cores, taken after every frame, so that a busy machine slows both. The frames are
those of ordinary speech.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from faces import Portrait, SpokenPassage, find_faces, make_face_rig, speak
from figures import Figure, describe_machine, show

from avatar.engines.warp import WarpEngine
from avatar.errors import PhotoError
from avatar.opencv import cv2
from avatar.performance import Controls
from avatar.performance.stream import Stream
from avatar.rig import VERSION, Rig, archive

RATE = Fraction(30)
FRAMES = 300
# A frame may cost two such remaps, and a rig fifty frames.
FRAME_LIMIT, RIG_LIMIT = 2.0, 50.0
# One in so many frames of the hour is rendered; its first and last tenth are compared.
HOUR_S, EVERY = 3600, 60
GROWTH_LIMIT = 1.15
MEMORY_LIMIT_MB = 30.0


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def yardstick(side: int) -> Callable[[], Any]:
    """One cubic remap of a four-channel picture, by a smooth map of a few pixels, as a unit of
    time."""
    picture = np.random.default_rng(0).integers(0, 255, (side, side, 4), np.uint8)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    wave = np.stack([x + 3 * np.sin(y / 40), y + 3 * np.cos(x / 40)], -1).astype(np.float32)
    return lambda: cv2.remap(picture, wave, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def frame_cost(rig: Rig, spoken: SpokenPassage, side: int) -> tuple[float, float]:
    """Median seconds that a frame and a remap take."""
    engine, measure = WarpEngine(rig), yardstick(side)
    rows = spoken.perform(RATE, Controls(seed=3)).values[30 : 30 + FRAMES]
    frames, remaps = [], []
    for row in rows:
        frames.append(timed(partial(engine.render, row)))
        remaps.append(timed(measure))
    return statistics.median(frames), statistics.median(remaps)


def cached(rig: Rig) -> float:
    """Seconds to read a rig from the cache."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "face.rig"
        archive.write_rig(rig, path, VERSION)
        return min(
            timed(lambda: archive.read_rig(path, VERSION, rig.photo_sha256, rig.record_id))
            for _ in range(3)
        )


def costs(face: Portrait, spoken: SpokenPassage) -> Iterator[Figure]:
    for side in (512, 1080):
        rig = make_face_rig(face, side)
        if isinstance(rig, PhotoError):
            yield Figure(face.name, "refused", str(rig))
            return
        frame, remap = frame_cost(rig, spoken, side)
        yield Figure(
            face.name, f"frame at {side}", f"{frame / remap:.2f} remaps ({1000 * frame:.1f} ms)",
            f"<= {FRAME_LIMIT:g}", frame / remap <= FRAME_LIMIT,
        )  # fmt: skip
        if side != 512:
            continue
        again = min(timed(lambda: make_face_rig(face, 512)) for _ in range(3))
        yield Figure(
            face.name, "rig at 512", f"{again / frame:.0f} frames ({again:.2f} s)",
            f"<= {RIG_LIMIT:g}", again / frame <= RIG_LIMIT,
        )  # fmt: skip
        loaded = cached(rig)
        yield Figure(face.name, "cached rig", f"{loaded / frame:.1f} frames ({loaded:.3f} s)")


def hour(face: Portrait, spoken: SpokenPassage) -> Iterator[Figure]:
    """An hour of speech through the stream and the engine."""
    rig = make_face_rig(face, 256)
    assert isinstance(rig, Rig)
    engine = WarpEngine(rig)
    stream = Stream(RATE, Controls(seed=3))
    spent: list[float] = []
    memory: list[float] = []
    frame, offset = 0, 0.0
    begun = time.perf_counter()
    thinking = 0.0
    while offset < HOUR_S:
        phones = [replace(p, start=p.start + offset, end=p.end + offset) for p in spoken.phones]
        offset += spoken.seconds
        for row in stream.push(phones):
            if frame % EVERY == 0:
                thinking += time.perf_counter() - begun
                spent.append(timed(partial(engine.render, row)))
                begun = time.perf_counter()
            frame += 1
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    tenth = len(spent) // 10
    first, last = (statistics.median(part) for part in (spent[:tenth], spent[-tenth:]))
    of = f"an hour of {face.name}"
    yield Figure(of, "frames performed", f"{frame}, {1e6 * thinking / frame:.0f} µs each")
    yield Figure(
        of, "last tenth against first", f"{last / first:.2f}", f"<= {GROWTH_LIMIT}",
        last / first <= GROWTH_LIMIT,
    )  # fmt: skip
    grown = memory[-1] - memory[len(memory) // 10]
    yield Figure(
        of, "memory grown after the first tenth", f"{grown:.1f} MB", f"<= {MEMORY_LIMIT_MB:g}",
        grown <= MEMORY_LIMIT_MB,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("portraits", type=Path, nargs="?", help="a folder of pictures")
    parser.add_argument("--only", nargs="*", default=(), help="names of pictures")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    spoken = speak("reporting")
    figures = [Figure("machine", describe_machine(), f"{cv2.getNumThreads()} threads of OpenCV")]
    chosen = list(find_faces(given.portraits, given.only))
    for face in chosen:
        figures += costs(face, spoken)
    figures += hour(chosen[0], spoken)
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
