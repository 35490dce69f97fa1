"""A decoded video, and what it was told to do -> everything that can be measured on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.errors import MeasureError
from avatar.measure.command import (
    Command,
    compute_command,
    find_closures,
    find_labiodentals,
    find_roundings,
)
from avatar.measure.features import (
    LOWER_LIP_INNER,
    MOUTH,
    RIGID,
    UPPER_LIP_INNER,
    Features,
    measure_features,
    remove_head_motion,
)
from avatar.measure.likeness import Upright, shape_distance, sharpness, similarity, upright
from avatar.measure.result import Articulation, Behaviour, Likeness, Measured, Seen, Steadiness
from avatar.measure.seam import SLACK, between, find_palette, measure_teeth, seam
from avatar.measure.silence import find_pause_frames, find_silent_frames
from avatar.measure.statistics import (
    Share,
    at_rest,
    blinks,
    contrast,
    correlation,
    find_spans,
    jitter,
    lag,
    meeting,
    narrowed,
    open_eyed,
    reach,
    spread,
)
from avatar.measure.tracking import (
    POINTS,
    TRACKERS,
    Region,
    Track,
    Tracker,
    find_region,
    locate,
    read_footage,
    read_frames,
)
from avatar.performance.frames import Performance, frame_times
from avatar.performance.performer import perform
from avatar.phone import Phone
from foundation.problem import Place

VERSION: Final = 2

# Likeness needs pixels: every fifth frame tells as much as all, at a fifth of the time.
LIKENESS_STEP: Final = 5
# The frames in which a face is first looked for.
SEARCH: Final = 60
# Teeth that the photo shows vary by so much with the encoder and with the lips' own sway.
MORE_TEETH: Final = 0.25
# Frames before and after a blink in which the tracker's mesh still moves with it, in seconds.
BLINK_EDGE: Final = 0.07
STILL_MARKS: Final = (*MOUTH, *UPPER_LIP_INNER, *LOWER_LIP_INNER, *RIGID)


def measure_video(
    path: Path | str,
    *,
    region: Region | None = None,
    command: Performance | Command | None = None,
    phones: Sequence[Phone] | None = None,
    photo: Pixels | None = None,
    trackers: Sequence[str] = tuple(TRACKERS),
    start: float = 0.0,
    seconds: float | None = None,
) -> Measured:
    """Measure a video file.

    `region` (x, y, width, height) is where the presenter is, otherwise found in the first two
    seconds. `command` is what was performed; without it, and with `phones`, it is what this
    module's own performance would be, so that any video of that speech can be judged. Without
    both there is no articulation to judge. `photo` is the picture that frames are compared with,
    otherwise the first frame. `start` and `seconds` choose a part, and the times of `phones` and
    the frames of `command` count from `start`. Raises MeasureError.
    """
    path = Path(path)
    footage = read_footage(path)
    first = round(start * footage.rate)
    last = None if seconds is None else first + round(seconds * footage.rate)
    where = region or _search(path, first, trackers[0])
    tracks, faces = watch(islice(read_frames(path), first, last), where, trackers)
    if not tracks[0].found.any():
        raise MeasureError(
            "No face was found in it.",
            remedy="Give the region in which the presenter is.",
            place=Place(str(path)),
        )
    frames = len(tracks[0].points)
    asked = _asked(command, phones, frames, footage.rate)
    silent = None
    if asked is None:
        silent = find_silent_frames(path, frames, footage.rate, start=start)
    features = measure_features(tracks[0].points)
    stills: Sequence[Track | None] = [None] * len(tracks)
    likeness = faces[0]
    if photo is not None:
        stills, likeness = watch_photo(photo, trackers)
    seen = tuple(
        judge(
            track,
            footage.rate,
            command=asked,
            phones=phones,
            silent=silent,
            photo=still,
            eyes=features.eyes,
        )
        for track, still in zip(tracks, stills, strict=True)
    )
    return Measured(
        path=str(path),
        frames=frames,
        rate=str(footage.rate),
        size=footage.size,
        region=where,
        seen=seen,
        behaviour=measure_behaviour(features, footage.rate),
        likeness=measure_likeness(faces, likeness),
    )


def judge(
    track: Track,
    rate: Fraction,
    *,
    command: Command | None = None,
    phones: Sequence[Phone] | None = None,
    silent: Mask | None = None,
    photo: Track | None = None,
    eyes: Floats64 | None = None,
) -> Seen:
    """One tracker's landmarks against the command.

    `silent` are the frames in which nothing is said; without it the phones tell, or else the
    command's rest. `photo` is a track of one frame, the photo; without it it is the first frame
    with a face. `eyes` is the lids' opening per frame as the better tracker for eyes sees it.
    """
    features = measure_features(track.points)
    frames = len(track.points)
    still = command.still if command is not None else silent
    if still is None:
        still = np.ones(frames, bool)
    if silent is None:
        silent = still if phones is None else find_pause_frames(phones, frames, rate)
    positions = remove_head_motion(track.points, STILL_MARKS)
    edge = max(round(BLINK_EDGE * float(rate)), 1)
    calm = still & open_eyed(features.eyes if eyes is None else eyes, edge)
    articulation = None
    if command is not None:
        gap = on_teeth = None
        if track.seams is not None:
            lips = between(track.seams, track.points, still)
            gap, on_teeth = lips.gap, lips.on_teeth
        articulation = measure_articulation(
            features, command, phones or (), gap=gap, on_teeth=on_teeth
        )
    return Seen(
        track.tracker,
        Share(int(track.found.sum()), frames, tuple(np.flatnonzero(~track.found))),
        articulation,
        Steadiness(jitter(positions, calm), jitter(positions, ~still)),
        quiet_lips(track, still, silent, photo),
    )


def quiet_lips(
    track: Track,
    still: Mask,
    silent: Mask,
    photo: Track | None = None,
) -> Share:
    """Silent frames that show no more of the teeth than the photo, or the first frame, does."""
    known = np.flatnonzero(track.found)
    if track.seams is None or not len(known):
        return Share(0, 0)
    palette = find_palette(track.seams, still)
    if photo is None or photo.seams is None:
        first = slice(known[0], known[0] + 1)
        photo = Track(track.tracker, track.points[first], track.seams[first])
    assert photo.seams is not None
    shown = float(measure_teeth(photo.seams, photo.points, palette)[0])
    if not np.isfinite(shown):  # this tracker saw no face in the photo
        return Share(0, 0)
    teeth = measure_teeth(track.seams, track.points, palette)
    judged = np.flatnonzero(silent & np.isfinite(teeth))
    bared = judged[teeth[judged] > shown + max(SLACK, MORE_TEETH * shown)]
    return Share(len(judged) - len(bared), len(judged), tuple(int(i) for i in bared))


def measure_articulation(
    features: Features,
    command: Command,
    phones: Sequence[Phone],
    *,
    gap: Floats64 | None = None,
    on_teeth: Floats64 | None = None,
) -> Articulation:
    """Opening and width against the command, and the contacts phone by phone.

    `gap` and `on_teeth` are what the pixels show, see `avatar.measure.seam.Between`. With `gap`,
    lips meet where both it and the tracker's opening are small. With `on_teeth`, the lower lip
    touches the teeth where that is seen; without, or where the photo's lips rest on its teeth, it
    must rise.
    """
    times = frame_times(len(features.opening), command.rate)
    half = 0.5 / float(command.rate)

    def spans(marks: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
        return find_spans(times, [(a - half, b + half) for a, b in marks])

    met = None if gap is None else gap <= SLACK
    parted = features.opening / max(meeting(features.opening, command.still, met), 1e-9)
    if gap is not None:
        parted = np.maximum(parted, gap / SLACK)
    bite, limit = features.bite, contrast(features.bite, command.still)
    if on_teeth is not None and at_rest(on_teeth, command.still)[0] > 1.0:
        bite, limit = on_teeth, 1.0
    return Articulation(
        opening_r=correlation(command.opening, features.opening),
        width_r=correlation(command.width, features.width),
        lag=lag(command.opening, features.opening),
        opening=spread(features.opening),
        closures=reach(
            parted,
            spans((t.start, t.end) for t in find_closures(phones)),
            1.0,
            below=True,
        ),
        labiodentals=reach(
            bite,
            spans((t.start, t.end) for t in find_labiodentals(phones)),
            limit,
            below=True,
        ),
        roundings=reach(
            features.width,
            spans((p.start, p.end) for p in find_roundings(phones)),
            narrowed(features.width, command.still),
            below=True,
        ),
    )


def measure_behaviour(features: Features, rate: Fraction) -> Behaviour:
    """Blinks and head motion over the whole track."""
    minutes = len(features.eyes) / float(rate) / 60
    return Behaviour(
        blinks=blinks(features.eyes) / minutes,
        yaw=spread(features.yaw),
        pitch=spread(features.pitch),
        roll=spread(features.roll),
    )


def measure_likeness(faces: Sequence[Upright], photo: Upright) -> Likeness:
    """Medians over the faces."""

    def middle(values: Iterable[float]) -> float:
        return float(np.median(list(values)))

    return Likeness(
        mouth_sharpness=middle(sharpness(f, mouth=True) for f in faces)
        / sharpness(photo, mouth=True),
        eye_sharpness=middle(sharpness(f, mouth=False) for f in faces)
        / sharpness(photo, mouth=False),
        shape=middle(shape_distance(f, photo) for f in faces),
        ssim=middle(similarity(f, photo) for f in faces),
    )


def _search(path: Path, first: int, tracker: str) -> Region:
    with Tracker(tracker) as mesh:
        for frame in islice(read_frames(path), first, first + SEARCH, 10):
            found = find_region(frame, mesh)
            if found is not None:
                return found
    raise MeasureError(
        "No face was found in its first two seconds.",
        remedy="Give the region in which the presenter is.",
        place=Place(str(path)),
    )


def watch(
    frames: Iterable[Pixels],
    region: Region | None = None,
    trackers: Sequence[str] = tuple(TRACKERS),
) -> tuple[list[Track], list[Upright]]:
    """Every tracker's landmarks of every frame, and the face itself of a few, in one pass."""
    rows: list[list[Floats32]] = [[] for _ in trackers]
    seams: list[list[Floats32]] = [[] for _ in trackers]
    faces: list[Upright] = []
    with ExitStack() as stack:
        meshes = [stack.enter_context(Tracker(name)) for name in trackers]
        for i, frame in enumerate(frames):
            for row, lips, mesh in zip(rows, seams, meshes, strict=True):
                row.append(locate(frame, mesh, region))
                lips.append(seam(frame, row[-1]))
            if i % LIKENESS_STEP == 0 and np.isfinite(rows[0][-1][0, 0]):
                faces.append(upright(frame, rows[0][-1]))
    tracks = [
        Track(name, np.stack(row), np.stack(lips))
        if row
        else Track(name, np.full((1, POINTS, 3), np.nan, np.float32))
        for name, row, lips in zip(trackers, rows, seams, strict=True)
    ]
    return tracks, faces


