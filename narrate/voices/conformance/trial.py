"""A voice on trial: it speaks sentences of its language, and tells when it says their words."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from foundation.languages import primary
from lessons.model import Slide, Token, Utterance
from narrate.align.voice_timing import time_narration
from narrate.speech import Voice
from narrate.vocabulary import Narration, Speech

_SENTENCES = Path(__file__).with_name("sentences.toml")
_LINE = 1


@dataclass(frozen=True, slots=True)
class Trial:
    """The voice, the language that it is to speak, and three sentences of it."""

    voice: Voice
    language: str
    sentences: tuple[str, ...]

    @classmethod
    def of(cls, voice: Voice, language: str) -> Trial:
        known = _read_sentences()
        return cls(voice, language, known.get(primary(language), known["any"]))

    def speak(self, text: str, rate: float = 1.0) -> Speech:
        return self.voice.speak(make_utterance(text), rate=rate)

    def find_times(self, text: str, *, by_alignment: bool = False) -> Narration:
        """A sentence with the voice's own times, or, if it gives none or `by_alignment`, with those
        that are found in its sound."""
        utterance = make_utterance(text)
        speech = self.voice.speak(utterance)
        words, phones = speech.words, speech.phones
        if by_alignment:
            words, phones = tuple(replace(word, confidence=0.0) for word in words), ()
        narration = Narration(speech.samples, words, phones)
        return time_narration(
            Slide(1, "", (), (utterance,), _LINE), narration, language=self.language
        )

    @property
    def has_times(self) -> bool:
        """Whether the voice tells when it says its words."""
        return self.voice.info.times in ("engine", "words")


def make_utterance(text: str) -> Utterance:
    return Utterance(tuple(Token(word, word, 0, 0) for word in text.split()), 0, _LINE)


@cache
def _read_sentences() -> dict[str, tuple[str, ...]]:
    read = tomllib.loads(_SENTENCES.read_text("utf-8"))["sentences"]
    return {str(language): tuple(texts) for language, texts in read.items()}
