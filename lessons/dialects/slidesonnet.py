"""slideSonnet: Marp decks whose `say` comments are spoken."""

from __future__ import annotations

import re

from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.dialects.marp import Marp, read_marp
from lessons.markdown.source import Source

_SAY = re.compile(r"<!--\s*(?:say\s*(?:\(|:)|nonarration\b|silent\b)")


class SlideSonnet(Dialect):
    """Marp decks with narration."""

    name = "slidesonnet"
    title = "slideSonnet"
    keys = Marp.keys

    def score(self, sample: Sample) -> int:
        return 97 if "marp" in sample.front and _SAY.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        return read_marp(source, context)
