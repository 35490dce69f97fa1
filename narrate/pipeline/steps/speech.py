"""The step that speaks a slide: utterances -> narration (sound, words and phones)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from foundation.problem import Place
from lessons.course.voice_map import VoiceMap
from lessons.model import Slide, Utterance
from narrate.pipeline.keys import Keyed
from narrate.pipeline.packages import SPEAKING
from narrate.pipeline.step import Job, Needs, Step, Task

if TYPE_CHECKING:
    from narrate.speech import Voice

NARRATION = "narration"


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """`voices` has the voice for each language in which the slide is spoken, by its tag. `versions`
    are those of the voices' models, for each utterance."""

    slide: Keyed[Slide]
    voice: str
    language: str
    voices: tuple[tuple[str, str], ...]
    speed: float | None
    versions: tuple[tuple[str, ...], ...]


def plan_speech(settings: SpeechSettings, name: str, place: Place, seconds: float) -> Task:
    """Speak the slide with this name, which takes about so many seconds."""
    return STEP.task(
        settings,
        outputs={NARRATION: ".narration"},
        label=f"speaking {name}",
        cost=0.05 * seconds + 0.1,
        place=place,
        needs=Needs(memory=1 << 30),
    )


def _run(job: Job) -> None:
    from narrate.narration_file import save_narration
    from narrate.speech import narrate_slide

    settings: SpeechSettings = job.settings
    voice_map = VoiceMap(settings.voice, settings.language, dict(settings.voices))

    def voice_for(utterance: Utterance) -> Voice:
        language = utterance.language or settings.language
        return _open_voice(voice_map.speaker(language, utterance.voice), language)

    spoken = narrate_slide(
        settings.slide.value, voice_for, speed=settings.speed, skip_unreadable=True
    )
    save_narration(spoken, job.outputs[NARRATION])


def _open_voice(name: str, language: str) -> Voice:
    from narrate.speech import SERVERS, open_voice

    if name.partition("/")[0] == SERVERS:  # the user may change its settings between two builds
        return open_voice(name, language)
    return _keep_open(name, language)


@cache
def _keep_open(name: str, language: str) -> Voice:
    from narrate.speech import open_voice

    return open_voice(name, language)


STEP = Step(
    __name__,
    _run,
    packages=SPEAKING,
    releases=("numpy", "scipy"),
)
