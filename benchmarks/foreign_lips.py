"""Checks whether the face closes its lips at every p, b and m of nine languages.

    python benchmarks/foreign_lips.py [--rendered] [--json] [LANGUAGE ...]

Phones are those of the texts of foreign_recording_texts.py, said at an even pace of 80 ms; Spanish
approximants and other sounds without contact do not count. With `--rendered` the frames are
rendered from the sample presenter and tracked, as lip-readers see them. The control is a
performance of the same length with other phones: its lips are closed elsewhere.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from foreign_recording_texts import CHOOSING, REPORTING, TAGS
from PIL import Image

from avatar.engines.warp import WarpEngine
from avatar.measure import assess_track
from avatar.measure.command import compute_engine_command, find_closures
from avatar.measure.statistics import Share, find_spans, reach
from avatar.measure.watching import watch
from avatar.performance import Performance, perform
from avatar.performance.frames import frame_times
from avatar.phone import Phone
from avatar.rig.preparation import make_rig
from narrate.align.forced_alignment import pronounce

PRESENTER = Path(__file__).resolve().parents[1] / "samples/course/presenter/presenter.png"
RATE = Fraction(25)
PHONE_SECONDS, PAUSE_SECONDS = 0.08, 0.6
RENDERED_SENTENCES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=list(TAGS))
    parser.add_argument("--rendered", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for language in asked.languages:
        sentences = [*CHOOSING[language], *REPORTING[language]]
        if asked.rendered:
            sentences = sentences[:RENDERED_SENTENCES]
        phones = _say(sentences, TAGS[language])
        frames = round((phones[-1].end + PAUSE_SECONDS) * RATE)
        shown = perform(phones, frames=frames, rate=RATE)
        symbols = np.roll([p.symbol for p in phones], len(phones) // 3)
        others = [Phone(str(s), p.start, p.end) for s, p in zip(symbols, phones, strict=True)]
        control = perform(others, frames=frames, rate=RATE)
        count = _measure_rendered if asked.rendered else _measure_performance
        right, wrong = count(shown, phones), count(control, phones)
        if asked.json:
            row = {"language": TAGS[language], "closures": right.value, "of": right.of}
            print(json.dumps({**row, "others": wrong.value}), flush=True)
        else:
            print(
                f"{language}: closures {right.value:.3f} of {right.of}, control {wrong.value:.3f}",
                flush=True,
            )


def _say(sentences: Sequence[str], language: str) -> list[Phone]:
    phones: list[Phone] = []
    here = PAUSE_SECONDS
    for sentence in sentences:
        for word in pronounce(sentence.split(), language):
            for symbol, stress in word:
                phones.append(Phone(symbol, here, here + PHONE_SECONDS, stress))
                here += PHONE_SECONDS
        here += PAUSE_SECONDS
    return phones


def _measure_performance(shown: Performance, phones: Sequence[Phone]) -> Share:
    times = frame_times(len(shown), RATE)
    half = 0.5 / float(RATE)
    spans = find_spans(times, [(t.start - half, t.end + half) for t in find_closures(phones)])
    parted = 1.0 - shown.channel("mouthClose").astype(np.float64)
    return reach(parted, spans, 0.02, below=True)


def _measure_rendered(shown: Performance, phones: Sequence[Phone]) -> Share:
    rig = make_rig(
        np.asarray(Image.open(PRESENTER).convert("RGB")),
        photo_sha256="0" * 64,
        record_id="benchmark",
        size=(384, 384),
        framing="bust",
    )
    engine = WarpEngine(rig)
    (track,), _ = watch((engine.render(row) for row in shown.values), trackers=("attention",))
    seen = assess_track(track, RATE, command=compute_engine_command(engine, shown), phones=phones)
    assert seen.articulation is not None
    return seen.articulation.closures


if __name__ == "__main__":
    main()
