"""Sound and symbol times of an engine -> `Speech`.

A long sentence is spoken in parts; each is cut to what is audible and its phones are corrected to
the sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.speech.base import place_words
from narrate.speech.kokoro_alphabet import PUNCTUATION, PhoneSpan
from narrate.speech.level import fade_edges, find_sounding, resample
from narrate.speech.timing import SHIFT_SECONDS, Gap, correct_boundaries
from narrate.vocabulary import Samples, Speech, SpokenPhone

CLAUSE_PAUSE_MS = 180  # between the parts of a sentence too long for one go


@dataclass(frozen=True, slots=True)
class Part:
    """Sound at `SAMPLE_RATE`, its phones, and the script token that each phone is of."""

    samples: Samples
    phones: tuple[SpokenPhone, ...]
    tokens: tuple[int, ...]


def timed_part(
    sound: Samples,
    rate: int,
    symbols: Sequence[str],
    sounded: Sequence[PhoneSpan],
    owners: Sequence[int],
    starts: npt.NDArray[np.float64],
    ends: npt.NDArray[np.float64],
    *,
    gain_db: float,
    shift: float = SHIFT_SECONDS,
) -> Part:
    """A part from the engine's sound at `rate` and its symbols with their times in seconds.

    `sounded` are the phones in `symbols`, `owners[i]` the token of symbol i; `shift` is the
    engine's own lateness.
    """
    raw = [(float(starts[p.first]), float(ends[p.last])) for p in sounded]
    gaps = [Gap()]
    for left, right in pairwise(sounded):
        between = symbols[left.last + 1 : right.first]
        gaps.append(Gap(" " in between, any(symbol in PUNCTUATION for symbol in between)))
    times = correct_boundaries(raw, gaps, [p.symbol for p in sounded], sound, rate, shift=shift)
    first, last = find_sounding(sound, rate)
    gain = np.float32(10 ** (gain_db / 20))
    samples = resample(fade_edges(sound[first:last] * gain, rate), rate)

    def at(seconds: float) -> int:
        return min(max(round((seconds - first / rate) * SAMPLE_RATE), 0), len(samples))

    phones = tuple(
        SpokenPhone(p.symbol, at(a), at(b), p.stress)
        for p, (a, b) in zip(sounded, times, strict=True)
    )
    return Part(samples, phones, tuple(owners[p.last] for p in sounded))


def join_parts(utterance: Utterance, parts: Sequence[Part]) -> Speech:
    """One `Speech`: parts in order with a short pause between them."""
    sounds: list[Samples] = []
    phones: list[SpokenPhone] = []
    spans: list[tuple[int, int] | None] = [None] * len(utterance.tokens)
    here = 0
    for part in parts:
        if sounds:
            sounds.append(np.zeros(CLAUSE_PAUSE_MS * SAMPLE_RATE // 1000, np.float32))
            here += len(sounds[-1])
        for phone, token in zip(part.phones, part.tokens, strict=True):
            start, end = phone.start + here, phone.end + here
            phones.append(SpokenPhone(phone.symbol, start, end, phone.stress))
            span = spans[token]
            spans[token] = (start if span is None else span[0], end)
        sounds.append(part.samples)
        here += len(part.samples)
    samples = np.concatenate(sounds) if sounds else np.zeros(0, np.float32)
    return Speech(samples, place_words(utterance, spans, here), tuple(phones))
