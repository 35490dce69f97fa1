"""An open voice of a plug-in: everything around what the contract asks of it.

The sound is checked, cut to what is audible, brought to the usual level and rate, and its times are
put on the script's tokens. Words without times are placed by their length, with the confidence 0:
the step `timing` finds when they are said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from foundation.problem import Place
from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.speech.base import VoiceInfo, place_words
from narrate.speech.calibration import choose_calibration_text, compute_gain
from narrate.speech.level import fade_edges, find_sounding, resample
from narrate.vocabulary import Samples, Speech, SpokenPhone
from narrate.voices.answers import check_answer
from narrate.voices.calling import (
    SPEAKING_SECONDS,
    SPEAKING_SECONDS_A_CHARACTER,
    Caller,
)
from narrate.voices.contract import PhoneTime, Said, Say, SayWord, Speak


@dataclass(frozen=True, slots=True)
class OpenPlugin:
    """What speaks, and how it is called. With `level_each`, each sentence is brought to the usual
    level by itself: a server's voices have no fixed level, and asking for a text to measure costs
    money. Otherwise a voice has one gain, measured over a fixed text."""

    speak: Speak
    caller: Caller
    level_each: bool = False


class ContractVoice:
    """A voice as `narrate.speech` uses it."""

    def __init__(self, info: VoiceInfo, version: str, language: str, plugin: OpenPlugin) -> None:
        self.info, self.version = info, version
        self._language, self._plugin = language, plugin
        self._gain_db = 0.0
        if not plugin.level_each:
            self._gain_db = compute_gain(self.speak(choose_calibration_text(language)).samples)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        said = list_said(utterance)
        if not said:
            nothing = place_words(utterance, [None] * len(utterance.tokens), 0)
            return Speech(np.zeros(0, np.float32), nothing, ())
        say = make_request(utterance, said, self._language, rate)
        caller = self._plugin.caller
        limit = SPEAKING_SECONDS + SPEAKING_SECONDS_A_CHARACTER * len(say.text)
        try:
            answer = caller.call("speaking", lambda: self._plugin.speak(say), limit)
            samples = check_answer(answer, say, self.info.id, caller.remedy)
        except VoiceError as error:
            error.within(Place(line=utterance.line))
            raise
        return self._finish(utterance, said, answer, samples)

    def _finish(
        self, utterance: Utterance, said: Sequence[int], answer: Said, samples: Samples
    ) -> Speech:
        """The sound cut, levelled and resampled, with times on the tokens in `said`."""
        own = answer.sample_rate
        first, last = find_sounding(samples, own)
        sound = resample(fade_edges(samples[first:last], own), own)
        gain_db = _measure_gain(sound) if self._plugin.level_each else self._gain_db
        sound = np.asarray(sound * np.float32(10 ** (gain_db / 20)), np.float32)

        def at(seconds: float) -> int:
            return min(max(round((seconds - first / own) * SAMPLE_RATE), 0), len(sound))

        spans: list[tuple[int, int] | None] = [None] * len(utterance.tokens)
        if answer.phones is not None:
            phones = _put_in_order(answer.phones, at)
            for phone, word in phones:
                span = spans[said[word]]
                spans[said[word]] = (span[0] if span else phone.start, phone.end)
            words = place_words(utterance, spans, len(sound))
            return Speech(sound, words, tuple(phone for phone, _ in phones))
        if answer.words is not None:
            for token, (start, end) in zip(said, answer.words, strict=True):
                spans[token] = (at(start), at(end))
            return Speech(sound, place_words(utterance, spans, len(sound)), ())
        letters = np.cumsum([0, *(len(utterance.tokens[token].spoken) for token in said)])
        edges = [round(len(sound) * int(n) / int(letters[-1])) for n in letters]
        for number, token in enumerate(said):
            spans[token] = (edges[number], edges[number + 1])
        words = place_words(utterance, spans, len(sound))
        return Speech(sound, tuple(replace(w, confidence=0.0) for w in words), ())


def _measure_gain(sound: Samples) -> float:
    """The gain for one sentence. A loudness meter needs a second of sound, so short ones repeat."""
    return compute_gain(np.tile(sound, -(-SAMPLE_RATE // max(len(sound), 1))))


def list_said(utterance: Utterance) -> list[int]:
    """The tokens that make a sound. Others are punctuation, or are left out of speech."""
    return [n for n, t in enumerate(utterance.tokens) if any(map(str.isalnum, t.spoken))]


def make_request(utterance: Utterance, said: Sequence[int], language: str, rate: float) -> Say:
    """What a plug-in is asked to say for an utterance."""
    tokens = [utterance.tokens[token] for token in said]
    words = tuple(SayWord(_clean(t.spoken), t.phones, t.rate, t.emphasis or None) for t in tokens)
    return Say(_clean(utterance.spoken), language, words, rate * utterance.rate)


def _clean(text: str) -> str:
    """The text in one line, without characters that nobody sees."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _put_in_order(
    phones: Sequence[PhoneTime], at: Callable[[float], int]
) -> list[tuple[SpokenPhone, int]]:
    """The phones at their samples, without overlaps, each with the index of its word."""
    placed: list[tuple[SpokenPhone, int]] = []
    here = 0
    for phone in phones:
        start, end = max(at(phone.start), here), at(phone.end)
        if end > start:
            placed.append((SpokenPhone(phone.symbol, start, end, phone.stress), phone.word))
            here = end
    return placed
