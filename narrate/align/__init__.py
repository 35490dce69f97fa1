"""Narration -> checked word times, and what was not said as written."""

from __future__ import annotations

from narrate.align.check import VERSION, Checked, aligner_version, check_narration
from narrate.align.placing import phones_version
from narrate.align.recording import VERSION as RECORDING_VERSION

__all__ = [
    "RECORDING_VERSION",
    "VERSION",
    "Checked",
    "aligner_version",
    "check_narration",
    "phones_version",
]
