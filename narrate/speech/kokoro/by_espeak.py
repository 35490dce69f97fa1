"""Spanish, French, Italian, Portuguese and Hindi for Kokoro, whose phonemes are espeak-ng's.

The model was trained on espeak-ng's IPA as misaki's `EspeakG2P` writes it: affricates and falling
diphthongs are one letter each, and ties, hyphens and marks of another language are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from narrate.speech import espeak_alphabet
from narrate.speech.espeak_library import find_voice_file, load_library
from narrate.speech.kokoro.word_reader import Pronounce

# https://github.com/hexgrad/misaki/blob/main/misaki/espeak.py, EspeakG2P
_JOINED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S",
    "t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
}  # fmt: skip
_FLAGS = re.compile(r"\([a-z-]+\)")  # where espeak-ng changes to the rules of another language
_NASAL = {unicodedata.normalize("NFC", f"{v}\u0303"): f"{v}\u0303" for v in "aeiou"}


def make_pronounce(language: str) -> Pronounce:
    """Pronounce by espeak-ng's rules for a language."""
    file = find_voice_file(load_library().languages(), language)

    def pronounce(words: Sequence[str]) -> list[str]:
        together = load_library().phonemize(file, " ".join(words)).split()
        if len(together) == len(words):  # nearly always
            return [_write(word) for word in together]
        return _divide(together, [load_library().phonemize(file, word) for word in words])

    return pronounce


def _divide(together: Sequence[str], apart: Sequence[str]) -> list[str]:
    """The phonemes of words that espeak-ng has joined or split, given to the words that have about
    the same ones when each is read alone."""
    here = [symbol for word in together for symbol in _write(word)]
    there = [(symbol, at) for at, word in enumerate(apart) for symbol in _write(word)]
    found = [""] * len(apart)
    for symbol, word in zip(here, espeak_alphabet.assign_tokens(here, there), strict=True):
        found[word] += symbol
    return found


def _write(ipa: str) -> str:
    """espeak-ng's IPA with ties in the model's alphabet."""
    text = _FLAGS.sub("", ipa).replace("r.", "ɽ")
    for tied, letter in (*_JOINED.items(), *_NASAL.items()):
        text = text.replace(tied, letter)
    return text.replace("^", "").replace("-", "").replace(" ", "")
