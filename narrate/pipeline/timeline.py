"""A lesson on its own clock: where its slides, words, captions and chapters lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foundation.problem import Place
from lessons.model import Finding
from narrate import captions
from narrate.clock import frames_covering, frames_to_ms, frames_to_samples, samples_to_ms
from narrate.documents import SlideTimes
from narrate.documents.chapters import chapters_of
from narrate.pipeline.plan import LessonPlan
from narrate.pipeline.stages import (
    load_pages,
    load_slide,
    make_slide_cues,
    require_artefact,
    require_artefacts,
)
from narrate.pipeline.store import Store
from narrate.speech.store import load_narration
from narrate.vocabulary import Chapter, Cue, Samples


@dataclass(frozen=True, slots=True)
class Timeline:
    """`starts` holds each slide's first frame and, last, the number of frames. Cues and chapters
    are in the lesson's milliseconds; `heard` is what the check of the voice found."""

    starts: tuple[int, ...]
    duration_ms: int
    slides: tuple[SlideTimes, ...]
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    heard: tuple[Finding, ...]

    @property
    def slide_starts_ms(self) -> tuple[int, ...]:
        return tuple(s.start_ms or 0 for s in self.slides)


def make_timeline(store: Store, plan: LessonPlan) -> Timeline:
    """Read off the slides' narrations. Raises StoreError where one is missing."""
    require_artefacts(store, (a for part in plan.slides for a in (part.narration, part.checked)))
    rate = plan.settings.video.rate
    starts = [0]
    slides: list[SlideTimes] = []
    cues: list[Cue] = []
    heard: list[Finding] = []
    for part in plan.slides:
        narration, checked = load_slide(store, part)
        begin = frames_to_ms(starts[-1], rate)
        total = len(narration.samples)
        cues += captions.shift(make_slide_cues(part, checked.words, total), begin)
        first: dict[int, int] = {}
        for word in checked.words:
            first.setdefault(word.utterance, begin + samples_to_ms(word.start))
        said = range(len(part.slide.utterances))
        slides.append(SlideTimes(part.slide, begin, tuple(first.get(i, begin) for i in said)))
        heard += checked.findings
        starts.append(starts[-1] + frames_covering(total, rate))
    duration = frames_to_ms(starts[-1], rate)
    return Timeline(
        tuple(starts),
        duration,
        tuple(slides),
        tuple(cues),
        chapters_of(slides, duration),
        tuple(heard),
    )


def stream_sound(store: Store, plan: LessonPlan, timeline: Timeline) -> Iterator[Samples]:
    """The lesson's sound, a slide at a time, each padded to its whole number of frames."""
    rate = plan.settings.video.rate
    for part, start, end in zip(plan.slides, timeline.starts, timeline.starts[1:], strict=False):
        sound = load_narration(require_artefact(store, part.narration)).samples
        length = frames_to_samples(end, rate) - frames_to_samples(start, rate)
        yield np.pad(sound, (0, max(0, length - len(sound))))[:length]


def read_drawing_findings(store: Store, plan: LessonPlan) -> tuple[Finding, ...]:
    """What was found while the slides were drawn; the same finding of both videos once."""
    found: dict[Finding, None] = {}
    for part in plan.slides:
        for _, artefact in part.pictures:
            if store.find_verified(artefact) is None:
                continue  # the videos are made: only what was remarked about them is lost
            place = Place(plan.lesson.path, part.slide.line, part.slide.number)
            # A slide may have moved since it was drawn.
            found.update((f.at(place), None) for f in load_pages(store, artefact)[1])
    return tuple(found)
