"""Words with times -> captions, by published rules; checks against them; file formats."""

from __future__ import annotations

from narrate.captions.check import CaptionFigures, check_cues, check_words, measure_cues
from narrate.captions.cues import VERSION, make_cues, shift
from narrate.captions.profiles import DEFAULT, PROFILES, Profile, profile

__all__ = [
    "DEFAULT",
    "PROFILES",
    "VERSION",
    "CaptionFigures",
    "Profile",
    "check_cues",
    "check_words",
    "make_cues",
    "measure_cues",
    "profile",
    "shift",
]
