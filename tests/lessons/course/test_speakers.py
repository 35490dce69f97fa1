"""The speakers of a course, and which of them is the presenter."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from lessons.course.reading import read_course
from lessons.course.speakers import (
    find_presenter_name,
    is_presented,
    list_speakers,
    looks_like_name,
    show_name,
)
from lessons.errors import CourseError
from lessons.model import Lesson, Presenter

TALK = "# One\n\nTeacher: A.\n\nStudent: B.\n\nC.\n"


def read(root: Path, course: str, text: str = TALK) -> Lesson:
    (root / "course.yaml").write_text(f"title: x\n{course}\n")
    (root / "a.md").write_text(text)
    return read_course(root)[0].lessons[0]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("teacher", "Teacher"), ("Ada", "Ada"), ("dr  chen", "Dr chen"), ("iPad", "iPad")],
)
def test_a_name_is_shown_as_people_write_it(written: str, shown: str) -> None:
    assert show_name(written) == shown


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("alex", True), ("Dr Chen", True), ("Dr. Chen", True), ("Anne-Marie O’Neil", True),
        ("Zoë", True), ("先生", True), ("Speaker 1", True), ("en-US-JennyNeural", False),
        ("hibari/heart", False), ("21m00Tcm4TlvDq8ikWAM", False), ("af_heart", False),
        ("a" * 41, False), ("", False), ("<b>", False),
    ],
)  # fmt: skip
def test_a_name_is_told_from_the_voice_of_a_service(text: str, yes: bool) -> None:
    assert looks_like_name(text) is yes


@pytest.mark.parametrize(
    ("speakers", "presenter", "name"),
    [
        ("{teacher: a, student: b}", Presenter("p", "c"), "Teacher"),
        ("{student: b, teacher: a}", Presenter("p", "c"), "Student"),
        ("{student: b, teacher: a}", Presenter("p", "c", speaker="TEACHER"), "Teacher"),
        ("{student: b, Ada Example: a}", Presenter("p", "c", "ada example"), "Ada Example"),
        ("{student: b, teacher: a}", None, "Student"),
        ("{}", Presenter("p", "c"), ""),
    ],
)
def test_who_the_presenter_is(
    tmp_path: Path, speakers: str, presenter: Presenter | None, name: str
) -> None:
    lesson = read(tmp_path, f"speakers: {speakers}")
    assert find_presenter_name(lesson, presenter, lesson.settings) == name


def test_where_all_have_names_and_none_is_declared_the_first_is_the_presenter(
    tmp_path: Path,
) -> None:
    talk = "**Ada:** A.\n\n**Bob:** B.\n\n**Ada:** C.\n\n**Bob:** D.\n"
    lesson = read(tmp_path, "", f"# One\n\n{talk}")
    assert find_presenter_name(lesson, None, lesson.settings) == "Ada"
    lesson = read(tmp_path, "", f"# One\n\nHello.\n\n---\n\n{talk}")
    assert find_presenter_name(lesson, None, lesson.settings) == ""


def test_what_has_no_name_is_the_presenters(tmp_path: Path) -> None:
    lesson = read(tmp_path, "speakers: {teacher: a, student: b}")
    presented = [is_presented(u, "teacher") for u in lesson.slides[0].utterances]
    assert presented == [True, False, True]
    assert list_speakers(lesson, "Teacher") == ("Teacher", "Student")
    assert list_speakers(lesson) == ("Teacher", "Student", "")


def test_the_course_names_the_presenters_speaker(tmp_path: Path) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "me.png")
    read(tmp_path, "presenter: {photo: me.png, speaker: teacher}")
    presenter = read_course(tmp_path)[0].presenter
    assert presenter is not None and presenter.speaker == "teacher"


@pytest.mark.parametrize(
    "speakers",
    [
        "{teacher: a, Teacher: b}",
        "{'a:b': c}",
        "{'<b>': c}",
        f"{{{'n' * 41}: c}}",
        "{'1': c}",
        "[a]",
    ],
)
def test_names_that_cannot_stand_in_the_text_are_refused(tmp_path: Path, speakers: str) -> None:
    with pytest.raises(CourseError) as caught:
        read(tmp_path, f"speakers: {speakers}")
    assert caught.value.place.key.startswith("speakers") and caught.value.remedy


def test_two_hundred_speakers_are_read(tmp_path: Path) -> None:
    many = ", ".join(f"person {n}: espeak" for n in range(200))
    text = "# One\n\n" + "\n\n".join(f"Person {n}: Hello." for n in range(200))
    lesson = read(tmp_path, f"speakers: {{{many}}}", text)
    assert len(list_speakers(lesson)) == 200
