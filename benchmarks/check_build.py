"""Checks whether the videos and captions of a built course are complete and on time.

    python benchmarks/check_build.py samples/course/build samples/course [--json]

All pictures are decoded. Changes of slides, and of captions in the picture, are found as
differences between decoded pictures. Their times are compared with the sound: the start of each
slide's narration in the decoded sound is found by cross-correlation. Every figure that could meet
its target by accident has a negative control: the same check on spoilt input, which must fail.
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
    SpokenToken,
    compare_with_file,
    find_differences,
    find_late,
    find_onsets,
    find_starts,
    gather_tokens,
    list_words,
    read_caption_files,
)
from figures import (
    Figure,
    Floats,
    decode_sound,
    describe_machine,
    load_built_course,
    load_slide,
    show,
)

from narrate.clock import SAMPLE_RATE, frames_to_samples, ms_to_frame, samples_to_frame
from narrate.layout import Layout
from narrate.pipeline.graph import choose_layouts
from narrate.pipeline.plan import LessonPlan
from narrate.pipeline.store.base import Store
from narrate.pipeline.timeline import Timeline, make_timeline
from narrate.pipeline.work import require_all
from narrate.video.probe import LessonVideoFacts, probe
from narrate.vocabulary import Cue, Narration

LIMIT_MS = 40.0
ON_TIME = "within 40 ms"
RATE, SIZE = Fraction(30), (1920, 1080)
TILE = 24  # px, the size of a letter on a slide; the largest change of any tile counts
CHANGE = 14.0  # steps of luma, the mean of a tile; x264 changes a still slide by less than 5
SEARCH_MS = 300.0  # how far from its expected start a narration is searched for
MOST_NOTES = 12


@dataclass(frozen=True, slots=True)
class Pictures:
    """The decoded pictures of a video.

    `times` are in seconds. `slide` and `band` hold each frame's largest tile change since the frame
    before: outside the presenter and the captions, and in the band of the captions.
    """

    times: tuple[Fraction, ...]
    sizes: frozenset[tuple[int, int]]
    slide: Floats
    band: Floats


@dataclass(frozen=True, slots=True)
class BuiltLesson:
    """A lesson as it should be. `starts` are the first samples of its slides."""

    plan: LessonPlan
    timeline: Timeline
    narrations: tuple[Narration, ...]
    tokens: tuple[SpokenToken, ...]
    starts: tuple[int, ...]

    @property
    def frames(self) -> int:
        return self.timeline.starts[-1]


@dataclass(frozen=True, slots=True)
class DecodedVideo:
    """A video of a lesson, decoded. `heard` are the samples at which the narrations of its slides
    begin in its sound; NaN if one is silent."""

    name: str
    layout: Layout
    pictures: Pictures
    sound: npt.NDArray[np.float32]
    heard: tuple[float, ...]
    facts: LessonVideoFacts


def load_lesson(store: Store, plan: LessonPlan) -> BuiltLesson:
    found = require_all(store, (part.checked for part in plan.slides))
    checked = [found[part.checked] for part in plan.slides]
    timeline = make_timeline(plan.timed, checked, plan.lesson.path)
    loaded = [load_slide(store, part) for part in plan.slides]
    starts = tuple(frames_to_samples(f, plan.settings.video.rate) for f in timeline.starts[:-1])
    return BuiltLesson(
        plan,
        timeline,
        tuple(narration for narration, _ in loaded),
        tuple(gather_tokens(plan, [known.words for _, known in loaded], starts)),
        starts,
    )


def decode_pictures(path: Path, layout: Layout) -> Pictures:
    """Decode every frame. Raises av.FFmpegError and ValueError at the first error."""
    import av

    times: list[Fraction] = []
    sizes: set[tuple[int, int]] = set()
    changes: list[list[float]] = [[], []]
    tiles = _choose_tiles(layout)
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


def _choose_tiles(layout: Layout) -> list[npt.NDArray[np.bool_]]:
    """Return which tiles belong to the slide, and which to the band of the captions."""
    slide, band = np.ones((SIZE[1], SIZE[0]), bool), np.zeros((SIZE[1], SIZE[0]), bool)
    for box in (layout.presenter, layout.captions):
        if box is not None:
            # The encoder blurs edges by about a block.
            y, x = max(box.y - 16, 0), max(box.x - 16, 0)
            slide[y : box.bottom + 16, x : box.right + 16] = False
    if layout.captions is not None:
        box = layout.captions
        band[box.y : box.bottom, box.x : box.right] = True
    shape = (SIZE[1] // TILE, TILE, SIZE[0] // TILE, TILE)
    return [np.asarray(mask.reshape(shape).all((1, 3))) for mask in (slide, band)]


def check_pictures(path: Path, layout: Layout, frames: int) -> tuple[Pictures | None, list[str]]:
    """Decode a video's pictures and describe what is wrong with them."""
    try:
        seen = decode_pictures(path, layout)
    except Exception as error:  # any error of the decoder is a finding
        return None, [f"{type(error).__name__}: {error}"]
    wrong = []
    if len(seen.times) != frames:
        wrong.append(f"{len(seen.times)} frames instead of {frames}")
    wrong += [f"frame {n} is at {t} s" for n, t in enumerate(seen.times) if t != n / RATE][:3]
    if seen.sizes != {SIZE}:
        wrong.append(f"sizes {sorted(seen.sizes)}")
    return seen, wrong


