"""A lesson divided for its transcript: for each slide, what is said beside what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lessons.model import Box, Columns, ItemList, Lesson, Slide, Utterance, Visual


@dataclass(frozen=True, slots=True)
class SlideTimes:
    """A slide and its times, in milliseconds from the start of the lesson.

    Both are None for a lesson that has not been built. `utterance_starts_ms` has one entry for each
    utterance.
    """

    slide: Slide
    start_ms: int | None = None
    utterance_starts_ms: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    start_ms: int | None
    language: str | None  # None for the lesson's own language


UNNAMED = "—"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A paragraph, or the part of it that one speaker says. `speaker` is named where a turn begins,
    if more than one person speaks in the lesson; it is empty otherwise. `UNNAMED` stands for
    somebody else who has no name."""

    sentences: tuple[Sentence, ...]
    speaker: str = ""

    @property
    def label(self) -> str:
        """What stands before the words."""
        return f"{self.speaker}:" if self.speaker not in ("", UNNAMED) else self.speaker

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


@dataclass(frozen=True, slots=True)
class Row:
    """What is said after `visuals` appear on the slide. Either part may be empty."""

    start_ms: int | None
    paragraphs: tuple[Spoken, ...]
    visuals: tuple[Visual, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One slide. `start_ms` is None for a lesson that has not been built."""

    number: int
    title: str
    start_ms: int | None
    rows: tuple[Row, ...]


NameSpeaker = Callable[[Utterance], str]
"""Gives the name of who says an utterance; empty if nobody is named."""


def name_nobody(utterance: Utterance) -> str:
    """Names nobody, as in a lesson in which only one person speaks."""
    return ""


def make_sections(
    lesson: Lesson, parts: Sequence[SlideTimes] = (), name_speaker: NameSpeaker = name_nobody
) -> tuple[Section, ...]:
    """Make one section for each slide in `parts`; without them, for all slides, without times."""
    chosen = parts or [SlideTimes(slide) for slide in lesson.slides]
    return tuple(
        Section(
            part.slide.number,
            find_title(part.slide),
            part.start_ms,
            tuple(_make_rows(part, name_speaker)),
        )
        for part in chosen
    )


def find_title(slide: Slide) -> str:
    """Return the slide's title, or its number if it has none."""
    return slide.title.strip() or f"Slide {slide.number}"


def _make_rows(part: SlideTimes, name_speaker: NameSpeaker) -> list[Row]:
    slide = part.slide
    starts: Sequence[int | None] = part.utterance_starts_ms or [None] * len(slide.utterances)
    said = list(zip(slide.utterances, starts, strict=True))
    rows: list[Row] = []
    shown = -1  # the last reveal step whose visuals are already in a row
    for step, run in groupby(said, key=lambda pair: pair[0].step):
        spoken = list(run)
        upto = max(shown, step)
        visuals = _find_revealed(slide.visuals, shown, upto)
        paragraphs = tuple(_make_paragraphs(spoken, name_speaker))
        rows.append(Row(spoken[0][1], paragraphs, visuals))
        shown = upto
    rest = _find_revealed(slide.visuals, shown, None)
    if rest:
        rows.append(Row(None if rows else part.start_ms, (), rest))
    return rows


def _make_paragraphs(
    spoken: Sequence[tuple[Utterance, int | None]], name_speaker: NameSpeaker
) -> Iterator[Spoken]:
    """The paragraphs; another speaker begins a new one."""
    sentences: list[Sentence] = []
    last = named = ""

    def finish() -> Iterator[Spoken]:
        if sentences:
            yield Spoken(tuple(sentences), named)
            sentences.clear()

    for utterance, start in spoken:
        who = name_speaker(utterance)
        if who != last:
            yield from finish()
        if not sentences:
            named = (who or UNNAMED) if who != last else ""
        last = who
        sentence = Sentence(utterance.written, start, utterance.language)
        if sentence.text:
            sentences.append(sentence)
        if utterance.ends_paragraph:
            yield from finish()
    yield from finish()


def _find_revealed(
    visuals: Sequence[Visual], after: int, upto: int | None, outer: int = 0
) -> tuple[Visual, ...]:
    """Return what appears at the steps `after` < step ≤ `upto` (at all later ones for None).

    A box or columns of which only some parts appear hold those. Nothing in them appears before the
    step `outer` of what it is in.
    """

    def now(step: int) -> bool:
        return after < max(step, outer) and (upto is None or max(step, outer) <= upto)

    found: list[Visual] = []
    for visual in visuals:
        match visual:
            case ItemList(items=all_items):
                items = tuple(item for item in all_items if now(item.step))
                if items:
                    found.append(replace(visual, items=items))
            case Box(content=content, step=step):
                inside = _find_revealed(content, after, upto, max(outer, step))
                if inside or now(step):
                    found.append(replace(visual, content=inside))
            case Columns(columns=columns, step=step):
                parts = tuple(
                    _find_revealed(column, after, upto, max(outer, step)) for column in columns
                )
                if any(parts):
                    found.append(replace(visual, columns=parts))
            case _ if now(visual.step):
                found.append(visual)
            case _:
                pass
    return tuple(found)
