"""The step that writes the transcript of a lesson in one format."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.problem import Place
from lessons.model import Lesson
from narrate.pipeline.keys import Keyed
from narrate.pipeline.packages import TIMED
from narrate.pipeline.step import Artefacts, Job, Step, Task
from narrate.pipeline.timeline import TimedLesson, make_timeline

CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class TranscriptSettings:
    """A key depends on the lesson's title and on the slides of `timed`, not on `lesson` itself.
    `title_language` is the tag of the course's title, and `others` are those of the lesson's other
    languages, each with the name of their file."""

    lesson: Keyed[Lesson]
    timed: TimedLesson
    course_title: str
    title_language: str
    format: str
    others: tuple[tuple[str, str], ...] = ()


def plan_transcript(
    settings: TranscriptSettings, checked: Artefacts, name: str, place: Place
) -> Task:
    """Write the transcript of the lesson with this name."""
    return STEP.task(
        settings,
        {CHECKED: checked},
        outputs={"transcript": f".{settings.format}"},
        label=f"writing the transcript of {name}",
        cost=0.1 + 0.003 * len(checked),
        place=place,
    )


def _run(job: Job) -> None:
    from narrate.documents.transcript import write_transcript
    from narrate.documents.transcript_parts import OtherLanguage

    settings: TranscriptSettings = job.settings
    text = write_transcript(
        settings.lesson.value,
        make_timeline(settings.timed, job.inputs[CHECKED]).slides,
        format=settings.format,
        language=settings.timed.language,
        course_title=settings.course_title,
        title_language=settings.title_language,
        others=tuple(OtherLanguage(tag, name) for tag, name in settings.others),
        name_speaker=settings.timed.speakers.find_name,
    )
    job.outputs["transcript"].write_bytes(text.encode())


STEP = Step(
    __name__,
    _run,
    packages=(
        *TIMED,
        "lessons.directives",
        "lessons.errors",
        "lessons.speakable",
        "lessons.wordset",
    ),
    templates=("transcript.html.j2", "page.css"),
)
