"""The lexicon: how a course's own words are said."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """A respelling in ordinary letters, or IPA. One of them is empty."""

    respelling: str = ""
    ipa: str = ""


Entries = dict[tuple[str, ...], Pronunciation]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`entries` by the words of a phrase, for every language, and `by_language` for one, whose
    entries win. A phrase matches as it is written, or any case if it is all in lower case; the
    longest wins."""

    entries: Entries = field(default_factory=dict)
    by_language: dict[str, Entries] = field(default_factory=dict)

    def of(self, language: str) -> Entries:
        """The entries that hold for a language, its region's before its own before all."""
        tag = language.lower()
        found = dict(self.entries)
        for name in (tag.partition("-")[0], tag):
            found.update(self.by_language.get(name, {}))
        return found


def find(
    entries: Entries, longest: int, words: list[str], position: int
) -> tuple[int, Pronunciation] | None:
    """The longest entry that begins at `position`: how many words it takes, and its reading."""
    for size in range(min(longest, len(words) - position), 0, -1):
        phrase = tuple(words[position : position + size])
        for key in (phrase, tuple(word.lower() for word in phrase)):
            if key in entries:
                return size, entries[key]
    return None
