"""English words that are easily mistaken for one another: they differ by one phone, or by "not"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lessons.wordset import word_set
from narrate.align.phonetic_distance import find_sounds, phone_distance
from narrate.align.pronunciation import find_pronunciations, load_dictionary
from narrate.align.whisper import Whisper

MOST = 12  # words that are compared with one
_AUXILIARIES = word_set(
    "is are was were do does did has have had can could will would should must need"
)


def find_contrary(word: str) -> str:
    """An auxiliary verb without its "n't", or with one; empty for other words. No other change of
    meaning is so large for so small a change of sound."""
    plain = word.replace("’", "'")
    if plain in _AUXILIARIES:
        return {"can": "can't", "will": "won't"}.get(plain, f"{plain}n't")
    if plain in ("can't", "won't"):
        return {"can't": "can", "won't": "will"}[plain]
    return plain.removesuffix("n't") if plain.removesuffix("n't") in _AUXILIARIES else ""


def find_confusable_words(word: str, whisper: Whisper) -> list[str]:
    """Frequent English words that differ by one phone, the nearest first. A word is frequent if
    Whisper has a token for it."""
    index = _make_index(whisper)
    found = {
        other
        for phones in find_pronunciations(word)
        for key in _make_keys(tuple(phones.split()))
        for other in index.get(key, ())
    }
    mine = find_sounds(word, "en")
    apart = {other: phone_distance(mine, find_sounds(other, "en")) for other in found}
    different = [other for other, distance in apart.items() if distance > 0]
    return sorted(different, key=lambda other: (apart[other], other))[:MOST]


@lru_cache(maxsize=2)
def _make_index(whisper: Whisper) -> Mapping[tuple[str, ...], list[str]]:
    dictionary = load_dictionary()
    index: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for token in sorted(whisper.model.hf_tokenizer.get_vocab()):
        word = token[1:]
        if token.startswith("Ġ") and word.islower() and len(word) > 1:
            for phones in dictionary.get(word, ()):
                for key in _make_keys(tuple(phones.split())):
                    index[key].append(word)
    return index


def _make_keys(phones: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Patterns of a pronunciation with one phone left open or inserted. Two pronunciations that
    differ by one phone share a pattern."""
    for at in range(len(phones)):
        yield (*phones[:at], "*", *phones[at + 1 :])
    for at in range(len(phones) + 1):
        yield (*phones[:at], "*", *phones[at:])
