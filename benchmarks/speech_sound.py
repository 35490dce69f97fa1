"""Measures whether a course's sound can be published: level, peaks, joins, pauses and noise.

    python benchmarks/speech_sound.py [COURSE] [--voice hibari] [--json]

Each lesson is spoken at the usual speed and made into a video as in a build, with a small still
picture. The decoded sound is measured: its loudness by pyloudnorm, and its true peak at eight times
the rate.

A join is where the sound of a sentence meets the silence next to it. A click there is a jump, which
has high frequencies, so the measure is the largest value above 5 kHz within 2 ms of a join,
compared with that of all spans of 4 ms within speech. The control cuts the same sentences at their
loudest places, which must be found.

Pauses are measured from where the energy ends to where it begins again (`sound_edges`).
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyloudnorm
from figures import Figure, decode_sound, show
from PIL import Image
from scipy.signal import butter, resample_poly, sosfiltfilt
from sound_edges import edges

from lessons.course.reading import load_course
from lessons.model import Lesson, Slide, Utterance
from narrate.clock import SAMPLE_RATE, frames_covering, frames_to_samples, samples_to_ms
from narrate.layout import lay_out_lecture
from narrate.speech import DEFAULT_VOICE, LEAD_MS, TAIL_MS, narrate_slide, open_voice
from narrate.speech.narration import USUAL_SPEED
from narrate.video.assemble import LessonTracks, join_lesson
from narrate.video.encode import View, render_slide
from narrate.vocabulary import Narration, Samples, Speech

COURSE = Path(__file__).parent.parent / "samples" / "course"
LOUDNESS, LOUDNESS_OFF, TRUE_PEAK = -16.0, 0.5, -1.5
FRAME_RATE, PICTURE = Fraction(5), (640, 360)  # the pictures do not matter here
HIGH_HZ, NEAR_MS = 5000.0, 2
DC = 1e-4  # -80 dBFS
# How far a pause may be from the one that was asked for: its edges are known no more exactly.
PAUSE_OFF_MS = 50.0


@dataclass(frozen=True, slots=True)
class Join:
    """`high` is the largest value above 5 kHz near a join, in dBFS."""

    high: float
    control: float


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("course", nargs="?", type=Path, default=COURSE)
    options.add_argument("--voice", default=DEFAULT_VOICE)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    voice = open_voice(chosen.voice, "en-US")
    figures: list[Figure] = []
    for lesson in load_course(chosen.course).lessons:
        narrations = [narrate_slide(s, lambda _: voice, speed=None) for s in lesson.slides]
        figures += levels_of(lesson.id, partial(padded, narrations))
        figures += joins_of(lesson, voice)
        figures += pauses_of(lesson, narrations)
    return show(figures, as_json=chosen.json)


def padded(narrations: Iterable[Narration]) -> Iterator[Samples]:
    """Narrations as a build joins them, each filled up to a whole number of frames."""
    for narration in narrations:
        frames = frames_covering(len(narration.samples), FRAME_RATE)
        length = frames_to_samples(frames, FRAME_RATE)
        yield np.pad(narration.samples, (0, length - len(narration.samples)))


def levels_of(of: str, chunks: Callable[[], Iterable[Samples]]) -> list[Figure]:
    """Loudness, true peak and offset of a lesson's final sound, decoded from its video."""
    with tempfile.TemporaryDirectory() as folder:
        total = sum(len(chunk) for chunk in chunks())
        frames = frames_covering(total, FRAME_RATE)
        still, out = Path(folder) / "still.mp4", Path(folder) / "lesson.mp4"
        png = io.BytesIO()
        Image.new("RGB", PICTURE, "gray").save(png, "PNG")
        view = View(lay_out_lecture(PICTURE, has_presenter=False), (png.getvalue(),), still)
        render_slide([view], frames=frames, rate=FRAME_RATE)
        join_lesson(LessonTracks([still], FRAME_RATE, chunks), out)
        sound = decode_sound(out)
    loudness = float(pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(sound.astype(np.float64)))
    peak = true_peak_8(sound)
    offset = float(np.mean(sound, dtype=np.float64))
    return [
        Figure(
            of,
            "loudness as decoded",
            f"{loudness:.2f} LUFS of {len(sound) / SAMPLE_RATE / 60:.1f} minutes",
            f"{LOUDNESS:g} ± {LOUDNESS_OFF:g}",
            abs(loudness - LOUDNESS) <= LOUDNESS_OFF,
        ),
        Figure(
            of, "true peak as decoded", f"{peak:.2f} dBTP", f"<= {TRUE_PEAK}", peak <= TRUE_PEAK
        ),
        Figure(of, "mean of the samples", f"{offset:+.1e}", f"within {DC:g}", abs(offset) <= DC),
    ]


def true_peak_8(sound: Samples) -> float:
    """The true peak in dBTP, at eight times the rate, ten seconds at a time."""
    size, margin, highest = 10 * SAMPLE_RATE, 200, 1e-9
    for start in range(0, len(sound), size):
        piece = sound[max(start - margin, 0) : start + size + margin].astype(np.float64)
        highest = max(highest, float(np.abs(resample_poly(piece, 8, 1)).max()))
    return 20 * float(np.log10(highest))


