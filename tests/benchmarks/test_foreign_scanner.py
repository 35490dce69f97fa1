"""The scanner for markup finds everything that is planted, and nothing in clean sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.foreign.planted_markup import CLEAN, PLANTED
from benchmarks.foreign.scanner import find_markup, scan_lesson
from lessons.model import (
    Box,
    Code,
    Formula,
    Lesson,
    Paragraph,
    Picture,
    Run,
    Slide,
    Token,
    Utterance,
    Visual,
)
from lessons.speakable.formula_text import show_formula


def make_lesson(*visuals: Visual, title: str = "") -> Lesson:
    return Lesson("a", "A", "a.md", "script", (Slide(1, title, visuals, (), 1),))


def test_there_are_a_hundred_of_each() -> None:
    assert len(set(PLANTED)) == len(set(CLEAN)) == 100


@pytest.mark.parametrize("text", PLANTED)
def test_planted_markup_is_found(text: str) -> None:
    assert list(find_markup(text))


@pytest.mark.parametrize("text", CLEAN)
def test_clean_sentences_have_none(text: str) -> None:
    assert not list(find_markup(text))


def test_every_text_of_a_slide_is_scanned_also_inside_a_box() -> None:
    inner = Paragraph((Run("a **bold** word"),))
    picture = Picture("a.png", alt="see [[that]]")
    box = Box("note", "Note", (Run("::: title"),), (inner, picture))
    hits = scan_lesson(make_lesson(box, title="<b>Title</b>"))
    assert [hit.kind for hit in hits] == ["tag", "fence", "strong", "wiki"]


def test_code_and_formulas_may_hold_anything() -> None:
    inline = Paragraph((Run("use "), Run("**x**", "code"), Run(" and "), Run("\\alpha", "formula")))
    lesson = make_lesson(inline, Code("::: {{ }} <b>"), Formula("\\frac{{1}}{2}"))
    assert not scan_lesson(lesson)


def test_a_directive_that_was_taken_for_code_is_found() -> None:
    assert [hit.kind for hit in scan_lesson(make_lesson(Code("Mind this.", "{note}")))] == [
        "attributes",
        "role",
    ]
    assert not scan_lesson(make_lesson(Code("x = 1", "python")))


def test_what_the_source_marks_as_code_is_spared() -> None:
    lesson = make_lesson(Paragraph((Run("the tags <b> and <i>"),)), title="Use **kwargs** here")
    assert len(scan_lesson(lesson)) == 2
    assert not scan_lesson(lesson, "Use `**kwargs**`, `<b>` and &lt;i&gt;.")


def test_the_list_of_lessons_is_well_formed() -> None:
    from benchmarks.foreign.corpus import USES, find_lessons, read_corpus

    repositories = read_corpus()
    assert len(repositories) >= 27
    numbers = {use: len(list(find_lessons(Path(), use=use))) for use in USES}
    assert numbers["choose"] >= 105
    assert numbers["mend"] >= 114
    assert numbers["report"] >= 76
    assert len({repository.name for repository in repositories}) == len(repositories)
    for repository in repositories:
        assert repository.use in USES
        assert len(repository.commit) == 40 or repository.commits


def test_what_the_tool_shows_too_is_no_markup() -> None:
    from benchmarks.foreign.scanner import scan_lesson as scan

    lesson = make_lesson(Paragraph((Run("use `get()`` now"),)), Paragraph((Run("an *odd* word"),)))
    assert [hit.kind for hit in scan(lesson)] == ["code", "emphasis"]
    assert [hit.kind for hit in scan(lesson, "", "use `get()`` now, and an odd word")] == [
        "emphasis"
    ]
    assert scan(make_lesson(Paragraph((Run("::: note"),))), "", "::: note")


def test_what_a_tool_does_not_show_is_not_in_the_reference() -> None:
    from benchmarks.foreign.source_rules import prepare

    comment = "a <!--\n```java\nx\n```\n-->\n\n```\n<!-- kept -->\n```\n"
    assert prepare(comment, "gfm").split() == ["a", "```", "<!--", "kept", "-->", "```"]
    assert prepare("a\n\n```mermaid\ngraph\n```\n", "mkdocs").split() == ["a"]
    assert prepare("# A\n\n---\nhide: true\n---\n\n# B\n\n---\n\n# C\n", "slidev").split() == [
        "#", "A", "#", "C",
    ]  # fmt: skip
    assert prepare("a\n\n---v\n\nnote: b\n", "reveal").split() == ["a", "b"]


def test_a_deck_shows_its_separator_to_its_tool() -> None:
    from benchmarks.foreign.decks import _add_separator

    text = "---\ntitle: A\n---\n\n# A\n\n---v\n\n# B\n"
    front = '---\ntitle: A\nverticalSeparator: "\\\\r?\\\\n---v\\\\r?\\\\n"\n---\n'
    assert _add_separator(text) == front + text.removeprefix("---\ntitle: A\n---\n")
    assert _add_separator("# A\n\n---\n\n# B\n") == "# A\n\n---\n\n# B\n"


def test_a_key_that_the_source_has_in_bold_or_as_code_is_no_front_matter() -> None:
    lesson = make_lesson(Paragraph((Run("background: it runs"),)))
    assert [hit.kind for hit in scan_lesson(lesson)] == ["front matter"]
    for source in ("- **background**: it runs", "- **background:** it runs", "`background`: it"):
        assert not scan_lesson(lesson, source)
    assert scan_lesson(lesson, "background: it runs")
    assert scan_lesson(lesson, "---\nbackground: it runs\n---\n- **background**: it runs")


def test_what_the_source_has_as_a_formula_or_in_raw_braces_is_spared() -> None:
    formula = make_lesson(Paragraph((Run("so dZ^([l](i)) = 1 holds"),)))
    assert scan_lesson(formula)
    assert not scan_lesson(formula, "so $dZ^{[l](i)} = 1$ holds")
    braces = make_lesson(Paragraph((Run("write {{ x }} here"),)))
    assert scan_lesson(braces, "write {{ x }} here")
    assert not scan_lesson(braces, "write {% raw %}{{ x }}{% endraw %} here")
    shown = make_lesson(Paragraph((Run('use {{< figure src="x" >}}.'),)))
    assert not scan_lesson(shown, 'use {{</* figure src="x" */>}}.')


def test_a_sign_that_only_rewording_moves_is_no_markup() -> None:
    def say(written: str, spoken: str) -> Lesson:
        said = Utterance((Token(written, spoken, 0, 1),), 0, 1)
        return Lesson("a", "A", "a.md", "script", (Slide(1, "", (), (said,), 1),))

    assert not scan_lesson(say("'#; ' is a string", "# is a string"))
    assert [hit.where for hit in scan_lesson(say("# A string", "# a string"))] == [
        "caption",
        "speech",
    ]
    assert scan_lesson(say("the string", "the {{ string }}"))


def test_what_escapes_show_and_formulas_in_captions_is_no_markup() -> None:
    lesson = make_lesson(Paragraph((Run("<p> - MDN"),)))
    assert not scan_lesson(lesson, "[\\<p> - MDN](a)")
    latex = r"P(A \; | \; B) - P(B \; | \; A) + P(C \; | \; A)"
    said = show_formula(latex)
    utterance = Utterance((Token(f"So {said} holds.", "So it holds.", 0, 9),), 0, 1)
    slides = (Slide(1, "", (Formula(latex),), (utterance,), 1), Slide(2, "", (), (utterance,), 1))
    hits = scan_lesson(Lesson("a", "A", "a.md", "script", slides))
    assert [(hit.slide, hit.kind) for hit in hits] == [(2, "table")]


def test_the_reference_has_no_running_headers_macros_or_keys() -> None:
    from benchmarks.foreign.source_rules import prepare

    page = "<div>Header</div><section>A $x$</section> RevealMath"
    assert prepare(page, "reveal-html").split() == ["<section>A"]
    assert prepare("class:inverse\n# A\n\n![:scale 40%](a.png)\n", "xaringan").split() == [
        "#", "A", "![](a.png)",
    ]  # fmt: skip
    keys = "# A\n\n---\nlayout: x\n\nimage: a.png\n\n---\n\n# B\n\n---\n# C\n\n## D\n\n---\n"
    assert prepare(keys, "slidev").split() == ["#", "A", "#", "B", "#", "C", "##", "D"]
