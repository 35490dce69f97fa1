"""A performance: phones and prosody become channels with ARKit's names, for each frame of the
video."""

from __future__ import annotations

from avatar.errors import PerformanceError
from avatar.performance.channels import CHANNELS, INDEX
from avatar.performance.controls import EMOTIONS, Controls
from avatar.performance.frames import Performance, frame_times
from avatar.performance.performer import perform
from avatar.performance.prosody import Prosody, measure_prosody
from avatar.performance.stream import Stream

__all__ = [
    "CHANNELS",
    "EMOTIONS",
    "INDEX",
    "Controls",
    "Performance",
    "PerformanceError",
    "Prosody",
    "Stream",
    "frame_times",
    "measure_prosody",
    "perform",
]
