"""When the words and phones of a known text are said in a span of sound.

Whisper aligns the text and tells how probable it is; improbable text was not said. PocketSphinx,
where it knows the language, then aligns the remaining words to 10 ms, with their phones. Where its
result is not plausible, Whisper's times are used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from avatar.phone import Phone
from narrate.align import pronunciation, sphinx
from narrate.align.foreign_pronunciation import (
    Pronunciation,
    describe_sounds,
    pronounce_words,
)
from narrate.align.reading_choice import CONTEXT_WORDS, ReadingPlace, choose_reading
from narrate.align.whisper import RATE, PlacedWord, find_language_code, open_whisper
from narrate.vocabulary import Samples

PLAUSIBLE = 0.2  # words of the script that are more probable were said, whatever was recognised
# So were words and sentences with a higher `sphinx.ForcedWord.score`. Over CHOOSING in
# benchmarks/recording_times.py, 98 % of the words that were said score above -6.4 in noise, 3 of 4
# that were not said score below -7, and whole sentences that were not said score below -4.
LEAST_SCORE, LEAST_SENTENCE_SCORE = -7.0, -4.0
SENTENCE_WORDS, UNCERTAIN_PHONES = 4, 2
# PocketSphinx is not believed if the median of its distances from Whisper's times, or the distance
# of one word with an unlikely sound, is larger: Whisper is never so far off for long.
APART_SECONDS, FAR_SECONDS = 0.35, 1.0
# Words after a pause start where the sound begins, if the speech is so much louder than the noise.
HOP_SECONDS = 0.01
STANDS_OUT_DB = 25.0
ONSET_SHARE = 0.25  # of the way from the level of the noise to that of the speech, in dB
FURTHEST_SECONDS = 0.3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownText:
    """Part of the known text: its words, their pronunciations (IPA) where they are given, and the
    words that were recognised in its place, which are aligned instead if the text was not said. A
    text that is `sure` was said. `readings` has the ways in which each word may be read, where it
    has several."""

    words: tuple[str, ...]
    ipa: tuple[str | None, ...]
    heard: tuple[str, ...]
    sure: bool
    readings: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The times of a text's words, or, if the text was `refused`, of the words that were recognised
    in its place. `forced` is the number of words whose times are PocketSphinx's."""

    refused: bool
    words: tuple[PlacedWord, ...]
    forced: int


@dataclass(frozen=True, slots=True)
class PlacedWindow:
    """The times of all texts in a span of sound, and its phones."""

    texts: tuple[PlacedText, ...]
    phones: tuple[Phone, ...]


def place(
    sound: Samples, texts: Sequence[KnownText], language: str, model: str | None = None
) -> PlacedWindow:
    """Align texts that follow each other in at most 30 s of sound at 16 kHz; times are seconds in
    the sound. `language` is a BCP 47 tag."""
    whisper = open_whisper(model)
    tag = find_language_code(language)
    window = whisper.encode(sound)
    placed = _group_by_text(whisper.place(window, _join_words(texts), tag), texts)
    read = _choose_readings(sound, texts, [word for own in placed for word in own], language)
    if read != list(texts):
        texts = read
        placed = _group_by_text(whisper.place(window, _join_words(texts), tag), texts)
    refused = [
        not text.sure and _compute_mean(own) < PLAUSIBLE
        for text, own in zip(texts, placed, strict=True)
    ]
    forced = _force(sound, texts, language)
    if forced is not None and any(refused):
        scores = _group_by_text([word.score for word in forced.words], texts)
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
        placed = _group_by_text(whisper.place(window, _join_words(texts), tag), texts)
        forced = _force(sound, texts, language)
    flat = [place for own in placed for place in own]
    words = _join_words(texts)
    times, trusted = _choose_times(flat, forced)
    times = _move_to_onsets(times, sound)
    phones = _find_phones(words, times, trusted, forced, language)
    out, at = [], 0
    for text, no, before in zip(texts, refused, probabilities, strict=True):
        own = tuple(times[at : at + len(text.words)])
        if no:  # give the probability of the script's words
            own = tuple(PlacedWord(w.start, w.end, _compute_mean(before)) for w in own)
        out.append(PlacedText(no, own, sum(trusted[at : at + len(text.words)])))
        at += len(text.words)
    return PlacedWindow(tuple(out), tuple(phones))


