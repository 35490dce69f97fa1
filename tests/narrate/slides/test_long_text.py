"""Long paragraphs in parts."""

from __future__ import annotations

from lessons.model import Run
from narrate.slides.long_text import SHORT, split_text

SENTENCE = "This sentence is written to be one of many in a long paragraph. "


def join(parts: tuple[tuple[Run, ...], ...]) -> str:
    return "".join(run.text for part in parts for run in part)


def test_a_short_paragraph_stays_as_it_is() -> None:
    content = (Run("Some "), Run("words", "strong"))
    assert split_text(content) == (content,)


def test_a_long_one_is_divided_between_sentences() -> None:
    text = SENTENCE * 20
    parts = split_text((Run(text),))
    assert len(parts) >= 4 and join(parts) == text
    assert all(part[-1].text.rstrip().endswith(".") for part in parts)


def test_styles_are_kept_and_formulas_are_not_divided() -> None:
    formula = "x + " * 300
    content = (Run(SENTENCE * 5), Run("important ", "strong"), Run(formula, "formula"),
               Run(SENTENCE * 5))  # fmt: skip
    parts = split_text(content)
    assert join(parts) == "".join(run.text for run in content)
    assert Run(formula, "formula") in [run for part in parts for run in part]


def test_a_sentence_without_end_is_divided_between_words() -> None:
    text = "word " * 1000
    parts = split_text((Run(text),))
    assert len(parts) > 5 and join(parts) == text
    assert all(len(join((part,))) <= SHORT + 5 for part in parts)


def test_scripts_without_spaces_are_divided_too() -> None:
    text = "\u5149\u306f\u6ce2\u3067\u3042\u308b\u3002" * 120
    assert len(split_text((Run(text),))) > 2
