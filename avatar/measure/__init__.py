"""Measures articulation, timing, steadiness and likeness on decoded video, with two trackers."""

from __future__ import annotations

from avatar.errors import MeasureError
from avatar.measure.assessment import assess_track, measure_articulation
from avatar.measure.command import Command, compute_command, compute_engine_command
from avatar.measure.features import Features, measure_features
from avatar.measure.result import Articulation, Behaviour, Likeness, Measured, Seen, Steadiness
from avatar.measure.statistics import Share
from avatar.measure.tracking import Track, track_frames
from avatar.measure.video import VERSION, measure_video

__all__ = [
    "VERSION",
    "Articulation",
    "Behaviour",
    "Command",
    "Features",
    "Likeness",
    "MeasureError",
    "Measured",
    "Seen",
    "Share",
    "Steadiness",
    "Track",
    "assess_track",
    "compute_command",
    "compute_engine_command",
    "measure_articulation",
    "measure_features",
    "measure_video",
    "track_frames",
]
