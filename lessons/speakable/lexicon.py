"""The lexicon: how a course's own words are said."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from foundation.problem import Place
from lessons.errors import CourseError

LONGEST_PHRASE = 12
"""Words that one entry may take."""

LONGEST_MATCHED = 40
"""Characters that an expression is tried on: what it may cost grows with them."""

MOST_REMEMBERED = 50_000
"""Stretches of text whose matches are kept."""

MOST_SECONDS = 30.0
"""For all expressions over a course: a course comes from anyone, and must not hold a machine."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """How `key` is said: a respelling in ordinary letters, or IPA. One of them is empty.

    An expression's respelling may name its groups, as `\\1` or `\\g<name>`. `language` is a tag
    and `voice` an engine or engine/voice; empty is every one. `line` is that of the lexicon.
    """

    key: str
    respelling: str = ""
    ipa: str = ""
    language: str = ""
    voice: str = ""
    line: int = 0
    expression: re.Pattern[str] | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.key.split())

    @property
    def reach(self) -> int:
        """How many words it takes; of an expression, the most that it may."""
        if self.expression is None:
            return len(self.words)
        spaces = len(re.findall(r" |\\s", self.expression.pattern))
        return min(1 + spaces, LONGEST_PHRASE)


@dataclass(frozen=True, slots=True)
class LexiconMatch:
    """An entry that holds at a place, for `size` words; of an expression, what it found there."""

    entry: LexiconEntry
    size: int
    possessive: bool = False
    found: re.Match[str] | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`path` is the file's name, for what is said about it."""

    entries: tuple[LexiconEntry, ...] = ()
    path: str = ""

    def of(self, language: str, voice: str = "") -> LexiconMatcher:
        """The entries that hold for a language and a voice (engine/voice, or an engine's own)."""
        return LexiconMatcher([e for e in self.entries if _applies(e, language, voice)], self.path)


def _applies(entry: LexiconEntry, language: str, voice: str) -> bool:
    tag, own = language.lower(), entry.language.lower()
    if own and own != tag and own != tag.partition("-")[0]:
        return False
    return entry.voice in ("", voice, voice.partition("/")[0])


def _rank(entry: LexiconEntry) -> tuple[bool, ...]:
    """Voice over language over all; a named voice over its engine, a region over its language."""
    return (
        bool(entry.voice),
        "/" in entry.voice,
        bool(entry.language),
        "-" in entry.language,
        entry.expression is None,
    )


class LexiconMatcher:
    """Finds the entry that holds at a word.

    The longest wins; among equals that for a voice, then that for a language, then a word over an
    expression, then the first in the file. A word matches as it is written, or in any case if it
    is all in lower case; the English possessive of a word is a form of it.
    """

    def __init__(self, entries: Sequence[LexiconEntry], path: str = "") -> None:
        self._phrases: dict[tuple[str, ...], LexiconEntry] = {}
        self._expressions = sorted(
            (e for e in entries if e.expression is not None), key=_rank, reverse=True
        )
        for entry in sorted((e for e in entries if e.expression is None), key=_rank):
            self._phrases[entry.words] = entry
        self._longest = max((len(key) for key in self._phrases), default=0)
        self._reach = max((e.reach for e in self._expressions), default=0)
        self._seen: dict[str, tuple[LexiconEntry, re.Match[str]] | None] = {}
        self._spent = 0.0
        self._path = path

    def find(self, words: Sequence[str | None], position: int) -> LexiconMatch | None:
        """The entry that begins at `position`; None in `words` is what no entry may touch."""
        taken = islice(words, position, position + max(self._longest, self._reach))
        window: list[str] = []
        for word in taken:
            if word is None:
                break
            window.append(word)
        for size in range(len(window), 0, -1):
            phrase = tuple(window[:size])
            found = [m for m in (self._phrase(phrase), self._expression(phrase)) if m]
            if found:
                return max(found, key=lambda match: _rank(match.entry))
        return None

    def _phrase(self, phrase: tuple[str, ...]) -> LexiconMatch | None:
        if len(phrase) > self._longest:
            return None
        for words, owned in ((phrase, False), (_strip_possessive(phrase), True)):
            if words is None:
                continue
            for key in (words, tuple(word.lower() for word in words)):
                if key in self._phrases:
                    entry = self._phrases[key]
                    said = owned and phrase[-1][-1] in "sS"
                    return LexiconMatch(entry, len(phrase), said)
        return None

    def _expression(self, phrase: tuple[str, ...]) -> LexiconMatch | None:
        text = " ".join(phrase)
        if len(phrase) > self._reach or len(text) > LONGEST_MATCHED:
            return None
        if text not in self._seen:
            if len(self._seen) > MOST_REMEMBERED:
                self._seen.clear()
            self._seen[text] = self._try(text, len(phrase))
        if (found := self._seen[text]) is None:
            return None
        return LexiconMatch(found[0], len(phrase), found=found[1])

    def _try(self, text: str, size: int) -> tuple[LexiconEntry, re.Match[str]] | None:
        if self._spent > MOST_SECONDS:
            raise CourseError(
                "The lexicon's expressions take too long.",
                remedy="Write words and phrases, or simpler expressions.",
                place=Place(self._path),
            )
        started = time.perf_counter()
        for entry in self._expressions:
            assert entry.expression is not None
            if size <= entry.reach and (match := entry.expression.fullmatch(text)):
                break
        else:
            match = None
        self._spent += time.perf_counter() - started
        return (entry, match) if match else None


def _strip_possessive(phrase: tuple[str, ...]) -> tuple[str, ...] | None:
    """A phrase without its possessive ending: Huygens's, Huygens'."""
    last = phrase[-1]
    for ending in ("'s", "'S"):
        if last.endswith(ending) and len(last) > 2:
            return (*phrase[:-1], last[:-2])
    if last[-2:].lower() in ("s'", "z'", "x'"):
        return (*phrase[:-1], last[:-1])
    return None


GROUP = re.compile(r"\\(?:(\d)|g<(\w+)>)")
"""A group's name in a respelling."""
