"""Measures a decoded video, and compares it with the performance that it should show."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from avatar.arrays import Pixels
from avatar.errors import MeasureError
from avatar.measure.assessment import assess_track, measure_behaviour, measure_likeness
from avatar.measure.command import Command, compute_command
from avatar.measure.features import measure_features
from avatar.measure.likeness import Upright
from avatar.measure.result import Measured
from avatar.measure.silence import find_silent_frames
from avatar.measure.tracking import (
    TRACKERS,
    Region,
    Track,
    Tracker,
    find_region,
    read_footage,
    read_frames,
)
from avatar.measure.watching import watch, watch_photo
from avatar.performance.frames import Performance
from avatar.performance.performer import perform
from avatar.phone import Phone
from foundation.problem import Place

VERSION: Final = 2

# The number of frames in which a face is first looked for.
SEARCH: Final = 60


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

    `region` (x, y, width, height) is where the presenter is; by default it is found in the first
    two seconds. `command` is what was performed. Without it, but with `phones`, it is what this
    package's own performance would be, so that any video of that speech can be judged; without
    both, there is no articulation to judge. `photo` is the picture with which frames are compared,
    by default the first frame. `start` and `seconds` choose a part; the times of `phones` and the
    frames of `command` count from `start`. Raises MeasureError.
    """
    path = Path(path)
    footage = read_footage(path)
    first = round(start * footage.rate)
    last = None if seconds is None else first + round(seconds * footage.rate)
    where = region or _find_presenter(path, first, trackers[0])
    tracks, faces = _watch_video(path, first, last, where, trackers)
    frames = len(tracks[0].points)
    chosen = _choose_command(command, phones, frames, footage.rate)
    silent = None
    if chosen is None:
        silent = find_silent_frames(path, frames, footage.rate, start=start)
    features = measure_features(tracks[0].points)
    stills: Sequence[Track | None] = [None] * len(tracks)
    reference = faces[0]
    if photo is not None:
        stills, reference = watch_photo(photo, trackers)
    return Measured(
        path=str(path),
        frames=frames,
        rate=str(footage.rate),
        size=footage.size,
        region=where,
        seen=tuple(
            assess_track(
                track,
                footage.rate,
                command=chosen,
                phones=phones,
                silent=silent,
                photo=still,
                eyes=features.eyes,
            )
            for track, still in zip(tracks, stills, strict=True)
        ),
        behaviour=measure_behaviour(features, footage.rate),
        likeness=measure_likeness(faces, reference),
    )


def _watch_video(
    path: Path, first: int, last: int | None, region: Region, trackers: Sequence[str]
) -> tuple[list[Track], list[Upright]]:
    tracks, faces = watch(islice(read_frames(path), first, last), region, trackers)
    if not tracks[0].found.any():
        raise MeasureError(
            "No face was found in the video.",
            remedy="Give the region in which the presenter is.",
            place=Place(str(path)),
        )
    return tracks, faces


def _find_presenter(path: Path, first: int, tracker: str) -> Region:
    with Tracker(tracker) as mesh:
        for frame in islice(read_frames(path), first, first + SEARCH, 10):
            found = find_region(frame, mesh)
            if found is not None:
                return found
    raise MeasureError(
        "No face was found in the first two seconds of the video.",
        remedy="Give the region in which the presenter is.",
        place=Place(str(path)),
    )


def _choose_command(
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
            f"The video has {rate} frames a second, but the performance has {command.rate}.",
            remedy="Perform at the video's rate.",
        )
    # Encoders may drop or repeat the last frame.
    if abs(len(command.opening) - frames) > 2:
        raise MeasureError(
            f"The video has {frames} frames, but the performance has {len(command.opening)}.",
            remedy="Choose the part of the video with start and seconds.",
        )
    fit = np.minimum(np.arange(frames), len(command.opening) - 1)
    return Command(command.opening[fit], command.width[fit], command.still[fit], rate)
