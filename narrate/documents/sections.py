"""A lesson as a transcript sees it: per slide, what is said beside what is shown meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lessons.model import ItemList, Lesson, ListItem, Slide, Utterance, Visual


@dataclass(frozen=True, slots=True)
class SlideTimes:
    """A slide and when it is on, in milliseconds from the start of the lesson.

    Both times are None for a lesson that has not been built. `utterance_starts_ms` has one entry
    an utterance.
    """

    slide: Slide
    start_ms: int | None = None
    utterance_starts_ms: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    start_ms: int | None
    language: str | None  # where it is not the lesson's


@dataclass(frozen=True, slots=True)
class Row:
    """What is said while `visuals` are new on the slide; either may be empty."""

    start_ms: int | None
    paragraphs: tuple[tuple[Sentence, ...], ...]
    visuals: tuple[Visual, ...]


@dataclass(frozen=True, slots=True)
class Section:
    number: int
    title: str
    start_ms: int | None
    rows: tuple[Row, ...]


def lay_out(lesson: Lesson, parts: Sequence[SlideTimes] = ()) -> tuple[Section, ...]:
    """One section a slide. Without `parts`, all slides of the lesson, without times."""
    chosen = parts or [SlideTimes(slide) for slide in lesson.slides]
    return tuple(
        Section(part.slide.number, slide_title(part.slide), part.start_ms, tuple(_rows(part)))
        for part in chosen
    )


def slide_title(slide: Slide) -> str:
    return slide.title.strip() or f"Slide {slide.number}"


def _rows(part: SlideTimes) -> list[Row]:
    slide = part.slide
    starts: Sequence[int | None] = part.utterance_starts_ms or [None] * len(slide.utterances)
    said = list(zip(slide.utterances, starts, strict=True))
    rows: list[Row] = []
    shown = -1  # the last reveal step whose visuals are in a row
    for step, run in groupby(said, key=lambda pair: pair[0].step):
        spoken = list(run)
        upto = max(shown, step)
        visuals = _revealed(slide.visuals, shown, upto)
        rows.append(Row(spoken[0][1], tuple(_paragraphs(spoken)), visuals))
        shown = upto
    rest = _revealed(slide.visuals, shown, None)
    if rest:
        rows.append(Row(None if rows else part.start_ms, (), rest))
    return rows


def _paragraphs(spoken: Sequence[tuple[Utterance, int | None]]) -> list[tuple[Sentence, ...]]:
    paragraphs: list[list[Sentence]] = [[]]
    for utterance, start in spoken:
        sentence = Sentence(utterance.written, start, utterance.language)
        if sentence.text:
            paragraphs[-1].append(sentence)
        if utterance.ends_paragraph:
            paragraphs.append([])
    return [tuple(paragraph) for paragraph in paragraphs if paragraph]


def _revealed(visuals: Sequence[Visual], after: int, upto: int | None) -> tuple[Visual, ...]:
    """What becomes visible with the steps `after` < step ≤ `upto` (None: all later ones)."""

    def now(step: int) -> bool:
        return after < step and (upto is None or step <= upto)

    found: list[Visual] = []
    for visual in visuals:
        if isinstance(visual, ItemList):
            items: tuple[ListItem, ...] = tuple(item for item in visual.items if now(item.step))
            if items:
                found.append(replace(visual, items=items))
        elif now(visual.step):
            found.append(visual)
    return tuple(found)
