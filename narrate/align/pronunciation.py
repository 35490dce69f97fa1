"""How English words are pronounced: the CMU dictionary in PocketSphinx's package, and hibari's G2P
for the words that it lacks and for stress, which it does not mark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from lessons.directives.phone_alphabets import (
    CMU_TO_IPA,
    CMU_VOWELS,
    MISAKI_TO_CMU,
    MISAKI_VOWELS,
    STRESS,
)
from narrate.speech import kokoro_alphabet

_WORD_OR_FIGURES = re.compile(r"[a-z]+(?:'[a-z]+)*'?|\d+")


def pronounce(text: str) -> list[tuple[str, int]]:
    """The IPA phones of an English text, each with its stress."""
    out = []
    for name in split_into_dictionary_words(text):
        for pronunciation in find_pronunciations(name)[:1]:
            out += to_ipa(name, pronunciation)
    return out


def to_ipa(name: str, pronunciation: str) -> list[tuple[str, int]]:
    """The IPA phones of a dictionary word that is pronounced so, each with its stress."""
    phones = pronunciation.split()
    return [
        (CMU_TO_IPA[phone][0 if stress else 1], stress)
        for phone, stress in zip(phones, find_stresses(name, phones), strict=True)
    ]


def split_into_dictionary_words(text: str) -> list[str]:
    """A text as the dictionary spells it: lower case, without accents, numbers as words."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = []
    for word in _WORD_OR_FIGURES.findall(plain):
        if word.isdecimal():
            found += re.findall("[a-z]+", _spell_number(word))
        else:
            found.append(word)
    return found


def _spell_number(figures: str) -> str:
    from num2words import num2words

    try:
        return str(num2words(int(figures)))
    except OverflowError:
        return " ".join(str(num2words(int(figure))) for figure in figures)


@lru_cache(maxsize=20_000)
def find_pronunciations(name: str) -> tuple[str, ...]:
    """A dictionary word in ARPAbet, the usual pronunciation first; by the G2P if it is unknown."""
    known = load_dictionary().get(name)
    if known is None and name.endswith("'"):
        known = load_dictionary().get(name[:-1])
    if known is not None:
        return known
    spoken = convert_misaki(load_g2p()(name, normalize_text=False))
    return (spoken,) if spoken else ()


@lru_cache(maxsize=1)
def load_dictionary() -> Mapping[str, tuple[str, ...]]:
    """The CMU dictionary: each word with its pronunciations, the usual one first."""
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    words: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        name, _, phones = line.partition(" ")
        plain = without_number(name)
        words[plain] = (*words.get(plain, ()), phones.strip())
    return words


def without_number(name: str) -> str:
    """`read(2)`, which is the second pronunciation of a word, to `read`."""
    return name.partition("(")[0]


@lru_cache(maxsize=1)
def load_g2p() -> Any:
    """The G2P of hibari, which is loaded once."""
    from hibari.g2p import G2P

    return G2P()


def convert_misaki(symbols: str) -> str:
    """misaki's phonemes in ARPAbet. An r after ə or ɜ is one phone with the vowel, unless it
    starts the next syllable, as in `around`."""
    plain = [s for s in symbols if s not in STRESS]
    out: list[str] = []
    for at, symbol in enumerate(plain):
        if symbol == "ɹ" and at and plain[at - 1] in "ɜə":
            starts_syllable = at + 1 < len(plain) and plain[at + 1] in MISAKI_VOWELS
            if plain[at - 1] == "ɜ":
                continue
            if not starts_syllable:
                out[-1] = "ER"
                continue
        if symbol in MISAKI_TO_CMU:
            out += MISAKI_TO_CMU[symbol].split()
    return " ".join(out)


@lru_cache(maxsize=20_000)
def _find_stress_pattern(name: str) -> tuple[int, ...]:
    """The stress of each vowel of a word, by the G2P."""
    symbols = str(load_g2p()(name, normalize_text=False))
    phones = kokoro_alphabet.find_phones(symbols, [0] * len(symbols))
    return tuple(p.stress for p in phones if p.symbol[0] in MISAKI_VOWELS)


def find_stresses(name: str, phones: Sequence[str]) -> list[int]:
    """The stress of each phone of a word: the G2P's if both count the same number of vowels, and
    otherwise on the first vowel."""
    vowels = [at for at, phone in enumerate(phones) if phone in CMU_VOWELS]
    # A pronunciation that was given in IPA has such a name (`narrate.align.sphinx`).
    pattern = () if name.startswith("ipa.") else _find_stress_pattern(name)
    if len(pattern) != len(vowels):
        pattern = (1,) + (0,) * len(vowels)
    found = [0] * len(phones)
    for at, stress in zip(vowels, pattern, strict=False):
        found[at] = stress
    return found
