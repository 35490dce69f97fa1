"""What the readers of Japanese and Chinese share: texts without spaces, and Latin words in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from lessons.model import Token, Utterance
from narrate.errors import UnreadableError
from narrate.speech.kokoro.english import EnglishReader
from narrate.speech.kokoro.word_reader import Pronounce

Segment = tuple[str, str]
"""A written word and its phonemes."""
_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’-]*|[\u0370-\u03ff]+")
_GREEK = re.compile(r"[\u0370-\u03ff]")


def make_pronounce(
    read: Callable[[str], Sequence[Segment]], vocabulary: frozenset[str]
) -> Pronounce:
    """Pronounce by `read`, which divides a text without spaces into words and reads them in their
    context. Latin words are read as English ones, and Greek letters by their names. A word that
    holds a letter without a reading has no phonemes."""

    def pronounce(words: Sequence[str]) -> list[str]:
        found: list[list[str]] = [[] for _ in words]
        lost: set[int] = set()
        for first, text in _join(words):
            owner, end, at = first, len(words[first]), 0
            for piece, phonemes in _read_mixed(text, read, vocabulary):
                while end <= at:
                    owner += 1
                    end += len(words[owner])
                if phonemes:
                    found[owner].append(phonemes)
                elif any(map(str.isalnum, piece)):
                    lost.add(owner)
                at += len(piece)
        return ["" if at in lost else " ".join(parts) for at, parts in enumerate(found)]

    return pronounce


def _join(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The words as texts without spaces, each with the index of its first word. Between letters or
    digits of the West a space counts: `1 2` is not twelve."""
    first, text = 0, ""
    for index, word in enumerate(words):
        if text and text[-1].isascii() and word[0].isascii():
            yield first, text
            first, text = index, ""
        text += word
    if text:
        yield first, text


def _read_mixed(
    text: str, read: Callable[[str], Sequence[Segment]], vocabulary: frozenset[str]
) -> Iterator[Segment]:
    at = 0
    for latin in (*_LATIN.finditer(text), None):
        end = latin.start() if latin else len(text)
        if at < end:
            yield from read(text[at:end])
        if latin:
            yield latin[0], _read_english(latin[0], vocabulary)
            at = latin.end()


@lru_cache(maxsize=1024)
def _read_english(word: str, vocabulary: frozenset[str]) -> str:
    text = " ".join(map(_name_letter, word)) if _GREEK.match(word) else word
    said = Utterance((Token(word, text, 0, 0),), 0, 0)
    try:
        return "".join(_english_reader(vocabulary).read(said, voice="kokoro").symbols)
    except UnreadableError:
        return ""


def _name_letter(letter: str) -> str:
    """ "alpha" for α."""
    return unicodedata.name(letter, letter).split(" WITH ")[0].split()[-1].lower()


@lru_cache(maxsize=1)
def _english_reader(vocabulary: frozenset[str]) -> EnglishReader:
    return EnglishReader(vocabulary, british=False)
