"""The level of several voices on one slide: none of them is louder than another.

Every voice has a gain that brings it to the usual level over a fixed text, but what it says on a
slide may be up to 1.2 LU louder or softer than that. Between two speakers this is heard, so where a
slide has several, each is brought to the usual level over what it says there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.loudness import loudness
from narrate.speech.calibration import TARGET_LUFS
from narrate.vocabulary import Samples, Speech

LEAST_SECONDS = 2.0
"""Of speech from which a level is taken. BS.1770 measures blocks of 0.4 s, and in a single word
most of them are partly silent."""
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
    level = loudness(sounds)
    if sum(map(len, sounds)) < LEAST_SECONDS * SAMPLE_RATE or not np.isfinite(level):
        return np.float32(1.0)
    # To a tenth of a decibel, as in `calibration`: the same on every machine.
    wanted = round(float(np.clip(TARGET_LUFS - level, -MOST_DB, MOST_DB)), 1)
    return np.float32(10 ** (wanted / 20))