def joins_of(lesson: Lesson, voice: Any) -> list[Figure]:
    joins: list[Join] = []
    inside: list[float] = []
    silent, still = 0, []
    for slide in lesson.slides:
        narration = narrate_slide(slide, lambda _: voice, speed=None)
        level = high_levels(narration.samples)
        spans = spans_of(slide, voice, narration)
        for start, end in spans:
            sounding = level[start:end][:: NEAR_MS * SAMPLE_RATE // 1000]
            loud = narration.samples[start:end]
            inside += [float(v) for v in sounding if v > -90]
            # A hard cut where the sentence is loudest.
            at = start + int(np.argmax(np.abs(loud)))
            cut = narration.samples.copy()
            cut[at:end] = 0
            near = slice(max(at - 4800, 0), at + 4800)
            control = float(high_levels(cut[near])[min(at, 4800)])
            joins += [Join(float(level[start]), control), Join(float(level[end - 1]), control)]
        for (_, end), (start, _) in pairwise(spans):
            between = narration.samples[end:start]
            silent += int(not between.any())
            still.append(len(between))
    usual = float(np.median(inside))
    worst = max(j.high for j in joins)
    cuts = float(np.percentile([j.control for j in joins], 10))
    return [
        Figure(
            lesson.id,
            "joins, above 5 kHz",
            f"{worst:.0f} dBFS at the worst of {len(joins)}; {usual:.0f} is the middle of speech",
            "below the middle of speech",
            worst < usual,
        ),
        Figure(
            lesson.id,
            "control: hard cuts",
            f"{cuts:.0f} dBFS and more at nine of ten",
            "above the middle of speech",
            cuts > usual,
        ),
        Figure(
            lesson.id,
            "silences between sentences",
            f"{silent} of {len(still)} digital zero",
            "all",
            silent == len(still),
        ),
    ]


@cache
def _high() -> Any:
    return butter(4, HIGH_HZ, "high", fs=SAMPLE_RATE, output="sos")


def high_levels(sound: Samples) -> npt.NDArray[np.float64]:
    """The largest value above 5 kHz within 2 ms of each sample, in dBFS."""
    from scipy.ndimage import maximum_filter1d

    high = np.abs(sosfiltfilt(_high(), sound.astype(np.float64)))
    size = 2 * NEAR_MS * SAMPLE_RATE // 1000 + 1
    return np.asarray(20 * np.log10(np.maximum(maximum_filter1d(high, size), 1e-9)))


def spans_of(slide: Slide, voice: Any, narration: Narration) -> list[tuple[int, int]]:
    """First and last sample of each utterance's sound in its slide."""
    spans = []
    for index, utterance in enumerate(slide.utterances):
        speech = _spoken(voice, utterance)
        said = next(w for w in narration.words if w.utterance == index and w.end > w.start)
        start = said.start - speech.words[said.token].start
        spans.append((start, start + len(speech.samples)))
    return spans


@cache
def _spoken(voice: Any, utterance: Utterance) -> Speech:
    speech: Speech = voice.speak(utterance, rate=USUAL_SPEED)
    return speech


def pauses_of(lesson: Lesson, narrations: Sequence[Narration]) -> list[Figure]:
    """How much longer pauses sound than they should, by what they follow."""
    off: dict[str, list[float]] = defaultdict(list)
    asked: dict[str, set[int]] = defaultdict(set)
    tail, slide_pause = 0.0, 0
    for slide, narration in zip(lesson.slides, narrations, strict=True):
        if not slide.utterances:
            tail = 0.0
            continue
        gaps = _gaps(slide, narration)
        for utterance, gap in zip(slide.utterances, gaps[1:], strict=False):
            kind = "paragraphs" if utterance.ends_paragraph else "sentences"
            off[kind].append(gap - utterance.pause_ms)
            asked[kind].add(utterance.pause_ms)
        last = max(slide.utterances[-1].pause_ms, TAIL_MS)
        if tail:
            off["slides"].append(tail + gaps[0] - slide_pause - LEAD_MS)
            asked["slides"].add(slide_pause + LEAD_MS)
        tail, slide_pause = gaps[-1], last
    return [
        Figure(
            lesson.id,
            f"pauses between {kind}",
            f"asked {min(asked[kind])} to {max(asked[kind])} ms; they sound "
            f"{np.median(values):+.0f} ms longer, {min(values):+.0f} to {max(values):+.0f}",
            f"within {PAUSE_OFF_MS:g} ms at p95",
            bool(np.percentile(np.abs(values), 95) <= PAUSE_OFF_MS),
        )
        for kind, values in off.items()
    ]


def _gaps(slide: Slide, narration: Narration) -> list[float]:
    """The silence in ms before the first utterance, between utterances, and after the last one, by
    energy."""
    starts, ends = [], []
    for index in range(len(slide.utterances)):
        words = [w for w in narration.words if w.utterance == index and w.end > w.start]
        room = SAMPLE_RATE // 8
        low, high = max(words[0].start - room, 0), words[-1].end + room
        phones = tuple(p for p in narration.phones if words[0].start <= p.start < words[-1].end)
        own = Speech(
            narration.samples[low:high],
            (),
            tuple(type(p)(p.symbol, p.start - low, p.end - low, p.stress) for p in phones),
        )
        found = {e.kind: e.off for e in edges(own)}
        starts.append(samples_to_ms(phones[0].start) - found["at the start"])
        ends.append(samples_to_ms(phones[-1].end) - found["at the end"])
    inner = [b - a for a, b in zip(ends, starts[1:], strict=False)]
    return [starts[0], *inner, samples_to_ms(len(narration.samples)) - ends[-1]]


if __name__ == "__main__":
    raise SystemExit(main())
