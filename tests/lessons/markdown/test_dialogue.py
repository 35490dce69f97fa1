"""Names in bold that take turns are speakers, and labels are not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.course.settings import Settings
from lessons.course.speakers import NOBODY, Speakers
from lessons.markdown.dialogue import find_undeclared_names
from lessons.markdown.lesson import Surroundings, read_lesson

TALK = "**Ada:** Hello.\n\n**Bob:** Hello\nto you.\n\n**Ada**: Well?\n\n**Bob:** Fine.\n"


def names(text: str, declared: Speakers = NOBODY) -> tuple[str, ...]:
    return find_undeclared_names(text, declared)


@pytest.mark.parametrize(
    "text",
    [
        TALK,
        TALK.replace("\n\n", "\n"),
        TALK.replace("**", "__"),
        TALK.replace(":", "："),
        f"# Talk\n\nSome words.\n\n{TALK}",
        f"# Talk\n\n---\n\n<!--\n{TALK}-->\n",
        f"<!-- say:\n{TALK}-->\n",
    ],
)
def test_names_that_take_turns_are_speakers(text: str) -> None:
    assert names(text) == ("Ada", "Bob")


@pytest.mark.parametrize(
    "text",
    [
        TALK.replace("Ada", "Note"),
        TALK.replace("Ada", "Q").replace("Bob", "A"),
        TALK.replace("Ada", "Problem").replace("Bob", "Solution"),
        TALK.replace("Ada", "문제").replace("Bob", "해결"),
        TALK.replace("Bob:** Hello", "Bob:** Hello\n\nAnd some text"),
        TALK.replace("**Ada**: Well?\n\n", ""),
        TALK.replace("Bob:** Fine", "Eve:** Fine"),
        TALK.replace("Ada", "the speed"),
        TALK.replace("Ada", "x_1"),
        f"```\n{TALK}```\n",
        TALK.replace("Ada", "Step 1").replace("Bob", "Step 222"),
        "- **Ada:** a\n- **Bob:** b\n- **Ada:** c\n- **Bob:** d\n",
    ],
)
def test_labels_of_text_are_not(text: str) -> None:
    assert names(text) == ()


def test_who_is_declared_makes_a_dialogue_with_who_is_not() -> None:
    declared = Speakers.of(Settings.model_validate({"speakers": {"ada": "hibari"}}))
    assert names(TALK.replace("**", "").replace("Bob", "**Bob**"), declared) == ("Bob",)


@pytest.mark.parametrize(("front", "found"), [("", {"Ada", "Bob"}), ("speakers: {}", {None})])
def test_no_speakers_on_purpose_are_none(front: str, found: set[str | None]) -> None:
    text = f"---\ntitle: x\n{front}\n---\n# One\n\n{TALK}"
    lesson, _ = read_lesson(text, "a.md", Surroundings(Path()))
    assert {u.speaker for u in lesson.slides[0].utterances} == found


@pytest.mark.parametrize("part", [TALK, "**A" * 20, "**Ada :", "a" * 40 + "\n", "**A** :\n" * 4])
def test_long_texts_take_linear_time(
    assert_linear: Callable[[Callable[[str], object], str], None], part: str
) -> None:
    assert_linear(names, part * (400_000 // len(part)))
