"""Forced alignment by PocketSphinx: when the words and phones of a known text are said.

Its model is of English. A text in another language is aligned as the English phones that sound most
like its own: which phone follows which matters more for the times than how each exactly sounds.

The model (BSD licence, in its package) takes sound at 16 kHz in frames of 10 ms; times here are
seconds in the sound. Each alignment gets a new decoder that knows only the words of its text: a
decoder carries state from one sound to the next, and loading all 134,000 words would take longer
than the alignment itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.languages import is_english
from lessons.directives.phone_alphabets import CMU_TO_IPA
from narrate.align.foreign_pronunciation import (
    find_nearest_cmu,
    knows_sounds,
    pronounce_words,
    split_ipa,
)
from narrate.align.pronunciation import (
    convert_misaki,
    find_pronunciations,
    find_stresses,
    split_into_dictionary_words,
    without_number,
)
from narrate.speech import kokoro_alphabet
from narrate.vocabulary import Samples

RATE = 16_000
FRAME_SECONDS = 0.01
# A frame describes the middle 10 ms of its window of 25.6 ms, and boundaries are found another
# 10 ms early: the median over three voices (benchmarks/recording_times.py, CHOOSING).
FRAME_LEAD_SECONDS = 0.0178
# The decoder fails on sound without any noise, and on some sentences with one noise but not with
# another; these levels are tried in turn.
DITHER = (1e-4, 3e-4, 1e-3)
NATS = 1024 * 1.0e-4  # in one unit of its scores, which have base 1.0001, shifted by 10 bits
SETTINGS: Mapping[str, Any] = {
    "lm": None,
    "dict": None,
    "loglevel": "FATAL",
    # The best path through its lattice leaves out words ("Failed to stop utterance processing").
    "bestpath": False,
    # The text is known, so hardly anything may be pruned.
    "beam": 1e-120,
    "pbeam": 1e-120,
    "wbeam": 1e-120,
}


@dataclass(frozen=True, slots=True)
class ForcedWord:
    """One of the words of the text.

    `score` says how much less likely its phones are than the likeliest phones at that time, as a
    mean over its frames in nats: 0 at best, about -1 in clear speech, -3 in noise, and -10 for a
    word that was not said. A word without sounds has the score minus infinity, and its start is
    its end.
    """

    start: float
    end: float
    score: float


@dataclass(frozen=True, slots=True)
class ForcedPhone:
    """An IPA phone of the word with index `word`; `stress` as in
    `narrate.vocabulary.SpokenPhone`."""

    symbol: str
    start: float
    end: float
    stress: int
    word: int
    score: float


@dataclass(frozen=True, slots=True)
class ForcedAlignment:
    words: tuple[ForcedWord, ...]
    phones: tuple[ForcedPhone, ...]


_TimedPhone = tuple[str, int, int, int]
"""An ARPAbet phone, its first frame, its number of frames, and its score in PocketSphinx's
units."""


@dataclass(frozen=True, slots=True)
class _DictionaryWord:
    """A dictionary word, its pronunciations, and the index of the word of the text that it is
    part of. `phones` are those of another language with their stress, and how many English phones
    stand for each."""

    name: str
    pronunciations: tuple[str, ...]
    word: int
    phones: tuple[tuple[str, int, int], ...] = ()


def knows(language: str) -> bool:
    """Whether PocketSphinx recognises words of this language (a BCP 47 tag): English, where the
    package is installed, since it holds no other model."""
    return is_english(language) and find_spec("pocketsphinx") is not None


def can_align(language: str) -> bool:
    """Whether PocketSphinx can align this language: English, and those whose phones are known."""
    if find_spec("pocketsphinx") is None:
        return False
    return is_english(language) or knows_sounds(language)


def align(
    samples_16k: Samples,
    spoken_words: Sequence[str],
    *,
    ipa: Sequence[str | None] | None = None,
    language: str = "en",
) -> ForcedAlignment | None:
    """When each word and each phone of a known text is said; None if it does not fit the sound.

    Each of `spoken_words` is in usual spelling and may hold several words (`twenty-five percent`)
    or none; `ipa` gives the pronunciation of some of them. The sound should be no longer
    than about 30 s and hold the first and the last word whole, with about 0.1 s around them. The
    result has one word for each of `spoken_words`.
    """
    given = ipa or [None] * len(spoken_words)
    words = (
        _find_dictionary_words(spoken_words, given)
        if is_english(language)
        else _find_foreign_words(spoken_words, given, language)
    )
    if not words or not len(samples_16k):
        return None
    for seed, level in enumerate(DITHER):
        noise = np.random.default_rng(seed).normal(0.0, level, len(samples_16k))
        found = _align(to_pcm(samples_16k + noise), words)
        if found is not None:
            return _make_alignment(found, words, len(spoken_words))
    return None


def to_pcm(samples: npt.NDArray[np.floating]) -> bytes:
    """Samples as the decoder takes them: 16-bit integers."""
    data: bytes = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    return data


def open_decoder(pronunciations: Mapping[str, Sequence[str]]) -> Any:
    """A decoder that knows these words, each by its pronunciations in ARPAbet."""
    import pocketsphinx

    model = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"
    decoder = pocketsphinx.Decoder(hmm=str(model), **SETTINGS)
    for name, known in pronunciations.items():
        for number, pronunciation in enumerate(known, start=1):
            decoder.add_word(name if number == 1 else f"{name}({number})", pronunciation, False)
    return decoder


def decode(decoder: Any, pcm: bytes) -> None:
    """Let a decoder process a whole sound."""
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _align(pcm: bytes, words: Sequence[_DictionaryWord]) -> list[list[_TimedPhone]] | None:
    """The phones of each dictionary word; None if the words do not fit the sound."""
    decoder = open_decoder({word.name: word.pronunciations for word in words})
    try:
        decoder.set_align_text(" ".join(word.name for word in words))
        decode(decoder, pcm)
        if decoder.hyp() is None:
            return None
        decoder.set_alignment()  # from words to phones
        decode(decoder, pcm)
        # An entry's memory belongs to its alignment, so it is read while that is iterated over.
        found = [
            (entry.name, [(p.name, p.start, p.duration, p.score) for p in entry])
            for entry in decoder.get_alignment() or ()
        ]
    except RuntimeError:  # the text does not fit, or was pruned away
        return None
    said = [(without_number(name), phones) for name, phones in found if name[0] not in "<[("]
    if [name for name, _ in said] != [word.name for word in words]:
        return None
    return [phones for _, phones in said]


def _make_alignment(
    found: Sequence[Sequence[_TimedPhone]], words: Sequence[_DictionaryWord], count: int
) -> ForcedAlignment:
    phones: list[ForcedPhone] = []
    spans: list[list[float]] = [[] for _ in range(count)]  # start, end, score and frames of each
    for parts, dictionary_word in zip(found, words, strict=True):
        named = _name_phones(parts, dictionary_word)
        for (symbol, stress), (_, start, frames, score) in named:
            begin, end = _to_seconds(start), _to_seconds(start + frames)
            mean = score * NATS / max(frames, 1)
            phones.append(ForcedPhone(symbol, begin, end, stress, dictionary_word.word, mean))
    for phone in phones:
        span = spans[phone.word]
        length = phone.end - phone.start
        if not span:
            span[:] = [phone.start, phone.end, 0.0, 0.0]
        span[1] = phone.end
        span[2] += phone.score * length
        span[3] += length
    forced: list[ForcedWord] = []
    for span in spans:
        here = forced[-1].end if forced else phones[0].start
        forced.append(
            ForcedWord(span[0], span[1], span[2] / max(span[3], FRAME_SECONDS))
            if span
            else ForcedWord(here, here, float("-inf"))
        )
    return ForcedAlignment(tuple(forced), tuple(phones))


def _name_phones(
    parts: Sequence[_TimedPhone], word: _DictionaryWord
) -> Iterator[tuple[tuple[str, int], _TimedPhone]]:
    """The aligned phones of a word, each with its IPA symbol and stress."""
    if not word.phones:
        names = [name for name, *_ in parts]
        for part, stress in zip(parts, find_stresses(word.name, names), strict=True):
            yield (CMU_TO_IPA[part[0]][0 if stress else 1], stress), part
        return
    at = 0
    for symbol, stress, count in word.phones:
        own = parts[at : at + count]
        at += count
        frames, score = sum(p[2] for p in own), sum(p[3] for p in own)
        yield (symbol, stress), (own[0][0], own[0][1], frames, score)


def _to_seconds(frame: int) -> float:
    return frame * FRAME_SECONDS + FRAME_LEAD_SECONDS if frame else 0.0


def _find_dictionary_words(
    words: Sequence[str], ipa: Sequence[str | None]
) -> list[_DictionaryWord]:
    found = []
    for index, (word, phones) in enumerate(zip(words, ipa, strict=True)):
        if phones:
            arpabet = convert_misaki(kokoro_alphabet.convert_ipa(phones))
            if arpabet:
                # No dictionary word has a full stop inside, and no two words share this name.
                found.append(_DictionaryWord(f"ipa.{index}", (arpabet,), index))
            continue
        for name in split_into_dictionary_words(word):
            if known := find_pronunciations(name):
                found.append(_DictionaryWord(name, known, index))
    return found


def _find_foreign_words(
    words: Sequence[str], ipa: Sequence[str | None], language: str
) -> list[_DictionaryWord]:
    said = [
        split_ipa(given, language) if given else phones
        for given, phones in zip(ipa, pronounce_words(words, language), strict=True)
    ]
    found = []
    for index, phones in enumerate(said):
        nearest = [(symbol, stress, find_nearest_cmu(symbol)) for symbol, stress in phones]
        known = [(symbol, stress, names) for symbol, stress, names in nearest if names]
        if known:
            arpabet = " ".join(name for *_, names in known for name in names)
            parts = tuple((symbol, stress, len(names)) for symbol, stress, names in known)
            found.append(_DictionaryWord(f"ipa.{index}", (arpabet,), index, parts))
    return found
