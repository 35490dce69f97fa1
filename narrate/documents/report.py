"""The accessibility report of a course: what was checked, what was found, what people must check.

The report states only what was measured. No check can tell whether a description is good or a
lesson is understandable, so the report never claims conformance with a guideline.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from foundation.problem import Place
from lessons.model import Finding, Lesson, Picture, Severity, walk_visuals
from narrate.captions.profiles import Profile
from narrate.captions.rules import (
    CaptionFigures,
    check_cues,
    hold_all_words,
    measure_cues,
    words_per_minute,
)
from narrate.captions.text import split_words
from narrate.clock import format_clock, ms_to_seconds
from narrate.templating import html_environment
from narrate.vocabulary import Cue

VERSION = 1

Result = Literal["no finding", "findings", "not checked"]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a program can check.

    `rule` names the guideline that asks for it, `detail` gives the result with its numbers, and
    `leaves` says what the check leaves to people.
    """

    id: str
    title: str
    rule: str
    result: Result
    detail: str
    leaves: str


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """Measurements of a lesson. `spoken_words_per_minute` is over its whole length, with pauses."""

    slides: int
    words: int
    pictures: int
    duration_ms: int | None
    spoken_words_per_minute: float | None
    captions: CaptionFigures | None


@dataclass(frozen=True, slots=True)
class LessonReport:
    """The checks and findings of one lesson. `profile` is the title of its caption profile."""

    id: str
    title: str
    path: str
    profile: str
    figures: LessonFigures
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]


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


