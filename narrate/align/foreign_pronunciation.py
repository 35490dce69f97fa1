"""How words of other languages than English are pronounced: espeak-ng's rules, or in Japanese the
dictionary of Open JTalk. Where neither is installed, the letters stand for phones, so that the lips
still move in time."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from foundation.languages import primary
from lessons.directives.phone_alphabets import NEAREST_CMU
from narrate.align.kana import pronounce_kana
from narrate.errors import VoiceError
from narrate.speech import espeak_alphabet, espeak_library
from narrate.speech.model_files import describe_releases

WORDS_A_MINUTE = 175  # for espeak-ng, of which only the phones are used
MOST_CONTEXT = 400  # phones that are compared with their words said one by one; the cost is squared
# espeak-ng spells out Kanji in English.
_UNREADABLE_BY_ESPEAK = frozenset({"ja"})
# In Chinese it writes an aspirated stop with an h.
_WRITES_ASPIRATION = frozenset({"zh", "yue", "hak"})
_ASPIRATED = re.compile(r"(?<=[^\W])h$")
_ARABIC = re.compile("[\u0600-\u06ff]")

Pronunciation = list[tuple[str, int]]
"""IPA phones, each with its stress (0 none, 1 primary, 2 secondary)."""


def pronounce_words(words: Sequence[str], language: str) -> list[Pronunciation]:
    """The phones of each word of a text, as they are said in it: in `les amis`, the first word ends
    with a z that it has not alone. A word without a sound has none."""
    if reads_japanese(language):
        return _pronounce_japanese(tuple(words))
    if primary(language) == "hi" and any(map(_ARABIC.search, words)):
        language = "ur"  # so Whisper often writes Hindi
    voice = _find_espeak_voice(language)
    if not voice:
        return [_spell(word) for word in words]
    alone = [_say(voice, word, language) for word in words]
    spoken = [(symbol, at) for at, phones in enumerate(alone) for symbol, _ in phones]
    together = _say(voice, " ".join(words), language)
    if not together or len(spoken) > MOST_CONTEXT:
        return alone
    owners = espeak_alphabet.assign_tokens([symbol for symbol, _ in together], spoken)
    found: list[Pronunciation] = [[] for _ in words]
    for phone, owner in zip(together, owners, strict=True):
        found[owner].append(phone)
    # A word that is said in one breath with the next one keeps its own phones.
    return [own or before for own, before in zip(found, alone, strict=True)]


def split_ipa(text: str, language: str) -> Pronunciation:
    """The phones of IPA such as espeak-ng or a lexicon writes it."""
    letters = [c for c in unicodedata.normalize("NFD", text) if c not in "()"]
    spans = espeak_alphabet.find_phones(letters, [0] * len(letters), language)
    return [(span.symbol, span.stress) for span in spans if span.symbol.strip()]


def find_nearest_cmu(symbol: str) -> tuple[str, ...]:
    """The English phones that sound most like an IPA phone; empty for one without a sound of its
    own."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", symbol) if c.isalpha() and c not in "ʰʲʷ"
    )
    plain = "ç" if symbol.startswith(("ç", "c\u0327")) else plain.replace("ː", "")
    if plain in NEAREST_CMU:
        return NEAREST_CMU[plain]
    return tuple(name for letter in plain for name in NEAREST_CMU.get(letter, ()))


def knows_sounds(language: str) -> bool:
    """Whether the phones of this language are known, and not only its letters."""
    return reads_japanese(language) or bool(_find_espeak_voice(language))


def describe_sounds(language: str) -> str:
    """Where the phones of a language come from, for cache keys."""
    if reads_japanese(language):
        return describe_releases("pyopenjtalk-plus")
    voice = _find_espeak_voice(language)
    return f"espeak {espeak_library.load_library().version} {voice}" if voice else "letters"


@lru_cache(maxsize=20_000)
def _say(voice: str, text: str, language: str) -> Pronunciation:
    _, events = espeak_library.load_library().say(voice, text.replace("[", ""), WORDS_A_MINUTE)
    symbols = [event.phoneme.strip() for event in events]
    return [phone for s in symbols if s and s[0] not in "_|;:(" for phone in split_ipa(s, language)]


def _spell(word: str) -> Pronunciation:
    plain = unicodedata.normalize("NFC", word.lower())
    return [(c, 0) for c in plain if c.isalpha()]


@lru_cache
def _find_espeak_voice(language: str) -> str:
    """espeak-ng's voice for a language; empty if it has none or is not installed."""
    if primary(language) in _UNREADABLE_BY_ESPEAK or not espeak_library.find_library():
        return ""
    try:
        known = espeak_library.load_library().languages()
    except VoiceError:  # it does not load
        return ""
    return espeak_library.find_voice_file(known, language)


def reads_japanese(language: str) -> bool:
    """Whether the language is Japanese, and its dictionary is installed."""
    return primary(language) == "ja" and find_spec("pyopenjtalk") is not None


@lru_cache(maxsize=20_000)
def _pronounce_japanese(words: tuple[str, ...]) -> list[Pronunciation]:
    """The phones of words that are said together: 表 and 面 alone are other words than 表面."""
    read: list[list[str]] = [[] for _ in words]
    nodes = _run_open_jtalk("".join(words))
    if unicodedata.normalize("NFKC", "".join(words)) == "".join(text for text, _ in nodes):
        owners = [at for at, word in enumerate(words) for _ in unicodedata.normalize("NFKC", word)]
        place = 0
        for text, kana in nodes:
            read[owners[place]].append(kana)
            place += len(text)
    else:  # it writes figures as words
        for said, word in zip(read, words, strict=True):
            said += [kana for _, kana in _run_open_jtalk(word)]
    return [[(symbol, 0) for symbol in pronounce_kana("".join(said))] for said in read]


def _run_open_jtalk(text: str) -> list[tuple[str, str]]:
    """The words of a text, each with its reading; that of a mark is empty."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it uses for rare characters
        nodes = import_module("pyopenjtalk").run_frontend(text)
    return [
        (
            unicodedata.normalize("NFKC", node["string"]),
            "" if node["pos"] == "記号" else str(node["pron"]),
        )
        for node in nodes
        if node["string"]
    ]
