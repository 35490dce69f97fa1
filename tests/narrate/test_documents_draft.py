"""A recorded talk to a lesson draft."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lessons.course import load_course
from lessons.markdown import read_lesson
from narrate.align.listen import RecognisedWord
from narrate.documents.draft import clock, write_draft


def said(
    text: str, *, at: float = 0.0, pause: float = 0.0, sure: float = 1.0
) -> list[RecognisedWord]:
    """Words of half a second each, and the pause after the last."""
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


def read(draft: str, tmp_path: Path) -> list[list[str]]:
    (tmp_path / "course.yaml").write_text("title: X\n")
    (tmp_path / "01-a.md").write_text(draft)
    lesson = load_course(tmp_path).lessons[0]
    assert lesson.shape == "script"
    return [[u.written for u in s.utterances] for s in lesson.slides]


def test_a_draft_is_a_lesson_that_says_what_was_heard(tmp_path: Path) -> None:
    long = "Word " + "word " * 58 + "end."
    draft = write_draft(
        talk(("Good morning.", 0.2), ("We begin.", 1.0), (long, 2.0), ("A new part.", 0.0)),
        title="On light",
        recording="",
        language="en-GB",
    )
    assert read(draft, tmp_path) == [["Good morning.", "We begin.", long], ["A new part."]]
    assert "<!-- 0:00 -->\nGood morning. We begin.\n" in draft
    assert "<!-- 0:03 -->\nWord" in draft


def test_the_recording_is_named_where_it_lies_in_the_course(tmp_path: Path) -> None:
    draft = write_draft(talk(("Hello.", 0)), title='A "b": c', recording="m/t.wav", language="")
    assert draft.startswith('---\ntitle: "A \\"b\\": c"\nvoice: recording\nrecording: "m/t.wav"\n')
    lesson, _ = read_lesson(draft, path="01-a.md", root=tmp_path)
    assert lesson.title == 'A "b": c' and lesson.settings["recording"] == "m/t.wav"


def test_words_to_listen_to_are_named(tmp_path: Path) -> None:
    words = [*said("The"), *said("foton,", at=0.5, sure=0.3), *said("moves.", at=1.0)]
    draft = write_draft(words, title="A", recording="", language="en")
    assert "<!-- 0:00, unsure: “foton” -->" in draft


def test_times_are_read_as_on_a_clock() -> None:
    assert [clock(s) for s in (0, 59.9, 61, 3600, 7325)] == [
        "0:00", "0:59", "1:01", "1:00:00", "2:02:05",
    ]  # fmt: skip


def test_a_talk_without_punctuation_is_parted_at_pauses(tmp_path: Path) -> None:
    draft = write_draft(
        talk(("so " * 70, 1.2), ("and then", 0)), title="A", recording="", language="en"
    )
    assert len(read(draft, tmp_path)[0]) == 2


@settings(deadline=None)
@example(["&lt;", "a&b;", "*x*", "1.", "$x$", "<!--", "-->", "[a](b)", "~~no~~", "|"])
@given(st.lists(st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1), min_size=1))
def test_nothing_that_was_heard_is_taken_for_markup(words: list[str]) -> None:
    # A word is what white space parts; Markdown makes typographic marks of nothing here.
    spoken = [RecognisedWord(word, n, n + 0.4, 1.0) for n, word in enumerate(words)]
    draft = write_draft(spoken, title="A", recording="", language="en")
    lesson, _ = read_lesson(draft, path="01-a.md", root=Path())
    written = [t.written for s in lesson.slides for u in s.utterances for t in u.tokens]
    assert "".join(written) == "".join(words)
