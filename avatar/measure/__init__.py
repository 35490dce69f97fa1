"""Articulation, timing, steadiness and likeness, measured on decoded video by two trackers."""

from __future__ import annotations

from avatar.measure.command import Command, command_of, engine_command
from avatar.measure.features import Features, features_of
from avatar.measure.result import Articulation, Behaviour, Likeness, Measured, Seen, Steadiness
from avatar.measure.statistics import Share
from avatar.measure.tracking import MeasureError, Track, track_frames
from avatar.measure.video import VERSION, articulation_of, judge, measure_video

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
    "articulation_of",
    "command_of",
    "engine_command",
    "features_of",
    "judge",
    "measure_video",
    "track_frames",
]
