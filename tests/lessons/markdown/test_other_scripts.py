"""Sentences and words of languages that are not written like English."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Utterance


def read(root: Path, language: str, text: str) -> tuple[Utterance, ...]:
    source = f"---\nlanguage: {language}\n---\n# A\n\n{text}\n"
    return read_lesson(source, "a.md", Surroundings(root))[0].slides[0].utterances


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        (
            "ja",
            "光は波です。速さが変わります！なぜ？",
            ["光は波です。", "速さが変わります！", "なぜ？"],
        ),
        ("ja", "「なぜ？」と\n聞く。", ["「なぜ？」と聞く。"]),
        ("zh", "光是一种波。老师说：“你好。”", ["光是一种波。", "老师说：“你好。”"]),
        ("hi", "प्रकाश तरंग है। वह तेज़ है।", ["प्रकाश तरंग है।", "वह तेज़ है।"]),
        ("ar", "ما الضوء؟ الضوء موجة.", ["ما الضوء؟", "الضوء موجة."]),
        ("fr", "Pourquoi ? Le ciel est bleu.", ["Pourquoi ?", "Le ciel est bleu."]),
        ("es", "¿Por qué? ¡El cielo es azul!", ["¿Por qué?", "¡El cielo es azul!"]),
    ],
)
def test_sentences_end_where_they_end(
    tmp_path: Path, language: str, text: str, sentences: list[str]
) -> None:
    assert [u.written for u in read(tmp_path, language, text)] == sentences


def test_clauses_without_spaces_are_words_with_their_places(tmp_path: Path) -> None:
    (utterance,) = read(tmp_path, "ja", "赤い光は、青い光より、よく曲がる")
    assert [t.written for t in utterance.tokens] == ["赤い光は、", "青い光より、", "よく曲がる"]
    assert [t.spoken for t in utterance.tokens] == ["赤い光は,", "青い光より,", "よく曲がる"]
    starts = [(t.start, t.end) for t in utterance.tokens]
    assert all(end == start for (_, end), (start, _) in pairwise(starts))


@pytest.mark.parametrize("language", ["fr", "es", "de", "it", "pt", "ja"])
def test_formulas_and_code_are_not_read_in_english(tmp_path: Path, language: str) -> None:
    spoken = " ".join(
        u.spoken for u in read(tmp_path, language, "a $x^2$ b `x == 3` c\n\n$$E = mc^2$$")
    )
    for word in ("squared", "equals", "square", "three", "plus", "times"):
        assert word not in spoken.split()


def test_in_english_they_are(tmp_path: Path) -> None:
    spoken = " ".join(u.spoken for u in read(tmp_path, "en", "a $x^2$ b"))
    assert "squared" in spoken
