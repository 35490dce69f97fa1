"""The step that finds when a voice says its words, where the voice does not tell: narration ->
narration with times."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.problem import Place
from lessons.model import Slide
from narrate.pipeline.keys import Keyed
from narrate.pipeline.packages import ALIGNING
from narrate.pipeline.step import Artefact, Job, Needs, Step, Task

UNTIMED, NARRATION = "untimed", "narration"


@dataclass(frozen=True, slots=True)
class TimingSettings:
    """`whisper` is the path of the recogniser's model, in keys its version; `phones` are the
    versions of what knows how the words of each language sound."""

    slide: Keyed[Slide]
    language: str
    whisper: Keyed[str]
    phones: tuple[str, ...]


def plan_timing(
    settings: TimingSettings, spoken: Artefact, name: str, place: Place, seconds: float
) -> Task:
    """Time the slide with this name, which takes about so many seconds. It is a step of its own, so
    that a better aligner does not ask a speech server again."""
    return STEP.task(
        settings,
        {UNTIMED: (spoken,)},
        outputs={NARRATION: ".narration"},
        label=f"timing {name}",
        cost=0.1 * seconds + 0.1,
        place=place,
        needs=Needs(memory=1 << 30),
    )


def _run(job: Job) -> None:
    from narrate.align.voice_timing import time_narration
    from narrate.narration_file import load_narration, save_narration

    settings: TimingSettings = job.settings
    timed = time_narration(
        settings.slide.value,
        load_narration(job.input(UNTIMED)),
        language=settings.language,
        model=settings.whisper.value or None,
    )
    save_narration(timed, job.outputs[NARRATION])


STEP = Step(
    __name__,
    _run,
    packages=(*ALIGNING, "narrate.workers"),
    releases=("numpy", "scipy"),
)
