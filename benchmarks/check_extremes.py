"""Whether a portrait's field is sound at its extremes, and sheets of it to look at.

    python benchmarks/check_extremes.py [PORTRAITS_FOLDER] [--only NAME ...] [--size 512]
                                        [--sheets FOLDER] [--json]

All pairs of jaw, smile, yaw, pitch, roll and what else the mouth can do are checked on the
displacement itself (`avatar.engines.soundness`); `--sheets` draws them, four columns a face, for
eyes to judge what numbers cannot.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import numpy.typing as npt
from faces import faces, rig_of
from figures import Figure, show

from avatar.engines.soundness import STRETCH, Soundness, judge, soundness
from avatar.engines.warp import WarpEngine
from avatar.errors import PhotoError
from avatar.opencv import cv2
from avatar.performance.channels import CHANNELS, INDEX

Values = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

EXTREMES: dict[str, dict[str, float]] = {
    "jaw": {"jawOpen": 1}, "smile": {"mouthSmile": 1},
    "yaw +10": {"headYaw": 10}, "yaw -10": {"headYaw": -10},
    "pitch +8": {"headPitch": 8}, "pitch -8": {"headPitch": -8},
    "roll +7": {"headRoll": 7}, "roll -7": {"headRoll": -7},
    "pucker": {"mouthPucker": 1}, "funnel": {"mouthFunnel": 1}, "closed": {"mouthClose": 1},
    "lip on teeth": {"labiodental": 1}, "lips apart": {"mouthUpperUp": 1, "mouthLowerDown": 1},
    "jaw aside": {"jawLeft": 1}, "brows up": {"browInnerUp": 1, "browOuterUp": 1},
    "brows down": {"browDown": 1},
}  # fmt: skip
COLUMNS = 4


def row(channels: dict[str, float]) -> Values:
    """A row of values; a name without Left or Right sets both."""
    values = np.zeros(len(CHANNELS), np.float32)
    for name, value in channels.items():
        for channel in (name, name + "Left", name + "Right"):
            if channel in INDEX:
                values[INDEX[channel]] += value
    return values


def pairs() -> Iterator[tuple[str, Values]]:
    """Every extreme and every pair of them that does not cancel out."""
    for a, b in combinations_with_replacement(EXTREMES, 2):
        if a == b:
            yield a, row(EXTREMES[a])
        elif not set(EXTREMES[a]) & set(EXTREMES[b]):
            yield f"{a}, {b}", row(EXTREMES[a] | EXTREMES[b])


def figures_of(name: str, engine: WarpEngine) -> Iterator[Figure]:
    found = {pair: soundness(engine, values) for pair, values in pairs()}
    bad = [f"{pair}: {s}" for pair, s in found.items() if not s.sound]
    yield Figure(
        name, f"sound in {len(found)} extremes and pairs", str(len(found) - len(bad)),
        str(len(found)), not bad, tuple(bad),
    )  # fmt: skip
    worst = max(found, key=lambda pair: found[pair].stretch)
    yield Figure(
        name, "most pixels that show one", f"{found[worst].stretch:.2f} ({worst})",
        f"<= {STRETCH:g}", found[worst].stretch <= STRETCH,
    )  # fmt: skip
    beyond = max(found, key=lambda pair: found[pair].beyond)
    yield Figure(name, "pixels from beyond the photo", f"{found[beyond].beyond} ({beyond})")
    yield control(name, engine)


def control(name: str, engine: WarpEngine) -> Figure:
    """A field that is turned over in one place must be found."""
    from avatar.engines.raster.opencv import places, weights

    drawing = engine.draw(row({"jawOpen": 1, "headYaw": 10}))
    where, seen = places(engine.sheet, drawing), weights(engine.sheet, drawing) > 0.5
    y, x = np.argwhere(seen)[seen.sum() // 3]
    part = where[y : y + 12, x : x + 12]
    part[...] = part[:, ::-1].copy()
    size = engine.sheet.rest.shape[1::-1]
    broken: Soundness = judge(where, seen, drawing.near_box, gaping=0, size=size)
    return Figure(name, "control: 12 pixels turned over", f"{broken.folded} folded", "> 20",
                  broken.folded > 20)  # fmt: skip


def sheet(engine: WarpEngine, wide: int = 480) -> Pixels:
    """All extremes, and some pairs, with their names."""
    shown: dict[str, Values] = {"at rest": row({})}
    shown |= {name: row(channels) for name, channels in EXTREMES.items()}
    for a, b in (("jaw", "yaw +10"), ("smile", "roll -7"), ("pitch -8", "yaw -10")):
        shown[f"{a}, {b}"] = row(EXTREMES[a] | EXTREMES[b])
    tiles = []
    for name, values in shown.items():
        frame = engine.render(values)
        tall = round(wide * frame.shape[0] / frame.shape[1])
        tile = cv2.resize(frame, (wide, tall), interpolation=cv2.INTER_AREA)
        cv2.putText(tile, name, (9, 25), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 3, cv2.LINE_AA)
        cv2.putText(
            tile, name, (8, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (255, 255, 255), 1, cv2.LINE_AA
        )
        tiles.append(tile)
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    lines = [np.concatenate(tiles[i : i + COLUMNS], 1) for i in range(0, len(tiles), COLUMNS)]
    return np.concatenate(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("portraits", type=Path, nargs="?", help="a folder of pictures")
    parser.add_argument("--only", nargs="*", default=(), help="names of pictures")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures: list[Figure] = []
    for face in faces(given.portraits, given.only):
        rig = rig_of(face, given.size)
        if isinstance(rig, PhotoError):
            figures.append(Figure(face.name, "refused", str(rig)))
            continue
        engine = WarpEngine(rig)
        figures += figures_of(face.name, engine)
        if given.sheets:
            given.sheets.mkdir(parents=True, exist_ok=True)
            path = given.sheets / f"{face.name}.png"
            cv2.imwrite(str(path), cv2.cvtColor(sheet(engine), cv2.COLOR_RGB2BGR))
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
