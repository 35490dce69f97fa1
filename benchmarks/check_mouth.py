"""Checks whether the mouth in a course's lip-readable videos follows the performance.

    python benchmarks/check_mouth.py samples/course/build samples/course [--tracks FILE] [--json]

Every decoded frame is tracked independently, by two face meshes. The command is what the engine's
own geometry makes of the performance. Silences are found in the decoded sound, not in the script.
`--tracks` keeps the trackers' results, so that the same videos can be examined again.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from figures import (
    Figure,
    decode_sound,
    describe_machine,
    load_built_course,
    load_slide,
    measure_level_db,
    show,
)

import avatar.engines
import avatar.rig
from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.consent import approve, load_trust
from avatar.engines.base import Engine
from avatar.measure import (
    Command,
    Features,
    Track,
    compute_engine_command,
    measure_articulation,
    measure_features,
)
from avatar.measure.seam import SLACK, measure_between, read_seam
from avatar.measure.statistics import correlation, lag
from avatar.measure.tracking import TRACKERS, Tracker, locate, read_frames
from avatar.performance.frames import Performance
from avatar.phone import Phone
from narrate.clock import frames_covering, frames_to_samples, samples_to_seconds
from narrate.layout import Box
from narrate.pipeline.graph import choose_layouts
from narrate.pipeline.plan import LessonPlan, Plan
from narrate.pipeline.steps.segment import perform_slide
from narrate.pipeline.store.base import Store
from narrate.pipeline.work import require_all

LEAST_R = 0.9
CLOSED = 0.02  # eye distances above the face at rest: viewers see lips part at .04
SILENT_DB, SILENCE_S = -50.0, 0.4
# The mouth closes after the last sound and opens before the next one, as in people.
AFTER_S, BEFORE_S = 0.15, 0.2
OTHER_R = 0.5  # in any speech, the opening is larger in the middle of a slide
CONTROL_LAG = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What the slides of a lesson asked of the mouth, one slide after the other, and each
    slide's frames."""

    command: Command
    parts: tuple[Command, ...]
    phones: tuple[Phone, ...]


def open_course_engine(plan: Plan, store: Store) -> Engine:
    """Open the engine that rendered the course, with its portrait approved again."""
    assert plan.portrayed is not None and plan.portrait is not None
    [made] = plan.portrait.made
    presenter, root = plan.portrayed.presenter, plan.course.root
    approved = approve(
        root / presenter.photo, root / presenter.consent, course=plan.course.id,
        trust=load_trust(root),
    )  # fmt: skip
    rig = avatar.rig.load(require_all(store, [made])[made], approved)
    return avatar.engines.open_engine(plan.portrayed.engine, rig)


def collect_commands(plan: LessonPlan, store: Store, engine: Engine) -> Told:
    rate = plan.settings.video.rate
    parts: list[Command] = []
    phones: list[Phone] = []
    frame = 0
    for part in plan.slides:
        narration, _ = load_slide(store, part)
        frames = frames_covering(len(narration.samples), rate)
        assert part.segment is not None
        face = part.segment.settings.any.face
        performance: Performance = perform_slide(face, narration, rate, frames)
        parts.append(compute_engine_command(engine, performance))
        start = frames_to_samples(frame, rate)
        phones += [
            Phone(
                p.symbol,
                samples_to_seconds(start + p.start),
                samples_to_seconds(start + p.end),
                p.stress,
            )
            for p in narration.phones
        ]
        frame += frames
    return Told(join_commands(parts), tuple(parts), tuple(phones))


def join_commands(parts: Sequence[Command]) -> Command:
    return Command(
        np.concatenate([p.opening for p in parts]),
        np.concatenate([p.width for p in parts]),
        np.concatenate([p.still for p in parts]),
        parts[0].rate,
    )


