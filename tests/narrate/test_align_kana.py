"""Kana in IPA, mora by mora."""

from __future__ import annotations

import pytest

from narrate.align.kana import pronounce_kana


@pytest.mark.parametrize(
    ("kana", "phones"),
    [
        ("キップ", "k i pː ɯ"),
        ("サンポ", "s a m p o"),
        ("シンカンセン", "ɕ i ŋ k a ɴ s e ɴ"),
        ("ホン", "h o ɴ"),
        ("ファン", "ɸ a ɴ"),
        ("フジ", "ɸ ɯ dʑ i"),
        ("チャ", "tɕ a"),
        ("キョー", "k j oː"),
        ("しんぶん", "ɕ i m b ɯ ɴ"),
        ("abc", ""),
        ("", ""),
    ],
)
def test_kana_are_read(kana: str, phones: str) -> None:
    assert pronounce_kana(kana) == phones.split()
