"""A lesson's first draft from a recorded talk: what was heard, in Markdown, with its times.

The draft is a script like any other. With the recording named in its front matter it can be built
as it is: the recording is then the voice, and its phones move the presenter's lips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from lessons.sentences import ends_sentence

if TYPE_CHECKING:
    from narrate.align.listen import RecognisedWord

PARAGRAPH_PAUSE = 0.9  # s after a sentence: twice what readers leave between sentences
SLIDE_PAUSE = 1.5  # s: the talk takes up something new, or the slide was changed
SHORTEST_SLIDE, USUAL_SLIDE, LONGEST_SLIDE = 25.0, 75.0, 120.0  # s of speech
# Below this a word is named as one to listen to; a base model gives wrong words about .3 and right
# ones above .8.
UNSURE = 0.45
LONGEST_SENTENCE = 60  # words: without punctuation, a pause ends a sentence

# What Markdown, HTML or a formula would take for its own.
_MARKS = re.compile(r"([\\`*_\[\]$|~])")
_AT_START = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    words: tuple[RecognisedWord, ...]
    pause: float  # after it

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


def write_draft(
    words: Sequence[RecognisedWord], *, title: str, recording: str, language: str
) -> str:
    """The draft of a lesson. `recording` is its path in the course, or empty if it lies elsewhere.

    A comment before each paragraph tells when it was said and which words to listen to; comments
    are not spoken. Slides begin at long pauses.
    """
    front = [f"title: {_quoted(title)}"]
    if language:
        front.append(f"language: {language}")
    if recording:
        front += ["voice: recording", f"recording: {_quoted(recording)}"]
    lines = ["---", *front, "---", ""]
    for number, slide in enumerate(_slides(_paragraphs(words)), start=1):
        lines += [f"## Part {number}", ""]
        for paragraph in slide:
            lines += [_comment(paragraph), _text(paragraph), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _paragraphs(words: Sequence[RecognisedWord]) -> list[_Paragraph]:
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


def _slides(paragraphs: Sequence[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """Paragraphs together until a long pause, or until they are long enough for one picture."""
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


def _comment(paragraph: _Paragraph) -> str:
    unsure = dict.fromkeys(
        word.text.strip(".,;:?!\"'()") for word in paragraph.words if word.probability < UNSURE
    )
    words = ", ".join(f"“{_in_comment(word)}”" for word in unsure if word)
    return f"<!-- {clock(paragraph.start)}{f', unsure: {words}' if words else ''} -->"


def clock(seconds: float) -> str:
    """`m:ss`, or `h:mm:ss`."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def _text(paragraph: _Paragraph) -> str:
    text = " ".join(_MARKS.sub(r"\\\1", escape(word.text, quote=False)) for word in paragraph.words)
    return _AT_START.sub(_escape_start, text)


def _escape_start(match: re.Match[str]) -> str:
    """A number that would begin a list is escaped after its digits."""
    space, mark = match[1], match[2]
    return f"{space}{mark}\\" if mark[0].isdigit() else f"{space}\\{mark}"


def _in_comment(text: str) -> str:
    return text.replace("--", "–").replace(">", "")


def _quoted(text: str) -> str:
    """A YAML string on one line."""
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
