"""The lesson in eight languages is complete in each, and its captions keep every word."""

from __future__ import annotations

from pathlib import Path

import pytest

import narrate
from lessons.course.reading import read_course
from narrate.documents.transcript import write_transcript
from narrate.words import find_words

ROOT = Path(__file__).resolve().parents[2] / "samples/languages"


def test_no_language_lags_behind() -> None:
    course, findings = read_course(ROOT)
    assert findings == ()
    assert len({lesson.settings.language for lesson in course.lessons}) == 8
    assert {lesson.group for lesson in course.lessons} == {"01-rainbow"}
    assert {len(lesson.slides) for lesson in course.lessons} == {4}


@pytest.mark.parametrize("format", narrate.transcript_formats())
def test_pages_speak_the_language_of_their_lesson(format: str) -> None:
    for lesson in read_course(ROOT)[0].lessons:
        language = lesson.settings.language
        words = find_words(language)
        assert words.serves(language)
        page = write_transcript(lesson, format=format, language=language, course_title="X")
        assert words["transcript.picture"] in page
        if language != "en-US":
            for english in (
                "Picture:",
                "On the slide",
                "What is said",
                "Transcript of",
                "Only the",
            ):
                assert english not in page, (language, english)
