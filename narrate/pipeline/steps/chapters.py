"""The step that writes the chapters of a lesson in one format."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.problem import Place
from narrate.pipeline.packages import TIMED
from narrate.pipeline.step import Artefacts, Job, Step, Task
from narrate.pipeline.timeline import TimedLesson, make_timeline

CHECKED = "checked"
CHAPTER_FORMATS = ("vtt", "json")


@dataclass(frozen=True, slots=True)
class ChapterSettings:
    lesson: TimedLesson
    format: str


def plan_chapters(settings: ChapterSettings, checked: Artefacts, name: str, place: Place) -> Task:
    """Write the chapters of the lesson with this name."""
    return STEP.task(
        settings,
        {CHECKED: checked},
        outputs={"chapters": f".{settings.format}"},
        label=f"writing chapters of {name}",
        cost=0.05 + 0.002 * len(checked),
        place=place,
    )


def _run(job: Job) -> None:
    from narrate.documents.chapters import write_chapters_json, write_chapters_vtt

    settings: ChapterSettings = job.settings
    lesson = settings.lesson
    chapters = make_timeline(lesson, job.inputs[CHECKED]).chapters
    if settings.format == "vtt":
        text = write_chapters_vtt(chapters, language=lesson.language, title=lesson.title)
    else:
        text = write_chapters_json(chapters, title=lesson.title)
    job.outputs["chapters"].write_bytes(text.encode())


STEP = Step(
    __name__,
    _run,
    packages=TIMED,
)
