"""Sentences with words in another language: each run of words is spoken by a voice of its language.

A run is what one voice says without interruption; runs follow each other like words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

import numpy as np

from lessons.model import Utterance
from narrate.clock import ms_to_samples
from narrate.speech.base import Voice, place_words
from narrate.vocabulary import Samples, Speech, SpokenPhone

# Two voices do not glide into one another. A speaker who switches languages leaves this much
# between words, in addition to the edges of the sound (level.EDGE_BEFORE_MS, EDGE_AFTER_MS).
GAP_MS = 40
CLAUSE_GAP_MS = 180  # as between clauses (parts.CLAUSE_PAUSE_MS)
_CLAUSE_ENDS = ",;:.!?…—"

Run = tuple[Utterance, range]
"""An utterance in one language, and the indices of its tokens in the whole utterance."""


def split_into_runs(utterance: Utterance) -> list[Run]:
    """The runs of an utterance: itself if no word is in another language.

    A run in another language has no `voice`, since a script names the voice for the sentence's own
    language.
    """
    if not any(token.language for token in utterance.tokens):
        return [(utterance, range(len(utterance.tokens)))]
    runs: list[Run] = []
    at = 0
    for language, group in groupby(utterance.tokens, key=lambda token: token.language):
        tokens = tuple(replace(token, language=None) for token in group)
        run = replace(utterance, tokens=tokens)
        if language:
            run = replace(run, language=language, voice=None)
        runs.append((run, range(at, at + len(tokens))))
        at += len(tokens)
    return runs


def speak(utterance: Utterance, voice_for: Callable[[Utterance], Voice], rate: float) -> Speech:
    """The speech of an utterance, its runs spoken by their voices in order. Raises VoiceError."""
    runs = split_into_runs(utterance)
    if len(runs) == 1:
        return voice_for(runs[0][0]).speak(runs[0][0], rate=rate)
    sounds: list[Samples] = []
    phones: list[SpokenPhone] = []
    spans: list[tuple[int, int] | None] = [None] * len(utterance.tokens)
    sure = [1.0] * len(utterance.tokens)
    here, ended = 0, ""
    for run, places in runs:
        if not run.spoken:
            continue
        voice = voice_for(run)
        pace = rate if "rate" in voice.info.capabilities else 1.0
        speech = voice.speak(run, rate=pace)
        if sounds:
            gap = CLAUSE_GAP_MS if ended[-1:] in _CLAUSE_ENDS else GAP_MS
            sounds.append(np.zeros(ms_to_samples(round(gap / rate)), np.float32))
            here += len(sounds[-1])
        for word in speech.words:
            if word.end > word.start:
                spans[places[word.token]] = (word.start + here, word.end + here)
                sure[places[word.token]] = word.confidence
        phones += [
            SpokenPhone(p.symbol, p.start + here, p.end + here, p.stress) for p in speech.phones
        ]
        sounds.append(speech.samples)
        here += len(speech.samples)
        ended = run.spoken
    samples = np.concatenate(sounds) if sounds else np.zeros(0, np.float32)
    words = zip(place_words(utterance, spans, here), sure, strict=True)
    return Speech(
        samples, tuple(replace(word, confidence=value) for word, value in words), tuple(phones)
    )
