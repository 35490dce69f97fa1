"""The accessibility report of a course: what was checked, what was found, what is left to people.

It states what was measured and nothing beyond. No check here can tell whether a description is
good or a lesson understandable, so the report never says that a guideline is conformed to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from foundation.problem import Place
from lessons.model import Finding, Lesson, Picture, Severity
from narrate.captions.check import CaptionFigures, check_cues, clock, measure_cues
from narrate.captions.profiles import Profile
from narrate.captions.text import split_words
from narrate.templating import html_environment
from narrate.vocabulary import Cue

VERSION = 1

Result = Literal["no finding", "findings", "not checked"]

_ORDER: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a program can tell. `rule` says where it is asked for; `detail` what came
    out, with its numbers; `leaves` what it cannot tell."""

    id: str
    title: str
    rule: str
    result: Result
    detail: str
    leaves: str


@dataclass(frozen=True, slots=True)
class LessonFigures:
    """`spoken_words_per_minute` is over the whole length, pauses and all."""

    slides: int
    words: int
    pictures: int
    duration_ms: int | None
    spoken_words_per_minute: float | None
    captions: CaptionFigures | None


@dataclass(frozen=True, slots=True)
class LessonReport:
    id: str
    title: str
    path: str
    profile: str
    figures: LessonFigures
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CourseReport:
    """`findings` are those of the course itself, not of a lesson."""

    id: str
    title: str
    language: str
    lessons: tuple[LessonReport, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """What a person must do; `rule` says where it is asked for."""

    title: str
    rule: str
    detail: str


FOR_PEOPLE = (
    Task(
        "Watch each lesson once with sound and captions",
        "WCAG 2.2, 1.2.2 (A)",
        "Captions are the script’s words. Where the voice says something else, the caption is "
        "wrong for who cannot hear it: mind names, numbers, formulas and foreign words.",
    ),
    Task(
        "Listen to each lesson with closed eyes",
        "WCAG 2.2, 1.2.3 (A) and 1.2.5 (AA)",
        "What you miss must be said: describe pictures, tables and formulas in the script, or "
        "provide audio description.",
    ),
    Task(
        "Read the description of every picture",
        "WCAG 2.2, 1.1.1 (A)",
        "A program can see that there is one. Whether it tells what the picture is there to tell, "
        "only a person can.",
    ),
    Task(
        "Look at the teacher’s own pictures and recordings",
        "WCAG 2.2, 1.4.3 (AA), 1.4.5 (AA) and 2.3.1 (A)",
        "Text inside pictures, its contrast and flashing are not examined here.",
    ),
    Task(
        "Ask for a sign language interpreter where students need one",
        "WCAG 2.2, 1.2.6 (AAA)",
        "A synthetic presenter does not sign, and lip-reading alone cannot be relied on.",
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
    """What is known of a lesson.

    `cues` are the lesson's captions in lesson time, None where none were made; they are measured
    and checked here. `slide_starts` are the slides' starts in milliseconds. `speech` is what the
    check of the voice against the script found, None where nothing listened; `findings` is what
    all other stages found.
    """
    pictures = [
        visual for slide in lesson.slides for visual in slide.visuals if isinstance(visual, Picture)
    ]
    words = sum(len(split_words(slide.written)) for slide in lesson.slides)
    figures = LessonFigures(
        slides=len(lesson.slides),
        words=words,
        pictures=len(pictures),
        duration_ms=duration_ms,
        spoken_words_per_minute=round(words * 60_000 / duration_ms, 1) if duration_ms else None,
        captions=None if cues is None else measure_cues(cues),
    )
    heard = None if speech is None else list(dict.fromkeys(speech))
    known = list(dict.fromkeys([*findings, *(heard or [])]))
    broken = (
        []
        if cues is None
        else check_cues(cues, profile, place=Place(lesson.path), slide_starts=slide_starts)
    )
    # A stage may have checked the same captions slide by slide; the lesson's figures say it all.
    rules = {finding.rule for finding in broken}
    others = [finding for finding in known if finding.rule not in rules]
    checks = (
        _words_check(lesson, cues),
        _rules_check(cues, profile, broken),
        _speech_check(heard),
        _pictures_check(pictures),
        _transcript_check(transcript_made),
    )
    return LessonReport(
        lesson.id,
        lesson.title,
        lesson.path,
        profile.title,
        figures,
        checks,
        tuple(sorted([*others, *broken], key=_rank)),
    )


def write_report_json(report: CourseReport) -> str:
    document = {
        "format": "narrate-report",
        "version": VERSION,
        "conformance_claimed": None,
        **_as_data(report),
        "for_people": [asdict(task) for task in FOR_PEOPLE],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def write_report_html(report: CourseReport) -> str:
    findings = [*report.findings, *(f for lesson in report.lessons for f in lesson.findings)]
    counts = {severity: sum(f.severity == severity for f in findings) for severity in _ORDER}
    template = html_environment().get_template("report.html.j2")
    return template.render(
        report=report, counts=counts, tasks=FOR_PEOPLE, clock=_length, number=number
    )


def _as_data(report: CourseReport | LessonReport) -> dict[str, object]:
    data: dict[str, object] = asdict(report)
    data["findings"] = [finding.as_data() for finding in report.findings]
    if isinstance(report, CourseReport):
        data["lessons"] = [_as_data(lesson) for lesson in report.lessons]
    return data


def number(value: float) -> str:
    """Without a superfluous fraction."""
    return f"{value:.1f}".removesuffix(".0")


def _length(ms: int) -> str:
    return clock(ms).partition(".")[0]


def _rank(finding: Finding) -> tuple[int, int, int, str]:
    place = finding.place
    return _ORDER[finding.severity], place.slide or 0, place.line or 0, finding.rule


def _words_check(lesson: Lesson, cues: Sequence[Cue] | None) -> Check:
    result: Result = "not checked"
    detail = "No captions were made."
    if cues is not None:
        script = split_words(" ".join(slide.written for slide in lesson.slides))
        shown = split_words(" ".join(cue.text for cue in cues))
        # Without spaces: a word wider than a line is cut.
        same = "".join(script) == "".join(shown)
        result = "no finding" if same else "findings"
        detail = (
            f"All {len(script)} written words stand in the captions, in order."
            if same
            else f"The script has {len(script)} written words, the captions {len(shown)}, and "
            "they differ."
        )
    return Check(
        "caption-words",
        "Captions hold the script’s words",
        "WCAG 2.2, 1.2.2 (A); 47 CFR 79.1(j)(2), accuracy and completeness",
        result,
        detail,
        "Whether the voice says them as they are meant.",
    )


def _rules_check(cues: Sequence[Cue] | None, profile: Profile, broken: Sequence[Finding]) -> Check:
    if profile.words_per_minute:
        speed = (
            f"{profile.words_per_minute} words a minute on average and "
            f"{profile.peak_words_per_minute} in each"
        )
    else:
        speed = f"{profile.characters_per_second} characters a second"
    result: Result = "not checked"
    detail = "No captions were made."
    if cues is not None:
        result = "findings" if broken else "no finding"
        rules = (
            f"at most {profile.lines} lines of {profile.columns} columns, {speed}, "
            f"{profile.min_ms / 1000:g} to {profile.max_ms / 1000:g} s long"
        )
        detail = f"Checked {len(cues)} captions: {rules}."
        if broken:
            detail += f" Rules broken: {len(broken)}, see the findings."
    return Check(
        "caption-rules",
        "Captions can be read in time",
        f"{profile.title} ({profile.source})",
        result,
        detail,
        "Whether these students read at this speed.",
    )


def _speech_check(heard: Sequence[Finding] | None) -> Check:
    result: Result = "not checked"
    detail = "No recogniser listened to the voice."
    if heard is not None:
        result = "findings" if heard else "no finding"
        detail = f"A speech recogniser listened. Findings: {len(heard)}."
    return Check(
        "speech-words",
        "The voice says the script",
        "WCAG 2.2, 1.2.2 (A), captions match what is said",
        result,
        detail,
        "A recogniser mishears and overhears: only listening is certain.",
    )


def _pictures_check(pictures: Sequence[Picture]) -> Check:
    without = sum(not picture.alt.strip() for picture in pictures)
    return Check(
        "picture-descriptions",
        "Pictures have descriptions",
        "WCAG 2.2, 1.1.1 (A)",
        "findings" if without else "no finding",
        (
            f"Pictures with a description: {len(pictures) - without} of {len(pictures)}."
            if pictures
            else "There are no pictures."
        ),
        "Whether the descriptions tell what matters.",
    )


def _transcript_check(made: bool) -> Check:
    return Check(
        "transcript",
        "There is a transcript with what is shown",
        "WCAG 2.2, 1.2.8 (AAA)",
        "no finding" if made else "not checked",
        (
            "The transcript was written from the script: its words beside the slides’ contents."
            if made
            else "No transcript was made."
        ),
        "Whether it is published beside the video.",
    )
