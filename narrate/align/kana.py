"""Japanese kana in IPA, mora by mora."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Standard Japanese (IPA Handbook 1999, Okada): ɯ is unrounded, f before it is ɸ, and consonants are
# palatal before i.
_ROWS = (
    "アイウエオ|カキクケコ k|サシスセソ s|タチツテト t|ナニヌネノ n|ハヒフヘホ h|マミムメモ m"
    "|ラリルレロ ɾ|ガギグゲゴ ɡ|ザジズゼゾ z|ダヂヅデド d|バビブベボ b|パピプペポ p"
)
_VOWELS = ("a", "i", "ɯ", "e", "o")
_SPECIAL = {
    "シ": ("ɕ", "i"), "チ": ("tɕ", "i"), "ツ": ("ts", "ɯ"), "ヒ": ("ç", "i"), "フ": ("ɸ", "ɯ"),
    "ニ": ("ɲ", "i"), "ジ": ("dʑ", "i"), "ヂ": ("dʑ", "i"), "ズ": ("z", "ɯ"), "ヅ": ("z", "ɯ"),
    "ヤ": ("j", "a"), "ユ": ("j", "ɯ"), "ヨ": ("j", "o"), "ワ": ("ɰ", "a"), "ヲ": ("o",),
    "ヴ": ("v", "ɯ"),
}  # fmt: skip
_SMALL = {"ャ": ("j", "a"), "ュ": ("j", "ɯ"), "ョ": ("j", "o"), "ヮ": ("w", "a")}
_SMALL_VOWELS = dict(zip("ァィゥェォ", _VOWELS, strict=True))
_PALATAL = frozenset({"ɕ", "tɕ", "dʑ", "ç", "ɲ"})
_NASAL_BEFORE = {"p": "m", "b": "m", "m": "m", "k": "ŋ", "ɡ": "ŋ", "t": "n", "d": "n", "n": "n"}


def _make_table() -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for row in _ROWS.split("|"):
        kana, _, consonant = row.partition(" ")
        for mora, vowel in zip(kana, _VOWELS, strict=True):
            table[mora] = (consonant, vowel) if consonant else (vowel,)
    return {**table, **_SPECIAL}


_TABLE = _make_table()


def pronounce_kana(text: str) -> list[str]:
    """The IPA phones of a text in kana; other letters have none.

    ー lengthens a vowel, ッ doubles the next consonant as a long one (`pː`), and ン is the nasal of
    what follows, so that the lips close before p, b and m.
    """
    letters = "".join(_to_katakana(c) for c in unicodedata.normalize("NFKC", text))
    phones: list[str] = []
    double = False
    for letter in letters:
        if letter == "ー" and phones:
            phones[-1] = phones[-1].rstrip("ː") + "ː"
        elif letter in ("ッ", "っ"):
            double = True
        elif letter == "ン":
            phones.append("ɴ")
        elif letter in _SMALL and phones:
            glide, vowel = _SMALL[letter]
            phones.pop()
            if not phones or phones[-1].rstrip("ː") not in _PALATAL:
                phones.append(glide)
            phones.append(vowel)
        elif letter in _SMALL_VOWELS and phones:
            phones[-1] = _SMALL_VOWELS[letter]
        elif letter in _TABLE:
            first, *rest = _TABLE[letter]
            if double and rest:
                first += "ː"
            double = False
            phones += [first, *rest]
    following = [*phones, ""][1:]
    return [
        _NASAL_BEFORE.get(after[:1], "ɴ") if phone == "ɴ" else phone
        for phone, after in zip(phones, following, strict=True)
    ]


def _to_katakana(char: str) -> str:
    """Hiragana lie 96 code points below katakana."""
    return chr(ord(char) + 96) if "ぁ" <= char <= "ゖ" else char
