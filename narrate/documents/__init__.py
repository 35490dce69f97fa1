"""What a lesson becomes for reading: transcript, chapters, accessibility report."""

from __future__ import annotations

from narrate.documents.outline import SlideTimes

__all__ = ["SlideTimes"]
