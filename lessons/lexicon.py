"""lexicon.yaml: how a course's own words are said.

Huygens: HOY gens                 # a respelling in ordinary letters
Fizeau: {ipa: fizo}               # or IPA
speed of light: {say: speed of light}
de:                               # for one language only
  Licht: {ipa: lɪçt}
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lessons.errors import CourseError
from lessons.mapping import Mapping, read_mapping
from lessons.speakable.lexicon import Lexicon, Pronunciation

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_IPA = re.compile(r"[^\d<>{}\[\]\\/\"&|@#$%^*=+]{1,200}")


def read_lexicon(path: Path, name: str) -> Lexicon:
    """Raises CourseError with the line of an entry that cannot be used."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            "The lexicon cannot be read.", remedy="Save it as UTF-8 text.", path=name
        ) from error
    return parse_lexicon(text, path=name)


def parse_lexicon(text: str, *, path: str) -> Lexicon:
    mapping = read_mapping(text, path=path, error=CourseError)
    entries: dict[tuple[str, ...], Pronunciation] = {}
    by_language: dict[str, dict[tuple[str, ...], Pronunciation]] = {}
    for key in mapping:
        value = mapping.values[key]
        whole_language = (
            isinstance(value, dict) and _LANGUAGE.fullmatch(key) and not set(value) & {"ipa", "say"}
        )
        if whole_language and isinstance(value, dict):
            inner = by_language.setdefault(key.lower(), {})
            for word, reading in value.items():
                inner[_phrase(mapping, key, word)] = _pronunciation(mapping, key, word, reading)
        else:
            entries[_phrase(mapping, key, key)] = _pronunciation(mapping, key, key, value)
    return Lexicon(entries, by_language)


def _phrase(mapping: Mapping, key: str, phrase: str) -> tuple[str, ...]:
    words = tuple(phrase.split())
    if not words:
        raise mapping.refuse(key, "The lexicon has an empty word.", "Write the word before ':'.")
    return words


def _pronunciation(mapping: Mapping, key: str, word: str, value: Any) -> Pronunciation:
    if isinstance(value, dict) and len(value) == 1:
        (kind, reading), *_ = value.items()
        if kind == "ipa" and isinstance(reading, str) and _IPA.fullmatch(reading.strip()):
            return Pronunciation(ipa=reading.strip())
        value = reading if kind == "say" else None
    if isinstance(value, str) and any(char.isalpha() for char in value):
        return Pronunciation(respelling=" ".join(value.split()))
    raise mapping.refuse(
        key,
        f"The lexicon does not say how {word!r} is pronounced.",
        "Write a respelling, as 'Huygens: HOY gens', or '{ipa: ˈhɔɪɡənz}'.",
    )
