"""A line of text outside of a lesson, read in the same way as a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from foundation.problem import Place
from lessons.course.media import MediaFolders
from lessons.course.settings import Pauses
from lessons.course.voice_map import VoiceMap
from lessons.errors import LessonError
from lessons.markdown.blocks import read_blocks
from lessons.markdown.outline import SourceSpan, clean_text
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.markdown.source import Source
from lessons.model import Finding, Utterance
from lessons.speakable import Lexicon, LexiconEntry

LONGEST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """`entries` are the lexicon entries that were used, by the start of their tokens."""

    utterances: tuple[Utterance, ...]
    entries: Mapping[int, LexiconEntry]
    findings: tuple[Finding, ...]


def read_line(
    text: str, voice_map: VoiceMap, lexicon: Lexicon | None = None, pauses: Pauses | None = None
) -> Line:
    """Read a text, which may hold Markdown and SSML and have several paragraphs.

    Raises LessonError for a text that is too long, and CourseError for a lexicon whose expressions
    take too long.
    """
    if len(text) > LONGEST_CHARACTERS:
        raise LessonError(
            f"The text has {len(text)} characters, which is too long.",
            remedy=f"Split it into texts of at most {LONGEST_CHARACTERS} characters.",
        )
    text = clean_text(text)
    context = LessonContext(
        source=Source.of("", text),
        folders=MediaFolders.of(Path()),
        pauses=pauses or Pauses(),
        lexicon=lexicon or Lexicon(),
        voice_map=voice_map,
    )
    builder = SlideBuilder(context, 1, 0)
    for block in read_blocks(SourceSpan(text, 0), notes=True):
        if block.bits:
            builder.say(block.bits)
    where = "text" if "\n" in text.strip() else ""  # one line needs no number
    places = (Place(where, f.place.line if where else None) for f in context.findings)
    findings = tuple(f.at(place) for f, place in zip(context.findings, places, strict=True))
    return Line(tuple(builder.utterances), context.entries, findings)
