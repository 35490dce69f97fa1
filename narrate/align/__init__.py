"""When each word of a narration or recording is said, and whether it was said as written."""

from __future__ import annotations

from narrate.align.forced_alignment import phones_version
from narrate.align.speech_check import Checked, aligner_version, check_narration

__all__ = [
    "Checked",
    "aligner_version",
    "check_narration",
    "phones_version",
]