def _choose_readings(
    sound: Samples, texts: Sequence[KnownText], placed: Sequence[PlacedWord], language: str
) -> list[KnownText]:
    """The texts as they were read. `placed` is where Whisper finds their words."""
    words, out, at = _join_words(texts), list[KnownText](), 0
    for text in texts:
        own = list(text.words)
        for index, readings in enumerate(text.readings):
            here = at + index
            if len(readings) < 2:
                continue
            first, last = max(here - CONTEXT_WORDS, 0), min(here + CONTEXT_WORDS + 1, len(words))
            # Whisper ends a word where the next one begins, often too late.
            place = ReadingPlace(
                readings,
                tuple(words[first:here]),
                tuple(words[here + 1 : last]),
                placed[first].start,
                placed[last - 1].end,
            )
            own[index] = words[here] = choose_reading(sound, place, language)
        out.append(replace(text, words=tuple(own)))
        at += len(text.words)
    return out


def _force(
    sound: Samples, texts: Sequence[KnownText], language: str
) -> sphinx.ForcedAlignment | None:
    words = _join_words(texts)
    if not words or not sphinx.can_align(language):
        return None
    ipa = [p for text in texts for p in text.ipa]
    return sphinx.align(sound, words, ipa=ipa, language=language)


def _sounds_like_it(text: KnownText, scores: Sequence[float]) -> bool:
    """Whether the words sound as if they were said, by PocketSphinx's scores. It cannot tell for
    words as short as "of", which hardly take time from the words around them."""
    known = [score for score in scores if math.isfinite(score)]
    if len(text.words) == 1 and len(pronunciation.pronounce(text.words[0])) <= UNCERTAIN_PHONES:
        return bool(known)
    least = LEAST_SENTENCE_SCORE if len(known) >= SENTENCE_WORDS else LEAST_SCORE
    return bool(known) and float(np.mean(known)) > least


def _join_words(texts: Sequence[KnownText]) -> list[str]:
    return [word for text in texts for word in text.words]


def _group_by_text(values: Sequence[T], texts: Sequence[KnownText]) -> list[list[T]]:
    out, at = [], 0
    for text in texts:
        out.append(list(values[at : at + len(text.words)]))
        at += len(text.words)
    return out


def _compute_mean(placed: Sequence[PlacedWord]) -> float:
    """The geometric mean of the words' probabilities; 0 if there are no words."""
    logs = [math.log(max(p.probability, 1e-6)) for p in placed]
    return math.exp(sum(logs) / len(logs)) if logs else 0.0


def _choose_times(
    placed: Sequence[PlacedWord], forced: sphinx.ForcedAlignment | None
) -> tuple[list[PlacedWord], list[bool]]:
    """The times of the words, in order and without overlaps, and for each whether it is
    PocketSphinx's: those are used where they are plausible."""
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


def _move_to_onsets(times: Sequence[PlacedWord], sound: Samples) -> list[PlacedWord]:
    """Starts that are in the silence before a word, moved to where its sound begins."""
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


def _find_phones(
    words: Sequence[str],
    times: Sequence[PlacedWord],
    trusted: Sequence[bool],
    forced: sphinx.ForcedAlignment | None,
    language: str,
) -> list[Phone]:
    """The phones: PocketSphinx's where its times are used, and otherwise spread over the word."""
    own: list[list[Phone]] = [[] for _ in words]
    if forced is not None:
        for phone in forced.phones:
            if trusted[phone.word]:
                start = max(phone.start, times[phone.word].start)
                if phone.end > start:
                    own[phone.word].append(Phone(phone.symbol, start, phone.end, phone.stress))
    said = pronounce(words, language) if not all(trusted) else [[] for _ in words]
    for at, (symbols, time) in enumerate(zip(said, times, strict=True)):
        if not trusted[at] and time.end > time.start:
            edges = np.linspace(time.start, time.end, len(symbols) + 1)
            own[at] = [
                Phone(symbol, float(edges[k]), float(edges[k + 1]), stress)
                for k, (symbol, stress) in enumerate(symbols)
            ]
    return [phone for phones in own for phone in phones]


def pronounce(words: Sequence[str], language: str) -> list[Pronunciation]:
    """The IPA phones of each word with their stress: the dictionary's for English."""
    if sphinx.knows(language):
        return [pronunciation.pronounce(word) for word in words]
    return pronounce_words(words, language)


def phones_version(language: str) -> str:
    """Where the phones of a language come from, for cache keys."""
    return "dictionary" if sphinx.knows(language) else describe_sounds(language)
