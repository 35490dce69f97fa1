"""The step that finds the times of a slide's words and checks that they can be heard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foundation.problem import Place, Problem
from lessons.model import Finding, Slide
from narrate.pipeline.heard_slide import HeardDifferences
from narrate.pipeline.keys import Keyed
from narrate.pipeline.packages import HEARING
from narrate.pipeline.slide_files import load_listening_findings, save_checked
from narrate.pipeline.step import Artefact, Job, Needs, Step, Task
from narrate.vocabulary import Unread

NARRATION, LISTENING = "narration", "listening"
CHECKED = "checked"
VOICE_FAILED = "voice-failed"


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`whisper` is the path of the recogniser's model, in keys its version. `position` is that of
    the slide in the recording that it was cut from; None if a voice speaks it."""

    slide: Keyed[Slide]
    language: str
    whisper: Keyed[str]
    position: int | None


def plan_check(
    settings: CheckSettings,
    narration: Artefact,
    listening: Artefact | None,
    name: str,
    place: Place,
    seconds: float,
) -> Task:
    """Check the slide with this name, which takes about so many seconds. `listening` are the
    findings from the listening to its recording."""
    return STEP.task(
        settings,
        {NARRATION: (narration,), LISTENING: (listening,) if listening else ()},
        outputs={CHECKED: ".json"},
        label=f"checking {name}",
        cost=0.1 * seconds + 0.1,
        place=place,
        needs=Needs(memory=1 << 30),
    )


def _run(job: Job) -> None:
    from narrate.align import check_narration
    from narrate.narration_file import load_narration

    settings: CheckSettings = job.settings
    slide = settings.slide.value
    narration = load_narration(job.input(NARRATION))
    checked = check_narration(
        slide,
        narration,
        language=settings.language,
        model=settings.whisper.value or None,
        recorded=settings.position is not None,
    )
    heard: tuple[Finding, ...] = ()
    if settings.position is not None:
        heard = load_listening_findings(job.input(LISTENING), settings.position, slide)
    findings = (*heard, *_tell_of_unread(slide, narration.unread, checked.findings))
    samples = len(narration.samples)
    different = HeardDifferences(checked.left_out, narration.added)
    save_checked(job.outputs[CHECKED], slide, checked.words, samples, findings, different)


def _tell_of_unread(
    slide: Slide, unread: tuple[Unread, ...], findings: tuple[Finding, ...]
) -> Iterator[Finding]:
    """The findings, those about sentences that stand in silence replaced by the reason."""
    lines = {slide.utterances[u.utterance].line for u in unread}
    for told in unread:
        place = Place(line=slide.utterances[told.utterance].line, slide=slide.number)
        message = f"{told.message} So its sentence is shown, and not spoken."
        rule = VOICE_FAILED if told.failed else "word-unreadable"
        yield Finding(rule, "warning", Problem(message, told.remedy, place))
    yield from (f for f in findings if f.place.line not in lines)


STEP = Step(
    __name__,
    _run,
    packages=HEARING,
    releases=("numpy", "scipy"),
)
