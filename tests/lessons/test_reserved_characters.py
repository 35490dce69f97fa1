"""What a lesson may hold that looks like the signs that the reader makes for itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.course.settings import Settings
from lessons.dialects import DIALECTS
from lessons.dialects.base import as_text
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.markdown.markers import remove_private
from lessons.markdown.outline import clean_text
from lessons.model import Code, Lesson

Parse = Callable[[str], Lesson]

RESERVED = frozenset(map(chr, (*range(0xE000, 0xE010), *range(0xD800, 0xE000))))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\ue001box tip", "\ufffdbox tip"),
        ("a\0\ud800", "a\ufffd\ufffd"),
        ("&#xe001;box", "&#xfffd;box"),
        ("&amp;#XE00f; &#x00E000", "&amp;#Xfffd; &#x00fffd"),
        ("&#57345; &#057359;", "&#65533; &#065533;"),
        ("&#57360; &#xe010; &#xe0011; &#573441;", "&#57360; &#xe010; &#xe0011; &#573441;"),
        ("<narrate-strong>a</NARRATE-strong>", "<narrate_strong>a</NARRATE_strong>"),
    ],
)
def test_reserved_signs_are_replaced_where_they_stand(written: str, read: str) -> None:
    assert clean_text(written) == read


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "text",
    [
        "&#xe001;box tip&#xe001;A\n\nb\n\n&#57345;end",
        "<b>a</b> <img src='a.png' alt='&#xe001;box'> &amp;#xe002;",
        "<narrate-highlight>a <narrate-width share='9'/> b",
        "![a&#xe001;](b.png '&#57344;')",
        "- ```\n\n:::: tip\n\n```\n\n::: note\na\n",
        "$$\n::: tip\na\n:::\n$$\n\n`a\n::: tip\n`",
        "> ~~~\n!!! note\n    a\n\n<pre>\n!!! tip\n</pre>\n",
    ],
)
def test_no_reserved_sign_is_shown_or_spoken(tmp_path: Path, dialect: str, text: str) -> None:
    around = Surroundings(tmp_path, flags=Settings(dialect=dialect))
    lesson, findings = read_lesson(f"# A\n\nHello.\n\n{text}\n", "a.md", around)
    assert not RESERVED & set(repr(lesson.slides) + repr(findings) + lesson.title)
    assert not RESERVED & set("".join(_list_texts(lesson)))
    assert "narrate-" not in "".join(_list_texts(lesson))


def _list_texts(lesson: Lesson) -> list[str]:
    spoken = [t for s in lesson.slides for u in s.utterances for t in u.tokens]
    code = [v.text for s in lesson.slides for v in s.visuals if isinstance(v, Code)]
    return [*(t.written + t.spoken for t in spoken), *code, *(s.title for s in lesson.slides)]


@pytest.mark.parametrize(
    "front", ['---\ntitle: "A \\ue001 b"\n---\n', '+++\ntitle = "A \\ue001 b"\n+++\n',
              '{\n"title": "A \\ue001 \\ud800b"\n}\n'],
)  # fmt: skip
def test_escapes_of_front_matter_name_no_reserved_sign(parse: Parse, front: str) -> None:
    lesson = parse(front + "\n# One\n\nHello.\n")
    assert lesson.title.startswith("A \ufffd")
    assert not RESERVED & set(lesson.title)


def test_markers_inside_code_are_taken_out() -> None:
    assert remove_private("a\n\ue001box tip\ue001B\n\ue001end\n\nb\ue002") == "a\nB\n\nb"
    assert remove_private("a\n\n b") == "a\n\n b"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_word_ends_behind_its_start(tmp_path: Path, dialect: str) -> None:
    around = Surroundings(tmp_path, flags=Settings(dialect=dialect))
    text = "# A\n\nx\n\n---\n\n[^1]Note:x a[^1]b\n\n[^1]: c d\n"
    lesson, _ = read_lesson(text, "a.md", around)
    tokens = [t for s in lesson.slides for u in s.utterances for t in u.tokens]
    assert all(0 <= t.start <= t.end <= len(text) for t in tokens)


def test_a_number_of_thousands_of_digits_is_no_text() -> None:
    assert as_text(16**5000) == ""
    assert as_text("a\ue001  b") == "a\ufffd b"
