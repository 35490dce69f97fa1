"""The times of a lesson's slides, words, captions and chapters, counted from its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foundation.problem import Place
from lessons.model import Finding
from narrate import captions
from narrate.clock import frames_covering, frames_to_ms, frames_to_samples, samples_to_ms
from narrate.documents import SlideTimes
from narrate.documents.chapters import make_chapters
from narrate.pipeline.plan import LessonPlan
from narrate.pipeline.stages import (
    load_pages,
    load_slide,
    make_slide_cues,
    require_artefact,
    require_artefacts,
)
from narrate.pipeline.store import Store
from narrate.speech.narration_file import load_narration
from narrate.vocabulary import Chapter, Cue, Samples


@dataclass(frozen=True, slots=True)
class Timeline:
    """`starts` has the first frame of each slide and, at its end, the number of frames. Cues and
    chapters are in milliseconds from the lesson's start; `heard` are the findings of the check that
    the words can be heard."""

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
    """Make a timeline from the slides' narrations. Raises DamagedError if one is missing."""
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
        cues += captions.shift_cues(make_slide_cues(part, checked.words, total), begin)
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
        make_chapters(slides, duration),
        tuple(heard),
    )


def stream_sound(store: Store, plan: LessonPlan, timeline: Timeline) -> Iterator[Samples]:
    """The lesson's sound, slide by slide, each padded to a whole number of frames."""
    rate = plan.settings.video.rate
    for part, start, end in zip(plan.slides, timeline.starts, timeline.starts[1:], strict=False):
        sound = load_narration(require_artefact(store, part.narration)).samples
        length = frames_to_samples(end, rate) - frames_to_samples(start, rate)
        yield np.pad(sound, (0, max(0, length - len(sound))))[:length]


def read_drawing_findings(store: Store, plan: LessonPlan) -> tuple[Finding, ...]:
    """The findings from drawing the slides. A finding that both videos have is given once."""
    found: dict[Finding, None] = {}
    for part in plan.slides:
        for _, artefact in part.pictures:
            if store.find_verified(artefact) is None:
                continue  # the videos are finished, so nothing but these findings is lost
            place = Place(plan.lesson.path, part.slide.line, part.slide.number)
            # The slide may have moved in its file since it was drawn.
            found.update((f.at(place), None) for f in load_pages(store, artefact)[1])
    return tuple(found)
