"""The level of several voices on one slide: none of them is louder than another.

Every voice has a gain that brings it to the usual level over a fixed text. What it says on a slide
may still be louder or softer, and the limiter makes a voice with high peaks softer by up to 1.7 LU.
Between two speakers this is heard, so where a slide has several, each is brought to the usual level
over what it says there, as it is after the limiter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.loudness import loudness
from narrate.speech.calibration import TARGET_LUFS
from narrate.speech.level import limit
from narrate.vocabulary import Samples, Speech

LEAST_SECONDS = 2.0
"""Of speech from which a level is taken. BS.1770 measures blocks of 0.4 s, and in a single word
most of them are partly silent."""
ROUNDS = 4  # the limiter takes back a part of each correction
MOST_DB = 2.0
"""A voice that is farther off is so on purpose, as in a whisper, or has no right gain."""


def level_voices(utterances: Sequence[Utterance], speeches: Sequence[Speech]) -> list[Speech]:
    """The speech of a slide's utterances, the voices brought to the same level if there are
    several."""
    voices = [(utterance.voice, utterance.speaker) for utterance in utterances]
    if len(set(voices)) < 2:
        return list(speeches)
    gains = {
        voice: _compute_gain(
            [s.samples for s, other in zip(speeches, voices, strict=True) if other == voice]
        )
        for voice in dict.fromkeys(voices)
    }
    return [
        replace(speech, samples=speech.samples * gains[voice])
        for speech, voice in zip(speeches, voices, strict=True)
    ]


def _compute_gain(sounds: Sequence[Samples]) -> np.float32:
    """The factor for what one voice says on a slide."""
    sound = np.concatenate(sounds)
    gain = 0.0
    for _ in range(ROUNDS if len(sound) >= LEAST_SECONDS * SAMPLE_RATE else 0):
        level = loudness([limit(sound * _to_factor(gain))])
        if not np.isfinite(level):
            break
        gain = float(np.clip(gain + TARGET_LUFS - level, -MOST_DB, MOST_DB))
    # To a tenth of a decibel, as in `calibration`: the same on every machine.
    return _to_factor(round(gain, 1))


def _to_factor(decibels: float) -> np.float32:
    return np.float32(10 ** (decibels / 20))
