"""The lexicon: how the words of a course are pronounced."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from foundation.languages import primary
from foundation.problem import Place
from lessons.errors import CourseError

LONGEST_PHRASE = 12
"""The most words that one entry may match."""

LONGEST_MATCHED = 40
"""Expressions are tried on at most so many characters, since their cost grows with the length."""

MOST_REMEMBERED = 50_000
"""How many texts, with what the expressions found in them, are kept in memory."""

MOST_SECONDS = 30.0
"""For all expressions of a course. Courses come from anyone and must not block a machine."""


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """How `key` is said: a respelling in ordinary letters, or IPA. One of the two is empty.

    The respelling of an expression may refer to its groups, as `\\1` or `\\g<name>`. `language` is
    a tag and `voice` an engine or engine/voice; an empty one means any. `line` is the line in the
    lexicon file.
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
    def longest_match(self) -> int:
        """The most words that this entry matches."""
        if self.expression is None:
            return len(self.words)
        spaces = len(re.findall(r" |\\s", self.expression.pattern))
        return min(1 + spaces, LONGEST_PHRASE)


@dataclass(frozen=True, slots=True)
class LexiconMatch:
    """An entry that matches `size` words. `found` is what its expression matched, if it has one."""

    entry: LexiconEntry
    size: int
    possessive: bool = False
    found: re.Match[str] | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`path` is the name of the file, for messages about it."""

    entries: tuple[LexiconEntry, ...] = ()
    path: str = ""

    def make_matcher(self, language: str, voice: str = "") -> LexiconMatcher:
        """A matcher of the entries for a language and a voice (engine/voice, or just an engine)."""
        return LexiconMatcher([e for e in self.entries if _applies(e, language, voice)], self.path)


def _applies(entry: LexiconEntry, language: str, voice: str) -> bool:
    if entry.language.lower() not in ("", language.lower(), primary(language)):
        return False
    return entry.voice in ("", voice, voice.partition("/")[0])


def _rank(entry: LexiconEntry) -> tuple[bool, ...]:
    """How specific an entry is: one for a voice beats one for a language, which beats one for all.
    A voice beats its engine, and a region its language."""
    return (
        bool(entry.voice),
        "/" in entry.voice,
        bool(entry.language),
        "-" in entry.language,
        entry.expression is None,
    )


class LexiconMatcher:
    """Finds the entry that matches the words at a position.

    The longest match wins. Among equally long ones an entry for a voice wins, then one for a
    language, then a word over an expression, then the first in the file. An entry in lower case
    matches in any case, others as they are written; both also match the English possessive.
    """

    def __init__(self, entries: Sequence[LexiconEntry], path: str = "") -> None:
        self._phrases: dict[tuple[str, ...], LexiconEntry] = {}
        self._expressions = sorted(
            (e for e in entries if e.expression is not None), key=_rank, reverse=True
        )
        for entry in sorted((e for e in entries if e.expression is None), key=_rank):
            self._phrases[entry.words] = entry
        self._longest_phrase = max((len(key) for key in self._phrases), default=0)
        self._longest_expression = max((e.longest_match for e in self._expressions), default=0)
        self._seen: dict[str, tuple[LexiconEntry, re.Match[str]] | None] = {}
        self._spent = 0.0
        self._path = path

    def find(self, words: Sequence[str | None], position: int) -> LexiconMatch | None:
        """The entry that matches from `position` on. A None in `words` matches no entry."""
        taken = islice(
            words, position, position + max(self._longest_phrase, self._longest_expression)
        )
        window: list[str] = []
        for word in taken:
            if word is None:
                break
            window.append(word)
        for size in range(len(window), 0, -1):
            phrase = tuple(window[:size])
            found = [m for m in (self._find_phrase(phrase), self._find_expression(phrase)) if m]
            if found:
                return max(found, key=lambda match: _rank(match.entry))
        return None

    def _find_phrase(self, phrase: tuple[str, ...]) -> LexiconMatch | None:
        if len(phrase) > self._longest_phrase:
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

    def _find_expression(self, phrase: tuple[str, ...]) -> LexiconMatch | None:
        text = " ".join(phrase)
        if len(phrase) > self._longest_expression or len(text) > LONGEST_MATCHED:
            return None
        if text not in self._seen:
            if len(self._seen) > MOST_REMEMBERED:
                self._seen.clear()
            self._seen[text] = self._try_expressions(text, len(phrase))
        if (found := self._seen[text]) is None:
            return None
        return LexiconMatch(found[0], len(phrase), found=found[1])

    def _try_expressions(self, text: str, size: int) -> tuple[LexiconEntry, re.Match[str]] | None:
        if self._spent > MOST_SECONDS:
            raise CourseError(
                "The expressions in the lexicon take too long to match.",
                remedy="Write words and phrases instead, or simpler expressions.",
                place=Place(self._path),
            )
        started = time.perf_counter()
        for entry in self._expressions:
            assert entry.expression is not None
            if size <= entry.longest_match and (match := entry.expression.fullmatch(text)):
                break
        else:
            match = None
        self._spent += time.perf_counter() - started
        return (entry, match) if match else None


def _strip_possessive(phrase: tuple[str, ...]) -> tuple[str, ...] | None:
    """A phrase without its possessive ending (Huygens's, Huygens'); None if it has none."""
    last = phrase[-1]
    for ending in ("'s", "'S"):
        if last.endswith(ending) and len(last) > 2:
            return (*phrase[:-1], last[:-2])
    if last[-2:].lower() in ("s'", "z'", "x'"):
        return (*phrase[:-1], last[:-1])
    return None


GROUP = re.compile(r"\\(?:(\d)|g<(\w+)>)")
"""A reference to a group, in a respelling."""
