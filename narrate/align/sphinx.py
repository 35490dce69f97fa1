"""Forced alignment by PocketSphinx: known English words in a sound -> words and phones.

Its model (BSD, in its package) hears 16 kHz sound in frames of 10 ms; times here are seconds in the
sound. Every alignment has a decoder of its own that knows no other words: a decoder carries state
from one sound to the next, and loading 134,000 words takes longer than aligning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from narrate.speech import kokoro_alphabet
from narrate.vocabulary import Samples

VERSION = 1
RATE = 16_000
FRAME_SECONDS = 0.01
# A frame stands for the middle 10 ms of its window of 25.6 ms, and its boundaries are another 10 ms
# early: the median over three voices (benchmarks/recording_times.py, CHOOSING).
FRAME_LEAD_SECONDS = 0.0178
# It fails on sound without any noise, and on some sentences with one noise and not with another.
DITHER = (1e-4, 3e-4, 1e-3)
NATS = 1024 * 1.0e-4  # a unit of its scores: base 1.0001, shifted by 10 bits
SETTINGS: Mapping[str, Any] = {
    "lm": None,
    "dict": None,
    "loglevel": "FATAL",
    # The best path through its lattice skips words: "Failed to stop utterance processing".
    "bestpath": False,
    # The text is known, so that hardly anything is to be pruned.
    "beam": 1e-120,
    "pbeam": 1e-120,
    "wbeam": 1e-120,
}

# ARPAbet of the CMU dictionary -> IPA, unstressed where that is another phone.
IPA: Mapping[str, tuple[str, str]] = {
    **{
        arpabet: (ipa, ipa)
        for arpabet, ipa in (
            *(("AA", "ɑ"), ("AE", "æ"), ("AO", "ɔ"), ("AW", "aʊ"), ("AY", "aɪ"), ("EH", "ɛ")),
            *(("EY", "eɪ"), ("IH", "ɪ"), ("IY", "i"), ("OW", "oʊ"), ("OY", "ɔɪ"), ("UH", "ʊ")),
            *(("UW", "u"), ("B", "b"), ("CH", "tʃ"), ("D", "d"), ("DH", "ð"), ("F", "f")),
            *(("G", "ɡ"), ("HH", "h"), ("JH", "dʒ"), ("K", "k"), ("L", "l"), ("M", "m")),
            *(("N", "n"), ("NG", "ŋ"), ("P", "p"), ("R", "ɹ"), ("S", "s"), ("SH", "ʃ")),
            *(("T", "t"), ("TH", "θ"), ("V", "v"), ("W", "w"), ("Y", "j"), ("Z", "z")),
            ("ZH", "ʒ"),
        )
    },
    "AH": ("ʌ", "ə"),
    "ER": ("ɝ", "ɚ"),
}
VOWELS = frozenset(name for name in IPA if name[0] in "AEIOU")

# misaki's alphabet (what the G2P writes) -> ARPAbet.
_ARPABET: Mapping[str, str] = {
    **{ipa: arpabet for arpabet, (ipa, _) in IPA.items() if len(ipa) == 1},
    **{"A": "EY", "I": "AY", "W": "AW", "O": "OW", "Y": "OY", "Q": "OW", "T": "T"},
    **{"ʧ": "CH", "ʤ": "JH", "ʦ": "T S", "ʣ": "D Z", "ə": "AH", "ᵊ": "AH", "ɐ": "AH"},
    **{"ᵻ": "IH", "ɜ": "ER", "a": "AE", "e": "EY", "o": "OW", "ɒ": "AA", "x": "K", "ʔ": "T"},
    **{"g": "G", "r": "R", "y": "IY", "ç": "HH", "ɬ": "L", "β": "B", "ɣ": "G", "ɲ": "N Y"},
}
_PIECE = re.compile(r"[a-z]+(?:'[a-z]+)*'?|\d+")


@dataclass(frozen=True, slots=True)
class ForcedWord:
    """One of the words asked for. `score` is the mean over its frames of how much less likely its
    sounds are than the likeliest sounds there, in nats: 0 at best, about -1 in clear speech, -3 in
    noise, and -10 for a word that was not said; minus infinity for one without sounds, whose start
    is its end."""

    start: float
    end: float
    score: float


@dataclass(frozen=True, slots=True)
class ForcedPhone:
    """An IPA phone of the word with index `word`. `stress` as in `narrate.vocabulary.SpokenPhone`."""

    symbol: str
    start: float
    end: float
    stress: int
    word: int
    score: float


@dataclass(frozen=True, slots=True)
class Forced:
    words: tuple[ForcedWord, ...]
    phones: tuple[ForcedPhone, ...]


_Timed = tuple[str, int, int, int]
"""An ARPAbet phone, its first frame, how many, and its score in PocketSphinx's units."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A dictionary word of the text: its pronunciations, and its word's index."""

    name: str
    pronunciations: tuple[str, ...]
    word: int


def knows(language: str) -> bool:
    """English, if the package is there: it holds no other model. `language` is a BCP 47 tag."""
    english = language.replace("_", "-").split("-")[0].lower() == "en"
    return english and find_spec("pocketsphinx") is not None


def align(
    samples_16k: Samples,
    spoken_words: Sequence[str],
    *,
    ipa: Sequence[str | None] | None = None,
) -> Forced | None:
    """When each word and each phone of a known text is said; None if it does not fit the sound.

    `spoken_words` are in English spelling, each any number of words (`twenty-five percent`) or
    none; `ipa` tells how some are pronounced. The sound should be at most some 30 s, its first
    and last word whole, with about 0.1 s around them. The result has one word for each that was
    asked for.
    """
    pieces = _pieces(spoken_words, ipa or [None] * len(spoken_words))
    if not pieces or not len(samples_16k):
        return None
    for seed, level in enumerate(DITHER):
        noise = np.random.default_rng(seed).normal(0.0, level, len(samples_16k))
        pcm = (np.clip(samples_16k + noise, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        found = _align(pcm, pieces)
        if found is not None:
            return _forced(found, pieces, len(spoken_words))
    return None


def pronounce(text: str) -> list[tuple[str, int]]:
    """The IPA phones of an English text with their stress, by the dictionary or the G2P."""
    out = []
    for name in split_into_dictionary_words(text):
        for pronunciation in find_pronunciations(name)[:1]:
            phones = pronunciation.split()
            stressed = zip(phones, find_stresses(name, phones), strict=True)
            out += [(IPA[p][0 if s else 1], s) for p, s in stressed]
    return out


def _align(pcm: bytes, pieces: Sequence[_Piece]) -> list[list[_Timed]] | None:
    """The phones of each piece."""
    import pocketsphinx

    model = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"
    decoder = pocketsphinx.Decoder(hmm=str(model), **SETTINGS)
    for name, known in {p.name: p.pronunciations for p in pieces}.items():
        for number, pronunciation in enumerate(known, start=1):
            decoder.add_word(name if number == 1 else f"{name}({number})", pronunciation, False)
    try:
        decoder.set_align_text(" ".join(piece.name for piece in pieces))
        _hear(decoder, pcm)
        if decoder.hyp() is None:
            return None
        decoder.set_alignment()  # from words to phones
        _hear(decoder, pcm)
        # An entry's memory is not its own: it is read while its alignment is iterated over.
        found = [
            (entry.name, [(p.name, p.start, p.duration, p.score) for p in entry])
            for entry in decoder.get_alignment() or ()
        ]
    except RuntimeError:  # it does not fit, or is pruned away
        return None
    said = [(_plain(name), phones) for name, phones in found if name[0] not in "<[("]
    if [name for name, _ in said] != [piece.name for piece in pieces]:
        return None
    return [phones for _, phones in said]


def _hear(decoder: Any, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _plain(name: str) -> str:
    """A dictionary word without the number of its pronunciation."""
    return name.partition("(")[0]


def _forced(found: Sequence[Sequence[_Timed]], pieces: Sequence[_Piece], count: int) -> Forced:
    phones: list[ForcedPhone] = []
    spans: list[list[float]] = [[] for _ in range(count)]  # start, end, score and frames of each
    for parts, piece in zip(found, pieces, strict=True):
        names = [name for name, *_ in parts]
        for (name, start, frames, score), stress in zip(
            parts, find_stresses(piece.name, names), strict=True
        ):
            symbol = IPA[name][0 if stress else 1]
            begin, end = _seconds(start), _seconds(start + frames)
            mean = score * NATS / max(frames, 1)
            phones.append(ForcedPhone(symbol, begin, end, stress, piece.word, mean))
    for phone in phones:
        span = spans[phone.word]
        length = phone.end - phone.start
        if not span:
            span[:] = [phone.start, phone.end, 0.0, 0.0]
        span[1] = phone.end
        span[2] += phone.score * length
        span[3] += length
    words: list[ForcedWord] = []
    for span in spans:
        here = words[-1].end if words else phones[0].start
        words.append(
            ForcedWord(span[0], span[1], span[2] / max(span[3], FRAME_SECONDS))
            if span
            else ForcedWord(here, here, float("-inf"))
        )
    return Forced(tuple(words), tuple(phones))


def _seconds(frame: int) -> float:
    return frame * FRAME_SECONDS + FRAME_LEAD_SECONDS if frame else 0.0


def _pieces(words: Sequence[str], ipa: Sequence[str | None]) -> list[_Piece]:
    pieces = []
    for index, (word, phones) in enumerate(zip(words, ipa, strict=True)):
        if phones:
            arpabet = _arpabet(kokoro_alphabet.convert_ipa(phones))
            if arpabet:
                # No dictionary word has a full stop inside, and no two share a pronunciation.
                pieces.append(_Piece(f"ipa.{index}", (arpabet,), index))
            continue
        for name in split_into_dictionary_words(word):
            if known := find_pronunciations(name):
                pieces.append(_Piece(name, known, index))
    return pieces


def split_into_dictionary_words(text: str) -> list[str]:
    """A text as words of the dictionary: lower case, no accents, figures read as numbers."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = []
    for piece in _PIECE.findall(plain):
        if piece.isdecimal():
            found += re.findall("[a-z]+", _number(piece))
        else:
            found.append(piece)
    return found


