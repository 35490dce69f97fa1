"""Numbers in languages without a locale of their own, and in groups of three digits."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.reading import read_course
from lessons.speakable import say


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("pt-BR", "São 3,5 metros", "São três vírgula cinco metros"),
        ("pt", "1 000 000 de lux", "um milhão de lux"),
        ("ru", "299 792 км", "двести девяносто девять тысяч семьсот девяносто два км"),
        ("ru", "299\u202f792 км", "двести девяносто девять тысяч семьсот девяносто два км"),
        ("sv", "3,5 m", "tre komma fem m"),
        ("pl", "rok 1905 300", "rok tysiąc dziewięćset pięć trzysta"),
        ("cs", "12, 345", "dvanáct, třista čtyřicet pět"),
        ("id", "12 345", "dua belas tiga ratus empat puluh lima"),  # it groups by full stops
        ("pl", "1,2,3", "jeden dwa trzy"),  # a list
    ],
)
def test_numbers_are_read_as_the_language_writes_them(language: str, text: str, said: str) -> None:
    assert say(text, language) == said


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "1 000 000 de lux"), ("pt", "1 000 000 de lux"), ("de", "Um 14:30 Uhr, 3,50 €.")],
)
def test_what_is_said_with_the_word_before_it_has_no_finding(
    tmp_path: Path, language: str, text: str
) -> None:
    (tmp_path / "a.md").write_text(f"---\nlanguage: {language}\n---\n# One\n\n{text}\n", "utf-8")
    _, findings = read_course(tmp_path)
    assert not [f for f in findings if f.rule == "word-unread"]
