"""A known text in a window of sound -> when its words and phones are said.

Whisper places the text and tells how probable it is there; what it finds improbable was not said.
PocketSphinx, where it knows the language, places the words that remain to 10 ms, with their phones.
Where it does not fit, Whisper's times stay.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np

from narrate.align import sphinx
from narrate.align.whisper import RATE, PlacedWord, open_whisper
from narrate.errors import VoiceError
from narrate.speech import espeak_library
from narrate.vocabulary import Samples

VERSION = 2
WORDS_A_MINUTE = 175  # of espeak-ng, whose phones alone are used
PLAUSIBLE = 0.2  # the script's words this probable were said, whatever was recognised
# So were those whose sounds are this likely (`sphinx.ForcedWord.score`, over CHOOSING in
# benchmarks/recording_times.py: 98 in 100 words that were said score above -6.4 in noise, 3 in 4
# that were not below -7, and whole sentences that were not said below -4).
LEAST_SCORE, LEAST_SENTENCE_SCORE = -7.0, -4.0
SENTENCE_WORDS, UNCERTAIN_PHONES = 4, 2
# PocketSphinx is not believed where it puts words this far from Whisper, which is never so far off
# for long, or one word whose sounds are unlikely.
APART_SECONDS, FAR_SECONDS = 0.35, 1.0
# Starts of words after a pause are moved to where the sound begins, if the sound stands out.
HOP_SECONDS = 0.01
STANDS_OUT_DB = 25.0
ONSET_SHARE = 0.25  # of the way from the noise to the speech, in dB
FURTHEST_SECONDS = 0.3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownText:
    """A piece of the known text: its words with their pronunciations if they are given (IPA), and
    what was recognised in its place, to be taken if the words are improbable."""

    words: tuple[str, ...]
    ipa: tuple[str | None, ...]
    heard: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Phone:
    """An IPA phone in seconds."""

    symbol: str
    start: float
    end: float
    stress: int


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The times of a piece's words, of what was recognised if they were `refused`. `forced` tells
    how many of them are PocketSphinx's."""

    refused: bool
    words: tuple[PlacedWord, ...]
    forced: int


@dataclass(frozen=True, slots=True)
class PlacedWindow:
    texts: tuple[PlacedText, ...]
    phones: tuple[Phone, ...]


def place(
    sound: Samples, texts: Sequence[KnownText], language: str, model: str | None = None
) -> PlacedWindow:
    """Place texts that follow each other in at most 30 s of sound at 16 kHz; times are seconds in
    it. `language` is a BCP 47 tag."""
    whisper = open_whisper(model)
    tag = language.replace("_", "-").split("-")[0].lower()
    window = whisper.encode(sound)
    placed = _by_text(whisper.place(window, _words(texts), tag), texts)
    refused = [
        not text.sure and _mean(own) < PLAUSIBLE for text, own in zip(texts, placed, strict=True)
    ]
    forced = _force(sound, texts, language)
    if forced is not None and any(refused):
        scores = _by_text([word.score for word in forced.words], texts)
        refused = [
            no and not _sounds_like_it(text, own)
            for text, no, own in zip(texts, refused, scores, strict=True)
        ]
    probabilities = placed
    if any(refused):
        texts = [
            KnownText(text.heard, (None,) * len(text.heard), (), True) if no else text
            for text, no in zip(texts, refused, strict=True)
        ]
        placed = _by_text(whisper.place(window, _words(texts), tag), texts)
        forced = _force(sound, texts, language)
    flat = [place for own in placed for place in own]
    words = _words(texts)
    times, trusted = _believed(flat, forced)
    times = _to_onsets(times, sound)
    phones = _phones(words, times, trusted, forced, language)
    out, at = [], 0
    for text, no, before in zip(texts, refused, probabilities, strict=True):
        own = tuple(times[at : at + len(text.words)])
        if no:  # how probable the script's words are
            own = tuple(PlacedWord(w.start, w.end, _mean(before)) for w in own)
        out.append(PlacedText(no, own, sum(trusted[at : at + len(text.words)])))
        at += len(text.words)
    return PlacedWindow(tuple(out), tuple(phones))


def _force(sound: Samples, texts: Sequence[KnownText], language: str) -> sphinx.Forced | None:
    words = _words(texts)
    if not words or not sphinx.knows(language):
        return None
    return sphinx.align(sound, words, ipa=[p for text in texts for p in text.ipa])


def _sounds_like_it(text: KnownText, scores: Sequence[float]) -> bool:
    """Whether PocketSphinx finds the words. It cannot tell for `of`, which takes next to no time
    from its neighbours if it was not said."""
    known = [score for score in scores if math.isfinite(score)]
    if len(text.words) == 1 and len(sphinx.pronounce(text.words[0])) <= UNCERTAIN_PHONES:
        return bool(known)
    least = LEAST_SENTENCE_SCORE if len(known) >= SENTENCE_WORDS else LEAST_SCORE
    return bool(known) and float(np.mean(known)) > least


def _words(texts: Sequence[KnownText]) -> list[str]:
    return [word for text in texts for word in text.words]


