"""Checks what a voice plug-in gave: its sound and its times, before anything relies on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from foundation.shortening import brief
from narrate.errors import PluginError
from narrate.vocabulary import Samples
from narrate.voices.contract import PhoneTime, Said, Say, WordTime

LEAST_RATE, MOST_RATE = 8_000, 192_000  # Hz; below, no consonant can be told from another
LOUDEST = 4.0  # a sample may be beyond full scale, but not by more: 16-bit numbers are not -1..1
QUIETEST = 1e-4  # -80 dBFS: no sample above it is silence
LONGEST_SECONDS = 60.0  # of a sentence, and for each character:
LONGEST_SECONDS_A_CHARACTER = 1.0
SLACK_SECONDS = 0.05  # times may be beyond the sound, or overlap, by a frame or two


def find_longest_seconds(characters: int) -> float:
    """The longest sound that can be a sentence of so many characters."""
    return LONGEST_SECONDS + LONGEST_SECONDS_A_CHARACTER * characters


def check_answer(said: object, say: Say, voice: str, remedy: str) -> Samples:
    """The sound of an answer, if it and its times fit what was asked. Raises PluginError."""

    def break_off(message: str) -> PluginError:
        return PluginError(
            f"The voice '{voice}' gave {message} for “{_quote(say)}”.", remedy=remedy
        )

    if not isinstance(said, Said):
        raise break_off(f"{brief(said)} instead of sound")
    rate = said.sample_rate
    if not isinstance(rate, int) or not LEAST_RATE <= rate <= MOST_RATE:
        raise break_off(f"sound at {brief(rate)} samples in a second")
    samples = np.asarray(said.samples)
    if samples.ndim != 1 or samples.dtype.kind != "f":
        shape = " x ".join(map(str, samples.shape))
        raise break_off(f"an array of {samples.dtype}, {shape}, instead of float32 in one row")
    if not np.isfinite(samples).all():
        raise break_off("sound with samples that are not numbers")
    loudest = float(np.abs(samples).max(initial=0.0))
    if loudest > LOUDEST:
        raise break_off(
            f"sound with a sample of {loudest:.3g}, which is far beyond full scale (1.0)"
        )
    if loudest < QUIETEST:
        raise break_off("silence")
    seconds = len(samples) / rate
    if seconds > find_longest_seconds(len(say.text)):
        raise break_off(f"{seconds:.0f} s of sound")
    problem = find_wrong_words(said.words, say, seconds) or find_wrong_phones(
        said.phones, say, seconds
    )
    if problem:
        raise break_off(problem)
    return np.asarray(samples, np.float32)


def find_wrong_words(words: Sequence[WordTime] | None, say: Say, seconds: float) -> str:
    """What is wrong with the times of words; empty if nothing is."""
    if words is None:
        return ""
    if len(words) != len(say.words):
        return f"{len(words)} times of words for {len(say.words)} words"
    return _find_wrong_spans([(w[0], w[1]) for w in words], "word", seconds)


def find_wrong_phones(phones: Sequence[PhoneTime] | None, say: Say, seconds: float) -> str:
    """What is wrong with the phones; empty if nothing is."""
    if phones is None:
        return ""
    for number, phone in enumerate(phones, start=1):
        if not isinstance(phone.symbol, str) or not phone.symbol.strip():
            return f"{brief(phone.symbol)} as the symbol of phone {number}"
        if not isinstance(phone.word, int) or not 0 <= phone.word < len(say.words):
            return f"phone {number} to word {brief(phone.word)}, which there is not,"
        if phone.stress not in (0, 1, 2):
            return f"the stress {brief(phone.stress)} to phone {number}"
    if any(b.word < a.word for a, b in pairwise(phones)):
        return "phones that are not in the order of their words"
    silent = set(range(len(say.words))).difference(phone.word for phone in phones)
    if silent:
        return f"no phone of “{say.words[min(silent)].text}”"
    return _find_wrong_spans([(p.start, p.end) for p in phones], "phone", seconds)


def _find_wrong_spans(spans: Sequence[tuple[float, float]], kind: str, seconds: float) -> str:
    for number, (start, end) in enumerate(spans, start=1):
        if not (math.isfinite(start) and math.isfinite(end)):
            return f"a time that is not a number to {kind} {number}"
        if start > end:
            return f"an end before its start to {kind} {number}"
        if start < -SLACK_SECONDS or end > seconds + SLACK_SECONDS:
            return f"{kind} {number} a time outside of its sound ({start:.2f} to {end:.2f} s)"
    for number, (before, after) in enumerate(pairwise(spans), start=2):
        if after[0] < before[1] - SLACK_SECONDS:
            return f"{kind} {number} a time before that of the {kind} before it"
    return ""


def _quote(say: Say) -> str:
    return say.text if len(say.text) <= 60 else say.text[:59].rstrip() + "…"
