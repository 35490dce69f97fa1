"""Whether a built course's videos and captions are whole, and on time.

    python benchmarks/check_build.py samples/course/build samples/course [--json]

Pictures are decoded from first to last frame. Slide changes are found as differences of decoded
pictures and captions in the picture likewise; the audio clock is the place of each slide's
narration in the decoded sound, found by cross-correlation. Every figure that could pass by accident
has a negative control: the same check on spoilt input, which must fail.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
from caption_text import (
    Place,
    caption_files,
    differences,
    in_file,
    late,
    onsets,
    places,
    tokens_of,
    words_in,
)
from figures import Figure, Floats, built, decoded_sound, machine, show

from narrate.clock import SAMPLE_RATE, frames_to_samples, ms_to_frame, samples_to_frame
from narrate.pipeline.plan import LessonPlan
from narrate.pipeline.planner import choose_layouts
from narrate.pipeline.stages import load_slide
from narrate.pipeline.store import Store
from narrate.pipeline.timeline import make_timeline
from narrate.video.layout import Layout
from narrate.video.probe import probe
from narrate.vocabulary import Narration

LIMIT_MS = 40.0
RATE, SIZE = Fraction(30), (1920, 1080)
TILE = 24  # px: a letter on a slide; the largest change of any tile is what counts
CHANGE = 14.0  # luma steps, mean of a tile: what x264 does to a still slide stays under 5
HEARD_MS = 300.0  # how far from its place a narration is looked for


@dataclass(frozen=True, slots=True)
class Pictures:
    """`times` in seconds; `slide` and `band` are each frame's largest tile change since the one
    before, outside the presenter and the captions, and in the captions' band."""

    times: tuple[Fraction, ...]
    sizes: frozenset[tuple[int, int]]
    slide: Floats
    band: Floats


