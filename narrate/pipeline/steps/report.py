"""The step that writes the accessibility report of a course.

Reports name lines, so their keys change when a slide moves in its file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.json_text import read_object
from foundation.problem import Place
from lessons.model import Finding, Lesson
from narrate.documents.report import (
    CourseReport,
    LessonReport,
    report_lesson,
    write_report_html,
    write_report_json,
)
from narrate.pipeline.keys import Keyed
from narrate.pipeline.packages import TIMED
from narrate.pipeline.slide_files import load_drawing_findings
from narrate.pipeline.step import Artefacts, Job, Step, Task
from narrate.pipeline.timeline import TimedLesson, make_timeline
from narrate.words import Words, find_words

JSON, HTML = "json", "html"


@dataclass(frozen=True, slots=True)
class ReportedLesson:
    """A lesson, what its script was found to have, and what was made of it. A key depends on the
    slides of `timed` and on `lines`, not on `lesson` itself. `listened` tells whether somebody
    heard the voice."""

    lesson: Keyed[Lesson]
    timed: TimedLesson
    lines: tuple[tuple[int, ...], ...]
    findings: tuple[Finding, ...]
    listened: bool
    captions: bool
    transcript: bool


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """`findings` are those about the course itself."""

    id: str
    title: str
    language: str
    lessons: tuple[ReportedLesson, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LessonArtefacts:
    """For each slide its checked words, and what drawing found, once for each video."""

    checked: Artefacts
    drawn: tuple[Artefacts, ...]


def plan_report(settings: ReportSettings, made: Sequence[LessonArtefacts]) -> Task:
    """Report on a course."""
    inputs: dict[str, Artefacts] = {}
    for n, lesson in enumerate(made):
        inputs[f"checked {n}"] = lesson.checked
        for slide, drawn in enumerate(lesson.drawn):
            if drawn:
                inputs[f"drawn {n} {slide}"] = drawn
    return STEP.task(
        settings,
        inputs,
        outputs={JSON: ".json", HTML: ".html"},
        label="writing the report",
        cost=0.2 + 0.002 * sum(len(lesson.checked) for lesson in made),
    )


def read_report_findings(path: Path) -> list[Finding]:
    """All findings in a report. Raises OSError, ValueError, KeyError and TypeError if it is no
    report."""
    report = read_object(path)
    rows = [*report["findings"], *(f for lesson in report["lessons"] for f in lesson["findings"])]
    return [Finding.from_data(row) for row in rows]


def _run(job: Job) -> None:
    settings: ReportSettings = job.settings
    words = find_words(settings.language)
    lessons = tuple(
        _report_lesson(job, n, known, words) for n, known in enumerate(settings.lessons)
    )
    report = CourseReport(
        settings.id, settings.title, settings.language, lessons, settings.findings
    )
    texts = {JSON: write_report_json, HTML: write_report_html}
    for name, path in job.outputs.items():
        path.write_bytes(texts[name](report).encode())


def _report_lesson(job: Job, n: int, known: ReportedLesson, words: Words) -> LessonReport:
    lesson = known.lesson.value
    timeline = make_timeline(known.timed, job.inputs[f"checked {n}"], lesson.path)
    drawn: dict[Finding, None] = {}
    for at, keyed in enumerate(known.timed.slides):
        place = Place(lesson.path, keyed.value.line, keyed.value.number)
        for path in job.inputs.get(f"drawn {n} {at}", ()):
            # A finding that both videos have is given once.
            drawn.update(dict.fromkeys(load_drawing_findings(path, place)))
    return report_lesson(
        lesson,
        profile=known.timed.profile,
        cues=timeline.cues if known.captions else None,
        duration_ms=timeline.duration_ms,
        slide_starts=timeline.slide_starts_ms,
        findings=[*known.findings, *drawn],
        speech=timeline.heard if known.listened else None,
        transcript_made=known.transcript,
        language=known.timed.language,
        words=words,
    )


STEP = Step(
    __name__,
    _run,
    packages=TIMED,
    templates=("report.html.j2", "page.css"),
)
