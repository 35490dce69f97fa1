"""A voice of one's own in a hundred lines: each letter is a sound made of a few formants.

It is an example of the contract in `narrate.voices`, not a voice that anybody understands. Yours
puts its own synthesizer into `speak`; if that tells no times, leave `words` and `phones` out, and
describe the voice with `times="none"`: narrate finds them in the sound.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from narrate.voices import CannotSayError, PhoneTime, Said, Say, Speak, VoiceDescription

RATE = 16_000
PITCHES = {"low": 105.0, "high": 190.0}  # Hz
# The first three formants of vowels in Hz (Peterson and Barney, 1952, rounded).
VOWELS = {
    "a": ("a", (730, 1090, 2440)),
    "e": ("ɛ", (530, 1840, 2480)),
    "i": ("i", (270, 2290, 3010)),
    "o": ("o", (570, 840, 2410)),
    "u": ("u", (300, 870, 2240)),
    "y": ("i", (280, 2200, 2900)),
}
VOICED = {c: (c, (280, 1300, 2400)) for c in "mnlwbdvzj"} | {
    "g": ("ɡ", (280, 1300, 2400)),
    "r": ("ɹ", (420, 1300, 1600)),
}
NOISES = {c: c for c in "fshptk"} | {"c": "k", "q": "k", "x": "s"}
OTHER = ("ə", (500, 1500, 2500))  # digits, which narrate mostly writes out before
SECONDS = {"vowel": 0.12, "voiced": 0.07, "noise": 0.08}
PAUSES = {",": 0.2, ";": 0.25, ":": 0.25, ".": 0.25, "?": 0.25, "!": 0.25}


class FormantVoices:
    """The plug-in: what the entry point names."""

    version = "1"  # change it whenever the sound changes

    def voices(self) -> Sequence[VoiceDescription]:
        return [
            VoiceDescription(
                name,
                languages=("en", "de", "es", "fr", "it", "pt"),
                licence="Apache-2.0",
                sample_rate=RATE,
                abilities=frozenset({"rate"}),
                times="phones",
            )
            for name in PITCHES
        ]

    def open(self, voice: str) -> Speak:
        return partial(speak, PITCHES[voice])


def speak(pitch: float, say: Say) -> Said:
    """The sound of a sentence, and when each of its phones is said."""
    sounds: list[npt.NDArray[np.float32]] = []
    phones: list[PhoneTime] = []
    here = 0.0
    for number, word in enumerate(say.words):
        for letter in spell(word.text):
            kind, symbol, formants = describe(letter)
            seconds = SECONDS[kind] / say.rate
            sounds.append(make_sound(kind, formants, pitch, seconds))
            length = len(sounds[-1]) / RATE
            stress = int(kind == "vowel")
            phones.append(PhoneTime(symbol, here, here + length, number, stress))
            here += length
        pause = PAUSES.get(word.text[-1], 0.0) / say.rate
        sounds.append(np.zeros(round(pause * RATE), np.float32))
        here += len(sounds[-1]) / RATE
    return Said(np.concatenate(sounds), RATE, phones=phones)


def spell(text: str) -> str:
    """The letters and digits of a word, without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in plain if c.isalnum())
    foreign = [c for c in letters if not c.isascii()]
    if foreign:
        raise CannotSayError(
            f"This voice knows Latin letters only, and '{text}' has others.",
            "Choose another voice for this language.",
        )
    return letters


def describe(letter: str) -> tuple[str, str, tuple[int, ...]]:
    """What kind of sound a letter is, its IPA symbol, and its formants in Hz."""
    if letter in NOISES:
        return "noise", NOISES[letter], ()
    kind = "voiced" if letter in VOICED else "vowel"
    symbol, formants = (VOICED | VOWELS).get(letter, OTHER)
    return kind, symbol, formants


def make_sound(
    kind: str, formants: tuple[int, ...], pitch: float, seconds: float
) -> npt.NDArray[np.float32]:
    """One phone, with soft edges. The same phone is always the same sound."""
    count = round(seconds * RATE)
    times = np.arange(count) / RATE
    if kind == "noise":
        sound = 0.15 * np.random.default_rng(count).standard_normal(count)
    else:
        harmonics = np.arange(pitch, 4_000, pitch)
        distances = (harmonics[:, None] - np.array(formants)) / 150
        strengths = np.exp(-(distances**2)).sum(axis=1) + 0.02
        waves = np.sin(2 * np.pi * harmonics[:, None] * times)
        sound = 0.2 * (strengths / np.sqrt(harmonics / pitch)) @ waves
        sound *= 1.0 if kind == "vowel" else 0.5
    edge = min(round(0.008 * RATE), count // 2)
    ramp = np.linspace(0.0, 1.0, edge)
    sound[:edge] *= ramp
    sound[count - edge :] *= ramp[::-1]
    return sound.astype(np.float32)
