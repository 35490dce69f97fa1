"""What pages, slides and reports say to people, in the language of a lesson.

Each language has one file, named by its tag; `en.toml` says how to add one. A language without a
file gets English, and a page then says which of its parts are English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from foundation.languages import OWN_NAMES, primary, same_language

_FOLDER = Path(__file__).parent
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language by their keys, such as `transcript.said`. `language` is the tag of
    the language that they are in."""

    language: str
    texts: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def fill(self, key: str, **values: object) -> str:
        """The text of a key with values in the places of its braces."""
        return self.texts[key].format(**values)

    def name_placeholder(self, what: str) -> str:
        """What something that cannot be shown is called: `what` is its English name, as dialects
        have it. A name that is not known stays as it is."""
        key = f"placeholder.{'_'.join(what.replace('-', ' ').split()).lower()}"
        return self.texts.get(key, what)

    def write_number(self, value: float) -> str:
        """A number with one decimal, or with none if that is 0."""
        return f"{value:.1f}".removesuffix(".0").replace(".", self.texts["decimal"])

    def serves(self, language: str) -> bool:
        """Whether the words are in the language with this tag."""
        return same_language(self.language, language)


@cache
def find_words(language: str) -> Words:
    """The words for the language with this tag, or English if there are none."""
    tag = primary(language)
    return read_words(tag if tag in list_languages() else ENGLISH)


def find_own_name(language: str) -> str:
    """What a language calls itself, such as "Français"; its tag if that is not known."""
    tag = primary(language)
    if tag in list_languages():
        return read_words(tag)["name"]
    return OWN_NAMES.get(tag, language)


@cache
def list_languages() -> tuple[str, ...]:
    """The tags of the languages that have words."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def read_words(tag: str) -> Words:
    """The words in the file of this tag."""
    raw = tomllib.loads((_FOLDER / f"{tag}.toml").read_text("utf-8"))
    return Words(tag, dict(_flatten(raw, "")))


def _flatten(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
