"""Voices of one's own: the contract of voice plug-ins.

The names below are public and keep their meaning; everything else in this package may change.
"""

from __future__ import annotations

from narrate.voices.contract import (
    Ability,
    CannotSayError,
    PhoneTime,
    Said,
    Say,
    SayWord,
    Speak,
    Times,
    VoiceDescription,
    VoicePlugin,
    WordTime,
)

__all__ = [
    "Ability",
    "CannotSayError",
    "PhoneTime",
    "Said",
    "Say",
    "SayWord",
    "Speak",
    "Times",
    "VoiceDescription",
    "VoicePlugin",
    "WordTime",
]
