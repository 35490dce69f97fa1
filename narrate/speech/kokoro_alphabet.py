"""The phoneme alphabet of Kokoro and hibari (misaki's), to IPA phones and back.

misaki writes a diphthong or affricate as one capital or ligature and puts a stress mark directly
before its vowel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# https://github.com/hexgrad/misaki/blob/main/EN_PHONES.md
TO_IPA = {
    "A": "eɪ",
    "I": "aɪ",
    "W": "aʊ",
    "O": "oʊ",
    "Y": "ɔɪ",
    "Q": "əʊ",
    "S": "ʃ",
    "T": "ɾ",
    "ʧ": "tʃ",
    "ʤ": "dʒ",
    "ʣ": "dz",
    "ʦ": "ts",
    "ᵊ": "ə",
    "ᵻ": "ɪ",
    "ɐ": "ə",
    "g": "ɡ",
    "r": "ɹ",
}
STRESS = {"ˈ": 1, "ˌ": 2}
LONG = "ː"
VOWELS = frozenset("AIOQWYaeiouæɑɒɔəɐɛɜɚɪʊʌᵊᵻøœɯɨɤ")
PUNCTUATION = frozenset(';:,.!?—…"()“”')
MODIFIERS = frozenset("ːʰʲ\u0303ᵝ↓→↗↘")

# Longest first. Written IPA -> misaki; length marks are dropped for American English, which the
# alphabet writes without.
_FROM_IPA = {
    "t͡ʃ": "ʧ",
    "d͡ʒ": "ʤ",
    "tʃ": "ʧ",
    "dʒ": "ʤ",
    "eɪ": "A",
    "aɪ": "I",
    "aʊ": "W",
    "oʊ": "O",
    "əʊ": "Q",
    "ɔɪ": "Y",
    "ɝː": "ɜɹ",
    "ɝ": "ɜɹ",
    "ɚ": "əɹ",
    "ɫ": "l",
    "g": "ɡ",
    "r": "ɹ",
    "ɾ": "T",
    "ʔ": "t",
    "'": "ˈ",
    ",": "ˌ",
    ".": "",
    "‿": "",
    "-": "",
    "͡": "",
}


@dataclass(frozen=True, slots=True)
class PhoneSpan:
    """A phone made of the symbols `first`..`last` (inclusive) of a phoneme string."""

    symbol: str
    stress: int
    first: int
    last: int


def find_phones(symbols: Sequence[str], words: Sequence[int]) -> list[PhoneSpan]:
    """The IPA phones of a phoneme string, stress marks and lengths folded in.

    `words[i]` is the word that symbol i belongs to, negative for spaces and punctuation. An r
    after ɜ or ə in the same word is one r-coloured vowel, unless it starts the next syllable.
    """
    phones: list[PhoneSpan] = []
    stress, marked = 0, -1
    for at, (symbol, word) in enumerate(zip(symbols, words, strict=True)):
        if word < 0 or symbol == " " or symbol in PUNCTUATION:
            stress, marked = 0, -1
            continue
        if symbol in STRESS:
            stress, marked = STRESS[symbol], at
            continue
        before = phones[-1] if phones and phones[-1].last == at - 1 else None
        if symbol in MODIFIERS:
            if before is not None:
                long = LONG if symbol == LONG and not before.symbol.endswith(LONG) else ""
                phones[-1] = PhoneSpan(before.symbol + long, before.stress, before.first, at)
            continue
        if symbol == "ɹ" and before is not None and before.symbol in ("ɜ", "ə"):
            then = next((s for s in symbols[at + 1 : at + 3] if s not in STRESS), " ")
            if words[at - 1] == word and then not in VOWELS:
                coloured = "ɝ" if before.symbol == "ɜ" else "ɚ"
                phones[-1] = PhoneSpan(coloured, before.stress, before.first, at)
                continue
        first = marked if marked == at - 1 >= 0 else at
        phones.append(
            PhoneSpan(TO_IPA.get(symbol, symbol), stress if symbol in VOWELS else 0, first, at)
        )
        if symbol in VOWELS:
            stress = 0
        marked = -1
    return phones


def convert_ipa(ipa: str) -> str:
    """IPA as a lexicon writes it -> misaki's alphabet, each stress mark moved to its vowel."""
    text = ipa.strip().strip("/[]")
    out, at = "", 0
    while at < len(text):
        for size in (3, 2, 1):
            piece = text[at : at + size]
            if piece in _FROM_IPA:
                out += _FROM_IPA[piece]
                break
        else:
            size, piece = 1, text[at]
            out += piece
        at += size
    moved, waiting = "", ""
    for char in out:
        if char in STRESS:
            waiting = char
            continue
        if waiting and char in VOWELS:
            moved += waiting
            waiting = ""
        moved += char
    return moved