def _by_text(values: Sequence[T], texts: Sequence[KnownText]) -> list[list[T]]:
    out, at = [], 0
    for text in texts:
        out.append(list(values[at : at + len(text.words)]))
        at += len(text.words)
    return out


def _mean(placed: Sequence[PlacedWord]) -> float:
    """Geometric mean of their probabilities; 0 of nothing."""
    logs = [math.log(max(p.probability, 1e-6)) for p in placed]
    return math.exp(sum(logs) / len(logs)) if logs else 0.0


def _believed(
    placed: Sequence[PlacedWord], forced: sphinx.Forced | None
) -> tuple[list[PlacedWord], list[bool]]:
    """PocketSphinx's times where they can be believed, in order and without overlaps, and where
    that is."""
    if forced is None:
        return list(placed), [False] * len(placed)
    apart = [abs(f.start - p.start) for f, p in zip(forced.words, placed, strict=True)]
    if float(np.median(apart)) > APART_SECONDS:
        return list(placed), [False] * len(placed)
    trusted = [
        gap <= FAR_SECONDS or word.score > LEAST_SCORE
        for gap, word in zip(apart, forced.words, strict=True)
    ]
    times = []
    here = 0.0
    for place, word, good in zip(placed, forced.words, trusted, strict=True):
        start, end = (word.start, word.end) if good else (place.start, place.end)
        start = max(start, here)
        end = max(end, start)
        times.append(PlacedWord(start, end, place.probability))
        here = end if good else start
    return times, trusted


def _to_onsets(times: Sequence[PlacedWord], sound: Samples) -> list[PlacedWord]:
    """Words after a pause begin with the sound: a start in the silence before it moves there."""
    hop = round(HOP_SECONDS * RATE)
    frames = sound[: len(sound) // hop * hop].reshape(-1, hop)
    if not len(frames):
        return list(times)
    level = 10 * np.log10(np.mean(frames.astype(np.float64) ** 2, axis=1) + 1e-10)
    low, high = np.percentile(level, (5, 95))
    if high - low < STANDS_OUT_DB:
        return list(times)
    sounding = level > low + ONSET_SHARE * (high - low)
    out = []
    for word in times:
        first = int(word.start / HOP_SECONDS)
        last = int(min(word.end - 2 * HOP_SECONDS, word.start + FURTHEST_SECONDS) / HOP_SECONDS)
        ahead = np.flatnonzero(sounding[first : max(last, first)])
        start = word.start
        if ahead.size and ahead[0] > 1:
            start = (first + int(ahead[0])) * HOP_SECONDS
        out.append(PlacedWord(start, word.end, word.probability))
    return out


def _phones(
    words: Sequence[str],
    times: Sequence[PlacedWord],
    trusted: Sequence[bool],
    forced: sphinx.Forced | None,
    language: str,
) -> list[Phone]:
    """PocketSphinx's phones of the words that are its, and the others spread over their words."""
    own: list[list[Phone]] = [[] for _ in words]
    if forced is not None:
        for phone in forced.phones:
            if trusted[phone.word]:
                start = max(phone.start, times[phone.word].start)
                if phone.end > start:
                    own[phone.word].append(Phone(phone.symbol, start, phone.end, phone.stress))
    for at, (word, time) in enumerate(zip(words, times, strict=True)):
        if not trusted[at] and time.end > time.start:
            symbols = pronounce(word, language)
            edges = np.linspace(time.start, time.end, len(symbols) + 1)
            own[at] = [
                Phone(symbol, float(edges[k]), float(edges[k + 1]), stress)
                for k, (symbol, stress) in enumerate(symbols)
            ]
    return [phone for phones in own for phone in phones]


def pronounce(word: str, language: str) -> list[tuple[str, int]]:
    """IPA phones of a word with their stress: the dictionary's for English, espeak-ng's where it is
    installed and has the language, and else the letters, so that lips move in time."""
    if sphinx.knows(language):
        return sphinx.pronounce(word)
    voice = _espeak_voice(language.replace("_", "-").lower())
    if voice:
        _, events = espeak_library.load_library().say(voice, word.replace("[", ""), WORDS_A_MINUTE)
        symbols = [event.phoneme.strip() for event in events]
        return [(s, 0) for s in symbols if s and s[0] not in "_|;:"]
    plain = unicodedata.normalize("NFC", word.lower())
    return [(c, 0) for c in plain if c.isalpha()]


def phones_version(language: str) -> str:
    """What spells out the words that PocketSphinx does not, for cache keys."""
    if sphinx.knows(language):
        return "dictionary"
    voice = _espeak_voice(language.replace("_", "-").lower())
    return f"espeak {espeak_library.load_library().version} {voice}" if voice else "letters"


@lru_cache
def _espeak_voice(tag: str) -> str:
    """espeak-ng's voice for a language; empty if it has none or is not here."""
    if not espeak_library.find_library():
        return ""
    try:
        known = espeak_library.load_library().languages()
    except VoiceError:  # it does not load
        return ""
    return known.get(tag) or known.get(tag.partition("-")[0], "")
