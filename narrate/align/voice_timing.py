"""Gives times to the words and phones of a voice that tells none.

What is said is known, and nearly when: a sentence lies between its first and its last word, whose
confidence is 0. The known text is aligned there, as in a recording. Where the recogniser does not
know the language, the words keep their place, and get the phones of their spelling.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from avatar.phone import Phone
from lessons.model import Slide, Token, Utterance
from narrate.align import forced_alignment
from narrate.align.forced_alignment import KnownText
from narrate.align.recording_alignment import align_recording
from narrate.align.whisper import (
    RATE,
    WINDOW_SECONDS,
    PlacedWord,
    find_language_code,
    open_whisper,
    to_recognition_rate,
)
from narrate.clock import samples_to_seconds, seconds_to_samples
from narrate.vocabulary import Narration, Samples, SpokenPhone, Word

EDGE_SECONDS = 0.1  # of the pause around a sentence: a voice may begin more softly than we cut
LEAST_CONFIDENCE = 0.01  # 0 would say that there is no time


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that follow each other in one utterance, by their indices in the narration: `first` to
    `last` (exclusive). They are all in one language, and all of them are timed or none is."""

    first: int
    last: int
    language: str
    timed: bool


def time_narration(
    slide: Slide, narration: Narration, *, language: str, model: str | None = None
) -> Narration:
    """The narration with the times of all words that have none (confidence 0), and with phones for
    all words that are said. The sound is not changed.

    `model` is that of the recogniser, as for `check_narration`. Raises ModelError and VoiceError.
    """
    words, phones = list(narration.words), list(narration.phones)
    for run in _find_runs(slide, narration, language):
        tokens = [_find_token(slide, w) for w in words[run.first : run.last]]
        if run.timed:
            phones += _spread_phones(words[run.first : run.last], tokens, run.language)
            continue
        found = _align(narration, run, tokens, model)
        if found is None:
            phones += _spread_phones(words[run.first : run.last], tokens, run.language)
            continue
        words[run.first : run.last], own = found
        has_phones = _has_phones(narration, narration.words[run.first : run.last])
        phones += () if has_phones else own
    return replace(
        narration, words=tuple(words), phones=tuple(sorted(phones, key=lambda p: (p.start, p.end)))
    )


def _find_token(slide: Slide, word: Word) -> Token:
    return slide.utterances[word.utterance].tokens[word.token]


def _find_runs(slide: Slide, narration: Narration, language: str) -> Iterator[_Run]:
    """The runs that need times or phones."""

    def describe(index: int) -> tuple[int, str, bool]:
        word = narration.words[index]
        token, utterance = _find_token(slide, word), slide.utterances[word.utterance]
        timed = word.confidence > 0
        return word.utterance, token.language or utterance.language or language, timed

    indices = [n for n, word in enumerate(narration.words) if word.end > word.start]
    for (_, tag, timed), group in groupby(indices, key=describe):
        run = list(group)
        own = [narration.words[n] for n in run]
        if not narration.samples[own[0].start : own[-1].end].any():
            continue  # nothing is said there
        if not timed or not _has_phones(narration, own):
            yield _Run(run[0], run[-1] + 1, tag, timed)


def _has_phones(narration: Narration, words: Sequence[Word]) -> bool:
    """Whether there is any phone in the time of these words."""
    start, end = words[0].start, words[-1].end
    return any(p.start < end and p.end > start for p in narration.phones)


def _align(
    narration: Narration, run: _Run, tokens: Sequence[Token], model: str | None
) -> tuple[list[Word], list[SpokenPhone]] | None:
    """The words and phones of a run at their times; None if the recogniser does not know its
    language."""
    if not open_whisper(model).knows(find_language_code(run.language)):
        return None
    words = narration.words[run.first : run.last]
    low, high = words[0].start, words[-1].end
    edge = seconds_to_samples(EDGE_SECONDS)
    start = max(low - edge, 0)
    sound = to_recognition_rate(narration.samples[start : high + edge])
    places, phones = (
        _place(sound, tokens, run.language, model)
        if len(sound) <= WINDOW_SECONDS * RATE
        else _place_long(sound, tokens, run.language, model)
    )

    def at(seconds: float) -> int:
        return min(max(seconds_to_samples(seconds) + start, low), high)

    timed: list[Word] = []
    here = low
    for word, place in zip(words, places, strict=True):
        first = max(at(place.start), here) if place.end > place.start else here
        here = max(at(place.end), first)
        sure = max(place.probability, LEAST_CONFIDENCE)
        timed.append(replace(word, start=first, end=here, confidence=sure))
    found = [SpokenPhone(p.symbol, at(p.start), at(p.end), p.stress) for p in phones]
    return timed, [phone for phone in found if phone.end > phone.start]


def _place(
    sound: Samples, tokens: Sequence[Token], language: str, model: str | None
) -> tuple[list[PlacedWord], Sequence[Phone]]:
    """The times of all tokens, in seconds, and the phones, in sound at RATE that the recogniser
    hears at once."""
    said = [n for n, token in enumerate(tokens) if any(map(str.isalnum, token.spoken))]
    text = KnownText(
        tuple(tokens[n].spoken for n in said), tuple(tokens[n].phones for n in said), (), True
    )
    window = forced_alignment.place(sound, [text], language, model)
    placed = [PlacedWord(0.0, 0.0, 1.0)] * len(tokens)
    for n, place in zip(said, window.texts[0].words, strict=True):
        placed[n] = place
    return placed, window.phones


def _place_long(
    sound: Samples, tokens: Sequence[Token], language: str, model: str | None
) -> tuple[list[PlacedWord], Sequence[Phone]]:
    """As `_place`, for a sentence of any length, which is aligned as a recording."""
    text = Utterance(tuple(replace(token, language=None) for token in tokens), 0, 0)
    found = align_recording([text], sound, language=language, model=model, jobs=1)
    placed = [
        PlacedWord(samples_to_seconds(w.start), samples_to_seconds(w.end), w.confidence)
        for w in found.words
    ]
    phones = [
        Phone(p.symbol, samples_to_seconds(p.start), samples_to_seconds(p.end), p.stress)
        for p in found.phones
    ]
    return placed, phones


def _spread_phones(
    words: Sequence[Word], tokens: Sequence[Token], language: str
) -> Iterator[SpokenPhone]:
    """The phones of words' spelling, spread evenly over the words."""
    parts = [token.spoken.split() for token in tokens]
    said = iter(forced_alignment.pronounce([part for some in parts for part in some], language))
    for word, own in zip(words, parts, strict=True):
        symbols = [phone for _ in own for phone in next(said)]
        edges = np.linspace(word.start, word.end, len(symbols) + 1).round().astype(int)
        for (symbol, stress), start, end in zip(symbols, edges, edges[1:], strict=False):
            if end > start:
                yield SpokenPhone(symbol, int(start), int(end), stress)
