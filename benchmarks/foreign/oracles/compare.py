"""Compares a lesson with the slides that the deck's own tool makes of it."""

from __future__ import annotations

import difflib
import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from lessons.model import Lesson, Slide

from .slides import OracleSlide, fold

_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?")
_FORMULA = re.compile(r"\${1,2}[^$\n]*\${1,2}")
_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "…": "..."})
_EMOJI_CODE = re.compile(r":[a-z0-9_+-]+:")
FORMULA = "\ue000"
_MARKUP = re.compile(r"[*_`~\\]+|==")
_WORD = re.compile(r"[^\W_]+")
_MARKS = {"So", "Sk", "Cf", "Mn", "Co"}  # pictographs, their joiners and tones


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a lesson and a deck's own tool differ.

    `expected` and `read` are the titles in the tool and in the lesson, as they are compared.
    `notes` are the numbers of the slides, from 1, whose notes have other words; they are empty
    unless there are as many slides.
    """

    expected: tuple[str, ...]
    read: tuple[str, ...]
    notes: tuple[int, ...] = ()

    @property
    def same_count(self) -> bool:
        return len(self.expected) == len(self.read)

    @property
    def same_titles(self) -> bool:
        return self.same_count and all(map(_is_same_title, self.expected, self.read))

    def __str__(self) -> str:
        """A line with the verdict, and the titles that differ in their order."""
        verdict = (
            f"{len(self.read)} slides of {len(self.expected)}, "
            f"titles {'equal' if self.same_titles else 'differ'}"
        )
        if self.notes:
            verdict += f", notes differ on {', '.join(map(str, self.notes))}"
        lines = difflib.unified_diff(
            [f"{title or '(no title)'}" for title in self.expected],
            [f"{title or '(no title)'}" for title in self.read],
            "tool",
            "lesson",
            lineterm="",
            n=1,
        )
        return "\n".join([verdict, *lines])


def compare(slides: Sequence[OracleSlide], lesson: Lesson, *, steps: bool = False) -> Comparison:
    """Compare a lesson with what the tool shows.

    With `steps`, a slide that continues another is a slide of its own in the lesson too.
    """
    shown = [slide for slide in slides if not slide.hidden] if steps else fold(slides)
    expected = tuple(plain_title(slide.title) for slide in shown)
    read = tuple(plain_title(slide.title) for slide in lesson.slides)
    if len(expected) != len(read):
        return Comparison(expected, read)
    pairs = zip(shown, lesson.slides, strict=True)
    notes = (slide.number for told, slide in pairs if not _same_words(told, slide))
    return Comparison(expected, read, tuple(notes))


def plain_title(text: str) -> str:
    """A title without markup and emoji, with straight quotes and single spaces, and with a sign
    for each formula."""
    text = _TAG.sub("", _FORMULA.sub(FORMULA, _LINK.sub(r"\1", text)))
    text = html.unescape(_MARKUP.sub("", _EMOJI_CODE.sub("", text))).translate(_SIGNS)
    text = unicodedata.normalize("NFKC", text)  # a raised digit is the digit
    kept = (c for c in text if c == FORMULA or unicodedata.category(c) not in _MARKS)
    return " ".join("".join(kept).split())


def _is_same_title(expected: str, read: str) -> bool:
    """Whether two titles are the same, whatever stands for the formulas of the first."""
    pattern = ".*".join(re.escape(part.strip()) for part in expected.split(FORMULA))
    return re.fullmatch(pattern, read.replace(FORMULA, " ").strip()) is not None


def _same_words(told: OracleSlide, slide: Slide) -> bool:
    notes = _TAG.sub(" ", _LINK.sub(r"\1", told.notes))
    return _WORD.findall(notes.lower()) == _WORD.findall(slide.written.lower())
