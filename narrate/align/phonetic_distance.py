"""Two texts compared by how they sound: `1,250 metres` and `twelve hundred and fifty meters`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Any

_WORD = re.compile(
    r"\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th|s)?|[^\W\d_]+(?:['’][^\W\d_]+)*|[%$€£&=+×²³°<>/]"
)
_NUMBER = re.compile(r"(\d+(?:,\d{3})*)(?:\.(\d+))?(st|nd|rd|th|s)?$")
_SYMBOLS = {
    "%": "percent",
    "$": "dollars",
    "€": "euros",
    "£": "pounds",
    "&": "and",
    "=": "equals",
    "+": "plus",
    "×": "times",
    "°": "degrees",
    "<": "less than",
    ">": "greater than",
    "/": "over",
}
_UNITS = {
    "m": "metres",
    "km": "kilometres",
    "cm": "centimetres",
    "mm": "millimetres",
    "g": "grams",
    "kg": "kilograms",
    "/": "per",
    "s": "second",
    "h": "hour",
}  # after a number
READINGS = ("cardinal", "and", "year", "ordinal", "digits")
_AMOUNT = re.compile(
    r"([$€£])\s?(\d+(?:,\d{3})*(?:\.\d+)?(?:\s(?:thousand|million|billion|trillion))?)"
)

_STRESS_AND_LENGTH = re.compile("[ˈˌːʰʲ\u0303 ]")
_VOWELS = frozenset("AIOQWYaeiouæɑɒɔəɐɛɜɚɪʊʌᵊᵻ")
_WEAK = frozenset("əᵊɐᵻɪhT")
# Pairs that speakers and recognisers confuse without changing the word.
_NEAR = {
    frozenset(pair)
    for pair in ("td", "Tt", "Td", "sz", "ʃʒ", "fv", "θð", "pb", "kɡ", "ʧʤ", "mn", "nŋ", "ɹl", "θf")
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Expected words `first`..`last` (exclusive) against the heard words `heard_first`..
    `heard_last` in their place. `distance` is in 0..1 by phones, `phones` the longer count. `said`
    are the heard words as they are spoken: of `300 km` perhaps `hundred`."""

    first: int
    last: int
    heard_first: int
    heard_last: int
    distance: float
    phones: int
    said: tuple[str, ...] = ()


def split_words(text: str) -> list[str]:
    """The words of a recognised or a script's text, case and punctuation dropped; a currency comes
    after its amount, as it is said."""
    plain = unicodedata.normalize("NFKC", _keep_powers(text)).lower()
    return _WORD.findall(_AMOUNT.sub(r"\2 \1", plain))


def _keep_powers(text: str) -> str:
    return text.replace("²", " squared ").replace("³", " cubed ")


def find_mismatches(expected: Sequence[str], heard: Sequence[str], language: str) -> list[Mismatch]:
    """Where two word sequences sound different. Words that sound alike match, however written; each
    number in figures is read in the way that the other text has it."""
    one = _said(expected, language, ())
    return _mismatches(one, _said(heard, language, [word for word, _ in one]), language)


def _said(words: Sequence[str], language: str, other: Sequence[str]) -> list[tuple[str, int]]:
    """The words as they are spoken (`300` is three words), each with its index in `words`."""
    sounds = _run([find_sounds(word, language) for word in other])
    said, measured = [], False
    for index, word in enumerate(words):
        unit = measured and not (word == "/" and words[index - 1][0].isdecimal())
        spoken = (_UNITS.get(word) if unit else None) or _SYMBOLS.get(word) or word
        measured = word[0].isdecimal() or (unit and word in _UNITS)
        if word[0].isdecimal():
            readings = [r for how in READINGS if (r := _number(word, how, language))]
            fitting = (
                r for r in readings if _run([find_sounds(w, language) for w in r.split()]) in sounds
            )
            spoken = next(fitting, readings[0] if readings else word)
        said += [(part, index) for part in spoken.split()]
    return said