def watch_photo(
    photo: Pixels, trackers: Sequence[str] = tuple(TRACKERS)
) -> tuple[list[Track], Upright]:
    """The photo as tracks of one frame, and its face. Raises MeasureError if there is none."""
    with Tracker(trackers[0]) as mesh:
        region = find_region(photo, mesh)
    tracks, faces = watch([photo], region, trackers)
    if not faces:
        raise MeasureError("No face was found in the photo.", remedy="Give the presenter's photo.")
    return tracks, faces[0]


def _asked(
    command: Performance | Command | None,
    phones: Sequence[Phone] | None,
    frames: int,
    rate: Fraction,
) -> Command | None:
    if command is None and phones is None:
        return None
    if command is None:
        command = perform(phones or (), frames=frames, rate=rate)
    if isinstance(command, Performance):
        command = compute_command(command)
    if command.rate != rate:
        raise MeasureError(
            f"The video has {rate} frames a second and the performance {command.rate}.",
            remedy="Perform at the video's rate.",
        )
    # encoders may drop or repeat the last frame
    if abs(len(command.opening) - frames) > 2:
        raise MeasureError(
            f"The video has {frames} frames and the performance {len(command.opening)}.",
            remedy="Choose the part with start and seconds.",
        )
    fit = np.minimum(np.arange(frames), len(command.opening) - 1)
    return Command(command.opening[fit], command.width[fit], command.still[fit], rate)
