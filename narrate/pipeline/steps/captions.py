"""The step that writes the captions of a lesson in one format."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.problem import Place
from narrate.pipeline.packages import TIMED
from narrate.pipeline.step import Artefacts, Job, Step, Task
from narrate.pipeline.timeline import TimedLesson, make_timeline

CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class CaptionSettings:
    lesson: TimedLesson
    format: str


def plan_captions(settings: CaptionSettings, checked: Artefacts, name: str, place: Place) -> Task:
    """Write the captions of the lesson with this name."""
    return STEP.task(
        settings,
        {CHECKED: checked},
        outputs={"captions": f".{settings.format}"},
        label=f"writing captions of {name}",
        cost=0.05 + 0.002 * len(checked),
        place=place,
    )


def _run(job: Job) -> None:
    from narrate.captions.formats import CAPTION_FORMATS

    settings: CaptionSettings = job.settings
    lesson = settings.lesson
    cues = make_timeline(lesson, job.inputs[CHECKED]).cues
    text = CAPTION_FORMATS[settings.format].write(
        cues, language=lesson.language, title=lesson.title
    )
    job.outputs["captions"].write_bytes(text.encode())


STEP = Step(
    __name__,
    _run,
    packages=TIMED,
    releases=("pysubs2",),
)
