"""The times of a lesson's slides, words, captions and chapters, counted from its start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lessons.model import Finding, Slide
from narrate import captions
from narrate.captions.profiles import Profile
from narrate.captions.speakers import NOBODY, CaptionSpeakers
from narrate.clock import frames_covering, frames_to_ms, samples_to_ms
from narrate.documents import SlideTimes
from narrate.documents.chapters import make_chapters
from narrate.pipeline.keys import Keyed
from narrate.pipeline.slide_files import load_checked
from narrate.vocabulary import Chapter, Cue


@dataclass(frozen=True, slots=True)
class TimedLesson:
    """What times, captions and chapters of a lesson are made of, beside its checked words.

    `titles` are those of the slides, and `numbers` name the slides without a title.
    """

    title: str
    language: str
    profile: Profile
    rate: Fraction
    slides: tuple[Keyed[Slide], ...]
    titles: tuple[str, ...]
    numbers: tuple[int, ...]
    speakers: CaptionSpeakers = NOBODY


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


def make_timeline(lesson: TimedLesson, checked: Sequence[Path], path: str = "") -> Timeline:
    """Make a timeline from the checked words of each slide of the lesson at this path."""
    starts = [0]
    slides: list[SlideTimes] = []
    cues: list[Cue] = []
    heard: list[Finding] = []
    for keyed, file in zip(lesson.slides, checked, strict=True):
        known = load_checked(file, keyed.value, path)
        slide = known.slide
        begin = frames_to_ms(starts[-1], lesson.rate)
        made = captions.make_cues(
            slide,
            known.words,
            profile=lesson.profile,
            total=known.samples,
            language=lesson.language,
            speakers=lesson.speakers,
        )
        cues += captions.shift_cues(made, begin)
        first: dict[int, int] = {}
        for word in known.words:
            first.setdefault(word.utterance, begin + samples_to_ms(word.start))
        said = range(len(slide.utterances))
        slides.append(SlideTimes(slide, begin, tuple(first.get(i, begin) for i in said)))
        heard += known.findings
        starts.append(starts[-1] + frames_covering(known.samples, lesson.rate))
    duration = frames_to_ms(starts[-1], lesson.rate)
    return Timeline(
        tuple(starts),
        duration,
        tuple(slides),
        tuple(cues),
        make_chapters(slides, duration, lesson.language),
        tuple(heard),
    )
