"""Display formulas between the paragraphs of a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_text import read, show

from lessons.course.settings import Pauses
from lessons.model import Formula, Lesson, Slide

Parse = Callable[[str], Lesson]


def slide(parse: Parse, body: str) -> Slide:
    return parse(f"# Light\n\n{body}\n").slides[0]


def spoken(parse: Parse, body: str) -> list[str]:
    return [utterance.spoken for utterance in slide(parse, body).utterances]


@pytest.mark.parametrize("formula", ["$$E = mc^2$$", "$$\nE = mc^2\n$$", "$E = mc^2$"])
def test_a_formula_on_its_own_is_shown_and_read_out(parse: Parse, formula: str) -> None:
    body = f"Mass is energy.\n\n{formula}\n\nThat is all."
    made = slide(parse, body)
    assert [v.latex.strip() for v in made.visuals if isinstance(v, Formula)] == ["E = mc^2"]
    said = ["Mass is energy.", "E equals m c squared", "That is all."]
    assert [utterance.spoken for utterance in made.utterances] == said
    (token,) = made.utterances[1].tokens
    assert token.written.replace("\u202f", " ") == "E = mc²"
    text = f"# Light\n\n{body}\n"
    assert text[token.start : token.end].strip() == formula
    assert made.utterances[1].line == 5


def test_environments_are_read_out(parse: Parse) -> None:
    body = "So:\n\n\\begin{align}\nx &= 1 \\\\\ny &= 2\n\\end{align}"
    assert spoken(parse, body) == ["So:", "x equals one; y equals two"]


def test_a_formula_continues_the_sentence_before_it(parse: Parse) -> None:
    open_end, ended = (
        slide(parse, f"The law is{stop}\n\n$$F = ma$$").utterances[0] for stop in ("", ".")
    )
    assert (open_end.pause_ms, open_end.ends_paragraph) == (Pauses().sentence, False)
    assert (ended.pause_ms, ended.ends_paragraph) == (Pauses().paragraph, True)


@pytest.mark.parametrize("formula", ["$$F = ma$$", "$F = ma$"])
def test_a_say_comment_right_before_replaces_the_formula(parse: Parse, formula: str) -> None:
    said = f"A.\n\n<!-- say: Force is mass times acceleration. -->\n{formula}\n\nB."
    assert spoken(parse, said) == ["A.", "Force is mass times acceleration.", "B."]
    silent = f"A.\n\n<!-- say: -->\n\n{formula}\n\nB."
    assert spoken(parse, silent) == ["A.", "B."]
    assert any(isinstance(visual, Formula) for visual in slide(parse, silent).visuals)
    before = f"<!-- say: C. -->\n\nA.\n\n{formula}"
    assert spoken(parse, before) == ["C.", "A.", "F equals m A"]


def test_a_deck_speaks_only_its_notes(parse: Parse) -> None:
    lesson = parse("# A\n\n$$x = 1$$\n\n<!-- Look. -->\n\n---\n\n# B\n\n<!-- On. -->\n")
    assert [u.spoken for s in lesson.slides for u in s.utterances] == ["Look.", "On."]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Let $$x = 1$$ be so, $y$ too.", ["Let", "$x = 1$", "be so, y too."]),
        ("So $$x$$.", ["So", "$x$"]),
        ("- Let $$x$$ where\n- b", ["- Let", "$x$", "where", "- b"]),
        ("- a\n\n  so $$x$$\n", ["- a", "so", "$x$"]),
        ("Let $x$ be.", ["Let x be."]),
    ],
)
def test_a_display_formula_in_a_sentence_of_a_deck_stands_apart(
    tmp_path: Path, body: str, shown: list[str]
) -> None:
    lesson = read(tmp_path, f"---\nmarp: true\n---\n\n# A\n\n{body}\n\n<!-- say: Said. -->\n")
    assert show(lesson) == [["A", *shown, "> Said."]]


def test_such_a_formula_is_read_in_its_sentence(tmp_path: Path) -> None:
    lesson = read(tmp_path, "---\nmarp: true\n---\n\n# A\n\nLet $$x = 1$$ be so.\n")
    assert [u.spoken for u in lesson.slides[0].utterances] == ["A", "Let x equals one be so."]
