"""Runs the trackers over frames, and keeps the pixels of the face in a few of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.errors import MeasureError
from avatar.measure.likeness import Upright, turn_upright
from avatar.measure.seam import read_seam
from avatar.measure.tracking import POINTS, TRACKERS, Region, Track, Tracker, find_region, locate

# Likeness needs pixels. Every fifth frame tells as much as all frames, in a fifth of the time.
LIKENESS_STEP: Final = 5


def watch(
    frames: Iterable[Pixels],
    region: Region | None = None,
    trackers: Sequence[str] = tuple(TRACKERS),
) -> tuple[list[Track], list[Upright]]:
    """Find all trackers' landmarks in all frames, and the face's pixels in a few, in one pass."""
    rows: list[list[Floats32]] = [[] for _ in trackers]
    seams: list[list[Floats32]] = [[] for _ in trackers]
    faces: list[Upright] = []
    with ExitStack() as stack:
        meshes = [stack.enter_context(Tracker(name)) for name in trackers]
        for i, frame in enumerate(frames):
            for row, lips, mesh in zip(rows, seams, meshes, strict=True):
                row.append(locate(frame, mesh, region))
                lips.append(read_seam(frame, row[-1]))
            if i % LIKENESS_STEP == 0 and np.isfinite(rows[0][-1][0, 0]):
                faces.append(turn_upright(frame, rows[0][-1]))
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
        raise MeasureError(
            "No face was found in the photo.",
            remedy="Give the photo from which the presenter was made.",
        )
    return tracks, faces[0]
