"""The accessibility report of a course: what was checked, what was found, what people must check.

The report states only what was measured. No check can tell whether a description is good or a
lesson is understandable, so the report never claims conformance with a guideline.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from foundation.cjk import is_written_without_spaces
from foundation.languages import direction
from foundation.problem import Place
from lessons.course.settings import DEFAULTS
from lessons.model import Finding, Lesson, Picture, Severity, walk_visuals
from narrate.captions.profiles import Profile
from narrate.captions.rules import CaptionFigures, check_cues, measure_cues, words_per_minute
from narrate.captions.text import count_characters, split_words
from narrate.clock import format_clock, ms_to_seconds
from narrate.documents.report_checks import (
    Check,
    check_pictures,
    check_rules,
    check_speech,
    check_transcript,
    check_words,
)
from narrate.templating import html_environment
from narrate.vocabulary import Cue
from narrate.words import ENGLISH, Words, find_own_name, find_words

VERSION = 1

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """Measurements of a lesson. `spoken_words_per_minute` is over its whole length, with pauses.
    Chinese and Japanese have `characters` instead of words, and both rates count these."""

    slides: int
    words: int
    pictures: int
    duration_ms: int | None
    spoken_words_per_minute: float | None
    captions: CaptionFigures | None
    characters: int | None = None


@dataclass(frozen=True, slots=True)
class LessonReport:
    """The checks and findings of one lesson. `profile` is the title of its caption profile, and
    `translates` the id of the lesson that it is a translation of; empty for an original."""

    id: str
    title: str
    path: str
    profile: str
    figures: LessonFigures
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    language: str = DEFAULTS.language
    translates: str = ""


@dataclass(frozen=True, slots=True)
class CourseReport:
    """The report on a course. `findings` are those about the course itself, not about a lesson."""

    id: str
    title: str
    language: str
    lessons: tuple[LessonReport, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class HumanTask:
    """Something that only a person can check or do. `rule` names the guideline that asks for it."""

    title: str
    rule: str
    detail: str


_TASKS = {
    "watch": "WCAG 2.2, 1.2.2 (A)",
    "listen": "WCAG 2.2, 1.2.3 (A), 1.2.5 (AA)",
    "descriptions": "WCAG 2.2, 1.1.1 (A)",
    "pictures": "WCAG 2.2, 1.4.3 (AA), 1.4.5 (AA), 2.3.1 (A)",
    "interpreter": "WCAG 2.2, 1.2.6 (AAA)",
}
"""What only people can do, in order, and the guidelines that ask for it. `narrate.words` has the
texts."""


def list_human_tasks(words: Words) -> tuple[HumanTask, ...]:
    """What only people can check or do, in the language of the words."""
    return tuple(
        HumanTask(words[f"task.{id}.title"], rule, words[f"task.{id}.detail"])
        for id, rule in _TASKS.items()
    )


def report_lesson(
    lesson: Lesson,
    *,
    profile: Profile,
    cues: Sequence[Cue] | None = None,
    duration_ms: int | None = None,
    slide_starts: Sequence[int] = (),
    findings: Iterable[Finding] = (),
    speech: Iterable[Finding] | None = None,
    transcript_made: bool = False,
    language: str = DEFAULTS.language,
    words: Words | None = None,
) -> LessonReport:
    """Check and measure a lesson, and gather what other steps found in it.

    `cues` are the lesson's captions in lesson time, or None if none were made. `slide_starts` are
    the times in milliseconds at which slides begin. `speech` holds the findings of the comparison
    of the voice with the script, or None if nothing listened to it. `findings` holds those of all
    other steps. `language` is the lesson's, and `words` are the report's, by default English.
    """
    said = words or find_words(ENGLISH)
    pictures = [
        visual
        for slide in lesson.slides
        for visual in walk_visuals(slide.visuals)
        if isinstance(visual, Picture)
    ]
    spaced = not is_written_without_spaces(language)
    script = [slide.written for slide in lesson.slides]
    units = sum(len(split_words(text)) if spaced else count_characters(text) for text in script)
    figures = LessonFigures(
        slides=len(lesson.slides),
        words=units if spaced else 0,
        characters=None if spaced else units,
        pictures=len(pictures),
        duration_ms=duration_ms,
        spoken_words_per_minute=(
            round(words_per_minute(units, duration_ms), 1) if duration_ms else None
        ),
        captions=None if cues is None else measure_cues(cues),
    )
    heard = None if speech is None else list(dict.fromkeys(speech))
    known = list(dict.fromkeys([*findings, *(heard or [])]))
    broken = (
        []
        if cues is None
        else check_cues(cues, profile, place=Place(lesson.path), slide_starts=slide_starts)
    )
    # Another step may have checked the same captions slide by slide. Those findings are replaced
    # by the ones about the whole lesson.
    rules = {finding.rule for finding in broken}
    others = [finding for finding in known if finding.rule not in rules]
    checks = (
        check_words(said, lesson, cues, units, spaced=spaced),
        check_rules(said, cues, profile, len(broken)),
        check_speech(said, heard),
        check_pictures(said, pictures),
        check_transcript(said, transcript_made),
    )
    return LessonReport(
        lesson.id,
        lesson.title,
        lesson.path,
        profile.title,
        figures,
        checks,
        tuple(sorted([*others, *broken], key=_sort_key)),
        language,
        lesson.original,
    )


def write_report_json(report: CourseReport) -> str:
    document = {
        "format": "narrate-report",
        "version": VERSION,
        "conformance_claimed": None,
        **_make_data(report),
        "for_people": [asdict(task) for task in list_human_tasks(find_words(report.language))],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write_report_html(report: CourseReport) -> str:
    findings = [*report.findings, *(f for lesson in report.lessons for f in lesson.findings)]
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _ORDER}
    template = html_environment().get_template("report.html.j2")
    words = find_words(report.language)
    return template.render(
        report=report,
        originals=[lesson for lesson in report.lessons if not lesson.translates],
        titles={lesson.id: lesson.title for lesson in report.lessons},
        counts=counts,
        tasks=list_human_tasks(words),
        words=words,
        say=words.__getitem__,
        name_language=find_own_name,
        direction=direction,
        clock=_format_time,
        number=words.write_number,
        results={"no finding": "good", "findings": "bad", "not checked": "open"},
    )


def _make_data(report: CourseReport | LessonReport) -> dict[str, object]:
    data: dict[str, object] = asdict(report)
    data["findings"] = [finding.as_data() for finding in report.findings]
    if isinstance(report, CourseReport):
        data["lessons"] = [_make_data(lesson) for lesson in report.lessons]
    return data


def _format_time(ms: int) -> str:
    return format_clock(ms_to_seconds(ms))


def _sort_key(finding: Finding) -> tuple[int, int, int, str]:
    place = finding.place
    return _ORDER[finding.severity], place.slide or 0, place.line or 0, finding.rule
