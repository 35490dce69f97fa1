"""Words that are easily said or heard for one another: one phone apart, or one `not` apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from lessons.wordset import word_set
from narrate.align import sphinx
from narrate.align.phonetic_distance import find_sounds, phone_distance
from narrate.align.whisper import Whisper

MOST = 12
_AUXILIARIES = word_set(
    "is are was were do does did has have had can could will would should must need"
)


def find_contrary(word: str) -> str:
    """The auxiliary with or without its `n't`; empty for another word. It changes the meaning most
    and the sound least."""
    plain = word.replace("’", "'")
    if plain in _AUXILIARIES:
        return {"can": "can't", "will": "won't"}.get(plain, f"{plain}n't")
    if plain in ("can't", "won't"):
        return {"can't": "can", "won't": "will"}[plain]
    return plain.removesuffix("n't") if plain.removesuffix("n't") in _AUXILIARIES else ""


def find_confusable_words(word: str, whisper: Whisper) -> list[str]:
    """Frequent English words that sound different by one phone, the nearest first. Frequent is what
    Whisper has a token for."""
    index = _index(whisper)
    found = {
        other
        for phones in sphinx.find_pronunciations(word)
        for key in _keys(tuple(phones.split()))
        for other in index.get(key, ())
    }
    mine = find_sounds(word, "en")
    apart = {other: phone_distance(mine, find_sounds(other, "en")) for other in found}
    different = [other for other, distance in apart.items() if distance > 0]
    return sorted(different, key=lambda other: (apart[other], other))[:MOST]


@lru_cache(maxsize=2)
def _index(whisper: Whisper) -> Mapping[tuple[str, ...], list[str]]:
    dictionary = sphinx.load_dictionary()
    index: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for token in sorted(whisper.model.hf_tokenizer.get_vocab()):
        word = token[1:]
        if token.startswith("Ġ") and word.islower() and len(word) > 1:
            for phones in dictionary.get(word, ()):
                for key in _keys(tuple(phones.split())):
                    index[key].append(word)
    return index


def _keys(phones: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What two pronunciations share that are one phone apart: one is left open in both, or the
    longer of them has it where the other has none."""
    for at in range(len(phones)):
        yield (*phones[:at], "*", *phones[at + 1 :])
    for at in range(len(phones) + 1):
        yield (*phones[:at], "*", *phones[at:])
