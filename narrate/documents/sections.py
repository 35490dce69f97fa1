"""A lesson divided for its transcript: for each slide, what is said beside what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from foundation.cjk import join_texts
from lessons.course.settings import DEFAULTS
from lessons.model import Box, Columns, ItemList, Lesson, Slide, Utterance, Visual
from narrate.typography import keep_spaces
from narrate.words import find_words


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
class Passage:
    """Words in one language, which is None for the lesson's own."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    passages: tuple[Passage, ...]
    start_ms: int | None

    @property
    def text(self) -> str:
        return join_texts(passage.text for passage in self.passages)


UNNAMED = "—"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A paragraph, or the part of it that one speaker says. `speaker` is named where a turn begins,
    if more than one person speaks in the lesson; it is empty otherwise. `UNNAMED` stands for
    somebody else who has no name. `label` is what stands before the words."""

    sentences: tuple[Sentence, ...]
    speaker: str = ""
    label: str = ""

    @property
    def text(self) -> str:
        return join_texts(sentence.text for sentence in self.sentences)


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
    lesson: Lesson,
    parts: Sequence[SlideTimes] = (),
    language: str = DEFAULTS.language,
    name_speaker: NameSpeaker = name_nobody,
) -> tuple[Section, ...]:
    """Make one section for each slide in `parts`; without them, for all slides, without times.
    `language` is the lesson's."""
    chosen = parts or [SlideTimes(slide) for slide in lesson.slides]
    return tuple(
        Section(
            part.slide.number,
            find_title(part.slide, language),
            part.start_ms,
            tuple(_make_rows(part, language, name_speaker)),
        )
        for part in chosen
    )


def find_title(slide: Slide, language: str) -> str:
    """Return the slide's title, or its number in the lesson's language if it has none."""
    title = keep_spaces(slide.title.strip(), language)
    return title or find_words(language).fill("transcript.slide", number=slide.number)


def _make_rows(part: SlideTimes, language: str, name_speaker: NameSpeaker) -> list[Row]:
    slide = part.slide
    starts: Sequence[int | None] = part.utterance_starts_ms or [None] * len(slide.utterances)
    said = list(zip(slide.utterances, starts, strict=True))
    rows: list[Row] = []
    shown = -1  # the last reveal step whose visuals are already in a row
    for step, run in groupby(said, key=lambda pair: pair[0].step):
        spoken = list(run)
        upto = max(shown, step)
        visuals = _find_revealed(slide.visuals, shown, upto)
        paragraphs = tuple(_make_paragraphs(spoken, language, name_speaker))
        rows.append(Row(spoken[0][1], paragraphs, visuals))
        shown = upto
    rest = _find_revealed(slide.visuals, shown, None)
    if rest:
        rows.append(Row(None if rows else part.start_ms, (), rest))
    return rows


def _make_paragraphs(
    spoken: Sequence[tuple[Utterance, int | None]], language: str, name_speaker: NameSpeaker
) -> Iterator[Spoken]:
    """The paragraphs; another speaker begins a new one."""
    sentences: list[Sentence] = []
    last = named = ""

    def finish() -> Iterator[Spoken]:
        if sentences:
            yield Spoken(tuple(sentences), named, _write_label(named, language))
            sentences.clear()

    for utterance, start in spoken:
        who = name_speaker(utterance)
        if who != last:
            yield from finish()
        if not sentences:
            named = (who or UNNAMED) if who != last else ""
        last = who
        sentence = Sentence(tuple(_find_passages(utterance, language)), start)
        if sentence.text:
            sentences.append(sentence)
        if utterance.ends_paragraph:
            yield from finish()
    yield from finish()


def _write_label(speaker: str, language: str) -> str:
    if speaker in ("", UNNAMED):
        return speaker
    return find_words(language).fill("label", text=speaker)


def _find_passages(utterance: Utterance, language: str) -> Iterator[Passage]:
    """The runs of words in one language, as they are written."""
    own = utterance.language or language
    for spoken, run in groupby(utterance.tokens, key=lambda token: token.language or own):
        text = keep_spaces(join_texts(token.written for token in run), spoken)
        if text:
            yield Passage(text, None if spoken == language else spoken)


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
            case ItemList(chosen=True):
                pass  # the words are those that are said
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
