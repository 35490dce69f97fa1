"""Lets a build ask a voice again that failed in an earlier one.

A failed voice leaves its sentence in silence, and the lesson is made nevertheless. A plug-in may
fail for lack of memory or of time, so that silence must not be what a later build finds.
"""

from __future__ import annotations

from collections.abc import Iterable

from lessons.model import Finding
from narrate.pipeline.outputs import OutputFolder
from narrate.pipeline.plan import Plan
from narrate.pipeline.step import Artefact
from narrate.pipeline.steps.check import VOICE_FAILED
from narrate.pipeline.store.base import Store


def forget_failed_voices(
    plan: Plan, findings: Iterable[Finding], store: Store, folder: OutputFolder
) -> None:
    """Drop what was made of slides whose voice failed, so that the next build makes it again. The
    published files stay where they are. Raises StoreError."""
    failed = {(f.place.path, f.place.slide) for f in findings if f.rule == VOICE_FAILED}
    if not failed:
        return
    spoiled: set[Artefact] = set()
    for slide in plan.slides:
        if (slide.lesson.path, slide.slide.number) in failed:
            spoiled.update(slide.speech.made)
    for task in plan.walk_tasks():  # what a task takes was made by one before it
        if spoiled.intersection(task.taken):
            spoiled.update(task.made)
    folder.forget(output.path for output in plan.outputs if output.artefact in spoiled)
    for artefact in sorted(spoiled, key=lambda artefact: artefact.name):
        store.drop(artefact)
