"""espeak's IPA -> phones: marks folded in, diphthongs and affricates joined. Piper's voices and
espeak-ng itself write this alphabet."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from narrate.speech.kokoro_alphabet import LONG, PUNCTUATION, STRESS, PhoneSpan
from narrate.speech.kokoro_text import NOT_SAID

_GAP = 1.4  # of a phoneme said in one way of speaking and not in the other; a substitution is 1
VOWELS = frozenset("aeiouyæɐɑɒɔəɘɵɛɜɝɚɞɤɨɪɯøœɶɶʉʊʌʏᵻᵊ")
_KEPT = frozenset("ːʲʷ\u0303\u0327")  # what shapes the lips, and length; the rest only lasts
_DIPHTHONGS = "eɪ aɪ aʊ oʊ əʊ ɔɪ ɔʏ ɔø ɛɪ ɐɪ œy ʌʊ ɛʊ ei ai oi ui au eu ou"
_JOINED = frozenset({*_DIPHTHONGS.split(), "tʃ", "dʒ", "tɕ", "dʑ"})
# One phone there, two in English ("cats").
_JOINED_ABROAD = _JOINED | {"ts", "dz", "pf", "tʂ", "dʐ", "ʈʂ", "ɖʐ"}
_ALWAYS = {"g": "ɡ", "c\u0327": "ç"}
# espeak writes English with signs of its own for reduced vowels, and /ɹ/ as r in places.
_ENGLISH = {"ᵻ": "ɪ", "ɐ": "ə", "r": "ɹ"}
_AMERICAN = {f"ɜ{LONG}": "ɝ"}
# As lexicons write IPA -> as espeak does; longest first.
_LIGATURES = {"ʧ": "tʃ", "ʤ": "dʒ", "ʦ": "ts", "ʣ": "dz", "ɝː": "ɜː", "ɝ": "ɜː", "ɫ": "l"}
_LEFT_OUT = frozenset("./[]‿-")  # and the marks that tie, or that tell no phone from another


def find_phones(symbols: Sequence[str], owners: Sequence[int], language: str) -> list[PhoneSpan]:
    """The phones of a phoneme string, one character or cluster a symbol. `owners[i]` is the token
    that symbol i is of, `NOT_SAID` for spaces and punctuation."""
    primary, _, region = language.lower().partition("-")
    joined = _JOINED if primary == "en" else _JOINED_ABROAD
    names: Mapping[str, str] = _ALWAYS
    if primary == "en":
        names = {**_ALWAYS, **_ENGLISH, **({} if region.startswith("gb") else _AMERICAN)}
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
                vowel = before.symbol[0] in VOWELS  # only a consonant is palatalised or labialised
                kept = symbol if symbol in _KEPT and not (vowel and symbol in "ʲʷ") else ""
                phones[-1] = PhoneSpan(before.symbol + kept, before.stress, before.first, at)
        elif before is not None and before.symbol + symbol in joined:
            phones[-1] = PhoneSpan(before.symbol + symbol, before.stress, before.first, at)
        else:
            vowel = symbol[0] in VOWELS
            first = marked if marked == at - 1 >= 0 else at
            phones.append(PhoneSpan(symbol, stress if vowel else 0, first, at))
            stress, marked = (0 if vowel else stress), -1
    return [PhoneSpan(names.get(p.symbol, p.symbol), p.stress, p.first, p.last) for p in phones]


def _is_mark(symbol: str) -> bool:
    """A letter that modifies the one before it, a combining mark, a tone or the like."""
    kind = unicodedata.category(symbol[0])
    return symbol[0] not in VOWELS and (kind == "Lm" or not kind.startswith("L"))


def assign_tokens(here: Sequence[str], there: Sequence[tuple[str, int]]) -> list[int]:
    """The token of each phoneme in `here`, from `there`: the same words said apart, each phoneme
    with its token. Read together, words flow into one another ("out of"), so the two are aligned
    at the least cost (Needleman and Wunsch 1970), where a vowel rather stands for a vowel."""
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
    return 1.0 if (a[:1] in VOWELS) == (b[:1] in VOWELS) else 3.0


def is_letter(symbol: str) -> bool:
    """Whether a symbol stands for a phone, not for a stress, a tone, a length or a pause."""
    return symbol not in STRESS and not is_pause(symbol) and not _is_mark(symbol)


def is_pause(symbol: str) -> bool:
    return symbol == " " or symbol in PUNCTUATION


def convert_ipa(phones: str) -> str:
    """IPA of a lexicon in espeak's spelling, each stress mark moved to its vowel."""
    text = " ".join(phones.replace("'", "ˈ").replace(",", "ˌ").split())
    text = unicodedata.normalize("NFD", text)
    text = text.replace("g", "ɡ").replace("c\u0327", "ç").replace(":", LONG)
    for old, new in _LIGATURES.items():
        text = text.replace(old, new)
    moved, waiting = "", ""
    for char in text:
        if char in STRESS:
            waiting = char
        elif char not in _LEFT_OUT and (char in _KEPT or unicodedata.category(char) != "Mn"):
            if waiting and char in VOWELS:
                moved += waiting
                waiting = ""
            moved += char
    return moved


def find_unknown_sounds(phones: str, known: Collection[str]) -> list[str]:
    """The sounds of a lexicon's IPA that are not among `known` symbols; `["∅"]` if it has none."""
    text = convert_ipa(phones)
    if not any(char.isalpha() for char in text):
        return ["∅"]
    return sorted({char for char in text if char != " " and char not in known})
