"""Long texts that no teacher writes. None of these inputs would end in minutes if the time for it
grew with the square of its length, or faster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects import DIALECTS
from lessons.dialects.base import Context, Sample
from lessons.dialects.jupyter.outputs import write_outputs
from lessons.dialects.marp import read_marp
from lessons.dialects.syntax.footnotes import rewrite_footnotes
from lessons.dialects.syntax.html_elements import rewrite_html
from lessons.dialects.syntax.scan import mask_code
from lessons.directives.comments import read_directive
from lessons.directives.ssml import parse_duration_ms
from lessons.markdown.blocks import read_blocks
from lessons.markdown.containers import GrowingList
from lessons.markdown.outline import SourceSpan, read_outline
from lessons.markdown.source import Source
from lessons.model import ListItem, Run
from lessons.speakable import say
from lessons.speakable.formula_text import show_formula
from lessons.speakable.formulas import say_formula

AssertLinear = Callable[[Callable[[str], object], str], None]


def _ignore(_: object) -> None:
    pass


def test_a_list_grows_item_by_item() -> None:
    growing = GrowingList()
    for number in range(200_000):
        growing.add(ListItem((Run(str(number)),)))
    assert len(growing.finish().items) == 200_000


def test_an_item_grows_paragraph_by_paragraph() -> None:
    growing = GrowingList()
    growing.add(ListItem((Run("a"),)))
    for _ in range(300_000):
        growing.continue_item((Run("b"),))
    growing.add(ListItem((Run("c"),)))
    first, second = growing.finish().items
    assert len(first.content) == 600_001
    assert second.content == (Run("c"),)


def test_footnotes_are_many(tmp_path: Path) -> None:
    text = "a[^1] " * 30_000 + "\n\n" + "a[^2]\n" * 30_000 + "\n[^1]: One.\n[^2]: Two.\n"
    read = rewrite_footnotes(Source.of("a.md", text), Context("a.md", tmp_path)).text
    assert "[^" not in read
    assert (read.count("One."), read.count("Two.")) == (1, 1)


def test_runs_of_backticks_of_many_lengths() -> None:
    text = " ".join("`" * (length + 1) for length in range(300))
    assert mask_code(text) == text
    assert mask_code("`a `` b` c") == "\ue002" * 8 + " c"


def test_comments_of_one_line() -> None:
    text = "`a` <!-- b --> `<!-- c -->` " * 40_000
    outline = read_outline(text, _ignore)
    assert len(outline.comments) == 40_000
    assert len(outline.masked) == len(text)


def test_tags_of_one_line(tmp_path: Path) -> None:
    text = "<v-click>" * 60_000
    read = rewrite_html(Source.of("a.md", text), Context("a.md", tmp_path))
    assert not read.text.strip()


def test_brackets_that_nothing_closes() -> None:
    for sign in ("[", "![", "![["):
        blocks = read_blocks(SourceSpan(sign * 200_000, 0))
        assert "".join(bit.text for bit in blocks[0].bits) == sign * 200_000
    blocks = read_blocks(SourceSpan("![[[a](b.md) [c", 0))
    assert [(bit.text, bit.link) for bit in blocks[0].bits] == [
        ("![[", False),
        ("a", True),
        (" [c", False),
    ]


def test_pictures_that_nothing_closes(tmp_path: Path) -> None:
    for sign in ("![", "![a](", "![bg "):
        text = sign * 60_000
        read_marp(Source.of("a.md", text), Context("a.md", tmp_path))


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("mkdocs", "{{" + " " * 100_000 + "{% " + " " * 100_000),
        ("carpentries", "{{" + " " * 100_000),
        ("carpentries", "[a]({{ a }}" * 20_000),
        ("mdbook", "~" * 200_000 + "\n"),
        ("pandoc", "]{." + "a" * 200_000),
        ("remark", "class: a\n" + "\n" * 200_000 + "a"),
        ("remark", "background-image: url(" + " " * 100_000 + "\n\na"),
    ],
)
def test_long_rows_of_blanks_and_letters(tmp_path: Path, dialect: str, text: str) -> None:
    sample = Sample("a.md", text)
    for one in DIALECTS.values():
        one.score(sample)
    DIALECTS[dialect].read(Source.of("a.md", text), Context("a.md", tmp_path))


def test_html_of_outputs_that_is_never_closed() -> None:
    for sign in ("<table", "<table><tr>", "<script>", "<table><tr><td>", "<iframe "):
        html = sign * 10_000
        outputs = [{"output_type": "display_data", "data": {"text/html": html}}] * 30
        write_outputs(1, outputs)


def _read_comments(text: str) -> None:
    for comment in read_outline(f"<!--{text}-->\n", _ignore).comments:
        read_directive(comment)


@pytest.mark.parametrize("begin", ["", "say", "say(", "pause", "pause(", "pause:", "pause: x"])
@pytest.mark.parametrize("end", ["", "x", ") x"])
def test_comments_full_of_blanks(begin: str, end: str, assert_linear: AssertLinear) -> None:
    assert_linear(_read_comments, begin + " " * 100_000 + end)


def test_a_number_of_a_step_with_thousands_of_digits() -> None:
    _read_comments(f"say(slide={'1' * 5000}): Hello.")


def test_a_duration_full_of_blanks(assert_linear: AssertLinear) -> None:
    assert_linear(parse_duration_ms, "1" + " " * 100_000 + "x")


@pytest.mark.parametrize("word", [". ", "☺, ", "– ", "(.) "])
@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_sentences_of_silent_words(word: str, language: str, assert_linear: AssertLinear) -> None:
    assert_linear(lambda text: say(text, language), word * 10_000)


def test_outputs_that_begin_with_empty_lines(assert_linear: AssertLinear) -> None:
    def write(text: str) -> None:
        outputs = [{"output_type": "display_data", "data": {"text/plain": text}}] * 4
        write_outputs(1, outputs)

    assert_linear(write, "\n" * 190_000 + "x")


@pytest.mark.parametrize("sign", [" ", "$"])
def test_formulas_of_outputs_with_long_rows(sign: str, assert_linear: AssertLinear) -> None:
    def write(text: str) -> None:
        write_outputs(1, [{"output_type": "display_data", "data": {"text/latex": text}}] * 30)

    assert_linear(write, "x" + sign * 4900 + "y")


@pytest.mark.parametrize(
    "part",
    [
        "\\SI{",
        "\\si{a",
        "\\SI{5}{\\",
        "a\\choose ",
        "a\\over ",
        "\\atop[",
        "\\braket{",
        "(a)_{(",
        "{",
    ],
)
def test_formulas_inside_formulas(part: str) -> None:
    formula = part * (4000 // len(part))
    say_formula(formula)
    show_formula(formula)


def test_compounds_of_many_parts() -> None:
    assert say_formula("\\ce{" + "H2O*" * 900 + "H2O}").count("dot") == 900
    say_formula("\\text{" + "a·" * 1900 + "}")


def test_a_row_of_colons(assert_linear: AssertLinear) -> None:
    assert_linear(lambda text: [say_formula(text + str(n)) for n in range(12)], ":" * 3900)