def _run(sounds: Sequence[str]) -> str:
    return f" {' '.join(sounds)} "


def _mismatches(
    expected: Sequence[tuple[str, int]], heard: Sequence[tuple[str, int]], language: str
) -> list[Mismatch]:
    one = [find_sounds(word, language) for word, _ in expected]
    other = [find_sounds(word, language) for word, _ in heard]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        mine, instead = "".join(one[a:b]), "".join(other[c:d])
        phones = max(len(mine), len(instead))
        distance = phone_distance(mine, instead) / max(phones, 1)
        first, last = _indices(expected, a, b)
        heard_first, heard_last = _indices(heard, c, d)
        said = tuple(word for word, _ in heard[c:d])
        found.append(Mismatch(first, last, heard_first, heard_last, distance, phones, said))
    return found


def _indices(said: Sequence[tuple[str, int]], first: int, last: int) -> tuple[int, int]:
    """The range of words that `said[first:last]` are of."""
    if first < last:
        return said[first][1], said[last - 1][1] + 1
    here = said[first][1] if first < len(said) else (said[-1][1] + 1 if said else 0)
    return here, here


@lru_cache(maxsize=20_000)
def find_sounds(word: str, language: str) -> str:
    """A spoken word as phones without stress; where no G2P is at hand, as its letters."""
    if language != "en":
        return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if c.isalnum())
    return _STRESS_AND_LENGTH.sub("", _english(word))


@lru_cache(maxsize=20_000)
def _english(word: str) -> str:
    phones: str = _g2p()(word, normalize_text=False)
    return phones


@lru_cache(maxsize=1)
def _g2p() -> Any:
    from hibari.g2p import G2P

    return G2P()


@lru_cache(maxsize=20_000)
def _number(word: str, how: str, language: str) -> str:
    """A written number in words, read in one of the `READINGS`; empty for what is no number."""
    match = _NUMBER.match(word)
    if match is None:
        return ""
    from num2words import num2words

    digits, decimals, ending = match.group(1).replace(",", ""), match.group(2), match.group(3)
    try:
        if how == "digits" and decimals is None:
            text = " ".join(num2words(int(digit), lang=language) for digit in digits)
        elif decimals is not None:
            text = num2words(float(f"{digits}.{decimals}"), lang=language)
        elif ending in ("st", "nd", "rd", "th") or (how == "ordinal" and not ending):
            text = num2words(int(digits), to="ordinal", lang=language)
        elif how == "year" and len(match.group(1)) == 4:
            text = num2words(int(digits), to="year", lang=language)
        else:
            text = num2words(int(digits), lang=language)
    except (NotImplementedError, ValueError, OverflowError):
        return ""
    if how == "cardinal":
        text = text.replace(" and ", " ")
    return re.sub(r"[^\w\s]", " ", text)


def phone_distance(a: str, b: str) -> float:
    """Edit distance of phones: near pairs and weak vowels cost less than 1."""
    row = [0.0]
    for y in b:
        row.append(row[-1] + _drop(y))
    for x in a:
        new = [row[0] + _drop(x)]
        for at, y in enumerate(b):
            best = min(row[at] + _swap(x, y), row[at + 1] + _drop(x), new[at] + _drop(y))
            new.append(best)
        row = new
    return row[-1]


def _drop(phone: str) -> float:
    return 0.5 if phone in _WEAK else 1.0


def _swap(x: str, y: str) -> float:
    if x == y:
        return 0.0
    if frozenset((x, y)) in _NEAR:
        return 0.35
    if x in _VOWELS and y in _VOWELS:
        return 0.3 if x in _WEAK or y in _WEAK else 0.6
    return 1.0


def make_ranges(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Index ranges of runs of so many items."""
    edges = [0]
    for count in counts:
        edges.append(edges[-1] + count)
    return list(pairwise(edges))
