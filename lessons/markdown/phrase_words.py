"""The words of a language that tell which sentences can stand on a slide by themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from foundation.cjk import is_written_without_spaces
from foundation.languages import primary
from lessons.wordset import word_set

_FILE = Path(__file__).with_suffix(".toml")

_NAMES = (
    "dangling", "talk", "pointing", "subordinate", "droppable", "appositions", "joining",
    "copulas", "stop",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhraseWords:
    """What the file of the words says of a language. All are empty for one that it lacks."""

    dangling: frozenset[str] = frozenset()
    connectives: tuple[str, ...] = ()
    talk: frozenset[str] = frozenset()
    pointing: frozenset[str] = frozenset()
    subordinate: frozenset[str] = frozenset()
    droppable: frozenset[str] = frozenset()
    appositions: frozenset[str] = frozenset()
    joining: frozenset[str] = frozenset()
    copulas: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    spaced: bool = True

    def has(self, words: frozenset[str], text: str, count: int | None = None) -> bool:
        """Whether one of `words` is in a text in small letters, or among its first `count` words.
        Without spaces between words, a text has the words that it contains or begins with."""
        if not self.spaced:
            return text.startswith(tuple(words)) if count else any(w in text for w in words)
        return not words.isdisjoint(split_words(text)[:count])

    def dangles(self, text: str) -> bool:
        """Whether a sentence begins as one that needs the sentence before it."""
        first = split_words(" ".join(text.split(maxsplit=2)[:2]))
        return self.has(self.dangling, text, 1) or "_".join(first) in self.dangling


def split_words(text: str) -> list[str]:
    """The words of a text, without the punctuation around them."""
    bare = (word.strip(".,;:!?…()[]{}\"'“”‘’«»„¿¡—–-") for word in text.split())
    return [word.replace("’", "'") for word in bare if word]


@cache
def get_phrase_words(language: str) -> PhraseWords:
    found = _read_file().get(primary(language), {})
    spaced = not is_written_without_spaces(language)
    words = {name: word_set(found.get(name, "").casefold()) for name in _NAMES}
    phrases = " ".join(found.get("connectives", "").split()).split("|")
    connectives = tuple(sorted(filter(None, map(str.strip, phrases)), key=len, reverse=True))
    return PhraseWords(connectives=connectives, spaced=spaced, **words)


@cache
def _read_file() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
