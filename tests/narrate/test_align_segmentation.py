"""Words of languages that are written without spaces."""

from __future__ import annotations

import pytest

from narrate.align import segmentation
from narrate.align.segmentation import join_words, split_chunk, split_recognised


@pytest.fixture(autouse=True)
def without_a_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "reads_japanese", lambda language: False)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("今天很好。", "zh", ["今", "天", "很", "好。"]),
        ("用Python学习", "zh-CN", ["用", "Python", "学", "习"]),
        ("第25章", "ja", ["第", "25", "章"]),
        ("a good day", "en", ["a", "good", "day"]),
        ("", "zh", []),
    ],
)
def test_a_text_is_cut_into_words(text: str, language: str, words: list[str]) -> None:
    assert split_recognised(text, language) == words
    assert join_words(words, language) == text


@pytest.mark.parametrize("text", ["がぎぐ、カタカナ", "e\u0301té学", "ไทยนี้", "…", "。。"])
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(split_chunk(text, "ja")) == text
