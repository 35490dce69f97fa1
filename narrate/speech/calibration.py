"""The gain that brings a voice to the usual level.

Each voice gets one gain, measured over a fixed text when it is loaded, so that its level does not
depend on what it says in a course.
"""

from __future__ import annotations

import numpy as np

from foundation.languages import is_english
from lessons.model import Token, Utterance
from narrate.vocabulary import Samples

TARGET_LUFS = -16.0  # AES TD1008 and podcast platforms for speech on mobile devices
# Silence, or a model that only hums, is not raised to the level of speech.
MOST_DB = 30.0
# Every language's rules read digits.
COUNTING = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20."
ENGLISH = "Follow the light from the tip of the flame to the back of the eye."


def choose_calibration_text(language: str) -> Utterance:
    """The text over which a voice of that language is measured."""
    text = ENGLISH if is_english(language) else COUNTING
    return Utterance(tuple(Token(word, word, 0, 0) for word in text.split()), 0, 0)


def compute_gain(samples: Samples) -> float:
    """The gain in dB that brings speech at `clock.SAMPLE_RATE` to `TARGET_LUFS`."""
    from narrate.loudness import loudness

    level = loudness([samples])
    if not np.isfinite(level):
        return 0.0
    # Nobody hears a tenth of a decibel, and rounding to it gives the same gain on every machine.
    return round(min(TARGET_LUFS - level, MOST_DB), 1)
