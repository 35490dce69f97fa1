"""Findings on a script before anything is built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foundation.problem import Place, Problem
from lessons.course import read_course
from lessons.model import (
    Code,
    Course,
    Finding,
    Formula,
    Inline,
    ItemList,
    Lesson,
    Paragraph,
    Picture,
    Quote,
    Severity,
    Slide,
    Table,
    Utterance,
)

# What a slide of 1920x1080 can show at a size that is read from the back of a room: the habits of
# teaching with slides (about six lines of text) doubled, so that only real excess is found.
MOST_WORDS_SHOWN = 90
MOST_ITEMS = 10
MOST_CODE_LINES = 20
LONGEST_CODE_LINE = 80
MOST_TABLE_ROWS = 12
MOST_TABLE_COLUMNS = 8
LONGEST_TITLE = 80

LONGEST_SENTENCE = 40
"""Words. Plain-language guides ask for 20 to 25 on average; beyond 40 a listener loses the thread
and a caption its break."""

LONGEST_SLIDE_WORDS = 300
"""Two minutes of speech on one picture."""

FASTEST_WORDS_A_MINUTE = 180
"""The BBC's subtitle guidelines ask for 160 to 180 words a minute."""
USUAL_WORDS_A_MINUTE = 155


def check_course(course: Course, remarks: Sequence[Finding] | None = None) -> list[Finding]:
    """What a person should look at, lesson by lesson in the order of lines.

    `remarks` are those that `read_course` gave with the course; without them it is read again.
    """
    if remarks is None:
        remarks = read_course(course.root)[1]
    findings: list[Finding] = []
    for lesson in course.lessons:
        own = [remark for remark in remarks if remark.place.path == lesson.path]
        own.extend(check_lesson(lesson))
        findings.extend(sorted(own, key=lambda finding: (finding.place.line or 0, finding.rule)))
    findings.extend(_pace(course))
    lessons = {lesson.path for lesson in course.lessons}
    findings.extend(remark for remark in remarks if remark.place.path not in lessons)
    return findings


def check_lesson(lesson: Lesson) -> Iterator[Finding]:
    titles: dict[str, int] = {}
    for slide in lesson.slides:
        yield from _slide(lesson, slide, titles)
        yield from _visuals(lesson, slide)
        for utterance in slide.utterances:
            yield from _utterance(lesson, slide, utterance)
    if not any(slide.utterances for slide in lesson.slides):
        remedy = (
            "Write prose under its headings, or speaker notes."
            if lesson.shape == "script"
            else "Write speaker notes, as <!-- say: … --> or Note: …"
        )
        problem = Problem("The lesson says nothing at all.", remedy, Place(lesson.path, 1))
        yield Finding("lesson-silent", "error", problem)


def _finding(
    lesson: Lesson,
    slide: Slide,
    rule: str,
    severity: Severity,
    message: str,
    remedy: str,
    line: int | None = None,
) -> Finding:
    place = Place(lesson.path, line or slide.line, slide.number)
    return Finding(rule, severity, Problem(message, remedy, place))


def _slide(lesson: Lesson, slide: Slide, titles: dict[str, int]) -> Iterator[Finding]:
    if not slide.utterances:
        yield _finding(
            lesson,
            slide,
            "slide-silent",
            "warning",
            f"The slide says nothing; it is shown for {slide.hold_ms / 1000:g} seconds.",
            "Write what should be said, or <!-- hold: 3s --> or <!-- skip -->.",
        )
    if not slide.title:
        yield _finding(
            lesson,
            slide,
            "title-missing",
            "warning",
            "The slide has no title; its chapter has no name.",
            "Give it a heading.",
        )
    else:
        key = slide.title.casefold()
        if key in titles:
            yield _finding(
                lesson,
                slide,
                "title-repeated",
                "note",
                f"Slide {titles[key]} has the same title {slide.title!r}.",
                "Give each slide a title of its own, so that chapters can be told apart.",
            )
        titles.setdefault(key, slide.number)
        if len(slide.title) > LONGEST_TITLE:
            yield _finding(
                lesson,
                slide,
                "title-long",
                "note",
                f"The title has {len(slide.title)} characters.",
                f"Keep it under {LONGEST_TITLE}.",
            )
    words = sum(len(text.split()) for text in _shown(slide))
    if words > MOST_WORDS_SHOWN:
        yield _finding(
            lesson,
            slide,
            "slide-full",
            "warning",
            f"The slide shows {words} words.",
            f"Keep it under {MOST_WORDS_SHOWN}, or part it in two.",
        )
    items = sum(len(visual.items) for visual in slide.visuals if isinstance(visual, ItemList))
    if items > MOST_ITEMS:
        yield _finding(
            lesson,
            slide,
            "list-long",
            "warning",
            f"The slide lists {items} items.",
            f"Keep it to {MOST_ITEMS}, or part it in two.",
        )
    said = sum(len(utterance.tokens) for utterance in slide.utterances)
    if said > LONGEST_SLIDE_WORDS:
        yield _finding(
            lesson,
            slide,
            "slide-long",
            "note",
            f"{said} words are said on this slide: {said / USUAL_WORDS_A_MINUTE:.0f} minutes.",
            "Begin a new slide where the subject turns.",
        )


