"""Narration -> checked word times, and what was not said as written."""

from __future__ import annotations

from narrate.align.check import VERSION, Checked, aligner_version, check_narration

__all__ = ["VERSION", "Checked", "aligner_version", "check_narration"]
