"""misaki's alphabet, in which hibari and Kokoro read: its phones in IPA, and IPA written in it.

misaki writes a diphthong or an affricate as one capital letter or ligature, and puts a stress mark
directly before its vowel. The tables are in `lessons.directives.phone_alphabets`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.directives.phone_alphabets import (
    FOREIGN_TO_IPA,
    IPA_TO_FOREIGN,
    IPA_TO_MISAKI,
    LONG,
    MISAKI_MODIFIERS,
    MISAKI_PUNCTUATION,
    MISAKI_TO_IPA,
    MISAKI_VOWELS,
    NASAL,
    STRESS,
)


@dataclass(frozen=True, slots=True)
class PhoneSpan:
    """An IPA phone that the symbols `first`..`last` (inclusive) of a phoneme string stand for."""

    symbol: str
    stress: int
    first: int
    last: int


def find_phones(
    symbols: Sequence[str], words: Sequence[int], *, english: bool = True
) -> list[PhoneSpan]:
    """The IPA phones of a phoneme string, with their stress and length.

    `words[i]` is the word that symbol i belongs to, negative for spaces and punctuation. In English
    some letters are other phones than in IPA, and ɜ or ə and an r after it in the same word are one
    r-coloured vowel, unless the r starts the next syllable. Other languages have nasal vowels.
    """
    names = MISAKI_TO_IPA if english else FOREIGN_TO_IPA
    phones: list[PhoneSpan] = []
    stress, marked = 0, -1
    for at, (symbol, word) in enumerate(zip(symbols, words, strict=True)):
        if word < 0 or symbol == " " or symbol in MISAKI_PUNCTUATION:
            stress, marked = 0, -1
            continue
        if symbol in STRESS:
            stress, marked = STRESS[symbol], at
            continue
        before = phones[-1] if phones and phones[-1].last == at - 1 else None
        if symbol in MISAKI_MODIFIERS:
            if before is not None:
                marked_so = symbol == LONG or (symbol == NASAL and not english)
                kept = symbol if marked_so and not before.symbol.endswith(symbol) else ""
                phones[-1] = PhoneSpan(before.symbol + kept, before.stress, before.first, at)
            continue
        if english and symbol == "ɹ" and before is not None and before.symbol in ("ɜ", "ə"):
            then = next((s for s in symbols[at + 1 : at + 3] if s not in STRESS), " ")
            if words[at - 1] == word and then not in MISAKI_VOWELS:
                coloured = "ɝ" if before.symbol == "ɜ" else "ɚ"
                phones[-1] = PhoneSpan(coloured, before.stress, before.first, at)
                continue
        first = marked if marked == at - 1 >= 0 else at
        phones.append(
            PhoneSpan(
                names.get(symbol, symbol),
                stress if symbol in MISAKI_VOWELS else 0,
                first,
                at,
            )
        )
        if symbol in MISAKI_VOWELS:
            stress = 0
        marked = -1
    return phones


def convert_ipa(ipa: str) -> str:
    """English IPA as a lexicon writes it, in misaki's alphabet; each stress mark is moved to its
    vowel."""
    return _convert(ipa, IPA_TO_MISAKI)


def convert_spelling(ipa: str) -> str:
    """IPA of another language in misaki's alphabet; each stress mark is moved to its vowel."""
    return _convert(unicodedata.normalize("NFD", ipa).replace("c\u0327", "ç"), IPA_TO_FOREIGN)


def _convert(ipa: str, table: Mapping[str, str]) -> str:
    text = ipa.strip().strip("/[]")
    out, at = "", 0
    while at < len(text):
        for size in (3, 2, 1):
            symbol = text[at : at + size]
            if symbol in table:
                out += table[symbol]
                break
        else:
            size = 1
            out += text[at]
        at += size
    moved, waiting = "", ""
    for char in out:
        if char in STRESS:
            waiting = char
            continue
        if waiting and char in MISAKI_VOWELS:
            moved += waiting
            waiting = ""
        moved += char
    return moved
