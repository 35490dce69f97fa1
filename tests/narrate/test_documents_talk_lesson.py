"""A recorded talk becomes a lesson."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons.course.reading import load_course
from lessons.markdown.lesson import Surroundings, read_lesson
from narrate.align.listen import RecognisedWord
from narrate.documents.talk_lesson import write_talk_lesson


def said(text: str, *, at: float = 0.0, sure: float = 1.0) -> list[RecognisedWord]:
    """Return words of half a second each."""
    found = []
    for word in text.split():
        found.append(RecognisedWord(word, at, at + 0.5, sure))
        at += 0.5
    return found


def talk(*parts: tuple[str, float]) -> list[RecognisedWord]:
    words: list[RecognisedWord] = []
    here = 0.0
    for text, pause in parts:
        words += said(text, at=here)
        here = words[-1].end + pause
    return words


def read(markdown: str, tmp_path: Path) -> list[list[str]]:
    (tmp_path / "course.yaml").write_text("title: X\n")
    (tmp_path / "01-a.md").write_text(markdown)
    lesson = load_course(tmp_path).lessons[0]
    assert lesson.shape == "script"
    return [[u.written for u in s.utterances] for s in lesson.slides]


def test_the_lesson_says_what_was_heard(tmp_path: Path) -> None:
    long = "Word " + "word " * 58 + "end."
    written = write_talk_lesson(
        talk(("Good morning.", 0.2), ("We begin.", 1.0), (long, 2.0), ("A new part.", 0.0)),
        title="On light",
        recording="",
        language="en-GB",
    )
    assert read(written, tmp_path) == [["Good morning.", "We begin.", long], ["A new part."]]
    assert "<!-- 0:00 -->\nGood morning. We begin.\n" in written
    assert "<!-- 0:03 -->\nWord" in written


def test_a_recording_in_the_course_is_named(tmp_path: Path) -> None:
    written = write_talk_lesson(
        talk(("Hello.", 0)), title='A "b": c', recording="m/t.wav", language=""
    )
    assert written.startswith(
        '---\ntitle: "A \\"b\\": c"\nvoice: recording\nrecording: "m/t.wav"\n'
    )
    lesson, _ = read_lesson(written, "01-a.md", Surroundings(tmp_path))
    assert lesson.title == 'A "b": c' and lesson.settings.recording == "m/t.wav"


def test_unsure_words_are_named(tmp_path: Path) -> None:
    words = [*said("The"), *said("foton,", at=0.5, sure=0.3), *said("moves.", at=1.0)]
    written = write_talk_lesson(words, title="A", recording="", language="en")
    assert "<!-- 0:00, unsure: “foton” -->" in written


def test_a_talk_without_punctuation_is_divided_at_pauses(tmp_path: Path) -> None:
    written = write_talk_lesson(
        talk(("so " * 70, 1.2), ("and then", 0)), title="A", recording="", language="en"
    )
    assert len(read(written, tmp_path)[0]) == 2


@settings(deadline=None)
@example(["&lt;", "a&b;", "*x*", "1.", "$x$", "<!--", "-->", "[a](b)", "~~no~~", "|"])
@given(st.lists(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1), min_size=1))
def test_nothing_that_was_heard_is_read_as_markup(words: list[str]) -> None:
    # White space separates words. Our Markdown does not replace any typographic marks.
    spoken = [RecognisedWord(word, n, n + 0.4, 1.0) for n, word in enumerate(words)]
    written = write_talk_lesson(spoken, title="A", recording="", language="en")
    lesson, _ = read_lesson(written, "01-a.md", Surroundings(Path()))
    tokens = [t.written for s in lesson.slides for u in s.utterances for t in u.tokens]
    assert "".join(tokens) == "".join(words)
