"""The data of a build: what is asked for, and what is planned."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.course.settings import Settings
from lessons.model import Course, Lesson, Presenter, Recording, Slide
from narrate.captions.formats import CAPTION_FORMATS
from narrate.documents.transcript import TRANSCRIPT_FORMATS
from narrate.pipeline.store import Artefact
from narrate.video.layout import LayoutName

VIDEOS: tuple[LayoutName, ...] = ("lecture", "lipreadable")
PARTS = ("lecture", "lipreadable", "captions", "transcript")
ENGINE = "warp"


@dataclass(frozen=True, slots=True)
class Portrayed:
    """The presenter of a build, with consent checked, and what workers need to check it again."""

    presenter: Presenter
    photo_sha256: str
    record_id: str
    statement: str  # the line that viewers see
    metadata: tuple[tuple[str, str], ...]
    face_engine: str = ENGINE
    face_version: str = ""  # the engine's version; set while planning


@dataclass(frozen=True, slots=True)
class Listening:
    """A recording and what is made of it at once: its slides' narrations, and the findings."""

    recording: Recording
    sha256: str
    slides: tuple[Slide, ...]
    findings: Artefact
    narrations: tuple[Artefact, ...]

    @property
    def artefacts(self) -> tuple[Artefact, ...]:
        return (self.findings, *self.narrations)


@dataclass(frozen=True, slots=True)
class SlidePlan:
    """One slide and the artefacts that are made of it.

    `listening` is the recording that its narration is cut from, or None if a voice speaks it.
    `pictures` and `segments` have one entry per video. `media` are the course's files that the
    slide shows, with their digests. `seed` makes the presenter's small motions differ from slide to
    slide.
    """

    lesson: Lesson
    slide: Slide
    settings: Settings
    narration: Artefact
    checked: Artefact
    pictures: tuple[tuple[LayoutName, Artefact], ...]
    segments: tuple[tuple[LayoutName, Artefact], ...]
    media: tuple[tuple[str, str], ...]
    seed: int
    listening: Listening | None = None

    @property
    def name(self) -> str:
        return f"{self.lesson.id}, slide {self.slide.number}"


@dataclass(frozen=True, slots=True)
class Output:
    """A file for people. `path` is relative to the output folder; `key` is the digest of all that
    the file is made from."""

    path: str
    kind: str  # lecture, lipreadable, captions, chapters, transcript
    format: str
    lesson: str
    key: str


@dataclass(frozen=True, slots=True)
class LessonPlan:
    lesson: Lesson
    settings: Settings
    slides: tuple[SlidePlan, ...]
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`rig` is None if no video shows the presenter. `portrait` is the size of the presenter's
    frames."""

    course: Course
    lessons: tuple[LessonPlan, ...]
    portrayed: Portrayed | None
    rig: Artefact | None
    portrait: tuple[int, int] | None

    @property
    def slides(self) -> tuple[SlidePlan, ...]:
        return tuple(s for lesson in self.lessons for s in lesson.slides)

    @property
    def artefacts(self) -> tuple[Artefact, ...]:
        """All artefacts of this plan."""
        found = [self.rig] if self.rig else []
        for s in self.slides:
            found += [s.narration, s.checked]
            found += [s.listening.findings] if s.listening else []
            found += [a for _, a in (*s.pictures, *s.segments)]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the parts, the slide (None for all), and the formats."""

    parts: tuple[str, ...] = PARTS
    slide: int | None = None
    formats: tuple[str, ...] = tuple(CAPTION_FORMATS)
    documents: tuple[str, ...] = tuple(TRANSCRIPT_FORMATS)
