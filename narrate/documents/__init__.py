"""Documents made from a lesson: transcript, chapters and accessibility report."""

from __future__ import annotations

from narrate.documents.sections import SlideTimes

__all__ = ["SlideTimes"]
