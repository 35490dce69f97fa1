"""The data of a build: what is asked for, and what is planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lessons.course.settings import Settings
from lessons.model import Course, Lesson, Slide
from narrate.captions.formats import CAPTION_FORMATS
from narrate.documents.transcript import TRANSCRIPT_FORMATS
from narrate.layout import LayoutName
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.keys import Keyed
from narrate.pipeline.presenter import Portrayed
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.timeline import TimedLesson

VIDEOS: tuple[LayoutName, ...] = ("lecture", "lipreadable")
PARTS = ("lecture", "lipreadable", "captions", "transcript")


@dataclass(frozen=True, slots=True)
class SlidePlan:
    """One slide and the tasks that make it. `speech` speaks it, or cuts it out of a recording;
    `timing` finds its words if the voice does not tell when it says them; `pictures` has one task
    for each video, and `segment` makes those of all videos."""

    lesson: Lesson
    spoken: Keyed[Slide]
    shown: Keyed[Slide]
    settings: Settings
    speech: Task
    narration: Artefact
    check: Task
    pictures: tuple[tuple[LayoutName, Task], ...] = ()
    segment: Task | None = None
    timing: Task | None = None

    @property
    def slide(self) -> Slide:
        return self.spoken.value

    @property
    def checked(self) -> Artefact:
        return self.check.made[0]

    @property
    def tasks(self) -> tuple[Task, ...]:
        timed = (self.timing,) if self.timing else ()
        rendered = (self.segment,) if self.segment else ()
        return (self.speech, *timed, self.check, *(task for _, task in self.pictures), *rendered)


@dataclass(frozen=True, slots=True)
class Output:
    """A file for people. `path` is relative to the output folder; `artefact` has its bytes."""

    path: str
    kind: str  # lecture, lipreadable, captions, chapters, transcript, report
    format: str
    lesson: str  # its id; empty for a file about the whole course
    artefact: Artefact
    voiced: bool = False  # whether a synthetic voice speaks in it
    language: str = ""  # its tag; empty for a file about the whole course
    group: str = ""  # the id that the lesson shares with its translations

    @property
    def key(self) -> str:
        """The digest of all that the file is made from."""
        return self.artefact.key


@dataclass(frozen=True, slots=True)
class LessonPlan:
    """A lesson, its slides, and the tasks that join them into its outputs. `timed` is what its
    times and captions are made of."""

    lesson: Lesson
    settings: Settings
    slides: tuple[SlidePlan, ...]
    outputs: tuple[Output, ...]
    tasks: tuple[Task, ...]
    timed: TimedLesson


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build makes of a course: `portrait` prepares the presenter, if there is one, and
    `report` tells of it all. `files` are those of the course that the tasks take."""

    course: Course
    lessons: tuple[LessonPlan, ...]
    portrayed: Portrayed | None
    portrait: Task | None
    report: Task
    reports: tuple[Output, ...]
    files: CourseFiles

    @property
    def slides(self) -> tuple[SlidePlan, ...]:
        return tuple(s for lesson in self.lessons for s in lesson.slides)

    @property
    def outputs(self) -> tuple[Output, ...]:
        return (*(o for lesson in self.lessons for o in lesson.outputs), *self.reports)

    def walk_tasks(self) -> Iterator[Task]:
        """All tasks, in a possible order. One that two slides share comes twice."""
        if self.portrait:
            yield self.portrait
        for lesson in self.lessons:
            for slide in lesson.slides:
                yield from slide.tasks
            yield from lesson.tasks
        yield self.report


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the parts, the slide (None for all), and the formats."""

    parts: tuple[str, ...] = PARTS
    slide: int | None = None
    formats: tuple[str, ...] = tuple(CAPTION_FORMATS)
    documents: tuple[str, ...] = tuple(TRANSCRIPT_FORMATS)