def _number(figures: str) -> str:
    from num2words import num2words

    try:
        return str(num2words(int(figures)))
    except OverflowError:
        return " ".join(str(num2words(int(figure))) for figure in figures)


@lru_cache(maxsize=20_000)
def find_pronunciations(name: str) -> tuple[str, ...]:
    """How a word is said, in ARPAbet, the usual way first: by the dictionary, or by the G2P."""
    known = load_dictionary().get(name)
    if known is None and name.endswith("'"):
        known = load_dictionary().get(name[:-1])
    if known is not None:
        return known
    spoken = _arpabet(_g2p()(name, normalize_text=False))
    return (spoken,) if spoken else ()


@lru_cache(maxsize=1)
def load_dictionary() -> Mapping[str, tuple[str, ...]]:
    """The CMU dictionary of the package: a word to its pronunciations, the usual one first."""
    import pocketsphinx

    path = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    words: dict[str, tuple[str, ...]] = {}
    for line in path.read_text("utf-8").splitlines():
        name, _, phones = line.partition(" ")
        plain = _plain(name)
        words[plain] = (*words.get(plain, ()), phones.strip())
    return words


@lru_cache(maxsize=1)
def _g2p() -> Any:
    from hibari.g2p import G2P

    return G2P()


def _arpabet(symbols: str) -> str:
    """misaki's phonemes as ARPAbet. An r after ə or ɜ is one phone with it, but for the r of
    `around`, which starts a syllable."""
    plain = [s for s in symbols if s not in kokoro_alphabet.STRESS]
    vowels = kokoro_alphabet.VOWELS
    out: list[str] = []
    for at, symbol in enumerate(plain):
        if symbol == "ɹ" and at and plain[at - 1] in "ɜə":
            opens = at + 1 < len(plain) and plain[at + 1] in vowels
            if plain[at - 1] == "ɜ":
                continue
            if not opens:
                out[-1] = "ER"
                continue
        if symbol in _ARPABET:
            out += _ARPABET[symbol].split()
    return " ".join(out)


@lru_cache(maxsize=20_000)
def _stress_pattern(name: str) -> tuple[int, ...]:
    """The stress of each vowel of a word, by the G2P."""
    symbols = str(_g2p()(name, normalize_text=False))
    phones = kokoro_alphabet.find_phones(symbols, [0] * len(symbols))
    return tuple(p.stress for p in phones if p.symbol[0] in kokoro_alphabet.VOWELS)


def find_stresses(name: str, phones: Sequence[str]) -> list[int]:
    """The dictionary has no stress: it is the G2P's where the two agree on the syllables, and else
    on the first vowel."""
    vowels = [at for at, phone in enumerate(phones) if phone in VOWELS]
    pattern = () if name.startswith("ipa.") else _stress_pattern(name)
    if len(pattern) != len(vowels):
        pattern = (1,) + (0,) * len(vowels)
    found = [0] * len(phones)
    for at, stress in zip(vowels, pattern, strict=False):
        found[at] = stress
    return found
