"""Captions: made from timed words, checked against published rules, and written to files."""

from __future__ import annotations

from narrate.captions.cues import make_cues, shift_cues
from narrate.captions.profiles import DEFAULT, PROFILES, Profile, find_profile
from narrate.captions.rules import CaptionFigures, check_cues, hold_all_words, measure_cues
from narrate.captions.speakers import CaptionSpeakers, assign_colours

__all__ = [
    "DEFAULT",
    "PROFILES",
    "CaptionFigures",
    "CaptionSpeakers",
    "Profile",
    "assign_colours",
    "check_cues",
    "find_profile",
    "hold_all_words",
    "make_cues",
    "measure_cues",
    "shift_cues",
]
