"""The vocabulary of the pipeline. The script's is in `lessons.model`, and the portrait has its own.

Positions in audio are samples at `clock.SAMPLE_RATE`, from the start of the sound that they belong
to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foundation.cjk import join_texts

Samples = npt.NDArray[np.float32]
"""Mono sound, shape (n,), in -1..1."""

Pixels = npt.NDArray[np.uint8]
"""A picture, shape (height, width, 3) RGB or (height, width, 4) RGBA."""


@dataclass(frozen=True, slots=True)
class SpokenPhone:
    """An IPA phone in a sound, in samples (`avatar.phone.Phone` is in seconds). `stress` is 0 for
    none, 1 for primary and 2 for secondary; only vowels have it."""

    symbol: str
    start: int
    end: int
    stress: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A written word (a script `Token`) and when it is said.

    `token` is its index in the utterance, and `utterance` the utterance's index in the slide. A
    token that is not said has `start == end` at the time where it would have been said.
    `confidence`, in 0..1, is how sure the alignment is.
    """

    written: str
    start: int
    end: int
    utterance: int = 0
    token: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Speech:
    """An utterance as an engine speaks it: sound, words (one for each token, in order) and
    phones."""

    samples: Samples
    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]


@dataclass(frozen=True, slots=True)
class AddedSpeech:
    """Speech in a recording that is not in its script: the words as they were recognised. Their
    `utterance` and `token` are those of the script's word that follows; the number of utterances
    and 0 if none does."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """An utterance, by its index, that its voice cannot read: why, and what to do. `failed` tells
    that the voice itself failed, which it may not do again."""

    utterance: int
    message: str
    remedy: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Narration:
    """The sound of a slide: its utterances with the pauses between them. Words and phones are in
    slide time; `steps` holds the sample at which each reveal step begins, the first one 0. `added`
    is in the order of the sound, and only a recording has it. `unread` stands in silence for as
    long as it takes to read it."""

    samples: Samples
    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]
    steps: tuple[int, ...] = (0,)
    added: tuple[AddedSpeech, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption from `start` to `end` in milliseconds, with one or two lines of plain text.

    `lines` are words of the script alone. `speaker` is empty where only one person speaks. The text
    names the speaker by `label` where this begins to speak, before the words or, if `above`, on a
    line of its own. `colour` is the speaker's, if colours tell speakers apart; where they can be
    shown, no label is needed.
    """

    start: int
    end: int
    lines: tuple[str, ...]
    speaker: str = ""
    label: str = ""
    above: bool = False
    colour: str = ""

    @property
    def text(self) -> str:
        return join_texts(self.lines)

    @property
    def labelled_lines(self) -> tuple[str, ...]:
        """The lines with the speaker's name, for what cannot show colours."""
        if not self.label:
            return self.lines
        if self.above:
            return (self.label, *self.lines)
        return (f"{self.label} {self.lines[0]}", *self.lines[1:])

    @property
    def shown_lines(self) -> tuple[str, ...]:
        """The lines as they are shown where colours can be."""
        return self.lines if self.colour else self.labelled_lines


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter from `start` to `end` in milliseconds."""

    start: int
    end: int
    title: str
