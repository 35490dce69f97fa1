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
    r"\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th|s)?|[^\W\d_]+(?:['’][^\W\d_]+)*|[%$€£&=+×²³°<>/]"
)
_NUMBER = re.compile(r"(\d[\d,]*)(?:\.(\d+))?(st|nd|rd|th|s)?$")
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
READINGS = ("cardinal", "year", "digits")

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
    `heard_last` in their place. `distance` is in 0..1 by phones, `phones` the longer count."""

    first: int
    last: int
    heard_first: int
    heard_last: int
    distance: float
    phones: int


def words_of(text: str) -> list[str]:
    """The words of a recognised or a script's text, case and punctuation dropped."""
    return _WORD.findall(unicodedata.normalize("NFKC", _keep_powers(text)).lower())


def _keep_powers(text: str) -> str:
    return text.replace("²", " squared ").replace("³", " cubed ")


def mismatches(expected: Sequence[str], heard: Sequence[str], language: str) -> list[Mismatch]:
    """Where two word sequences sound different. Words that sound alike match, however written;
    numbers in figures are read in the way that fits best."""
    found = [
        _mismatches(_said(expected, language, "cardinal"), _said(heard, language, how))
        for how in READINGS
    ]
    return min(found, key=lambda ms: sum(m.distance * m.phones for m in ms))


def _said(words: Sequence[str], language: str, how: str) -> list[tuple[str, int]]:
    """The words as they are spoken (`300` is three words), each with its index in `words`."""
    said = []
    for index, word in enumerate(words):
        spoken = _SYMBOLS.get(word) or _number(word, how, language) or word
        said += [(sound(part, language), index) for part in spoken.split()]
    return said


def _mismatches(
    expected: Sequence[tuple[str, int]], heard: Sequence[tuple[str, int]]
) -> list[Mismatch]:
    matcher = SequenceMatcher(None, [s for s, _ in expected], [s for s, _ in heard], autojunk=False)
    found = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        one, other = (
            "".join(s for s, _ in expected[a:b]),
            "".join(s for s, _ in heard[c:d]),
        )
        phones = max(len(one), len(other))
        distance = phone_distance(one, other) / max(phones, 1)
        first, last = _indices(expected, a, b)
        heard_first, heard_last = _indices(heard, c, d)
        found.append(Mismatch(first, last, heard_first, heard_last, distance, phones))
    return found


def _indices(said: Sequence[tuple[str, int]], first: int, last: int) -> tuple[int, int]:
    """The range of words that `said[first:last]` are of."""
    if first < last:
        return said[first][1], said[last - 1][1] + 1
    here = said[first][1] if first < len(said) else (said[-1][1] + 1 if said else 0)
    return here, here


@lru_cache(maxsize=20_000)
def sound(word: str, language: str) -> str:
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


def _number(word: str, how: str, language: str) -> str:
    """A written number in words, read one of three ways; empty for what is no number."""
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
        elif ending in ("st", "nd", "rd", "th"):
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


def spread(counts: Sequence[int]) -> list[tuple[int, int]]:
    """Index ranges of runs of so many items."""
    edges = [0]
    for count in counts:
        edges.append(edges[-1] + count)
    return list(pairwise(edges))
