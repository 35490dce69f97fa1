"""Words in languages that are written without spaces: those of Open JTalk's dictionary in Japanese
where it is installed, and otherwise single characters. They are compared and timed; captions are
cut elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from itertools import pairwise

from foundation.languages import primary
from narrate.align.foreign_pronunciation import reads_japanese

UNSPACED = frozenset({"ja", "zh", "yue", "th", "lo", "km", "my", "bo"})
"""Languages whose words are not separated by spaces."""


def is_unspaced(language: str) -> bool:
    return primary(language) in UNSPACED


def split_recognised(text: str, language: str) -> list[str]:
    """The words of a recognised text, each with the punctuation after it."""
    words: list[str] = []
    for chunk in text.split():
        words += split_chunk(chunk, language) if is_unspaced(language) else [chunk]
    return words


@lru_cache(maxsize=5_000)
def _find_morphemes(text: str) -> tuple[str, ...]:
    nodes = import_module("pyopenjtalk").run_frontend(text)
    return tuple(str(node["string"]) for node in nodes)


def split_chunk(chunk: str, language: str) -> list[str]:
    """The words of a text without spaces. Joined, they are the text again."""
    if not is_unspaced(language):
        return [chunk]
    parts: Sequence[str] = ()
    if reads_japanese(language):
        parts = _find_morphemes(unicodedata.normalize("NFKC", chunk))
    if "".join(parts) != chunk:  # it normalises some letters
        parts = _split_characters(chunk)
    words: list[str] = []
    for part in parts:
        if words and not any(map(str.isalnum, part)):
            words[-1] += part
        else:
            words.append(part)
    return words


def _split_characters(text: str) -> list[str]:
    """Characters; letters and figures of other scripts, and combining marks, stay together."""
    edges = [0]
    for at, (before, char) in enumerate(pairwise(text), start=1):
        wide = unicodedata.east_asian_width(char) in "WF" or ord(char) >= 0x0E00
        together = unicodedata.category(char)[0] == "M" or not (
            wide or unicodedata.east_asian_width(before) in "WF"
        )
        if not together:
            edges.append(at)
    return [text[a:b] for a, b in pairwise([*edges, len(text)]) if a < b]


def join_words(words: Sequence[str], language: str) -> str:
    return ("" if is_unspaced(language) else " ").join(words)