def watch(path: Path, box: Box, rest: Pixels, kept: Path | None) -> dict[str, Track]:
    """Run both trackers on the presenter's part of every decoded frame, and last on the face at
    rest.

    The opening of the face at rest is then in the same units.
    """
    names = list(TRACKERS)
    if kept is not None:
        with path.open("rb") as file:
            stamp = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        kept = kept.with_name(f"{kept.stem}-{stamp}.npz")
        if kept.is_file():
            with np.load(kept) as saved:
                return {n: Track(n, saved[n], saved[n + "-seams"]) for n in names}
    rows: dict[str, list[Floats32]] = {n: [] for n in names}
    seams: dict[str, list[Floats32]] = {n: [] for n in names}
    with ExitStack() as stack:
        meshes = [stack.enter_context(Tracker(n)) for n in names]

        def look(pixels: Pixels) -> None:
            for mesh in meshes:
                points = locate(pixels, mesh, None)
                rows[mesh.name].append(points)
                seams[mesh.name].append(read_seam(pixels, points))

        for frame in read_frames(path):
            look(np.ascontiguousarray(frame[box.y : box.bottom, box.x : box.right]))
        look(rest)
    tracks = {n: Track(n, np.stack(rows[n]), np.stack(seams[n])) for n in names}
    if kept is not None:
        arrays: dict[str, Any] = {n: t.points for n, t in tracks.items()}
        arrays |= {n + "-seams": t.seams for n, t in tracks.items() if t.seams is not None}
        np.savez(kept, **arrays)
    return tracks


def pauses(
    level: Floats64, frames: int, rate: float, after: float = AFTER_S, before: float = BEFORE_S
) -> Mask:
    """The frames inside silences of `SILENCE_S` and more, except so many seconds at their edges.

    `level` is in dB per millisecond.
    """
    quiet = level < SILENT_DB
    edges = np.flatnonzero(np.diff(np.concatenate([[False], quiet, [False]]).astype(np.int8)))
    inside = np.zeros(frames, bool)
    for start, end in zip(edges[::2] / 1000, edges[1::2] / 1000, strict=True):
        if end - start < SILENCE_S:
            continue
        # Nobody speaks before the first sound or after the last.
        first = 0 if start <= 0 else int(np.ceil((start + after) * rate))
        last = frames if end >= len(quiet) / 1000 else int((end - before) * rate)
        inside[first : max(first, last)] = True
    return inside


def figures_of(
    of: str, told: Told, features: Features, track: Track, level: Floats64
) -> list[Figure]:
    """A lesson as one tracker sees it.

    The last frame of `features` is the face at rest; `level` is the sound's in dB per millisecond.
    """
    command, frames = told.command, len(told.command.opening)
    opening, rest = features.opening[:frames], float(features.opening[-1])
    found: list[Figure] = []
    r, behind = correlation(command.opening, opening), lag(command.opening, opening)
    found.append(Figure(of, "opening, r", f"{r:.3f}", f">= {LEAST_R}", r >= LEAST_R))
    found.append(Figure(of, "lag", f"{behind:+.2f} frames", "0", abs(behind) < 0.5))
    late = lag(np.roll(command.opening, -CONTROL_LAG), opening)
    found.append(Figure(of, "control: command 3 frames early", f"{late:+.2f} frames", "3",
                        abs(late - CONTROL_LAG) < 0.5))  # fmt: skip
    other = join_commands([*told.parts[1:], told.parts[0]])
    r = correlation(other.opening, opening)
    found.append(Figure(of, "control: the next slide's command, r", f"{r:.3f}", f"< {OTHER_R}",
                        r < OTHER_R))  # fmt: skip
    lost = int(np.count_nonzero(~np.isfinite(opening)))
    found.append(Figure(of, "frames without a face", str(lost), "0", lost == 0))
    quiet = pauses(level, frames, float(command.rate))
    found += pause_figures(of, command, opening, rest, level)
    found += contact_figures(of, told, features, track, quiet)
    return found


def pause_figures(
    of: str, command: Command, opening: Floats64, rest: float, level: Floats64
) -> list[Figure]:
    """Whether the mouth is closed while nothing is said, and open while something is."""
    found: list[Figure] = []
    frames = len(opening)
    rate = float(command.rate)
    quiet = pauses(level, frames, rate)
    above = opening[quiet & np.isfinite(opening)] - rest
    share = float(np.mean(above <= CLOSED))
    middle, high = np.median(above), np.percentile(above, 95)
    worst = np.flatnonzero(quiet & (opening - rest > CLOSED))
    places = sorted({int(n / rate) for n in worst})
    found.append(
        Figure(of, "opening in pauses above rest",
               f"{middle:+.4f}, p95 {high:+.4f}; closed in {share:.1%} of {len(above)} frames",
               f"closed: <= {CLOSED}", share >= 0.99,
               tuple(f"open at {s} s" for s in places[:10]))
    )  # fmt: skip
    edges = opening[pauses(level, frames, rate, 0, 0)] - rest
    share = float(np.mean(edges <= CLOSED))
    found.append(Figure(of, "pauses with their edges", f"closed in {share:.1%} of {len(edges)}"))
    sound = np.interp(np.arange(frames) + 0.5, np.arange(len(level)) * rate / 1000, level)
    ahead = lag(np.maximum(sound, SILENT_DB), opening)
    found.append(Figure(of, "opening after the sound's level", f"{ahead:+.2f} frames",
                        "-2 to 1", -2 <= ahead <= 1))  # fmt: skip
    asked = command.opening[quiet]
    low, top = np.percentile(asked, [50, 95])
    most = command.opening.max()
    found.append(Figure(of, "command in pauses", f"{low:.2f}, p95 {top:.2f} of {most:.1f} px"))
    speaking = float(np.mean(opening[~quiet & np.isfinite(opening)] - rest > CLOSED))
    found.append(Figure(of, "control: parted outside pauses", f"{speaking:.1%}", "> 40 %",
                        speaking > 0.4))  # fmt: skip
    return found


