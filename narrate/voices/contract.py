"""What a voice of one's own has to do: words in, sound out, with the times of words and phones if
it knows them.

A plug-in is an object with a `version`, a list of `voices`, and `open`, which gives a function from
`Say` to `Said`. An entry point of the group `narrate.voices` names it:

    [project.entry-points."narrate.voices"]
    parrot = "parrot_voice:Parrot"

    class Parrot:
        version = "1"

        def voices(self):
            return [VoiceDescription("polly", languages=("en",), licence="MIT", sample_rate=16_000)]

        def open(self, voice):
            return lambda say: Said(samples=synthesize(say.text), sample_rate=16_000)

Its voice is then `parrot/polly`. Everything else is done around it: the level, the edges and the
rate of the sound, the times of words and phones where it gives none, caches, time limits, and
errors that a teacher understands. `samples/voice-plugin` is a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Ability = Literal["rate", "phones", "word-rate", "emphasis"]
Times = Literal["none", "words", "phones"]


@dataclass(frozen=True, slots=True)
class SayWord:
    """A word as it is said, with the punctuation after it ("light,"). It may be several words for
    the tongue ("twenty twenty-six"). `ipa`, `rate` and `emphasis` ("strong", "moderate" or
    "reduced") are only given to voices with those abilities."""

    text: str
    ipa: str | None = None
    rate: float = 1.0
    emphasis: str | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence to speak, which has at least one word. `language` is a BCP 47 tag. `rate` is how
    fast, from 0.5 to 2; it is 1 for a voice that has not the ability "rate"."""

    text: str
    language: str
    words: tuple[SayWord, ...]
    rate: float = 1.0


class WordTime(NamedTuple):
    """When a word is said, in seconds from the start of the sound."""

    start: float
    end: float


class PhoneTime(NamedTuple):
    """When an IPA phone is said, in seconds, and the index of its word in `Say.words`. `stress` is
    0 for none, 1 for primary and 2 for secondary; only vowels have it."""

    symbol: str
    start: float
    end: float
    word: int
    stress: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """The sound of a sentence: mono float32 samples of shape (n,) in -1..1 at `sample_rate` Hz.

    `words` has one time for each of `Say.words`, in order, or is None. `phones` are in order too,
    at least one for each word; if they are given, they say when words are said. What is None is
    found by alignment.
    """

    samples: npt.NDArray[np.float32]
    sample_rate: int
    words: Sequence[WordTime] | None = None
    phones: Sequence[PhoneTime] | None = None


@dataclass(frozen=True, slots=True)
class VoiceDescription:
    """A voice that a plug-in offers. `languages` are BCP 47 tags, the best first, or "*" for all.

    `abilities` name what a script may ask of it (see `SayWord` and `Say`). `times` says what it
    gives with its sound: nothing, the times of words, or those of phones (and so of words).
    `missing` says what has to be done before the voice can speak, and is empty if it can.
    """

    name: str
    languages: tuple[str, ...]
    licence: str
    sample_rate: int
    abilities: frozenset[Ability] = frozenset()
    times: Times = "none"
    missing: str = ""


Speak = Callable[[Say], Said]
"""An open voice."""


class VoicePlugin(Protocol):
    """What an entry point names: such an object, or a class or function that makes one.

    `version` changes whenever the sound of any voice may change; with the version of the package it
    decides what is spoken again. `voices` and `version` load no model; `open` does.
    """

    @property
    def version(self) -> str: ...

    def voices(self) -> Sequence[VoiceDescription]: ...

    def open(self, voice: str) -> Speak: ...


class CannotSayError(Exception):
    """Raised by a plug-in that cannot say something, for a reason that a person can do something
    about: both sentences are shown to whoever builds the course."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message, self.remedy = message, remedy
