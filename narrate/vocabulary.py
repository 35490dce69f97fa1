"""The vocabulary of the pipeline, after the script's own (`lessons.model`) and the portrait's.

Positions in audio are samples at `clock.SAMPLE_RATE`, from the start of the sound they belong to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono sound, shape (n,), in -1..1."""

Pixels = npt.NDArray[np.uint8]
"""A picture, shape (height, width, 3) RGB or (height, width, 4) RGBA."""


@dataclass(frozen=True, slots=True)
class SpokenPhone:
    """One IPA phone in a sound; `stress` is 0 none, 1 primary, 2 secondary, on vowels."""

    symbol: str
    start: int
    end: int
    stress: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One written word (a script `Token`) and when it is said.

    `token` is its index in the utterance, `utterance` the utterance's index in the slide.
    A token that is not said has `start == end` at the place where it would have been.
    `confidence` is in 0..1: how sure the alignment is.
    """

    written: str
    start: int
    end: int
    utterance: int = 0
    token: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine makes of one utterance: sound, words (one a token, in order) and phones."""

    samples: Samples
    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]


@dataclass(frozen=True, slots=True)
class Narration:
    """The sound of one slide: its utterances with their pauses, words and phones in slide time.

    `steps` holds the sample at which each reveal step begins; the first is 0.
    """

    samples: Samples
    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]
    steps: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption: `start` and `end` in milliseconds, one or two lines of plain text."""

    start: int
    end: int
    lines: tuple[str, ...]
    speaker: str = ""

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Chapter:
    """`start` and `end` in milliseconds."""

    start: int
    end: int
    title: str
