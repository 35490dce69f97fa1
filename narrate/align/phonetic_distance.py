"""Texts compared by how they sound, such as `1,250 metres` and `twelve hundred and fifty
meters`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from lessons.directives.phone_alphabets import LIGATURES
from narrate.align.foreign_pronunciation import knows_sounds, pronounce_words
from narrate.align.pronunciation import load_g2p
from narrate.align.readings import read_figures
from narrate.align.segmentation import is_unspaced, split_recognised

# Vowel signs of Indic scripts and accents, which re does not take for letters.
_MARKS = "".join(chr(c) for c in range(0x300, 0x1200) if unicodedata.category(chr(c))[0] == "M")
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*"
_WORD = re.compile(
    r"\d{1,2}:\d\d(?!\d)|\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th|s)?"
    rf"|{_LETTERS}(?:['’]{_LETTERS})*|[%$€£&=+×²³°<>/]"
)
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
_AMOUNT = re.compile(
    r"([$€£])\s?(\d+(?:,\d{3})*(?:\.\d+)?(?:\s(?:thousand|million|billion|trillion))?)"
)

_STRESS_AND_LENGTH = re.compile("[ˈˌːʰʲ\u0303 ]")
_VOWELS = frozenset("AIOQWYaeiouyæɑɒɔəɐɛɜɚɪʊʌᵊᵻøœɨʉɯɤʏɵ")
_WEAK = frozenset("əᵊɐᵻɪhT")
# Pairs of phones that speakers and recognisers confuse without changing the word.
_NEAR = {
    frozenset(pair)
    for pair in (
        "td",
        "Tt",
        "Td",
        "sz",
        "ʃʒ",
        "fv",
        "θð",
        "pb",
        "kɡ",
        "ʧʤ",
        "mn",
        "nŋ",
        "ɹl",
        "θf",
        "bβ",
        "dð",
        "ɡɣ",
        "bv",
        "vʋ",
        "vw",
        "ʒʤ",
        "ʃʧ",
        "ʃʂ",
        "ʂs",
        "ʈt",
        "ɖd",
        "ɳn",
        "nɲ",
        "rɾ",
        "rɹ",
        "rʁ",
        "xh",
        "xχ",
        "hχ",
    )
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The expected words `first`..`last` (exclusive) and the heard words
    `heard_first`..`heard_last` in their place, which sound different. `distance` is their distance
    in 0..1, relative to `phones`, the number of phones of the longer. `said` are the heard words as
    they are spoken, perhaps `hundred` of `300 km`."""

    first: int
    last: int
    heard_first: int
    heard_last: int
    distance: float
    phones: int
    said: tuple[str, ...] = ()


def split_words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation. A currency sign is moved after its
    amount, as it is spoken."""
    plain = unicodedata.normalize("NFKC", _keep_powers(text)).lower()
    return _WORD.findall(_AMOUNT.sub(r"\2 \1", plain))


def split_heard(text: str, language: str) -> list[str]:
    """The words of a text that may be written without spaces; see `split_words`."""
    if not is_unspaced(language):
        return split_words(text)
    return [word for part in split_recognised(text, language) for word in split_words(part)]


def _keep_powers(text: str) -> str:
    return text.replace("²", " squared ").replace("³", " cubed ")


def find_mismatches(expected: Sequence[str], heard: Sequence[str], language: str) -> list[Mismatch]:
    """Where two sequences of words sound different, however they are spelled. A number in figures
    is read as the other text reads it. `language` is a primary language, as `en`."""
    one = _spell_out(expected, language, ())
    return _compare(one, _spell_out(heard, language, [word for word, _ in one]), language)


def _spell_out(words: Sequence[str], language: str, other: Sequence[str]) -> list[tuple[str, int]]:
    """The words as they are spoken (`300` is two words), each with its index in `words`."""
    sounds = _join([find_sounds(word, language) for word in other])
    said, measured = [], False
    for index, word in enumerate(words):
        unit = measured and not (word == "/" and words[index - 1][0].isdecimal())
        spoken = (_UNITS.get(word) if unit else None) or _SYMBOLS.get(word) or word
        measured = word[0].isdecimal() or (unit and word in _UNITS)
        if word[0].isdecimal():
            readings = read_figures(word.removesuffix("s"), language)
            fitting = (
                r
                for r in readings
                if _join([find_sounds(w, language) for w in r.split()]) in sounds
            )
            spoken = next(fitting, _find_nearest(readings, other) if readings else word)
        said += [(part, index) for part in spoken.split()]
    return said


def _find_nearest(readings: Sequence[str], other: Sequence[str]) -> str:
    """The reading of which most words are in the other text; the plainest of several."""
    return max(readings, key=lambda r: sum(w in other for w in r.split()) / len(r.split()))


def _join(sounds: Sequence[str]) -> str:
    return f" {' '.join(sounds)} "


def _compare(
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
        first, last = _find_range(expected, a, b)
        heard_first, heard_last = _find_range(heard, c, d)
        said = tuple(word for word, _ in heard[c:d])
        found.append(Mismatch(first, last, heard_first, heard_last, distance, phones, said))
    return found


def _find_range(said: Sequence[tuple[str, int]], first: int, last: int) -> tuple[int, int]:
    """The range of words to which `said[first:last]` belong."""
    if first < last:
        return said[first][1], said[last - 1][1] + 1
    here = said[first][1] if first < len(said) else (said[-1][1] + 1 if said else 0)
    return here, here


@lru_cache(maxsize=20_000)
def find_sounds(word: str, language: str) -> str:
    """The phones of a spoken word without stress and length, or its letters in a language whose
    phones nobody here knows."""
    if language != "en":
        if knows_sounds(language):
            (phones,) = pronounce_words([word], language)
            return _simplify("".join(symbol for symbol, _ in phones))
        return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if c.isalnum())
    return _STRESS_AND_LENGTH.sub("", _phonemize(word))


def _simplify(phones: str) -> str:
    """IPA in the letters that `phone_distance` compares: one for an affricate, none for marks."""
    plain = _STRESS_AND_LENGTH.sub("", unicodedata.normalize("NFD", phones))
    for ligature, letters in LIGATURES.items():
        plain = plain.replace(letters, ligature)
    return "".join(c for c in plain if c.isalpha())


@lru_cache(maxsize=20_000)
def _phonemize(word: str) -> str:
    phones: str = load_g2p()(word, normalize_text=False)
    return phones


def phone_distance(a: str, b: str) -> float:
    """The edit distance of two strings of phones, in which similar phones and weak vowels cost less
    than 1."""
    row = [0.0]
    for y in b:
        row.append(row[-1] + _drop_cost(y))
    for x in a:
        new = [row[0] + _drop_cost(x)]
        for at, y in enumerate(b):
            best = min(
                row[at] + _swap_cost(x, y), row[at + 1] + _drop_cost(x), new[at] + _drop_cost(y)
            )
            new.append(best)
        row = new
    return row[-1]


def _drop_cost(phone: str) -> float:
    return 0.5 if phone in _WEAK else 1.0


def _swap_cost(x: str, y: str) -> float:
    if x == y:
        return 0.0
    if frozenset((x, y)) in _NEAR:
        return 0.35
    if x in _VOWELS and y in _VOWELS:
        return 0.3 if x in _WEAK or y in _WEAK else 0.6
    return 1.0


def make_ranges(counts: Sequence[int]) -> list[tuple[int, int]]:
    """The index ranges of consecutive groups with these numbers of items."""
    edges = [0]
    for count in counts:
        edges.append(edges[-1] + count)
    return list(pairwise(edges))
