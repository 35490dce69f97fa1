"""A lesson written from a recorded talk: the words that were recognised, in Markdown.

The lesson is a script like any other. If its front matter names the recording, it can be built
without changes: the recording is then the voice, and the phones in it move the presenter's lips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from foundation.cjk import meets_without_space
from lessons.markdown.sentences import ends_sentence
from narrate.clock import format_clock
from narrate.documents.markdown_text import escape_block_start

if TYPE_CHECKING:
    from narrate.align.listen import RecognisedWord

PARAGRAPH_PAUSE = 0.9  # s after a sentence: twice what people leave between read sentences
SLIDE_PAUSE = 1.5  # s: the speaker turns to a new subject, or changes the slide
SHORTEST_SLIDE, USUAL_SLIDE, LONGEST_SLIDE = 25.0, 75.0, 120.0  # s of speech
# Words with a lower probability are named, so that the teacher listens to them. Whisper's base
# model gives wrong words about 0.3 and right ones more than 0.8.
UNSURE = 0.45
LONGEST_SENTENCE = 60  # words; after that a pause ends a sentence without punctuation

# Characters that Markdown, HTML or a formula would read as markup.
_MARKS = re.compile(r"([\\`*_\[\]$|~])")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    words: tuple[RecognisedWord, ...]
    pause: float  # s after the paragraph

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


def write_talk_lesson(
    words: Sequence[RecognisedWord], *, title: str, recording: str, language: str
) -> str:
    """Write the Markdown of a lesson.

    `recording` is the path of the recording in the course; it is empty if the recording is
    somewhere else. A comment before each paragraph says when it was spoken and which words to
    listen to; comments are not spoken. A new slide begins at each long pause.
    """
    front = [f"title: {_quote(title)}"]
    if language:
        front.append(f"language: {language}")
    if recording:
        front += ["voice: recording", f"recording: {_quote(recording)}"]
    lines = ["---", *front, "---", ""]
    for number, slide in enumerate(_group_slides(_split_paragraphs(words)), start=1):
        lines += [f"## Part {number}", ""]
        for paragraph in slide:
            lines += [_write_comment(paragraph), _write_text(paragraph), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _split_paragraphs(words: Sequence[RecognisedWord]) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    current: list[RecognisedWord] = []
    sentence = 0
    for word, following in zip(words, [*words[1:], None], strict=True):
        current.append(word)
        sentence += 1
        pause = following.start - word.end if following else 0.0
        done = ends_sentence(word.text, following.text if following else None)
        if done or (sentence > LONGEST_SENTENCE and pause >= PARAGRAPH_PAUSE):
            sentence = 0
        if following is None or (not sentence and pause >= PARAGRAPH_PAUSE):
            found.append(_Paragraph(tuple(current), pause))
            current = []
    return found


def _group_slides(paragraphs: Sequence[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """Group paragraphs until a long pause, or until they are long enough for one slide."""
    current: list[_Paragraph] = []
    for paragraph in paragraphs:
        current.append(paragraph)
        length = paragraph.end - current[0].start
        if (
            (length >= SHORTEST_SLIDE and paragraph.pause >= SLIDE_PAUSE)
            or (length >= USUAL_SLIDE and paragraph.pause >= PARAGRAPH_PAUSE)
            or length >= LONGEST_SLIDE
        ):
            yield current
            current = []
    if current:
        yield current


def _write_comment(paragraph: _Paragraph) -> str:
    unsure = dict.fromkeys(
        word.text.strip(".,;:?!\"'()") for word in paragraph.words if word.probability < UNSURE
    )
    words = ", ".join(f"“{_escape_in_comment(word)}”" for word in unsure if word)
    return f"<!-- {format_clock(paragraph.start)}{f', unsure: {words}' if words else ''} -->"


def _write_text(paragraph: _Paragraph) -> str:
    text = ""
    for word in paragraph.words:
        # Chinese and Japanese are written without spaces.
        space = "" if not text or meets_without_space(text, word.text) else " "
        text += space + _MARKS.sub(r"\\\1", escape(word.text, quote=False))
    return escape_block_start(text)


def _escape_in_comment(text: str) -> str:
    return text.replace("--", "–").replace(">", "")


def _quote(text: str) -> str:
    """Write a text as a YAML string on one line."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
