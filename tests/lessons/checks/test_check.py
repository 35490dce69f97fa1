from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lessons.checks.script import check_course, check_lesson
from lessons.course.reading import load_course
from lessons.model import (
    Box,
    Code,
    Columns,
    Formula,
    ItemList,
    Lesson,
    ListItem,
    Picture,
    Run,
    Slide,
    Table,
    Visual,
)

Make = Callable[..., Path]

GOOD = "# One\n\nHello there.\n\n- a\n- b\n\n# Two\n\nBye.\n"


def codes(root: Path) -> list[tuple[str, int | None, int | None]]:
    findings = check_course(load_course(root))
    assert all(f.message and f.remedy and f.place.path for f in findings)
    return [(f.rule, f.place.line, f.place.slide) for f in findings]


def test_a_good_lesson_has_no_findings(make: Make) -> None:
    assert codes(make(a_md=GOOD)) == []


@pytest.mark.parametrize(
    ("text", "code", "line", "slide"),
    [
        ("# A\n\nx\n\n# B\n", "slide-silent", 5, 2),
        (
            "---\nshape: deck\n---\n# A\n\n<!-- x. -->\n\n---\n\n<!-- y. -->\n",
            "title-missing",
            10,
            2,
        ),
        ("# A\n\nx\n\n# A\n\ny\n", "title-repeated", 5, 2),
        ("# A\n\nx\n\n![](p.png)\n", "picture-alt", 5, 1),
        ("# A\n\nx\n\n```mermaid\ngraph TD\na-->b\n```\n", "picture-alt", 5, 1),
        ("# A\n\nx\n\n" + "- item\n" * 11, "list-long", 1, 1),
        ("# A\n\nx\n\n> " + "word " * 95 + ".\n", "slide-full", 1, 1),
        ("# A\n\n" + "word " * 45 + ".\n", "sentence-long", 3, 1),
        ("# A\n\n" + "A word. " * 160 + "\n", "slide-long", 1, 1),
        ("# A\n\nx\n\n```\n" + "y\n" * 25 + "```\n", "code-large", 1, 1),
        ("# A\n\nx\n\n```\n" + "y" * 90 + "\n```\n", "code-large", 1, 1),
        ("# A\n\nx\n\n|a|\n|-|\n" + "|1|\n" * 13, "table-large", 1, 1),
        ("# A\n\nA <voice gender='male'>Wort</voice>.\n", "ssml-attribute", 3, 1),
        ("# A\n\nA <sub alias='x'>word.\n", "ssml-open", 3, 1),
        ("# A\n\nA <break time='soon'/> word.\n", "ssml-attribute", 3, 1),
        ("# A\n\n<!-- pause: soon -->\n\nx\n", "directive", 3, 1),
        ("# A\n\n<!-- say(vioce=x): y -->\n", "directive", 3, 1),
        (f"# {'long ' * 20}\n\nx\n", "title-long", 1, 1),
        ("---\nspeed: 1.5\n---\n# A\n\nx\n", "speed-fast", 2, None),
    ],
)
def test_findings(make: Make, text: str, code: str, line: int, slide: int | None) -> None:
    root = make(a_md=text)
    Image.new("RGB", (4, 4)).save(root / "p.png")
    assert (code, line, slide) in codes(root)


def test_a_deck_without_notes_has_its_slides_read(make: Make) -> None:
    found = codes(make(a_md="---\nmarp: true\n---\n# A\n\ntext\n"))
    assert ("deck-unspoken", 4, 1) in found and ("lesson-silent", 1, None) not in found


def test_a_deck_without_words_says_nothing(make: Make) -> None:
    root = make(a_md="---\nmarp: true\n---\n```\nx\n```\n")
    assert ("lesson-silent", 1, None) in codes(root)


def test_a_word_that_cannot_be_read(make: Make) -> None:
    root = make(a_md="# A\n\nGood <sub alias='?'>day</sub>.\n")
    assert ("word-unread", 3, 1) in codes(root)


@pytest.mark.parametrize(("sign", "told"), [("⇒", True), ("∮", True), ("→", False), ("|", False)])
def test_a_sign_that_a_language_has_no_name_for(make: Make, sign: str, told: bool) -> None:
    root = make(a_md=f"---\nlanguage: de\n---\n# A\n\nAlso A {sign} B.\n")
    assert (("word-unread", 6, 1) in codes(root)) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The sign 水 is water.", True),
        ("It is called 日本語(Japanese).", True),
        ("Say <sub alias='mizu'>水</sub> for water.", False),
        ("Say <phoneme ph='mizu'>水</phoneme> for water.", False),
        ("Say <lang xml:lang='ja'>水</lang> for water.", False),
        ("A naïve Łódź, the 1ª, α and Ψ.", False),
    ],
)
def test_letters_that_no_english_voice_reads(make: Make, text: str, told: bool) -> None:
    root = make(a_md=f"# A\n\n{text}\n")
    assert (("word-unread", 3, 1) in codes(root)) is told


def test_headings_that_skip_a_level(make: Make) -> None:
    root = make(a_md="# A\n\nx\n\n### B\n\ny\n")
    assert ("heading-skip", 5, 2) in codes(root)


def test_what_is_in_boxes_and_columns_is_checked() -> None:
    run = (Run("word " * 50),)
    crowd = (
        Picture("a.png", "", line=4),
        Code("y\n" * 25),
        Table((), ((),) * 13, ()),
        Formula(" "),
        ItemList((ListItem(run),) * 11),
    )
    inside: Visual = Box("note", "Note", (), (Columns((crowd, ()), (0.5, 0.5)),))
    slide = Slide(1, "A", (inside,), (), 1)
    lesson = Lesson("a", "A", "a.md", "deck", (slide,))
    rules = {f.rule for f in check_lesson(lesson)}
    assert rules >= {"picture-alt", "code-large", "table-large", "formula-empty", "list-long",
                     "slide-full"}  # fmt: skip
    empty = replace(lesson, slides=(replace(slide, visuals=(Box("note", "Note", (), ()),)),))
    assert {f.rule for f in check_lesson(empty)} == {"slide-silent", "lesson-silent"}