def find_narrations(
    sound: npt.NDArray[np.float32], narrations: Sequence[Narration], starts: Sequence[int]
) -> list[float]:
    """Return the samples at which narrations begin in a sound, near `starts`; NaN for silence."""
    from scipy.signal import correlate

    reach = round(SEARCH_MS / 1000 * SAMPLE_RATE)
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


def compare_changes(
    change: Floats, expected_ms: Sequence[float], shift: int = 0
) -> tuple[list[float], list[str]]:
    """Compare the changes of a picture with the expected ones, moved by `shift` frames.

    Returns the distance of each expected change from the nearest seen one, in ms, and describes
    changes that are missing, late or unexpected.
    """
    at = (np.flatnonzero(change > CHANGE) + shift) * 1000 / float(RATE)
    if not len(at):
        return [], [f"none of {len(expected_ms)} changes is seen"] if expected_ms else []
    errors = [float(at[np.argmin(np.abs(at - ms))] - ms) for ms in expected_ms]
    wrong = [
        f"{ms / 1000:.3f} s: the nearest change of the picture is {error:+.0f} ms away"
        for ms, error in zip(expected_ms, errors, strict=True)
        if abs(error) > LIMIT_MS
    ]
    expected = np.array([0.0, *expected_ms])
    wrong += [
        f"{ms / 1000:.3f} s: the picture changes for no reason"
        for ms in at
        if np.abs(expected - ms).min() > LIMIT_MS
    ]
    return errors, wrong


