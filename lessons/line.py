"""A line of spoken text by itself, read as a note of a lesson is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from foundation.problem import Place
from lessons.blocks import read_blocks
from lessons.errors import LessonError
from lessons.model import Finding, Utterance
from lessons.outline import SourceSpan
from lessons.prose import Pauses
from lessons.slide_builder import LessonContext, SlideBuilder
from lessons.speakable import Lexicon, LexiconEntry
from lessons.voice_map import VoiceMap

LONGEST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Line:
    """`entries` are the lexicon's that were used, by the start of their tokens in the text."""

    utterances: tuple[Utterance, ...]
    entries: Mapping[int, LexiconEntry]
    findings: tuple[Finding, ...]


def read_line(
    text: str, voice_map: VoiceMap, lexicon: Lexicon | None = None, pauses: Pauses | None = None
) -> Line:
    """Markdown and SSML in the text work; several paragraphs may be. Raises LessonError for what
    is too long and CourseError for a lexicon that takes too long."""
    if len(text) > LONGEST_CHARACTERS:
        raise LessonError(
            f"The text has {len(text)} characters.",
            remedy=f"Say less than {LONGEST_CHARACTERS} at once.",
        )
    text = text.replace("\r\n", " \n").replace("\r", "\n")  # as of a file: offsets stay
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    context = LessonContext(
        path="",
        root=Path(),
        line_starts=starts,
        pauses=pauses or Pauses(),
        lexicon=lexicon or Lexicon(),
        voice_map=voice_map,
    )
    draft = SlideBuilder(context, 1, 0)
    for block in read_blocks(SourceSpan(text, 0), notes=True):
        if block.bits:
            draft.say(block.bits)
    where = "text" if "\n" in text.strip() else ""  # one line needs no number
    findings = tuple(f.at(Place(where, f.place.line)) for f in context.findings)
    return Line(tuple(draft.utterances), context.entries, findings)
