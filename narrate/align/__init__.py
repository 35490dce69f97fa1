"""When each word of a narration or recording is said, and whether it was said as written."""

from __future__ import annotations

from narrate.align.forced_alignment import phones_version
from narrate.align.recording_alignment import VERSION as RECORDING_VERSION
from narrate.align.speech_check import VERSION, Checked, aligner_version, check_narration

__all__ = [
    "RECORDING_VERSION",
    "VERSION",
    "Checked",
    "aligner_version",
    "check_narration",
    "phones_version",
]