def contact_figures(
    of: str, told: Told, features: Features, track: Track, quiet: Mask
) -> list[Figure]:
    """Whether lips meet, touch the teeth and round where the phones say so."""
    found: list[Figure] = []
    command, frames = told.command, len(told.command.opening)
    assert track.seams is not None
    gap = measure_between(track.seams[:frames], track.points[:frames], command.still).gap
    cut = Features(**{n: getattr(features, n)[:frames] for n in Features.__slots__})
    seen = measure_articulation(cut, command, told.phones, gap=gap)
    for what, met in (("/p b m/ with lips met", seen.closures), ("/f v/", seen.labiodentals),
                      ("/u w/", seen.roundings)):  # fmt: skip
        found.append(Figure(of, what, f"{met.met} of {met.of}, {met.value:.1%}"))
    parted = float(np.mean(gap[quiet & np.isfinite(gap)] > SLACK))
    found.append(Figure(of, "dark between the lips in pauses", f"{parted:.1%} of frames"))
    found.append(Figure(of, "width, r", f"{seen.width_r:.3f}"))
    shuffled = shuffle_phones(told.phones)
    wrong = measure_articulation(cut, command, shuffled, gap=gap).closures
    found.append(Figure(of, "control: /p b m/ elsewhere", f"{wrong.value:.1%}",
                        "20 % fewer", wrong.value < seen.closures.value - 0.2))  # fmt: skip
    return found


def shuffle_phones(phones: Sequence[Phone]) -> list[Phone]:
    """The same phones, with each symbol at the place of another one."""
    order = np.random.default_rng(1).permutation(len(phones))
    return [replace(p, symbol=phones[n].symbol) for p, n in zip(phones, order, strict=True)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("build", type=Path, help="the folder that the course was built to")
    parser.add_argument("course", type=Path)
    parser.add_argument("--tracks", type=Path, help="file name under which to keep the landmarks")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    plan, store = load_built_course(given.build, given.course)
    engine = open_course_engine(plan, store)
    rest = engine.render(np.zeros(len(avatar.performance.CHANNELS), np.float32))
    figures = [Figure("machine", describe_machine(), "")]
    asked: list[Floats64] = []
    seen: dict[str, list[Floats64]] = {name: [] for name in TRACKERS}
    for lesson in plan.lessons:
        box = choose_layouts(lesson.settings, ("lipreadable",), True)["lipreadable"].presenter
        assert box is not None and box.size == rest.shape[1::-1]
        path = given.build / lesson.lesson.id / "lipreadable.mp4"
        wanted = collect_commands(lesson, store, engine)
        asked.append(wanted.command.opening)
        level = measure_level_db(decode_sound(path), 10)
        for name, track in watch(path, box, rest, given.tracks).items():
            features = measure_features(track.points)
            seen[name].append(features.opening[:-1])
            figures += figures_of(f"{lesson.lesson.id} {name}", wanted, features, track, level)
    whole = np.concatenate(asked)
    for name, openings in seen.items():
        opening = np.concatenate(openings)
        r, behind = correlation(whole, opening), lag(whole, opening)
        figures.append(Figure(f"course {name}", "opening, r", f"{r:.3f}", f">= {LEAST_R}",
                              r >= LEAST_R))  # fmt: skip
        figures.append(Figure(f"course {name}", "lag", f"{behind:+.2f} frames", "0",
                              abs(behind) < 0.5))  # fmt: skip
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
