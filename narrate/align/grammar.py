"""The script as a grammar that PocketSphinx follows in the sound: each word may be left out or
said again.

The grammar is all that PocketSphinx knows of the language, so it does not correct what was said, as
Whisper does. English only. Sound is mono at 16 kHz, and times are seconds in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from narrate.align import sphinx
from narrate.align.pronunciation import (
    find_pronunciations,
    split_into_dictionary_words,
    without_number,
)
from narrate.align.sphinx import DITHER, FRAME_LEAD_SECONDS, FRAME_SECONDS
from narrate.vocabulary import Samples

# Probabilities of leaving out a word, saying it again, and leaving out a sentence, chosen on the
# first set of benchmarks/speech_check_texts.py. They are large, since each result is scored
# afterwards: no dropped word of 26 was missed, and one word in 150 was wrongly called dropped.
SKIP, AGAIN = 1e-2, 1e-2
SKIP_SENTENCE = 1e-4
SHORTEST_SENTENCE = 3  # words that a sentence must have to be left out whole


@dataclass(frozen=True, slots=True)
class FollowedWord:
    """Word `index` of the text was said from `start` to `end`."""

    index: int
    start: float
    end: float


def follow(
    samples: Samples, words: Sequence[str], sentences: Sequence[tuple[int, int]] = ()
) -> list[FollowedWord]:
    """The `words` that were said, in order; `sentences` are ranges that may be left out whole.

    Empty if the sound does not fit the text at all, or if no word has a pronunciation.
    """
    arcs: list[tuple[Any, ...]] = []
    names: dict[str, tuple[str, ...]] = {}
    for at, word in enumerate(words):
        phones = find_phones(word)
        if not phones:
            arcs.append((at, at + 1, 1.0))
            continue
        # No dictionary word has a full stop before its end, so the index can be found again.
        name = f"{word}.{at}"
        names[name] = phones
        arcs += [(at, at + 1, 0.9, name), (at, at + 1, SKIP), (at + 1, at + 1, AGAIN, name)]
    arcs += [(a, b, SKIP_SENTENCE) for a, b in sentences if b - a >= SHORTEST_SENTENCE]
    if not names:
        return []
    decoder = sphinx.open_decoder(names)
    decoder.add_fsg("script", decoder.create_fsg("script", 0, len(words), arcs))
    decoder.activate_search("script")
    noise = np.random.default_rng(0).normal(0, DITHER[0], len(samples))
    sphinx.decode(decoder, sphinx.to_pcm(samples + noise))
    if decoder.hyp() is None:
        return []
    return [
        FollowedWord(
            int(without_number(segment.word).rpartition(".")[2]),
            segment.start_frame * FRAME_SECONDS + FRAME_LEAD_SECONDS,
            (segment.end_frame + 1) * FRAME_SECONDS + FRAME_LEAD_SECONDS,
        )
        for segment in decoder.seg() or ()
        if not segment.word.startswith(("<", "[", "("))
    ]


def fit(samples: Samples, words: Sequence[str], language: str = "en") -> float | None:
    """How well exactly these words fit: the logarithm of how likely their sounds are against the
    likeliest sounds there, in nats (0 at best). None if they do not fit at all."""
    aligned = sphinx.align(samples, words, language=language)
    if aligned is None:
        return None
    return sum(phone.score * (phone.end - phone.start) / FRAME_SECONDS for phone in aligned.phones)


def find_phones(word: str) -> tuple[str, ...]:
    """The pronunciations of a word in ARPAbet, the usual one first. Figures and words with a hyphen
    have one, put together from their parts."""
    parts = [find_pronunciations(part) for part in split_into_dictionary_words(word)]
    if len(parts) == 1:
        return parts[0]
    return (" ".join(part[0] for part in parts),) if parts and all(parts) else ()
