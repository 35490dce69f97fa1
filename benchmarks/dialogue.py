"""Measures a lesson with two speakers: their levels, and that only the presenter's lines move lips.

    python benchmarks/dialogue.py [LESSON] [--photo PHOTO] [--json]

The lesson is built with the sample's presenter into a folder of its own. The decoded lip-readable
video is tracked (`avatar.measure`): the opening of the mouth, in distances of the eyes, while the
presenter speaks, while others do, and at rest. The control is built with all phones driving the
lips, as if nobody else spoke, and must miss the target.

Loudness is integrated (ITU-R BS.1770): of the lecture's decoded sound, and of what each speaker
says in it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
from figures import Figure, Floats, decode_sound, load_built_course, load_slide, show

from avatar.measure.features import measure_features
from avatar.measure.tracking import Tracker, find_region, read_frames, track_frames
from narrate.clock import SAMPLE_RATE, frames_covering, frames_to_samples
from narrate.loudness import loudness
from narrate.pipeline.build import Means, build
from narrate.pipeline.lesson_graph import LessonPlanner
from narrate.pipeline.request import Request

SAMPLES = Path(__file__).parent.parent / "samples"
LESSON = SAMPLES / "dialogue" / "01-why-the-sky-is-blue.md"
COURSE = """\
title: Light and Sight in Dialogue
id: light-and-sight
speakers: {teacher: hibari, student: kokoro/am_puck}
presenter: {photo: presenter/presenter.png}
video: {size: 1280x720, rate: 25}
"""
LOUDNESS, LOUDNESS_OFF, LEVELS_APART = -16.0, 0.5, 1.0
OPEN_BESIDE_REST = 0.01
"""Eye distances. The tracker's own noise on a closed mouth is about as large."""
EDGE = 0.3  # seconds at the ends of a line in which the lips may still move


@dataclass(frozen=True, slots=True)
class Line:
    """What one speaker says, in seconds of the lesson. `presented` says that the presenter does."""

    speaker: str
    start: float
    end: float
    presented: bool


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("lesson", nargs="?", type=Path, default=LESSON)
    options.add_argument("--presenter", type=Path, default=SAMPLES / "course" / "presenter")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        course = Path(scratch) / "course"
        shutil.copytree(chosen.presenter, course / "presenter")
        (course / "course.yaml").write_text(COURSE, "utf-8")
        shutil.copy(chosen.lesson, course / chosen.lesson.name)
        folder = Path(scratch) / "build"
        lines = build_lesson(course, folder, chosen.lesson.stem)
        figures = [
            *measure_levels(folder / chosen.lesson.stem / "lecture.mp4", lines),
            *measure_mouth(folder / chosen.lesson.stem / "lipreadable.mp4", lines, "the lips"),
        ]
        with mock.patch.object(LessonPlanner, "_find_others", lambda self, slide: ()):
            control = Path(scratch) / "control"
            build_lesson(course, control, chosen.lesson.stem)
        video = control / chosen.lesson.stem / "lipreadable.mp4"
        figures += measure_mouth(video, lines, "control: all phones move the lips", control=True)
    return show(figures, as_json=chosen.json)


def build_lesson(course: Path, folder: Path, name: str) -> list[Line]:
    """Build a course of one lesson, and return its lines."""
    result = build(Request(course, out=folder), means=Means(jobs=1))
    if result.failures:
        raise SystemExit(f"The lesson cannot be built: {result.failures}")
    plan, store = load_built_course(folder, course)
    lines: list[Line] = []
    begin = 0
    for part in plan.slides:
        narration, _ = load_slide(store, part)
        for number, utterance in enumerate(part.slide.utterances):
            words = [w for w in narration.words if w.utterance == number and w.end > w.start]
            if not words:
                continue
            start, end = (
                (begin + words[0].start) / SAMPLE_RATE,
                (begin + words[-1].end) / SAMPLE_RATE,
            )
            speaker = utterance.speaker or ""
            lines.append(Line(speaker, start, end, speaker in ("", "Teacher")))
        rate = part.settings.video.rate
        begin += frames_to_samples(frames_covering(len(narration.samples), rate), rate)
    return lines


def measure_levels(video: Path, lines: list[Line]) -> list[Figure]:
    sound = decode_sound(video)
    said: dict[str, list[np.ndarray]] = defaultdict(list)
    for line in lines:
        said[line.speaker].append(
            sound[int(line.start * SAMPLE_RATE) : int(line.end * SAMPLE_RATE)]
        )
    levels = {speaker: loudness(iter(parts)) for speaker, parts in said.items()}
    whole, apart = loudness([sound]), max(levels.values()) - min(levels.values())
    return [
        Figure(
            "the lesson", "loudness (LUFS)", f"{whole:.2f}", f"{LOUDNESS} ± {LOUDNESS_OFF}",
            abs(whole - LOUDNESS) <= LOUDNESS_OFF,
        ),
        *(Figure(name or "unnamed", "loudness (LUFS)", f"{x:.2f}") for name, x in levels.items()),
        Figure(
            "the speakers", "levels apart (LU)", f"{apart:.2f}", f"≤ {LEVELS_APART}",
            apart <= LEVELS_APART,
        ),
    ]  # fmt: skip


def measure_mouth(
    video: Path, lines: list[Line], of: str, *, control: bool = False
) -> list[Figure]:
    frames = list(read_frames(video))
    with Tracker("attention") as tracker:
        region = find_region(frames[0], tracker)
    features = measure_features(track_frames(frames, region=region).points)
    times = (np.arange(len(frames)) + 0.5) / 25

    def during(chosen: list[Line]) -> Floats:
        inside = np.zeros(len(times), bool)
        for line in chosen:
            inside |= (times > line.start + EDGE) & (times < line.end - EDGE)
        return np.asarray(features.opening[inside])

    spoken = np.zeros(len(times), bool)
    for line in lines:
        spoken |= (times > line.start - EDGE) & (times < line.end + EDGE)
    rest = float(np.nanmedian(features.opening[~spoken]))
    own, other = during([x for x in lines if x.presented]), during(
        [x for x in lines if not x.presented]
    )  # fmt: skip
    widest = float(np.nanquantile(own, 0.95)) - rest
    worst = float(np.nanquantile(other, 0.95)) - rest
    met = worst <= OPEN_BESIDE_REST
    return [
        Figure(of, "mouth opening at rest, median", f"{rest:.4f}"),
        Figure(of, "own lines, 95th percentile above rest", f"{widest:.4f}"),
        Figure(
            of, "others' lines, 95th percentile above rest", f"{worst:.4f}",
            f"{'>' if control else '≤'} {OPEN_BESIDE_REST}", met is not control,
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
