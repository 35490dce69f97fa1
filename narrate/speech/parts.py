"""From an engine's sound and symbol times to `Speech`.

A long sentence is spoken in parts. Each part is cut to what is audible, and the times of its phones
are corrected to the sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from lessons.directives.phone_alphabets import MISAKI_PUNCTUATION
from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.speech.base import place_words
from narrate.speech.kokoro_alphabet import PhoneSpan
from narrate.speech.level import fade_edges, find_sounding, resample
from narrate.speech.phoneme_text import PhonemeText
from narrate.speech.timing import SHIFT_SECONDS, Gap, correct_boundaries
from narrate.vocabulary import Samples, Speech, SpokenPhone

CLAUSE_PAUSE_MS = 180  # between the parts of a sentence that is too long to be spoken at once


@dataclass(frozen=True, slots=True)
class EngineSound:
    """What an engine says for `text`: mono sound at `rate` Hz, and when each symbol of the text
    starts and ends in it, in seconds."""

    samples: Samples
    rate: int
    text: PhonemeText
    starts: npt.NDArray[np.float64]
    ends: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """Sound at `SAMPLE_RATE`, its phones, and the index of the script token of each phone."""

    samples: Samples
    phones: tuple[SpokenPhone, ...]
    tokens: tuple[int, ...]


def make_part(
    sound: EngineSound,
    spans: Sequence[PhoneSpan],
    *,
    gain_db: float,
    shift: float = SHIFT_SECONDS,
) -> Part:
    """A part from an engine's sound. `spans` are the phones of its text; `shift` (seconds) corrects
    the engine's own lateness."""
    text, rate = sound.text, sound.rate
    raw = [(float(sound.starts[p.first]), float(sound.ends[p.last])) for p in spans]
    gaps = [Gap()]
    for left, right in pairwise(spans):
        between = text.symbols[left.last + 1 : right.first]
        pause = any(symbol in MISAKI_PUNCTUATION for symbol in between)
        gaps.append(Gap(" " in between, pause))
    symbols = [p.symbol for p in spans]
    times = correct_boundaries(raw, gaps, symbols, sound.samples, rate, shift=shift)
    first, last = find_sounding(sound.samples, rate)
    gain = np.float32(10 ** (gain_db / 20))
    samples = resample(fade_edges(sound.samples[first:last] * gain, rate), rate)

    def at(seconds: float) -> int:
        return min(max(round((seconds - first / rate) * SAMPLE_RATE), 0), len(samples))

    phones = tuple(
        SpokenPhone(p.symbol, at(a), at(b), p.stress)
        for p, (a, b) in zip(spans, times, strict=True)
    )
    return Part(samples, phones, tuple(text.tokens[p.last] for p in spans))


def join_parts(utterance: Utterance, parts: Sequence[Part]) -> Speech:
    """The parts of an utterance in order, with a short pause between them."""
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
