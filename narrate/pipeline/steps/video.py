"""The step that joins the segments of a lesson into its video, with sound, captions and
chapters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from foundation.problem import Place
from narrate.clock import frames_to_samples
from narrate.layout import LayoutName
from narrate.pipeline.packages import TIMED
from narrate.pipeline.step import Artefacts, Gate, Job, Needs, Step, Task
from narrate.pipeline.timeline import TimedLesson, make_timeline
from narrate.vocabulary import Samples

NARRATIONS, CHECKED, SEGMENTS = "narrations", "checked", "segments"


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """`captions_shown` says whether players show the captions from the start."""

    lesson: TimedLesson
    metadata: tuple[tuple[str, str], ...]
    captions_shown: bool


def plan_video(
    kind: LayoutName,
    settings: VideoSettings,
    inputs: dict[str, Artefacts],
    gate: Gate | None,
    name: str,
    place: Place,
    seconds: float,
) -> Task:
    """Join the video of the lesson with this name, which takes about so many seconds."""
    return STEP.task(
        settings,
        inputs,
        outputs={kind: ".mp4"},
        label=f"joining {name}",
        cost=0.05 * seconds + 0.5,
        place=place,
        needs=Needs(memory=1 << 30),
        gate=gate,
    )


def _run(job: Job) -> None:
    from narrate.narration_file import load_narration
    from narrate.video.assemble import LessonTracks, join_lesson

    settings: VideoSettings = job.settings
    lesson = settings.lesson
    timeline = make_timeline(lesson, job.inputs[CHECKED])

    def sound() -> Iterator[Samples]:
        """The lesson's sound, slide by slide, each padded to a whole number of frames."""
        starts: Sequence[int] = timeline.starts
        for path, start, end in zip(job.inputs[NARRATIONS], starts, starts[1:], strict=False):
            samples = load_narration(path).samples
            length = frames_to_samples(end, lesson.rate) - frames_to_samples(start, lesson.rate)
            yield np.pad(samples, (0, max(0, length - len(samples))))[:length]

    tracks = LessonTracks(
        segments=job.inputs[SEGMENTS],
        rate=lesson.rate,
        sound=sound,
        cues=timeline.cues,
        chapters=timeline.chapters,
        metadata=dict(settings.metadata),
        language=lesson.language,
        captions_shown=settings.captions_shown,
    )
    (out,) = job.outputs.values()
    join_lesson(tracks, out)


STEP = Step(
    __name__,
    _run,
    packages=(
        *TIMED,
        "narrate.layout",
        "narrate.limiter",
        "narrate.loudness",
        "narrate.narration_file",
        "narrate.video",
    ),
    releases=("av", "numpy", "scipy"),
)
