"""espeak-ng's IPA, which Piper's voices write too: its phones, and a lexicon's IPA written in it.

The tables are in `lessons.directives.phone_alphabets`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from foundation.languages import is_english
from lessons.directives.phone_alphabets import (
    DIPHTHONGS,
    ENGLISH_AFFRICATES,
    ESPEAK_AMERICAN,
    ESPEAK_ENGLISH,
    IPA_TO_ESPEAK,
    IPA_VOWELS,
    LONG,
    MISAKI_PUNCTUATION,
    OTHER_AFFRICATES,
    STRESS,
)
from narrate.speech.kokoro_alphabet import PhoneSpan
from narrate.speech.phoneme_text import NOT_SAID

_GAP = 1.4  # cost of a phoneme that only one of the two readings has; a substitution costs 1
_KEPT = frozenset("ːʲʷ\u0303\u0327")  # marks that change the shape of the lips, and length
_JOINED = DIPHTHONGS | ENGLISH_AFFRICATES
_JOINED_ABROAD = _JOINED | OTHER_AFFRICATES
_ALWAYS = {"g": "ɡ", "c\u0327": "ç"}
_LEFT_OUT = frozenset("./[]‿-")  # and marks that join letters or do not distinguish phones


def find_phones(symbols: Sequence[str], owners: Sequence[int], language: str) -> list[PhoneSpan]:
    """The IPA phones of a phoneme string of one language (a BCP 47 tag), each symbol a character or
    a cluster. `owners[i]` is the token that symbol i belongs to, `NOT_SAID` for spaces and
    punctuation."""
    english = is_english(language)
    joined = _JOINED if english else _JOINED_ABROAD
    names: Mapping[str, str] = _ALWAYS
    if english:
        british = "-gb" in language.lower().replace("_", "-")
        names = {**_ALWAYS, **ESPEAK_ENGLISH, **({} if british else ESPEAK_AMERICAN)}
    phones: list[PhoneSpan] = []
    stress, marked = 0, -1
    for at, (symbol, owner) in enumerate(zip(symbols, owners, strict=True)):
        before = phones[-1] if phones and phones[-1].last == at - 1 else None
        if owner == NOT_SAID:
            stress, marked = 0, -1
        elif symbol in STRESS:
            stress, marked = STRESS[symbol], at
        elif _is_mark(symbol):
            if before is not None:
                vowel = (
                    before.symbol[0] in IPA_VOWELS
                )  # only consonants are palatalised or labialised
                kept = symbol if symbol in _KEPT and not (vowel and symbol in "ʲʷ") else ""
                phones[-1] = PhoneSpan(before.symbol + kept, before.stress, before.first, at)
        elif before is not None and before.symbol + symbol in joined:
            phones[-1] = PhoneSpan(before.symbol + symbol, before.stress, before.first, at)
        else:
            vowel = symbol[0] in IPA_VOWELS
            first = marked if marked == at - 1 >= 0 else at
            phones.append(PhoneSpan(symbol, stress if vowel else 0, first, at))
            stress, marked = (0 if vowel else stress), -1
    return [PhoneSpan(names.get(p.symbol, p.symbol), p.stress, p.first, p.last) for p in phones]


def _is_mark(symbol: str) -> bool:
    """Whether a symbol modifies the one before it: a modifier letter, a combining mark, a tone."""
    kind = unicodedata.category(symbol[0])
    return symbol[0] not in IPA_VOWELS and (kind == "Lm" or not kind.startswith("L"))


def assign_tokens(here: Sequence[str], there: Sequence[tuple[str, int]]) -> list[int]:
    """The token of each phoneme in `here`, found with the help of `there`: the same words read one
    by one, each phoneme with its token.

    Words that are read together flow into one another ("out of"), so the two readings are aligned
    at the least cost (Needleman and Wunsch 1970). A vowel in place of a consonant costs more than
    in place of another vowel.
    """
    there = there or [("", 0)]
    cost = np.zeros((len(here) + 1, len(there) + 1))
    cost[:, 0] = _GAP * np.arange(len(here) + 1)
    cost[0] = _GAP * np.arange(len(there) + 1)
    for i, a in enumerate(here):
        for j, (b, _) in enumerate(there):
            cost[i + 1, j + 1] = min(
                cost[i, j] + _unlike(a, b), cost[i, j + 1] + _GAP, cost[i + 1, j] + _GAP
            )
    tokens: list[int] = []
    i, j = len(here), len(there)
    while i:
        if j and cost[i, j] == cost[i, j - 1] + _GAP:
            j -= 1
            continue
        tokens.append(there[max(j - 1, 0)][1])
        if j and cost[i, j] == cost[i - 1, j - 1] + _unlike(here[i - 1], there[j - 1][0]):
            j -= 1
        i -= 1
    return tokens[::-1]


def _unlike(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return 1.0 if (a[:1] in IPA_VOWELS) == (b[:1] in IPA_VOWELS) else 3.0


def is_letter(symbol: str) -> bool:
    """Whether a symbol is a phone, rather than a stress mark, a tone, a length or a pause."""
    return symbol not in STRESS and not is_pause(symbol) and not _is_mark(symbol)


def is_pause(symbol: str) -> bool:
    """Whether a symbol is a space or punctuation."""
    return symbol == " " or symbol in MISAKI_PUNCTUATION


def convert_ipa(phones: str) -> str:
    """IPA as a lexicon writes it, in espeak-ng's; each stress mark is moved to its vowel."""
    text = " ".join(phones.replace("'", "ˈ").replace(",", "ˌ").split())
    text = unicodedata.normalize("NFD", text)
    text = text.replace("g", "ɡ").replace("c\u0327", "ç").replace(":", LONG)
    for old, new in IPA_TO_ESPEAK.items():
        text = text.replace(old, new)
    moved, waiting = "", ""
    for char in text:
        if char in STRESS:
            waiting = char
        elif char not in _LEFT_OUT and (char in _KEPT or unicodedata.category(char) != "Mn"):
            if waiting and char in IPA_VOWELS:
                moved += waiting
                waiting = ""
            moved += char
    return moved


def find_unknown_sounds(phones: str, known: Collection[str]) -> list[str]:
    """The symbols of a lexicon's IPA that are not among the `known` ones; `["∅"]` if the IPA holds
    no phone."""
    text = convert_ipa(phones)
    if not any(char.isalpha() for char in text):
        return ["∅"]
    return sorted({char for char in text if char != " " and char not in known})
