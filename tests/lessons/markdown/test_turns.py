"""Who says which part of a lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Finding, ItemList, Lesson, Paragraph, Run

FRONT = '---\nspeakers: {teacher: kokoro/af_heart, Student: espeak, "Dr Chen": b, مُعلّم: c}\n---\n'


def read(body: str, front: str = FRONT) -> tuple[Lesson, tuple[Finding, ...]]:
    return read_lesson(f"{front}# One\n\n{body}\n", "a.md", Surroundings(Path()))


def said(body: str, front: str = FRONT) -> list[tuple[str | None, str]]:
    lesson, _ = read(body, front)
    return [(u.speaker, u.written) for slide in lesson.slides for u in slide.utterances]


@pytest.mark.parametrize(
    "label",
    [
        "Teacher:", "teacher:", "TEACHER:", "**Teacher:**", "**Teacher**:", "*Teacher:*",
        "__Teacher:__", "Teacher :", "Teacher\u00a0:", "Teacher：", "<b>Teacher:</b>",
    ],
)  # fmt: skip
def test_a_label_names_who_speaks_and_is_not_spoken(label: str) -> None:
    lesson, findings = read(f"{label} Light is a wave.")
    (utterance,) = lesson.slides[0].utterances
    assert (utterance.speaker, utterance.voice) == ("Teacher", "kokoro/af_heart")
    assert utterance.written == utterance.spoken == "Light is a wave."
    (shown,) = lesson.slides[0].visuals
    assert isinstance(shown, ItemList) and not findings
    assert [item.content for item in shown.items] == [(Run("Light is a wave"),)]


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is text.", "**Note:** this is text.", "Nobody: this is text.",
        "The teacher: a person.", "Teacher says: hello.", "`Teacher: x`", "Teacher:of things.",
        "![Teacher: x](a.png) Look.", r"\Teacher: x", "[Teacher: x](https://a.example) y",
        "[Teacher:](https://a.example) y", "[**Teacher:**](https://a.example) y",
        "[link label](https://a.example) y", "*Teacher: x*",
    ],
)  # fmt: skip
def test_what_is_no_label_is_text(text: str) -> None:
    assert {speaker for speaker, _ in said(text)} == {None}


def test_names_may_have_spaces_and_other_scripts() -> None:
    body = "Dr Chen: One.\n\nDr  chen: Two.\n\nمُعلّم: Three."
    assert said(body) == [("Dr Chen", "One."), ("Dr Chen", "Two."), ("مُعلّم", "Three.")]


def test_each_line_may_begin_a_turn_which_lasts_until_the_next() -> None:
    body = "Teacher: One\ntwo. Three.\nStudent: Four.\n\nFive."
    assert said(body) == [
        ("Teacher", "One two."), ("Teacher", "Three."), ("Student", "Four."), (None, "Five."),
    ]  # fmt: skip


def test_a_label_alone_names_who_says_the_next_paragraph() -> None:
    assert said("**Teacher:**\n\nOne. Two.\n\nThree.") == [
        ("Teacher", "One."), ("Teacher", "Two."), (None, "Three."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "labels",
    [
        "Teacher: Student:", "Teacher: **Student:**", "**Teacher:** Student:",
        "**Teacher: Student:**", "**Teacher: Student**:", "Teacher：Student：",
    ],
)  # fmt: skip
def test_of_two_labels_the_second_speaks_and_the_first_is_reported(labels: str) -> None:
    lesson, findings = read(f"{labels} One.")
    assert [(u.speaker, u.written) for u in lesson.slides[0].utterances] == [("Student", "One.")]
    assert [f.rule for f in findings] == ["speaker-label"] and "'Teacher:'" in findings[0].message


@pytest.mark.parametrize("body", ["One.\n\nTeacher:", "Teacher:\n\nStudent: One."])
def test_a_label_after_which_nothing_is_said_is_reported(body: str) -> None:
    lesson, findings = read(body)
    assert [f.rule for f in findings] == ["speaker-label"]
    assert "'Teacher:'" in findings[0].message and findings[0].place.line
    assert [u.written for u in lesson.slides[0].utterances] == ["One."]


def test_labels_count_in_lists_and_quotations_which_show_them() -> None:
    lesson, _ = read("- Teacher: One.\n- Student: Two.\n\n> Teacher: Three.")
    assert [u.speaker for u in lesson.slides[0].utterances] == ["Teacher", "Student", "Teacher"]
    shown = lesson.slides[0].visuals[0]
    assert isinstance(shown, ItemList)
    assert "".join(run.text for run in shown.items[0].content) == "Teacher: One."


def test_tables_and_code_have_no_speakers() -> None:
    assert said("Hi.\n\n| a |\n|---|\n| Teacher: x |\n\n```\nTeacher: x\n```") == [(None, "Hi.")]


def test_a_slide_shows_the_words_in_bold_and_not_the_label() -> None:
    lesson, _ = read("**Teacher:** A **wave**.")
    (shown,) = lesson.slides[0].visuals
    assert isinstance(shown, Paragraph) and [run.text for run in shown.content] == ["wave"]


def test_a_note_names_a_speaker_and_a_label_in_it_is_stronger() -> None:
    deck = "# A\n\n---\n\n# B\n\n<!-- say(voice=STUDENT): One.\n\nTeacher: Two.\n\nThree. -->\n"
    lesson, _ = read_lesson(FRONT + deck, "a.md", Surroundings(Path()))
    found = [(u.speaker, u.voice) for u in lesson.slides[1].utterances]
    assert found == [
        ("Student", "espeak"), ("Teacher", "kokoro/af_heart"), ("Student", "espeak"),
    ]  # fmt: skip


def test_ssml_names_a_speaker_for_whole_sentences() -> None:
    lesson, findings = read('One <voice name="student">two. Three</voice> four. Five.')
    found = [(u.speaker, u.voice, u.written) for u in lesson.slides[0].utterances]
    assert found == [
        (None, None, "One"), ("Student", "espeak", "two."), ("Student", "espeak", "Three"),
        (None, None, "four."), (None, None, "Five."),
    ]  # fmt: skip
    assert not findings


def test_ssml_names_a_voice_too() -> None:
    lesson, _ = read('<voice name="hibari/heart">One.</voice>')
    assert [(u.speaker, u.voice) for u in lesson.slides[0].utterances] == [(None, "hibari/heart")]


def test_without_speakers_nothing_is_a_label() -> None:
    assert said("Teacher: One.", front="") == [(None, "Teacher: One.")]
