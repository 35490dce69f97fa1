"""espeak-ng (GPL-3.0, a program of its own): over a hundred languages, the last resort."""

from __future__ import annotations

import numpy as np

from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.model import Phone, Speech
from narrate.speech.base import Voice, VoiceInfo, place_words
from narrate.speech.espeak_library import INSTALL, Event, library, library_path, say_afresh
from narrate.speech.level import fade_edges, resample, sounding

VERSION = 1
RATE = 22_050
GAIN_DB = 4.9  # brings en-us to -16 LUFS
# espeak writes American English with marks for length and its own signs for reduced vowels.
_SYMBOLS = {"ᵻ": "ɪ", "ɐ": "ə", "ɜː": "ɝ", "g": "ɡ", "r": "ɹ"}
# The languages it reads well enough to follow; others can be asked for by name.
LANGUAGES = (
    *("en-US", "en-GB", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "nb", "fi"),
    *("ru", "uk", "tr", "el", "hu", "ro", "bg", "hr", "sk", "sl", "hi", "id", "vi", "sw", "ca"),
)


class Espeak:
    name = "espeak"

    def voices(self) -> list[VoiceInfo]:
        return [_info()]

    def version(self, voice: str, language: str) -> str:
        if not library_path():
            raise VoiceError("espeak-ng is not installed.", remedy=INSTALL)
        return f"espeak {VERSION} {library().version} {_name(voice, language)}"

    def open(self, voice: str, language: str) -> Voice:
        name = _name(voice, language)
        if not library().has(name):
            raise VoiceError(
                f"espeak-ng has no voice '{name}'.",
                remedy="`espeak-ng --voices` lists its languages; write espeak/LANGUAGE.",
            )
        return EspeakVoice(name, self.version(voice, language))


def _info() -> VoiceInfo:
    return VoiceInfo(
        id="espeak",
        engine="espeak",
        languages=LANGUAGES,
        licence="GPL-3.0 (program)",
        sample_rate=RATE,
        missing="" if library_path() else INSTALL,
    )


def _name(voice: str, language: str) -> str:
    return voice or language.replace("_", "-").lower()


class EspeakVoice:
    info = _info()

    def __init__(self, name: str, version: str) -> None:
        self._name, self.version = name, version

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        if any(token.phones for token in utterance.tokens):
            raise VoiceError(
                "The voice 'espeak' cannot be given a pronunciation in IPA.",
                remedy="Write it as a respelling, or use another voice.",
                line=utterance.line,
            )
        text = ""
        owners: list[int] = []
        for index, token in enumerate(utterance.tokens):
            if token.spoken:
                text += (" " if text else "") + token.spoken
                owners += [index] * (len(text) - len(owners))
        if not text:
            return Speech(
                np.zeros(0, np.float32),
                place_words(utterance, [None] * len(utterance.tokens), 0),
                (),
            )
        sound, events, own = say_afresh(self._name, text, rate * utterance.rate)
        first, last = sounding(sound, own)
        gain = np.float32(10 ** (GAIN_DB / 20))
        samples = resample(fade_edges(sound[first:last] * gain, own), own)

        def at(sample: int) -> int:
            place = round((sample - first) * SAMPLE_RATE / own)
            return min(max(place, 0), len(samples))

        phones, tokens = _phones(events, owners)
        timed = tuple(Phone(p.symbol, at(p.start), at(p.end), p.stress) for p in phones)
        spans: list[tuple[int, int] | None] = [None] * len(utterance.tokens)
        for phone, token_index in zip(timed, tokens, strict=True):
            span = spans[token_index]
            spans[token_index] = (phone.start if span is None else span[0], phone.end)
        return Speech(samples, place_words(utterance, spans, len(samples)), timed)


def _phones(events: list[Event], owners: list[int]) -> tuple[list[Phone], list[int]]:
    """Phones at the engine's rate and the token of each: a phoneme lasts to the next."""
    phones: list[Phone] = []
    tokens: list[int] = []
    token = owners[0]
    for at, event in enumerate(events):
        if not event.phoneme:
            token = max(token, owners[min(max(event.text, 0), len(owners) - 1)])
            continue
        end = next((e.sample for e in events[at + 1 :] if e.phoneme), event.sample)
        symbol = event.phoneme.strip()
        if end > event.sample and symbol and symbol[0] not in "_|;:":
            phones.append(Phone(_SYMBOLS.get(symbol, symbol), event.sample, end))
            tokens.append(token)
    return phones, tokens
