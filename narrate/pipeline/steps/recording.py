"""The step that listens to a teacher's recording: sound file -> narrations of its slides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from foundation.problem import Place
from lessons.model import Slide
from narrate.clock import SAMPLE_RATE, frames_to_samples
from narrate.loudness import LOUDEST_GAIN, TARGET, loudness
from narrate.pipeline.keys import Keyed
from narrate.pipeline.packages import HEARING
from narrate.pipeline.slide_files import save_listening_findings
from narrate.pipeline.step import Artefact, Job, Needs, Step, Task
from narrate.speech.sound_file import read_sound, sound_chunks
from narrate.vocabulary import Samples

SOUND = "sound"
FINDINGS = "findings"
SECONDS_A_WORD = 0.4
_MOST_JOBS = 4  # threads; all other tasks wait for this one, but more threads are no faster


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """`file` is the path of the recording in the course, for messages: no key depends on it.
    `whisper` is the path of the recogniser's model, in keys its version; `phones` is the version
    of what knows how words sound."""

    file: Keyed[str]
    slides: tuple[Keyed[Slide], ...]
    language: str
    rate: Fraction
    whisper: Keyed[str]
    phones: str


def plan_recording(
    sound: Artefact, settings: RecordingSettings
) -> tuple[Task, tuple[Artefact, ...]]:
    """Find the words of a whole recording and cut it into the narrations of its slides, which are
    given beside the task."""
    words = sum(len(u.tokens) for s in settings.slides for u in s.value.utterances)
    names = {str(n): ".narration" for n, _ in enumerate(settings.slides)}
    task = STEP.task(
        settings,
        {SOUND: (sound,)},
        outputs={FINDINGS: ".json", **names},
        label=f"listening to {settings.file.value}",
        cost=0.1 * SECONDS_A_WORD * words + 1.0,
        place=Place(settings.file.value),
        needs=Needs(memory=1536 << 20),
    )
    return task, tuple(task.output(name) for name in names)


def _run(job: Job) -> None:
    from narrate.align.recording_alignment import align_recording
    from narrate.align.whisper import RATE
    from narrate.narration_file import save_narration
    from narrate.speech.recorded_narration import cut_narrations, plan_cuts

    settings: RecordingSettings = job.settings
    path, shown = job.input(SOUND), settings.file.value
    slides = [s.value for s in settings.slides]
    heard = read_sound(path, RATE, shown=shown)
    found = align_recording(
        tuple(u for s in slides for u in s.utterances),
        heard,
        language=settings.language,
        model=settings.whisper.value or None,
        jobs=min(_MOST_JOBS, os.cpu_count() or 1),
    )
    cuts = plan_cuts(
        slides,
        found.words,
        found.phones,
        total=len(heard) * (SAMPLE_RATE // RATE),
        step=frames_to_samples(1, settings.rate),
        added=found.added,
        speech=found.speech,
    )
    level = loudness(_cut_sound(path, cuts[0].start, cuts[-1].end))
    gain = min(TARGET - level, LOUDEST_GAIN) if level > -70 else 0.0
    for n, narration in enumerate(cut_narrations(cuts, lambda: sound_chunks(path), gain)):
        if str(n) in job.outputs:
            save_narration(narration, job.outputs[str(n)])
    if FINDINGS in job.outputs:
        save_listening_findings(job.outputs[FINDINGS], slides, found.findings)


def _cut_sound(path: Path, start: int, end: int) -> Iterator[Samples]:
    """The recording's sound between two samples. Noise before and after the words must not change
    the loudness that is measured."""
    here = 0
    for chunk in sound_chunks(path):
        piece = chunk[max(start - here, 0) : max(end - here, 0)]
        here += len(chunk)
        if len(piece):
            yield piece


STEP = Step(
    __name__,
    _run,
    packages=(
        *HEARING,
        "narrate.workers",
    ),
    releases=("av", "numpy", "scipy"),
)
