"""Finds the landmarks of faces in a video's frames, with two trackers.

The attention mesh refines lips and eyes with networks of their own; the base mesh has other weights
and does not. Where they agree, what they see is in the picture. Every frame is tracked
independently, so that no smoothing hides a jitter or adds a lag.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from avatar.arrays import Floats32, Mask, Pixels
from avatar.errors import MeasureError
from avatar.face.mediapipe_log import silence_mediapipe
from foundation.problem import Place
from foundation.video_facts import VideoFacts, video_facts_of

Region = tuple[int, int, int, int]

TRACKERS: Final = {"attention": True, "base": False}  # name -> refine_landmarks
POINTS: Final = 468  # the landmarks that both have
# The crop that is tracked, as a multiple of the face: the detector was trained on such portraits.
CROP: Final = 2.2


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """Landmarks float32 (frames, 468, 3) in pixels of the frame; NaN where no face was found.

    `seams` are the colours down the lips, as `avatar.measure.seam.read_seam` reads them from each
    frame.
    """

    tracker: str
    points: Floats32
    seams: Floats32 | None = None

    @property
    def found(self) -> Mask:
        return np.asarray(np.isfinite(self.points[:, 0, 0]))


class Tracker:
    """One face mesh on still pictures. Use it as a context manager, since it holds native
    memory."""

    def __init__(self, name: str, *, confidence: float = 0.3) -> None:
        self.name = name
        with silence_mediapipe():
            import mediapipe

            self._mesh: Any = mediapipe.solutions.face_mesh.FaceMesh(
                static_image_mode=True,
                refine_landmarks=TRACKERS[name],
                min_detection_confidence=confidence,
            )
            # Its threads log as they start: let them finish that here.
            self._mesh.process(np.zeros((64, 64, 3), np.uint8))

    def __enter__(self) -> Tracker:
        return self

    def __exit__(self, *_: object) -> None:
        self._mesh.close()

    def find(self, pixels: Pixels) -> Floats32 | None:
        """(468, 3) points in pixels, or None."""
        height, width = pixels.shape[:2]
        with silence_mediapipe():
            result = self._mesh.process(np.ascontiguousarray(pixels))
        if not result.multi_face_landmarks:
            return None
        marks = result.multi_face_landmarks[0].landmark
        points = [(p.x * width, p.y * height, p.z * width) for p in marks[:POINTS]]
        return np.array(points, np.float32)


def read_frames(path: Path) -> Iterator[Pixels]:
    """Decoded RGB frames, uint8 (height, width, 3). Raises MeasureError."""
    import av

    try:
        with av.open(str(path)) as container:
            stream = _find_video_stream(container, path)
            stream.thread_count = 1
            for frame in container.decode(stream):
                yield frame.to_ndarray(format="rgb24")
    except (av.FFmpegError, OSError) as error:
        raise _make_unreadable_error(path, error) from error


def read_footage(path: Path) -> VideoFacts:
    """The rate and size of the first video stream, and its frame count if the header has it."""
    import av

    try:
        with av.open(str(path)) as container:
            return video_facts_of(_find_video_stream(container, path))
    except (av.FFmpegError, OSError) as error:
        raise _make_unreadable_error(path, error) from error


def _make_unreadable_error(path: Path, error: Exception) -> MeasureError:
    return MeasureError(
        f"The video cannot be read: {error}.",
        remedy="Give a video that FFmpeg can read, such as an MP4.",
        place=Place(str(path)),
    )


def _find_video_stream(container: Any, path: Path) -> Any:
    if not container.streams.video:
        raise MeasureError(
            "The file has no picture.",
            remedy="Give a video that FFmpeg can read, such as an MP4.",
            place=Place(str(path)),
        )
    return container.streams.video[0]


def find_region(pixels: Pixels, tracker: Tracker) -> Region | None:
    """Find (x, y, width, height) around the face; a small face is looked for in overlapping
    parts."""
    height, width = pixels.shape[:2]
    parts: list[Region] = [(0, 0, width, height)]
    for share in (0.6, 0.4):
        side = int(max(height * share, 64))
        if side < min(height, width):
            steps_x = max(2, round(1.6 * width / side))
            steps_y = max(2, round(1.6 * height / side))
            parts += [
                (int(x), int(y), side, side)
                for y in np.linspace(0, height - side, steps_y)
                for x in np.linspace(0, width - side, steps_x)
            ]
    for x, y, w, h in parts:
        points = tracker.find(pixels[y : y + h, x : x + w])
        if points is None:
            continue
        points = points + np.array([x, y, 0], np.float32)
        centre = (points[:, :2].min(0) + points[:, :2].max(0)) / 2
        half = CROP / 2 * float(np.ptp(points[:, :2], axis=0).max())
        left, top = np.floor(np.maximum(centre - half, 0)).astype(int)
        right, bottom = np.ceil(np.minimum(centre + half, (width, height))).astype(int)
        return int(left), int(top), int(right - left), int(bottom - top)
    return None


def track_frames(
    frames: Sequence[Pixels], *, tracker: str = "attention", region: Region | None = None
) -> Track:
    """Find the landmarks of frames in memory."""
    with Tracker(tracker) as mesh:
        points = [locate(frame, mesh, region) for frame in frames]
    return Track(tracker, np.stack(points) if points else np.zeros((0, POINTS, 3), np.float32))


def locate(frame: Pixels, mesh: Tracker, region: Region | None) -> Floats32:
    """(468, 3) points in pixels of the frame, NaN without a face.

    The detector misses a face that fills its picture, so a miss is tried again with a border.
    """
    x, y, w, h = region or (0, 0, frame.shape[1], frame.shape[0])
    part = frame[y : y + h, x : x + w]
    points = mesh.find(part)
    if points is None:
        border = max(part.shape[:2]) // 4
        points = mesh.find(np.pad(part, ((border, border), (border, border), (0, 0)), mode="edge"))
        if points is None:
            return np.full((POINTS, 3), np.nan, np.float32)
        points = points - np.array([border, border, 0], np.float32)
    return points + np.array([x, y, 0], np.float32)
