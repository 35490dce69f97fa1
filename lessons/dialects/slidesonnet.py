"""slideSonnet: Marp decks whose `say` comments are spoken, and no others.

Slides are Marp's, since slideSonnet has Marp draw them. `<!-- skip -->` leaves a slide out, and
`<!-- nonarration(5) -->` shows it in silence; a slide without a comment is silent too.
"""

from __future__ import annotations

import re
from dataclasses import replace

from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.dialects.marp import Marp, read_marp
from lessons.directives.audio_tags import read_tag
from lessons.markdown.source import Edit, Source

_COMMENT = re.compile(r"<!--\s*say\b.*?-->", re.DOTALL)
_TAG = re.compile(r"\[([a-z]+(?: [a-z]+){0,3})\][ \t]*(?!\()")
"""A sign for speech services that act, such as `[excited]`. Those that are not known here are no
words of the script either."""
_SAY = re.compile(r"<!--\s*(?:say\s*(?:\(|:)|nonarration\b)")


class SlideSonnet(Dialect):
    """Marp decks with narration."""

    name = "slidesonnet"
    title = "slideSonnet"
    keys = Marp.keys

    def score(self, sample: Sample) -> int:
        return 97 if "marp" in sample.front and _SAY.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        source = source.edit(
            Edit(comment.start() + tag.start(), comment.start() + tag.end())
            for comment in _COMMENT.finditer(source.text)
            for tag in _TAG.finditer(comment[0])
            if read_tag(tag[1]) is None
        )
        return replace(read_marp(source, context), comments_are_notes=False)