def _shown(slide: Slide) -> Iterator[str]:
    for visual in slide.visuals:
        match visual:
            case Paragraph() | Quote():
                yield _text(visual.content)
            case ItemList():
                yield from (_text(item.content) for item in visual.items)
            case Table():
                for row in (visual.header, *visual.rows):
                    yield from (_text(cell) for cell in row)
            case _:
                pass


def _text(content: Inline) -> str:
    return " ".join(run.text for run in content if run.style != "formula")


def _visuals(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    for visual in slide.visuals:
        match visual:
            case Picture():
                if not visual.alt.strip():
                    yield _finding(
                        lesson,
                        slide,
                        "picture-alt",
                        "warning",
                        f"The picture {visual.path!r} has no alternative text.",
                        "Say in the brackets what it shows: ![a prism parting light](…).",
                        visual.line,
                    )
            case Code():
                lines = visual.text.split("\n")
                widest = max(map(len, lines))
                if len(lines) > MOST_CODE_LINES or widest > LONGEST_CODE_LINE:
                    yield _finding(
                        lesson,
                        slide,
                        "code-large",
                        "warning",
                        f"The code has {len(lines)} lines of up to {widest} characters.",
                        f"Show at most {MOST_CODE_LINES} lines of {LONGEST_CODE_LINE}.",
                    )
            case Table():
                if len(visual.rows) > MOST_TABLE_ROWS or len(visual.header) > MOST_TABLE_COLUMNS:
                    yield _finding(
                        lesson,
                        slide,
                        "table-large",
                        "warning",
                        f"The table has {len(visual.rows)} rows and {len(visual.header)} columns.",
                        f"Show at most {MOST_TABLE_ROWS} by {MOST_TABLE_COLUMNS}.",
                    )
            case Formula() if not visual.latex.strip():
                yield _finding(
                    lesson,
                    slide,
                    "formula-empty",
                    "warning",
                    "A formula on this slide is empty.",
                    "Write it between $$ and $$, or take it out.",
                )
            case _:
                pass


def _utterance(lesson: Lesson, slide: Slide, utterance: Utterance) -> Iterator[Finding]:
    size = len(utterance.tokens)
    if size > LONGEST_SENTENCE:
        yield _finding(
            lesson,
            slide,
            "sentence-long",
            "note",
            f"A sentence has {size} words: {utterance.written[:60]!r}…",
            f"Keep sentences under {LONGEST_SENTENCE} words.",
            utterance.line,
        )


def _pace(course: Course) -> Iterator[Finding]:
    written = {lesson.settings.place_of("speed"): lesson.settings for lesson in course.lessons}
    for place, settings in written.items():
        speed = settings.speed
        if speed is not None and speed * USUAL_WORDS_A_MINUTE > FASTEST_WORDS_A_MINUTE:
            message = (
                f"At speed {speed:g}, about {speed * USUAL_WORDS_A_MINUTE:.0f} words are spoken per "
                "minute."
            )
            remedy = f"Captions can be read up to {FASTEST_WORDS_A_MINUTE} words per minute."
            yield Finding("speed-fast", "warning", Problem(message, remedy, place))
