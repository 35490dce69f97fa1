"""Checks a script before anything is built.

To add a check, write a function that looks at a slide and yields findings, and add it to
`SLIDE_CHECKS`. The name of its rule goes into `narrate.rule_names`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from foundation.languages import name_language
from foundation.problem import Place, Problem
from foundation.shortening import shorten
from lessons.course.reading import read_course
from lessons.model import (
    Box,
    Code,
    Course,
    Diagram,
    Finding,
    Formula,
    Inline,
    ItemList,
    Lesson,
    Paragraph,
    Picture,
    Quote,
    Run,
    Severity,
    Slide,
    Table,
    walk_visuals,
)

# How much a slide of 1920x1080 can show at a size that is legible from the back of a classroom. The
# usual advice for teaching slides, about six lines of text, is doubled here: only real excess is
# reported.
MOST_WORDS_SHOWN = 90
MOST_ITEMS = 10
MOST_CODE_LINES = 20
LONGEST_CODE_LINE = 80
MOST_TABLE_ROWS = 12
MOST_TABLE_COLUMNS = 8
LONGEST_TITLE = 80

LONGEST_SENTENCE = 40
"""Words. Plain-language guides ask for 20 to 25 on average. Beyond 40, listeners lose the thread
and captions have no good place to break."""

LONGEST_SLIDE_WORDS = 300
"""About two minutes of speech with one picture."""

FASTEST_WORDS_A_MINUTE = 180
"""The BBC's subtitle guidelines ask for 160 to 180 words per minute."""
USUAL_WORDS_A_MINUTE = 155


def check_course(course: Course, noticed: Sequence[Finding] | None = None) -> list[Finding]:
    """The findings of a course, lesson by lesson in the order of lines.

    `noticed` are the findings that `read_course` returned with the course. Without them, the course
    is read again.
    """
    if noticed is None:
        noticed = read_course(course.root)[1]
    own: dict[str, list[Finding]] = {lesson.path: [] for lesson in course.lessons}
    rest: list[Finding] = []
    for finding in noticed:
        own.get(finding.place.path, rest).append(finding)
    findings: list[Finding] = []
    for lesson in course.lessons:
        found = [*own[lesson.path], *check_lesson(lesson)]
        findings.extend(sorted(found, key=lambda f: (f.place.line or 0, f.rule)))
    findings.extend(_check_speed(course))
    return [*findings, *rest]


def check_lesson(lesson: Lesson) -> Iterator[Finding]:
    """The findings of one lesson, slide by slide."""
    for slide in lesson.slides:
        for check in SLIDE_CHECKS:
            yield from check(lesson, slide)
    yield from _check_titles_differ(lesson)
    if not any(slide.utterances for slide in lesson.slides):
        remedy = (
            "Write sentences under its headings, or speaker notes."
            if lesson.shape == "script"
            else "Write speaker notes, such as <!-- say: … --> or Note: …"
        )
        problem = Problem("Nothing is spoken in this lesson.", remedy, Place(lesson.path, 1))
        yield Finding("lesson-silent", "error", problem)


def _finding(place: Place, rule: str, severity: Severity, message: str, remedy: str) -> Finding:
    return Finding(rule, severity, Problem(message, remedy, place))


def _place(lesson: Lesson, slide: Slide, line: int = 0) -> Place:
    return Place(lesson.path, line or slide.line, slide.number)


