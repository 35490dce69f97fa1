"""What the models of Kokoro's family share (hibari's and Kokoro's): rate and symbol times."""

from __future__ import annotations

from typing import Any

import numpy as np

from narrate.speech.kokoro_alphabet import find_phones
from narrate.speech.parts import EngineSound, Part, make_part
from narrate.speech.phoneme_text import PhonemeText
from narrate.vocabulary import Samples

RATE = 24_000  # Hz
SAMPLES_A_FRAME = 600  # a frame of the length regulator
MOST_SYMBOLS = (
    400  # what hibari was trained on; Kokoro takes 510, but keeps its rhythm in shorter runs
)


def make_kokoro_part(
    sound: Samples, text: PhonemeText, frames: Any, *, gain_db: float, english: bool = True
) -> Part:
    """A part from the model's sound and the `frames` that it gave to each symbol, and to the pad
    before and after them. `english` says which language the text is in."""
    edges = np.cumsum(frames.reshape(-1)).astype(np.float64) * SAMPLES_A_FRAME / RATE
    # A symbol starts where the one before it ends, and the first one after the pad.
    return make_part(
        EngineSound(sound, RATE, text, edges[:-2], edges[1:-1]),
        find_phones(text.symbols, text.tokens, english=english),
        gain_db=gain_db,
    )
