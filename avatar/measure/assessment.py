"""Assesses what one tracker saw in a video, compared with what was commanded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from avatar.arrays import Floats64, Mask
from avatar.measure.command import Command, find_closures, find_labiodentals, find_roundings
from avatar.measure.features import (
    LOWER_LIP_INNER,
    MOUTH_CORNERS,
    RIGID,
    UPPER_LIP_INNER,
    Features,
    measure_features,
    remove_head_motion,
)
from avatar.measure.likeness import Upright, shape_distance, sharpness, similarity
from avatar.measure.result import Articulation, Behaviour, Likeness, Seen, Steadiness
from avatar.measure.seam import SLACK, find_palette, measure_between, measure_teeth
from avatar.measure.silence import find_pause_frames
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
from avatar.measure.tracking import Track
from avatar.performance.frames import frame_times
from avatar.phone import Phone

# Visible teeth vary by this share with the encoder and with the sway of the lips.
MORE_TEETH: Final = 0.25
# Seconds before and after a blink in which the tracker's mesh still moves with it.
BLINK_EDGE: Final = 0.07
STILL_MARKS: Final = (*MOUTH_CORNERS, *UPPER_LIP_INNER, *LOWER_LIP_INNER, *RIGID)


def assess_track(
    track: Track,
    rate: Fraction,
    *,
    command: Command | None = None,
    phones: Sequence[Phone] | None = None,
    silent: Mask | None = None,
    photo: Track | None = None,
    eyes: Floats64 | None = None,
) -> Seen:
    """Compare one tracker's landmarks with the command.

    `silent` are the frames in which nothing is said; without it they follow from the phones, or
    else from the command's rest. `photo` is a track of one frame, the photo; without it, it is the
    first frame with a face. `eyes` is the opening of the lids per frame, as the better tracker for
    eyes sees it.
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
            lips = measure_between(track.seams, track.points, still)
            gap, on_teeth = lips.gap, lips.on_teeth
        articulation = measure_articulation(
            features, command, phones or (), gap=gap, on_teeth=on_teeth
        )
    return Seen(
        track.tracker,
        Share(int(track.found.sum()), frames, tuple(np.flatnonzero(~track.found))),
        articulation,
        Steadiness(jitter(positions, calm), jitter(positions, ~still)),
        count_quiet_lips(track, still, silent, photo),
    )


def count_quiet_lips(
    track: Track,
    still: Mask,
    silent: Mask,
    photo: Track | None = None,
) -> Share:
    """Count the silent frames that show no more of the teeth than the photo or the first frame
    does."""
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
    """Compare opening and width with the command, and check the contacts phone by phone.

    `gap` and `on_teeth` are what the pixels show, see `avatar.measure.seam.Between`. With `gap`,
    lips meet where both it and the tracker's opening are small. With `on_teeth`, the lower lip
    touches the teeth where that is visible; without it, or if the photo's lips rest on its teeth,
    it must rise.
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
    """Measure blinks and head motion over the whole track."""
    minutes = len(features.eyes) / float(rate) / 60
    return Behaviour(
        blinks=blinks(features.eyes) / minutes,
        yaw=spread(features.yaw),
        pitch=spread(features.pitch),
        roll=spread(features.roll),
    )


def measure_likeness(faces: Sequence[Upright], photo: Upright) -> Likeness:
    """Compare the faces with the photo; the results are medians over the faces."""

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
