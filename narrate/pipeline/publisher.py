"""Puts what the store has into the output folder, as soon as it is made."""

from __future__ import annotations

from collections.abc import Iterable

from narrate.clock import frames_covering, frames_to_ms
from narrate.pipeline.outputs import OutputFolder
from narrate.pipeline.plan import LessonPlan, Output
from narrate.pipeline.slide_files import load_checked
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.store.base import Store


class Publisher:
    """Publishes those outputs of some lessons that are not up to date."""

    def __init__(
        self,
        folder: OutputFolder,
        store: Store,
        lessons: Iterable[LessonPlan],
        outputs: Iterable[Output],
    ) -> None:
        self._folder = folder
        self._store = store
        self._lessons = {lesson.lesson.id: lesson for lesson in lessons}
        self._durations: dict[str, int | None] = {}
        self._left: dict[Artefact, list[Output]] = {}
        for output in outputs:
            self._left.setdefault(output.artefact, []).append(output)
        self.done: set[str] = set()

    @property
    def left(self) -> list[Output]:
        return [output for outputs in self._left.values() for output in outputs]

    def publish_ready(self, tasks: Iterable[Task]) -> None:
        """Publish what no task has to make first."""
        later = {artefact for task in tasks for artefact in task.made}
        for artefact in [a for a in self._left if a not in later]:
            self.publish(artefact)

    def publish(self, artefact: Artefact) -> None:
        """Publish an artefact, if it is an output. One that the store has lost in the meantime is
        left for later. Raises StoreError."""
        outputs = self._left.get(artefact)
        file = self._store.fetch(artefact) if outputs else None
        if outputs is None or file is None:
            return
        for output in outputs:
            self._folder.publish(output, file, self._find_duration(output.lesson))
            self.done.add(output.path)
        del self._left[artefact]

    def _find_duration(self, id: str) -> int | None:
        """The duration of a lesson in milliseconds; None for the course, and for a lesson of which
        the store has forgotten the times."""
        lesson = self._lessons.get(id)
        if lesson and self._durations.get(id) is None:  # its words may be checked later
            self._durations[id] = _measure(lesson, self._store)
        return self._durations.get(id)


def _measure(lesson: LessonPlan, store: Store) -> int | None:
    rate = lesson.settings.video.rate
    frames = 0
    for slide in lesson.slides:
        path = store.fetch(slide.checked)
        if path is None:
            return None
        frames += frames_covering(load_checked(path, slide.slide, "").samples, rate)
    return frames_to_ms(frames, rate)