def decode(path: Path, layout: Layout) -> Pictures:
    """Decode every frame; any error of the decoder ends it. Raises av.FFmpegError."""
    import av

    masks = [np.ones((SIZE[1], SIZE[0]), bool), np.zeros((SIZE[1], SIZE[0]), bool)]
    for box, outside in ((layout.presenter, True), (layout.captions, False)):
        if box is not None:
            # The encoder blurs edges by a block or so.
            y, x = max(box.y - 16, 0), max(box.x - 16, 0)
            masks[0][y : box.bottom + 16, x : box.right + 16] = False
            if not outside:
                masks[1][box.y : box.bottom, box.x : box.right] = True
    tiles = [m.reshape(SIZE[1] // TILE, TILE, SIZE[0] // TILE, TILE).all((1, 3)) for m in masks]
    times: list[Fraction] = []
    sizes: set[tuple[int, int]] = set()
    changes: list[list[float]] = [[], []]
    last: npt.NDArray[np.int16] | None = None
    with av.open(str(path), options={"err_detect": "explode"}) as source:
        stream = source.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode"}
        stream.thread_count = 1
        for frame in source.decode(stream):
            if frame.is_corrupt:
                raise ValueError(f"frame {len(times)} is corrupt")
            assert frame.pts is not None and frame.time_base is not None
            times.append(frame.pts * frame.time_base)
            sizes.add((frame.width, frame.height))
            plane = frame.planes[0]
            luma = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
            now = luma[: SIZE[1] : 2, : SIZE[0] : 2].astype(np.int16)
            if last is not None and now.shape == last.shape:
                half = TILE // 2
                tiled = np.abs(now - last).reshape(SIZE[1] // TILE, half, SIZE[0] // TILE, half)
                change = tiled.mean((1, 3))
                for row, kept in zip(changes, tiles, strict=True):
                    row.append(float(change[kept].max()) if kept.any() else 0.0)
            last = now
    slide, band = (np.array([0.0, *row]) for row in changes)
    return Pictures(tuple(times), frozenset(sizes), slide, band)


def is_whole(path: Path, layout: Layout, frames: int) -> tuple[Pictures | None, list[str]]:
    """What is wrong with a video's pictures; nothing, if it is whole."""
    try:
        seen = decode(path, layout)
    except Exception as error:  # whatever the decoder raises is the finding
        return None, [f"{type(error).__name__}: {error}"]
    wrong = []
    if len(seen.times) != frames:
        wrong.append(f"{len(seen.times)} frames instead of {frames}")
    wrong += [f"frame {n} at {t} s" for n, t in enumerate(seen.times) if t != n / RATE][:3]
    if seen.sizes != {SIZE}:
        wrong.append(f"sizes {sorted(seen.sizes)}")
    return seen, wrong


def heard_starts(
    sound: npt.NDArray[np.float32], narrations: Sequence[Narration], starts: Sequence[int]
) -> list[float]:
    """Samples at which each slide's narration begins in a sound, near `starts`; NaN if silent."""
    from scipy.signal import correlate

    reach = round(HEARD_MS / 1000 * SAMPLE_RATE)
    found = []
    for narration, start in zip(narrations, starts, strict=True):
        own = narration.samples
        if not own.any():
            found.append(float("nan"))
            continue
        part = np.zeros(len(own) + 2 * reach, np.float32)
        first, last = max(start - reach, 0), min(start + len(own) + reach, len(sound))
        at = first - (start - reach)
        part[at : at + last - first] = sound[first:last]
        score = correlate(part, own, mode="valid", method="fft")
        found.append(float(start - reach + int(np.argmax(score))))
    return found


def changes_on_time(
    change: Floats, clock_ms: Sequence[float], shift: int = 0
) -> tuple[list[float], list[str]]:
    """Each expected change's distance in ms from the nearest picture change, and what is wrong:
    changes that are missing, late, or that nothing asked for."""
    at = (np.flatnonzero(change > CHANGE) + shift) * 1000 / float(RATE)
    if not len(at):
        return [], [f"no change of {len(clock_ms)} is seen"] if clock_ms else []
    errors = [float(at[np.argmin(np.abs(at - ms))] - ms) for ms in clock_ms]
    wrong = [
        f"{ms / 1000:.3f} s: the picture changes {error:+.0f} ms from there"
        for ms, error in zip(clock_ms, errors, strict=True)
        if abs(error) > LIMIT_MS
    ]
    asked = np.array([0.0, *clock_ms])
    wrong += [
        f"{ms / 1000:.3f} s: the picture changes without a reason"
        for ms in at
        if np.abs(asked - ms).min() > LIMIT_MS
    ]
    return errors, wrong


def spoils(path: Path, layout: Layout, frames: int) -> bool:
    """Whether some bytes overwritten in the middle of a video are noticed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        with copy.open("r+b") as file:
            file.seek(copy.stat().st_size // 20)
            file.write(b"\xa5\x5a" * 3000)
        return bool(is_whole(copy, layout, frames)[1])


def spread(errors: Sequence[float]) -> str:
    if not errors:
        return "none"
    size = np.abs(errors)
    return f"{len(errors)}; median {np.median(errors):+.1f}, largest {size.max():.1f} ms"


def check_lesson(store: Store, plan: LessonPlan, folder: Path, course: Path) -> list[Figure]:
    lesson, timeline = plan.lesson, make_timeline(store, plan)
    rate, frames = plan.settings.video.rate, timeline.starts[-1]
    loaded = [load_slide(store, part) for part in plan.slides]
    narrations = [narration for narration, _ in loaded]
    starts = [frames_to_samples(f, rate) for f in timeline.starts[:-1]]
    tokens = tokens_of(plan, [checked.words for _, checked in loaded], starts)
    found: list[Figure] = []

    def add(of: str, what: str, value: str, asked: str, wrong: Sequence[str]) -> None:
        found.append(Figure(of, what, value, asked, not wrong, tuple(wrong[:12])))

    def control(of: str, what: str, flagged: object) -> None:
        found.append(
            Figure(of, f"control: {what}", "flagged" if flagged else "passes", "flagged",
                   bool(flagged))
        )  # fmt: skip

    tracks = caption_files(folder / lesson.id)
    layouts = choose_layouts(plan.settings, ("lecture", "lipreadable"), True)
    for output in plan.outputs:
        if output.kind not in ("lecture", "lipreadable"):
            continue
        path, name = folder / output.path, output.path
        layout = layouts[output.kind]  # type: ignore[index]
        seen, wrong = is_whole(path, layout, frames)
        add(name, "decoded", f"{frames} frames", "every one, 1920×1080, 30/s", wrong)
        if seen is None:
            continue
        control(name, "6 kB overwritten", spoils(path, layout, frames))
        sound = decoded_sound(path)
        gap = 1000 * (len(sound) / SAMPLE_RATE - len(seen.times) / float(RATE))
        add(name, "sound minus picture", f"{gap:+.1f} ms", "within 40 ms",
            [f"{gap:+.1f} ms"] if abs(gap) > LIMIT_MS else [])  # fmt: skip

        heard = heard_starts(sound, narrations, starts)
        offsets = [1000 * (h - s) / SAMPLE_RATE for h, s in zip(heard, starts, strict=True)]
        offsets = [ms for ms in offsets if not np.isnan(ms)]
        add(name, "slides heard", spread(offsets), "within 40 ms of their place",
            [f"{ms:+.1f} ms" for ms in offsets if abs(ms) > LIMIT_MS])  # fmt: skip
        clock: list[float] = []
        for n, (begin, narration) in enumerate(zip(heard, narrations, strict=True)):
            known = starts[n] if np.isnan(begin) else begin
            steps = sorted({samples_to_frame(s, rate) for s in narration.steps})
            exact = {samples_to_frame(s, rate): s for s in narration.steps}
            last = timeline.starts[n + 1] - timeline.starts[n]
            clock += [(known + exact[f]) / SAMPLE_RATE * 1000 for f in steps if f < last]
        errors, wrong = changes_on_time(seen.slide, clock[1:])
        add(name, "slides and steps change", spread(errors), "within 40 ms", wrong)
        quiet = np.sort(seen.slide)[: -max(len(errors), 1)].max(initial=0.0)
        found.append(Figure(name, "largest other change", f"{quiet:.1f} luma", f"< {CHANGE}",
                            bool(quiet < CHANGE)))  # fmt: skip
        control(name, "pictures 2 frames late", changes_on_time(seen.slide, clock[1:], 2)[1])
        if layout.captions is not None:
            asked = sorted({float(ms) for c in timeline.cues for ms in (c.start, c.end)})
            # A caption that stays to the video's last frame has no frame without it.
            asked = [ms for ms in asked if 0 < ms_to_frame(round(ms), rate) < timeline.starts[-1]]
            errors, wrong = changes_on_time(seen.band, asked)
            add(name, "captions in the picture", spread(errors), "within 40 ms", wrong)
        info = probe(path)
        tracks[f"{output.kind} mov_text"] = info.cues
        begins = [c.start for c in info.chapters]
        titled = [ms for ms in begins if min(abs(ms - s * 1000 / SAMPLE_RATE) for s in heard) > 40]
        wrong = [f"chapter at {ms} ms" for ms in titled]
        if len(begins) != len(timeline.chapters):
            wrong.append(f"{len(begins)} chapters instead of {len(timeline.chapters)}")
        add(name, "chapters", f"{len(begins)}", "within 40 ms", wrong)
        if output.kind == "lecture":
            found += heard_captions(name, tracks["vtt"], tokens, sound)
    files = [f"{p}" for p in in_file(course / lesson.path, lesson.shape, tokens)]
    add(lesson.id, "words of the file", f"{sum(len(t.written.split()) for t in tokens)}",
        "those of the script", files)  # fmt: skip
    for kind, cues in tracks.items():
        of = f"{lesson.id} {kind}"
        wrong = differences(words_in(cues), words_in(tokens))
        add(of, "words", f"{len(words_in(cues))}", "the script's, in order", wrong)
        placed = places(cues, tokens)
        errors = [p.cue_ms - p.clock_ms for p in placed]
        add(of, "captions start", spread(errors), "within 40 ms", late(placed, LIMIT_MS))
    cues = tracks["vtt"]
    moved = [replace(c, start=c.start + 100) if n == 3 else c for n, c in enumerate(cues)]
    control(lesson.id, "a caption 100 ms late", late(places(moved, tokens), LIMIT_MS))
    line = cues[2].lines[0].split()
    short = [replace(c, lines=(" ".join(line[1:]),)) if n == 2 else c for n, c in enumerate(cues)]
    control(lesson.id, "a word dropped", differences(words_in(short), words_in(tokens)))
    return found


def heard_captions(
    name: str, cues: Sequence[object], tokens: Sequence[object], sound: npt.NDArray[np.float32]
) -> list[Figure]:
    """Captions that begin an utterance against the first sound after the pause before it."""
    placed: list[Place] = [p for p in places(cues, tokens) if p.first]  # type: ignore[arg-type]
    rises = onsets(sound, placed)
    errors = [p.cue_ms - rise for p, rise in zip(placed, rises, strict=True)]
    wrong = [
        f"{p.cue_ms / 1000:.3f} s {p.text!r}: {e:+.0f} ms from the first sound"
        for p, e in zip(placed, errors, strict=True)
        if not abs(e) <= LIMIT_MS
    ]
    return [Figure(name, "captions after a pause", spread(errors), "within 40 ms of the sound",
                   not wrong, tuple(wrong))]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("build", type=Path, help="the folder that the course was built to")
    parser.add_argument("course", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    plan, folder = built(given.build, given.course)
    figures = [Figure("machine", machine(), "")]
    for lesson in plan.lessons:
        figures += check_lesson(folder.store, lesson, given.build, given.course)
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
