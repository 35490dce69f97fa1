"""Boxes are called what they are called in the language of the lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.box_kinds import BOX_KINDS
from lessons.box_labels import add_labels, read_labels
from lessons.course.settings import BoxManner
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Box


@pytest.mark.parametrize("language", list(read_labels()))
def test_every_kind_has_a_label_in_every_language(language: str) -> None:
    labelled = {kind for kind, box in BOX_KINDS.items() if box.label}
    assert read_labels()[language].keys() == labelled
    assert all(label.strip() == label != "" for label in read_labels()[language].values())


@pytest.mark.parametrize(
    ("language", "label"),
    [("de-DE", "Tipp"), ("fr", "Astuce"), ("en-GB", "Tip"), ("is", "Tip")],
)
def test_a_box_is_labelled_in_the_language_of_the_lesson(
    tmp_path: Path, language: str, label: str
) -> None:
    text = f"---\nlanguage: {language}\n---\n# A\n\nX.\n\n> [!TIP]\n> Y.\n"
    lesson, _ = read_lesson(text, "a.md", Surroundings(tmp_path))
    (box,) = lesson.slides[0].visuals
    assert isinstance(box, Box) and box.label == label
    assert [u.written for u in lesson.slides[0].utterances][1] == f"{label}."


def test_a_label_of_the_settings_is_kept() -> None:
    own = {"tip": BoxManner(label="Kniff"), "note": BoxManner(read=False)}
    named = add_labels(own, "de")
    assert named["tip"].label == "Kniff"
    assert (named["note"].label, named["note"].read) == ("Hinweis", False)