def notices_damage(path: Path, layout: Layout, frames: int) -> bool:
    """Whether the check notices that some bytes in a video were overwritten."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        with copy.open("r+b") as file:
            file.seek(copy.stat().st_size // 20)
            file.write(b"\xa5\x5a" * 3000)
        return bool(check_pictures(copy, layout, frames)[1])


def describe_errors(errors: Sequence[float]) -> str:
    if not errors:
        return "none"
    size = np.abs(errors)
    return f"{len(errors)}; median {np.median(errors):+.1f}, largest {size.max():.1f} ms"


def make_figure(of: str, what: str, value: str, asked: str, wrong: Sequence[str]) -> Figure:
    return Figure(of, what, value, asked, not wrong, tuple(wrong[:MOST_NOTES]))


def make_control(of: str, what: str, noticed: object) -> Figure:
    """Return the figure of a negative control, which meets its target if the check noticed it."""
    value = "noticed" if noticed else "not noticed"
    return Figure(of, f"control: {what}", value, "noticed", bool(noticed))


def check_lesson(store: Store, plan: LessonPlan, folder: Path, course: Path) -> list[Figure]:
    lesson = load_lesson(store, plan)
    tracks = read_caption_files(folder / plan.lesson.id)
    layouts = choose_layouts(plan.settings, ("lecture", "lipreadable"), True)
    figures: list[Figure] = []
    for kind, layout in layouts.items():
        for output in plan.outputs:
            if output.kind != kind:
                continue
            path = folder / output.path
            pictures, wrong = check_pictures(path, layout, lesson.frames)
            value, asked = f"{lesson.frames} frames", "every one, 1920×1080, 30/s"
            figures.append(make_figure(output.path, "decoded", value, asked, wrong))
            if pictures is None:
                continue
            damage = notices_damage(path, layout, lesson.frames)
            figures.append(make_control(output.path, "6 kB overwritten", damage))
            sound = decode_sound(path)
            heard = tuple(find_narrations(sound, lesson.narrations, lesson.starts))
            video = DecodedVideo(output.path, layout, pictures, sound, heard, probe(path))
            tracks[f"{kind} mov_text"] = video.facts.cues
            figures += check_sound(video, lesson)
            figures += check_slide_changes(video, lesson)
            figures += check_captions_in_picture(video, lesson)
            figures += check_chapters(video, lesson)
            if kind == "lecture":
                figures += check_captions_after_pauses(video, tracks["vtt"], lesson.tokens)
    return figures + check_caption_tracks(lesson, tracks, course)


def check_sound(video: DecodedVideo, lesson: BuiltLesson) -> list[Figure]:
    gap = 1000 * (len(video.sound) / SAMPLE_RATE - len(video.pictures.times) / float(RATE))
    wrong = [f"{gap:+.1f} ms"] if abs(gap) > LIMIT_MS else []
    length = make_figure(video.name, "sound minus picture", f"{gap:+.1f} ms", ON_TIME, wrong)
    pairs = zip(video.heard, lesson.starts, strict=True)
    offsets = [1000 * (h - s) / SAMPLE_RATE for h, s in pairs if not np.isnan(h)]
    wrong = [f"{ms:+.1f} ms" for ms in offsets if abs(ms) > LIMIT_MS]
    value, asked = describe_errors(offsets), "within 40 ms of their starts"
    return [length, make_figure(video.name, "slides heard", value, asked, wrong)]


def check_slide_changes(video: DecodedVideo, lesson: BuiltLesson) -> list[Figure]:
    expected = find_expected_changes(video, lesson)
    change = video.pictures.slide
    errors, wrong = compare_changes(change, expected)
    quiet = np.sort(change)[: -max(len(errors), 1)].max(initial=0.0)
    return [
        make_figure(
            video.name, "slides and steps change", describe_errors(errors), ON_TIME, wrong
        ),
        Figure(
            video.name, "largest other change", f"{quiet:.1f} luma", f"< {CHANGE}",
            bool(quiet < CHANGE),
        ),
        make_control(video.name, "pictures 2 frames late", compare_changes(change, expected, 2)[1]),
    ]  # fmt: skip


def find_expected_changes(video: DecodedVideo, lesson: BuiltLesson) -> list[float]:
    """Return when the slide should change, in ms, by what is heard; without the first picture."""
    rate, starts = lesson.plan.settings.video.rate, lesson.timeline.starts
    found: list[float] = []
    for n, (begin, narration) in enumerate(zip(video.heard, lesson.narrations, strict=True)):
        known = lesson.starts[n] if np.isnan(begin) else begin
        # Of several steps that begin at the same frame, only the last one is seen.
        samples = {samples_to_frame(s, rate): s for s in narration.steps}
        frames = starts[n + 1] - starts[n]
        found += [(known + samples[f]) / SAMPLE_RATE * 1000 for f in sorted(samples) if f < frames]
    return found[1:]


def check_captions_in_picture(video: DecodedVideo, lesson: BuiltLesson) -> list[Figure]:
    if video.layout.captions is None:
        return []
    rate = lesson.plan.settings.video.rate
    times = sorted({float(ms) for c in lesson.timeline.cues for ms in (c.start, c.end)})
    # A caption that stays until the last frame of the video has no frame after it.
    expected = [ms for ms in times if 0 < ms_to_frame(round(ms), rate) < lesson.frames]
    errors, wrong = compare_changes(video.pictures.band, expected)
    value = describe_errors(errors)
    return [make_figure(video.name, "captions in the picture", value, ON_TIME, wrong)]


def check_chapters(video: DecodedVideo, lesson: BuiltLesson) -> list[Figure]:
    begins = [chapter.start for chapter in video.facts.chapters]
    heard_ms = [sample * 1000 / SAMPLE_RATE for sample in video.heard]
    wrong = [
        f"chapter at {ms} ms" for ms in begins if min(abs(ms - h) for h in heard_ms) > LIMIT_MS
    ]
    wanted = len(lesson.timeline.chapters)
    if len(begins) != wanted:
        wrong.append(f"{len(begins)} chapters instead of {wanted}")
    return [make_figure(video.name, "chapters", f"{len(begins)}", ON_TIME, wrong)]


def check_captions_after_pauses(
    video: DecodedVideo, cues: Sequence[Cue], tokens: Sequence[SpokenToken]
) -> list[Figure]:
    """Compare captions that begin an utterance with the first sound after the pause before it."""
    starts = [start for start in find_starts(cues, tokens) if start.first]
    onsets = find_onsets(video.sound, starts)
    errors = [start.cue_ms - onset for start, onset in zip(starts, onsets, strict=True)]
    wrong = [
        f"{start.cue_ms / 1000:.3f} s {start.text!r}: {error:+.0f} ms from the first sound"
        for start, error in zip(starts, errors, strict=True)
        if not abs(error) <= LIMIT_MS
    ]
    value = describe_errors(errors)
    return [
        Figure(
            video.name, "captions after a pause", value, "within 40 ms of the sound", not wrong,
            tuple(wrong),
        )
    ]  # fmt: skip


def check_caption_tracks(
    lesson: BuiltLesson, tracks: dict[str, tuple[Cue, ...]], course: Path
) -> list[Figure]:
    """Check the words and times of all tracks, and the controls of these checks."""
    script, tokens = lesson.plan.lesson, lesson.tokens
    words = list_words(tokens)
    wrong = compare_with_file(course / script.path, script.shape, tokens)
    figures = [
        make_figure(script.id, "words of the file", f"{len(words)}", "those of the script", wrong)
    ]
    for kind, cues in tracks.items():
        of = f"{script.id} {kind}"
        have = list_words(cues)
        wrong = find_differences(have, words)
        figures.append(make_figure(of, "words", f"{len(have)}", "the script's, in order", wrong))
        starts = find_starts(cues, tokens)
        value = describe_errors([start.cue_ms - start.word_ms for start in starts])
        late = find_late(starts, LIMIT_MS)
        figures.append(make_figure(of, "captions start", value, ON_TIME, late))
    cues = tracks["vtt"]
    moved = [replace(c, start=c.start + 100) if n == 3 else c for n, c in enumerate(cues)]
    late = find_late(find_starts(moved, tokens), LIMIT_MS)
    line = cues[2].lines[0].split()
    short = [replace(c, lines=(" ".join(line[1:]),)) if n == 2 else c for n, c in enumerate(cues)]
    return [
        *figures,
        make_control(script.id, "a caption 100 ms late", late),
        make_control(script.id, "a word dropped", find_differences(list_words(short), words)),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("build", type=Path, help="the folder that the course was built to")
    parser.add_argument("course", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    plan, store = load_built_course(given.build, given.course)
    figures = [Figure("machine", describe_machine(), "")]
    for lesson in plan.lessons:
        figures += check_lesson(store, lesson, given.build, given.course)
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
