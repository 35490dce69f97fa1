from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_text import read, show

from lessons.markdown.line_ends import ends_line, is_written_by_line

AssertLinear = Callable[[Callable[[str], object], str], None]

HEAD = "---\ntheme: default\nlayout: default\n---\n"


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("demo", "May", True),
        ("demo", "9th", True),
        ("demo", "⚠️", True),
        ("wrapped", "text", False),
        ("wrapped", "«text»", False),
        ("first,", "Second", False),
        ("Salt", "& Pepper", True),
        ("Salt &", "Pepper", False),
        ("runtime", "thread_id", True),
        ("runtime", "retrieve()", True),
        ("2020", "https://example.org", True),
        ("", "May", False),
    ],
)
def test_something_new_begins_with_a_capital_a_sign_or_a_name(
    before: str, after: str, ends: bool
) -> None:
    assert ends_line(before, after) is ends


@pytest.mark.parametrize(
    ("note", "by_line"),
    [
        ("First the why\nThen the how\n\nShow it\nTake your time\nThe end", True),
        ("- First\n- Then\n- This\n- That", False),  # these are no ends of lines in a paragraph
        ("This text was wrapped by an\neditor at a width that the\nEnglish author chose.", False),
        ("Der Text ist umbrochen und\nHunde bellen, auch die\nkleinen Katzen im\nHaus", False),
        ("One\nTwo", False),
        ("A sentence.\nAnother one.\nA third.\nA fourth.", False),
    ],
)  # fmt: skip
def test_notes_are_written_by_line_if_nearly_all_lines_begin_with_capitals(
    note: str, by_line: bool
) -> None:
    assert is_written_by_line([note]) is by_line


def test_each_line_of_such_notes_is_said_for_itself(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\n<!--\nStart with the why\nThen comes how\n-->\n\n---\n\n# B\n\n<!--\n"
        "Show it,\nBut slowly\nThen `docker`\nTake your *time*\nlong enough\n-->\n"
    )
    first, second = read(tmp_path, text).slides
    assert [u.written for u in first.utterances] == ["Start with the why", "Then comes how"]
    assert [u.written for u in second.utterances] == [
        "Show it, But slowly",
        "Then docker",
        "Take your time long enough",
    ]


def test_wrapped_notes_are_said_as_they_were_written(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\n<!--\nWe saw in\nParis that the\ntext goes\non like this\n-->\n"
    (slide,) = read(tmp_path, text).slides
    assert [u.written for u in slide.utterances] == [
        "We saw in Paris that the text goes on like this"
    ]


def test_a_broken_line_is_a_line_of_the_slide(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\nJane **Doe**  \n**University** of X\\\nof all\n\n- one  \n  Two\n\n"
        "![Alt](a.png)  \nText\n"
    )
    (slide,) = read(tmp_path, text).slides
    assert show(read(tmp_path, text))[0][1:-1] == [
        "Jane Doe", "University of X", "of all", "- one Two", "Text", "picture a.png [Alt]",
    ]  # fmt: skip
    assert [u.written for u in slide.utterances] == [
        "A", "Jane Doe", "University of X of all", "one", "Two", "Text",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("one<br>two <br/> three</br>four", ["one", "two", "three", "four"]),
        ("one <br>\ntwo", ["one", "two"]),
        ("one  \ntwo", ["one", "two"]),
        ("- one<br>two", ["- one two"]),
        ("- one:<br>two<br>three", ["- one:", "two", "three"]),
        ("| a<br>b | c |\n|---|---|\n| d | e |", ["a b | c", "d | e"]),
        ("Ann\nwrapped\nhttps://example.org", ["Ann wrapped", "https://example.org"]),
    ],
)
def test_each_line_of_a_paragraph_is_shown_in_its_place(
    tmp_path: Path, body: str, shown: list[str]
) -> None:
    text = f"---\nmarp: true\n---\n\n# A\n\n{body}\n\n<!-- say: Said. -->\n"
    assert show(read(tmp_path, text)) == [["A", *shown, "> Said."]]


def test_breaks_in_html_notes_end_a_sentence(tmp_path: Path) -> None:
    text = "---\nmarp: true\n---\n# A\n\n"
    text += "<!--\n📂 Explorer or Finder\n<br>\nTerminal\n<br>\nand more\n-->\n"
    (slide,) = read(tmp_path, text).slides
    assert [u.written for u in slide.utterances] == ["📂 Explorer or Finder", "Terminal and more"]


def test_many_broken_lines_take_linear_time(tmp_path: Path, assert_linear: AssertLinear) -> None:
    assert_linear(lambda text: read(tmp_path, HEAD + text), "# A\n\n" + "a b  \n" * 12_000)