HUMAN_TASKS = (
    HumanTask(
        "Watch each lesson once with sound and captions",
        "WCAG 2.2, 1.2.2 (A)",
        "The captions show the words of the script. Where the voice says something else, they may "
        "be wrong for people who cannot hear it. Check the names, numbers, formulas and foreign "
        "words.",
    ),
    HumanTask(
        "Listen to each lesson with your eyes closed",
        "WCAG 2.2, 1.2.3 (A) and 1.2.5 (AA)",
        "Whatever you miss must be put into words. Describe pictures, tables and formulas in the "
        "script, or provide an audio description.",
    ),
    HumanTask(
        "Read the description of every picture",
        "WCAG 2.2, 1.1.1 (A)",
        "A program can check that there is a description. Only a person can judge whether it says "
        "what the picture is meant to show.",
    ),
    HumanTask(
        "Look at the teacher’s own pictures and recordings",
        "WCAG 2.2, 1.4.3 (AA), 1.4.5 (AA) and 2.3.1 (A)",
        "This report does not check text inside pictures, its contrast, or flashing content.",
    ),
    HumanTask(
        "Arrange a sign language interpreter for students who need one",
        "WCAG 2.2, 1.2.6 (AAA)",
        "The synthetic presenter does not sign, and nobody can rely on lip-reading alone.",
    ),
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
) -> LessonReport:
    """Check and measure a lesson, and gather what other steps found in it.

    `cues` are the lesson's captions in lesson time, or None if none were made. `slide_starts` are
    the times in milliseconds at which slides begin. `speech` holds the findings of the comparison
    of the voice with the script, or None if nothing listened to it. `findings` holds those of all
    other steps.
    """
    pictures = [
        visual
        for slide in lesson.slides
        for visual in walk_visuals(slide.visuals)
        if isinstance(visual, Picture)
    ]
    words = _count_words(lesson)
    figures = LessonFigures(
        slides=len(lesson.slides),
        words=words,
        pictures=len(pictures),
        duration_ms=duration_ms,
        spoken_words_per_minute=(
            round(words_per_minute(words, duration_ms), 1) if duration_ms else None
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
        _check_words(lesson, cues),
        _check_rules(cues, profile, broken),
        _check_speech(heard),
        _check_pictures(pictures),
        _check_transcript(transcript_made),
    )
    return LessonReport(
        lesson.id,
        lesson.title,
        lesson.path,
        profile.title,
        figures,
        checks,
        tuple(sorted([*others, *broken], key=_sort_key)),
    )


def _count_words(lesson: Lesson) -> int:
    return sum(len(split_words(slide.written)) for slide in lesson.slides)


def write_report_json(report: CourseReport) -> str:
    document = {
        "format": "narrate-report",
        "version": VERSION,
        "conformance_claimed": None,
        **_make_data(report),
        "for_people": [asdict(task) for task in HUMAN_TASKS],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write_report_html(report: CourseReport) -> str:
    findings = [*report.findings, *(f for lesson in report.lessons for f in lesson.findings)]
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _ORDER}
    template = html_environment().get_template("report.html.j2")
    return template.render(
        report=report, counts=counts, tasks=HUMAN_TASKS, clock=_format_time, number=_format_number
    )


def _make_data(report: CourseReport | LessonReport) -> dict[str, object]:
    data: dict[str, object] = asdict(report)
    data["findings"] = [finding.as_data() for finding in report.findings]
    if isinstance(report, CourseReport):
        data["lessons"] = [_make_data(lesson) for lesson in report.lessons]
    return data


def _format_number(value: float) -> str:
    """Write a number with one decimal, or with none if that is 0."""
    return f"{value:.1f}".removesuffix(".0")


def _format_time(ms: int) -> str:
    return format_clock(ms_to_seconds(ms))


def _sort_key(finding: Finding) -> tuple[int, int, int, str]:
    place = finding.place
    return _ORDER[finding.severity], place.slide or 0, place.line or 0, finding.rule


def _check_words(lesson: Lesson, cues: Sequence[Cue] | None) -> Check:
    result: Result = "not checked"
    detail = "No captions were made."
    if cues is not None:
        script = _count_words(lesson)
        if hold_all_words(cues, lesson.slides):
            result = "no finding"
            detail = f"All {script} words of the script are in the captions, in the same order."
        else:
            shown = measure_cues(cues).words
            result = "findings"
            detail = (
                f"The script has {script} words and the captions have {shown}, and they are not "
                "the same words in the same order."
            )
    return Check(
        "caption-words",
        "The captions contain every word of the script",
        "WCAG 2.2, 1.2.2 (A); 47 CFR 79.1(j)(2), accuracy and completeness",
        result,
        detail,
        "Whether the voice says the words as they are meant.",
    )


def _check_rules(cues: Sequence[Cue] | None, profile: Profile, broken: Sequence[Finding]) -> Check:
    result: Result = "not checked"
    detail = "No captions were made."
    if cues is not None:
        result = "findings" if broken else "no finding"
        detail = (
            f"{len(cues)} captions were checked. The limits are {profile.lines} lines of "
            f"{profile.columns} characters, {_describe_speed(profile)}, and "
            f"{profile.min_ms / 1000:g} to {profile.max_ms / 1000:g} seconds on screen."
        )
        if broken:
            detail += f" Rules broken: {len(broken)}. See the findings below."
    return Check(
        "caption-rules",
        "The captions can be read in time",
        f"{profile.title} ({profile.source})",
        result,
        detail,
        "Whether your students can read at this speed.",
    )


def _describe_speed(profile: Profile) -> str:
    if profile.words_per_minute:
        return (
            f"{profile.words_per_minute} words a minute on average and "
            f"{profile.peak_words_per_minute} in a single caption"
        )
    return f"{profile.characters_per_second} characters a second"


def _check_speech(heard: Sequence[Finding] | None) -> Check:
    result: Result = "not checked"
    detail = "No speech recogniser listened to the voice."
    if heard is not None:
        result = "findings" if heard else "no finding"
        detail = f"A speech recogniser listened to the voice. Findings: {len(heard)}."
    return Check(
        "speech-words",
        "The voice says the words of the script",
        "WCAG 2.2, 1.2.2 (A), captions match what is said",
        result,
        detail,
        "Whether the recogniser was right. It can miss mistakes and report false ones, so only "
        "listening is certain.",
    )


def _check_pictures(pictures: Sequence[Picture]) -> Check:
    without = sum(not picture.alt.strip() for picture in pictures)
    return Check(
        "picture-descriptions",
        "Every picture has a description",
        "WCAG 2.2, 1.1.1 (A)",
        "findings" if without else "no finding",
        (
            f"Pictures with a description: {len(pictures) - without} of {len(pictures)}."
            if pictures
            else "The lesson has no pictures."
        ),
        "Whether the descriptions say what matters.",
    )


def _check_transcript(made: bool) -> Check:
    return Check(
        "transcript",
        "There is a transcript of what is said and shown",
        "WCAG 2.2, 1.2.8 (AAA)",
        "no finding" if made else "not checked",
        (
            "The transcript was made from the script. It contains the spoken words and the "
            "contents of the slides."
            if made
            else "No transcript was made."
        ),
        "Whether the transcript is published together with the video.",
    )
