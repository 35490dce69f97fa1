"""Checks whether a portrait's field is sound at its extremes, and draws sheets to look at.

    python benchmarks/check_extremes.py [PORTRAITS_FOLDER] [--only NAME ...] [--size 512]
                                        [--sheets FOLDER] [--json]

All pairs of jaw, smile, yaw, pitch, roll and the other motions of the mouth are checked on the
displacement itself (`avatar.engines.soundness`). `--sheets` draws them, so that people can judge
what numbers cannot, and also draws the mouth at each sound of English.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
from faces import ENGLISH, find_faces, make_face_rig
from figures import Figure, show

from avatar.arrays import Pixels
from avatar.engines.soundness import STRETCH, Soundness, check_frame, check_map
from avatar.engines.warp import WarpEngine
from avatar.errors import PhotoError
from avatar.opencv import cv2
from avatar.performance import Controls, perform
from avatar.performance.channels import CHANNELS, INDEX, Values
from avatar.phone import Phone
from avatar.rig import Rig

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
# OpenCV cannot write IPA, so these are the ARPAbet's names.
ASCII = {
    "ɡ": "g", "θ": "th", "ð": "dh", "ʃ": "sh", "ʒ": "zh", "tʃ": "ch", "dʒ": "jh", "ŋ": "ng",
    "ɹ": "r", "j": "y", "i": "iy", "ɪ": "ih", "ɛ": "eh", "æ": "ae", "ɑ": "aa", "ɔ": "ao",
    "ʊ": "uh", "u": "uw", "ʌ": "ah", "ə": "ax", "ɝ": "er", "eɪ": "ey", "aɪ": "ay", "ɔɪ": "oy",
    "aʊ": "aw", "oʊ": "ow",
}  # fmt: skip


def row(channels: dict[str, float]) -> Values:
    """A row of values; a name without Left or Right sets both sides."""
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


def measure_extremes(name: str, engine: WarpEngine) -> Iterator[Figure]:
    found = {pair: check_frame(engine, values) for pair, values in pairs()}
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
    from avatar.engines.raster.opencv_raster import compute_places, compute_weights

    drawing = engine.draw(row({"jawOpen": 1, "headYaw": 10}))
    where, seen = (
        compute_places(engine.scene, drawing),
        compute_weights(engine.scene, drawing) > 0.5,
    )
    y, x = np.argwhere(seen)[seen.sum() // 3]
    part = where[y : y + 12, x : x + 12]
    part[...] = part[:, ::-1].copy()
    size = engine.scene.rest.shape[1::-1]
    broken: Soundness = check_map(where, seen, drawing.near_box, gaping=0, size=size)
    return Figure(name, "control: 12 pixels turned over", f"{broken.folded} folded", "> 20",
                  broken.folded > 20)  # fmt: skip


def extremes_sheet(_: Rig, engine: WarpEngine, wide: int = 360) -> Pixels:
    """All extremes, and some pairs, with their names."""
    shown: dict[str, Values] = {"at rest": row({})}
    shown |= {name: row(channels) for name, channels in EXTREMES.items()}
    for a, b in (("jaw", "yaw +10"), ("smile", "roll -7"), ("pitch -8", "yaw -10")):
        shown[f"{a}, {b}"] = row(EXTREMES[a] | EXTREMES[b])
    return tiled([labelled(engine.render(v), name, wide) for name, v in shown.items()], 4)


def phones_sheet(rig: Rig, engine: WarpEngine, wide: int = 240) -> Pixels:
    """The mouth at each sound of English, stressed, between two schwas."""
    x, y = rig.mouth.origin
    half = 4.0 * engine.scale
    tiles = []
    for symbol in ENGLISH:
        phones = [Phone("ə", 0.4, 0.5), Phone(symbol, 0.5, 0.64, 1), Phone("ə", 0.64, 0.74)]
        rows = perform(phones, frames=60, rate=Fraction(50), controls=Controls(motion=0)).values
        frame = engine.render(rows[28])
        part = frame[int(y - 0.6 * half) : int(y + 1.0 * half), int(x - half) : int(x + half)]
        tiles.append(labelled(part, ASCII.get(symbol, symbol), wide))
    return tiled(tiles, 8)


def labelled(picture: Pixels, name: str, wide: int) -> Pixels:
    tall = round(wide * picture.shape[0] / picture.shape[1])
    shrinks = wide < picture.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    tile = cv2.resize(picture, (wide, tall), interpolation=how)
    for colour, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(tile, name, (8, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, thick, cv2.LINE_AA)
    return np.asarray(tile)


def tiled(tiles: list[Pixels], columns: int) -> Pixels:
    tiles = tiles + [np.zeros_like(tiles[0])] * (-len(tiles) % columns)
    lines = [np.concatenate(tiles[i : i + columns], 1) for i in range(0, len(tiles), columns)]
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
    for face in find_faces(given.portraits, given.only):
        rig = make_face_rig(face, given.size)
        if isinstance(rig, PhotoError):
            figures.append(Figure(face.name, "refused", str(rig)))
            continue
        engine = WarpEngine(rig)
        figures += measure_extremes(face.name, engine)
        if given.sheets:
            given.sheets.mkdir(parents=True, exist_ok=True)
            for kind, drawn in (("extremes", extremes_sheet), ("phones", phones_sheet)):
                path = given.sheets / f"{face.name}-{kind}.jpg"
                pixels = cv2.cvtColor(drawn(rig, engine), cv2.COLOR_RGB2BGR)
                cv2.imwrite(str(path), pixels, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
