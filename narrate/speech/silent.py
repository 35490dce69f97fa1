"""A silent voice for drafts and tests: silence that is about as long as speech would be."""

from __future__ import annotations

from unicodedata import category, east_asian_width

import numpy as np

from lessons.model import Token, Utterance
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.speech.base import CAPABILITIES, Voice, VoiceInfo, place_words
from narrate.vocabulary import Speech

# Fitted to the default voice over thirty sentences (93 s, 327 words), whose timing a draft has.
MS_A_LETTER = 60
MS_A_WORD = 16
MS_AT_COMMA = 140
MS_A_WIDE_LETTER = 200
"""A letter of Chinese, Japanese or Korean is a syllable or more; speakers say five in a second, and
subtitles of these languages are limited to four to nine letters a second (Netflix)."""

_INFO = VoiceInfo(
    id="silent",
    engine="silent",
    languages=("*",),
    licence="Apache-2.0",
    sample_rate=SAMPLE_RATE,
    capabilities=CAPABILITIES,
    times="estimated",
)


class SilentEngine:
    """The engine; it has one voice, for all languages."""

    name = "silent"

    def voices(self) -> list[VoiceInfo]:
        return [_INFO]

    def version(self, voice: str, language: str) -> str:
        return "silent 4"

    def open(self, voice: str, language: str) -> Voice:
        return SilentVoice()


class SilentVoice:
    info = _INFO
    version = "silent 4"

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        rate *= utterance.rate
        here = 0
        spans: list[tuple[int, int] | None] = []
        for token in utterance.tokens:
            if any(map(str.isalnum, token.spoken)):
                end = here + ms_to_samples(round(_estimate_ms(token) / (rate * token.rate)))
                spans.append((here, end))
                here = end
            else:
                spans.append(None)
            if here and token.spoken[-1:] in tuple(",;:—") and token is not utterance.tokens[-1]:
                here += ms_to_samples(round(MS_AT_COMMA / rate))
        samples = np.zeros(here, np.float32)
        return Speech(samples, place_words(utterance, spans, here), ())


def _estimate_ms(token: Token) -> int:
    # The vowel signs of Indian scripts are marks, and are said.
    letters = sum(char.isalnum() or category(char) in ("Mc", "Mn") for char in token.spoken)
    wide = sum(east_asian_width(char) in "WF" for char in token.spoken if char.isalnum())
    return (
        MS_A_LETTER * (letters - wide)
        + MS_A_WIDE_LETTER * wide
        + MS_A_WORD * len(token.spoken.split())
    )
