"""The basic facts about a video, from the header of an open file. No picture is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av import VideoStream

USUAL_RATE = Fraction(25)
"""Frames a second, assumed for a file that does not say."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """`size` is the width and height in pixels, `rate` is in frames a second. `frames` is 0 if the
    header has no count."""

    size: tuple[int, int]
    rate: Fraction
    frames: int


def video_facts_of(stream: VideoStream) -> VideoFacts:
    """Return the facts about one video stream of a file that PyAV has opened."""
    rate = stream.average_rate or stream.guessed_rate or USUAL_RATE
    return VideoFacts((stream.width, stream.height), Fraction(rate), stream.frames)