def _check_speech(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    place = _place(lesson, slide)
    if not slide.utterances:
        message = (
            f"Nothing is spoken on this slide; it is shown for {slide.hold_ms / 1000:g} seconds."
        )
        remedy = (
            "Write what to say, set the time with <!-- hold: 3s -->, or leave the slide out with "
            "<!-- skip -->."
        )
        yield _finding(place, "slide-silent", "warning", message, remedy)
    said = sum(len(utterance.tokens) for utterance in slide.utterances)
    if said > LONGEST_SLIDE_WORDS:
        minutes = said / USUAL_WORDS_A_MINUTE
        message = f"This slide has {said} words of speech, about {minutes:.0f} minutes."
        remedy = "Start a new slide where the subject changes."
        yield _finding(place, "slide-long", "note", message, remedy)


def _check_title(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    place = _place(lesson, slide)
    if not slide.title:
        message = "The slide has no title, so its chapter has no name."
        yield _finding(place, "title-missing", "warning", message, "Add a heading.")
    elif len(slide.title) > LONGEST_TITLE:
        message = f"The title is long: it has {len(slide.title)} characters."
        remedy = f"Shorten it to at most {LONGEST_TITLE}."
        yield _finding(place, "title-long", "note", message, remedy)


def _check_titles_differ(lesson: Lesson) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for slide in lesson.slides:
        if not slide.title:
            continue
        other = first.setdefault(slide.title.casefold(), slide.number)
        if other != slide.number:
            message = f"Slide {other} has the same title, {slide.title!r}."
            remedy = "Give each slide its own title, so that its chapter can be recognised."
            yield _finding(_place(lesson, slide), "title-repeated", "note", message, remedy)


def _check_amount(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    place = _place(lesson, slide)
    words = sum(len(text.split()) for text in _shown(slide))
    if words > MOST_WORDS_SHOWN:
        message = f"The slide is full: it shows {words} words."
        remedy = f"Show at most {MOST_WORDS_SHOWN}, or split the slide in two."
        yield _finding(place, "slide-full", "warning", message, remedy)
    items = sum(
        len(visual.items) for visual in walk_visuals(slide.visuals) if isinstance(visual, ItemList)
    )
    if items > MOST_ITEMS:
        message = f"The list is long: the slide shows {items} items."
        remedy = f"Show at most {MOST_ITEMS}, or split the slide in two."
        yield _finding(place, "list-long", "warning", message, remedy)


def _check_pictures(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    for visual in walk_visuals(slide.visuals):
        if isinstance(visual, Picture) and not visual.alt.strip():
            message = f"The picture {visual.path!r} has no alternative text."
            remedy = "Describe it between the brackets: ![a prism splitting white light](…)."
            if visual.borrowed:
                language = name_language(lesson.settings.language)
                message = (
                    f"The picture {visual.path!r}, which is shown here because it stands in "
                    f"{visual.borrowed!r}, has no alternative text in {language}."
                )
                remedy = (
                    f"Write it into this slide too, described in {language}: ![…](…), as in "
                    f"{visual.borrowed!r}."
                )
            place = _place(lesson, slide, visual.line)
            yield _finding(place, "picture-alt", "warning", message, remedy)
        elif isinstance(visual, Diagram) and not visual.alt:
            message = "The diagram has no alternative text."
            place = _place(lesson, slide, visual.line)
            yield _finding(place, "picture-alt", "warning", message, _DESCRIBE[visual.kind])


_DESCRIBE = {
    "mermaid": "Describe it in a line of its own inside: 'accDescr: water evaporates and rains'.",
    "dot": "Describe it at the start of the graph: 'tooltip=\"water evaporates and rains\"'.",
    "plantuml": "Describe it in a line of its own inside: 'title Water evaporates and rains'.",
}


def _check_code(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    for visual in walk_visuals(slide.visuals):
        if isinstance(visual, Code):
            lines = visual.text.split("\n")
            widest = max(map(len, lines))
            if len(lines) > MOST_CODE_LINES or widest > LONGEST_CODE_LINE:
                message = f"The code is large: {len(lines)} lines of up to {widest} characters."
                remedy = f"Show at most {MOST_CODE_LINES} lines of {LONGEST_CODE_LINE} characters."
                yield _finding(_place(lesson, slide), "code-large", "warning", message, remedy)


def _check_tables(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    for visual in walk_visuals(slide.visuals):
        if isinstance(visual, Table):
            rows, columns = len(visual.rows), len(visual.header)
            if rows > MOST_TABLE_ROWS or columns > MOST_TABLE_COLUMNS:
                message = f"The table is large: {rows} rows and {columns} columns."
                remedy = f"Show at most {MOST_TABLE_ROWS} rows and {MOST_TABLE_COLUMNS} columns."
                yield _finding(_place(lesson, slide), "table-large", "warning", message, remedy)


def _check_formulas(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    for visual in walk_visuals(slide.visuals):
        if isinstance(visual, Formula) and not visual.latex.strip():
            message = "A formula on this slide is empty."
            remedy = "Write the formula between $$ and $$, or remove the signs."
            yield _finding(_place(lesson, slide), "formula-empty", "warning", message, remedy)


def _check_sentences(lesson: Lesson, slide: Slide) -> Iterator[Finding]:
    for utterance in slide.utterances:
        size = len(utterance.tokens)
        if size > LONGEST_SENTENCE:
            message = (
                f"The sentence {shorten(utterance.written, 60)!r} is long: it has {size} words."
            )
            remedy = f"Split it into sentences of at most {LONGEST_SENTENCE} words."
            place = _place(lesson, slide, utterance.line)
            yield _finding(place, "sentence-long", "note", message, remedy)


SLIDE_CHECKS: tuple[Callable[[Lesson, Slide], Iterator[Finding]], ...] = (
    _check_speech,
    _check_title,
    _check_amount,
    _check_pictures,
    _check_code,
    _check_tables,
    _check_formulas,
    _check_sentences,
)


def _check_speed(course: Course) -> Iterator[Finding]:
    written = {lesson.settings.place_of("speed"): lesson.settings for lesson in course.lessons}
    for place, settings in written.items():
        words = (settings.speed or 0) * USUAL_WORDS_A_MINUTE
        if words > FASTEST_WORDS_A_MINUTE:
            message = (
                f"The speed {settings.speed:g} gives about {words:.0f} words per minute, too many "
                "to read as captions."
            )
            limit = 10 * FASTEST_WORDS_A_MINUTE // USUAL_WORDS_A_MINUTE / 10
            remedy = f"Stay within {FASTEST_WORDS_A_MINUTE} words per minute: speed {limit:g}."
            yield _finding(place, "speed-fast", "warning", message, remedy)


def _shown(slide: Slide) -> Iterator[str]:
    """The texts that a slide shows, except formulas and code."""
    for visual in walk_visuals(slide.visuals):
        match visual:
            case Paragraph() | Quote():
                yield _text(visual.content)
            case Box():
                yield _text((Run(visual.label), *visual.title))
            case ItemList():
                yield from (_text(item.content) for item in visual.items)
            case Table():
                for row in (visual.header, *visual.rows):
                    yield from (_text(cell) for cell in row)
            case _:
                pass


def _text(content: Inline) -> str:
    return " ".join(run.text for run in content if run.style != "formula")
