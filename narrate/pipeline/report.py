"""Writes the course's accessibility report after a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foundation.files import file_digest
from foundation.json_text import read_object
from lessons.model import Finding
from narrate import captions
from narrate.documents.report import (
    VERSION,
    CourseReport,
    LessonReport,
    report_lesson,
    write_report_html,
    write_report_json,
)
from narrate.pipeline.keys import make_key
from narrate.pipeline.outputs import OutputFolder
from narrate.pipeline.plan import Plan
from narrate.pipeline.store import storing
from narrate.pipeline.timeline import make_timeline, read_drawing_findings
from narrate.templating import digest_templates

REPORT = "report.json"
REPORT_PAGE = "report.html"
_MADE_OF = "report.key"  # in the store: the key of the build that the report describes

if TYPE_CHECKING:
    from narrate.pipeline import Request


def write_report(
    plan: Plan, folder: OutputFolder, script: tuple[Finding, ...], request: Request
) -> list[Finding]:
    """Report on the lessons of a plan and return all findings. The report is only written if the
    whole course was built."""
    reports: list[LessonReport] = []
    listened = not request.draft
    for lesson in plan.lessons:
        timeline = make_timeline(folder.store, lesson)
        own = [f for f in script if f.place.path == lesson.lesson.path]
        reports.append(
            report_lesson(
                lesson.lesson,
                profile=captions.find_profile(lesson.settings.captions),
                cues=timeline.cues if "captions" in request.wanted.parts else None,
                duration_ms=timeline.duration_ms,
                slide_starts=timeline.slide_starts_ms,
                findings=[*own, *read_drawing_findings(folder.store, lesson)],
                speech=timeline.heard if listened else None,
                transcript_made="transcript" in request.wanted.parts,
            )
        )
    paths = {lesson.lesson.path for lesson in plan.lessons}
    rest = tuple(f for f in script if f.place.path not in paths)
    course = CourseReport(
        plan.course.id,
        plan.course.title,
        plan.lessons[0].settings.language if plan.lessons else "",
        tuple(reports),
        rest,
    )
    if _is_whole(request, plan):
        with storing(folder.out):
            folder.write_if_changed(REPORT, write_report_json(course).encode())
            folder.write_if_changed(REPORT_PAGE, write_report_html(course).encode())
            made_of = _describe_report(folder, _make_report_key(plan, script, request))
            folder.store.publish(folder.store.root / _MADE_OF, made_of.encode())
    return [*rest, *(f for r in reports for f in r.findings)]


def read_findings(
    plan: Plan, folder: OutputFolder, script: tuple[Finding, ...], request: Request
) -> list[Finding] | None:
    """The findings in the report of this very build; None if there is no such report."""
    if not _is_whole(request, plan):
        return None
    try:
        made_of = (folder.store.root / _MADE_OF).read_text()
        if made_of != _describe_report(folder, _make_report_key(plan, script, request)):
            return None
        report = read_object(folder.out / REPORT)
        found = [*report["findings"], *(f for r in report["lessons"] for f in r["findings"])]
        return [Finding.from_data(f) for f in found]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _describe_report(folder: OutputFolder, key: str) -> str:
    """What the report was made of, and the digests of its files as they are now."""
    digests = [file_digest(folder.out / name) for name in (REPORT, REPORT_PAGE)]
    return " ".join([key, *digests])


def _make_report_key(plan: Plan, script: tuple[Finding, ...], request: Request) -> str:
    """The key of a report, which changes when a slide moves in its file: reports name lines."""
    lessons = [
        (
            lesson.lesson.path,
            [o.key for o in lesson.outputs],
            [(s.slide.number, s.slide.line) for s in lesson.slides],
            [u.line for s in lesson.slides for u in s.slide.utterances],
        )
        for lesson in plan.lessons
    ]
    look = digest_templates("report", "page.css")
    return make_key("report", VERSION, look, plan.course.id, request.draft, lessons, script)


def _is_whole(request: Request, plan: Plan) -> bool:
    return (
        request.lesson is None
        and not plan.course.within
        and request.wanted == type(request.wanted)()
    )
