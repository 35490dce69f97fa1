"""YAML that cannot be read is refused in plain English, never in the words of the parser."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from lessons.course.yaml_mapping import _PLAIN_WORDS, read_mapping
from lessons.errors import CourseError

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "course" / "course.yaml"
PARSERS_WORDS = re.compile(
    r"expected|found |<[a-z]+ |stream|token|scalar|sequence|node|scanning|parsing|directive", re.I
)


def refusal(text: str) -> CourseError:
    with pytest.raises(CourseError) as caught:
        read_mapping(text, path="course.yaml", error=CourseError)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b\n---\nc: d\n", 2, "a second document begins"),
        ("speed: - 1\n", 1, "a list begins in a line that holds something else"),
        ("speed: ? 1\n", 1, "a value begins with '? '"),
        ("theme: [", 1, "a bracket is opened and never closed"),
        ("theme: [a, ,]\n", 1, "a value is missing before ','"),
        ("theme: ]\n", 1, "a value is missing before ']'"),
        ("theme: {a: }}\n", 1, "this line is indented wrongly or does not belong here"),
        ("%YAML 9.9\n---\na: b\n", 1, "a line begins with '%'"),
        ("%YAML x\n---\na: b\n", 1, "a line begins with '%'"),
        ("%TAG ! a\n%TAG ! b\n---\na: b\n", 2, "a line begins with '%'"),
        ("a: b\n...\nc: d\n", 3, "this line does not belong to the settings"),
        ("a: *\n", 1, "aliases (*name) are not allowed here"),
        ("a: *b\n", 1, "aliases (*name) are not allowed here"),
        ("a: &\n", 1, "a value begins with '&'"),
        ("a: &x b\nc: &x d\n", 2, "a value begins with '&'"),
        ("a: &directive b\nc: &directive d\n", 2, "a value begins with '&'"),
        ("a: !<x\n", 1, "a value begins with '!'"),
        ("a: !x!y z\n", 1, "a value begins with '!'"),
        ("a: !%zz b\n", 1, "a value begins with '!'"),
        ("a: | b\n", 1, "text follows '|' or '>' in the same line"),
        ("a: >0\n", 1, "text follows '|' or '>' in the same line"),
        ('a: "C:\\path"\n', 1, "a '\\' that stands for nothing"),
        ('a: "\\xZZ"\n', 1, "a '\\' that stands for nothing"),
        ('a: "b\n---\nc"\n', 2, "a quote is opened and never closed"),
        ("a: `b`\n", 1, "a value begins with '`'"),
    ],
)
def test_broken_yaml_is_told_in_plain_words(text: str, line: int, words: str) -> None:
    error = refusal(text)
    assert words in error.message and error.remedy
    assert (error.place.path, error.place.line) == ("course.yaml", line)


def broken_texts() -> Iterator[str]:
    """A course.yaml that ends at each character, and with signs at random places."""
    text = SAMPLE.read_text()
    yield from (text[:end] for end in range(len(text)))
    chooser = random.Random(1)
    for sign in (*string.punctuation, "\t", "- ", "? ", ": ", "\n---\n", "\n...\n", "\n%", "!<"):
        for _ in range(8):
            at = chooser.randrange(len(text))
            yield text[:at] + sign + text[at:]


def test_no_broken_text_is_told_in_the_words_of_the_parser() -> None:
    told: set[tuple[str, str]] = set()
    for text in broken_texts():
        try:
            read_mapping(text, path="course.yaml", error=CourseError)
        except CourseError as error:
            assert all(problem.place.line for problem in error.problems), text
            told.update((problem.message, problem.remedy) for problem in error.problems)
    assert len(told) > 10
    for message, remedy in told:
        assert re.fullmatch(r"[A-Z].*\.", message) and remedy.endswith("."), (message, remedy)
        assert not PARSERS_WORDS.search(message), message
        assert "this line cannot be read" not in message  # a better word is known for all of these


def test_whatever_else_the_parser_says_has_a_plain_sentence() -> None:
    pattern, message, remedy = _PLAIN_WORDS[-1]
    assert re.search(pattern, "expected something unheard of")
    assert message == "this line cannot be read" and remedy
