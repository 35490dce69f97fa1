"""Sentences of a paragraph as parts of its runs, and how a long one is cut."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from foundation.cjk import is_cjk, split_clauses
from lessons.markdown.phrase_words import PhraseWords, split_words
from lessons.markdown.sentences import ends_sentence
from lessons.model import Inline, Run
from lessons.speakable.abbreviations import OFTEN_LAST

_OPAQUE = ("code", "formula")
_SIGN = "\ufffc"
"""Stands for each character of code and formulas, which have no punctuation of the sentence."""

_ENDS = ".。．!！?？…;；:：,，、؛،؟۔।॥ \t-–—"
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|（[^（）]*）|\[[^\[\]]*\])")
_STRONG = re.compile(r"\s*[;；؛]|\s+[—–]\s|\s--\s|(?<=\w)—(?=\w)|——")
_COMMA = re.compile(r",\s+")
_PAIRS = ("()", "[]", "{}", "（）", "“”", "«»", "「」", "『』", "《》")
_INITIALS = re.compile(r"(?:^|\s)(?:[^\W\d_]\.){2,}$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of inline text. `mask` is as long as its text, with signs for what is opaque."""

    runs: Inline

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def mask(self) -> str:
        return "".join(
            _SIGN * len(run.text) if run.style in _OPAQUE else run.text for run in self.runs
        )

    @property
    def size(self) -> float:
        """The number of words. Two characters that are written without spaces count as one."""
        return _count_words(self.text)

    @property
    def width(self) -> int:
        """The number of characters; those of Chinese and Japanese are twice as wide."""
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in self.text)

    def fits(self, words: float, width: int) -> bool:
        return self.size <= words and self.width <= width

    def cut(self, start: int, end: int) -> Phrase:
        """The part between two offsets. Code and formulas are not cut apart."""
        kept: list[Run] = []
        at = 0
        for run in self.runs:
            first, last = max(start - at, 0), min(end - at, len(run.text))
            at += len(run.text)
            if first >= last:
                continue
            kept.append(run if run.style in _OPAQUE else replace(run, text=run.text[first:last]))
        return Phrase(tuple(kept))

    def trim(self) -> Phrase:
        """Without the white space and the punctuation around it."""
        mask = self.mask
        end = len(mask.rstrip())
        while end and mask[end - 1] in _ENDS and not _is_abbreviated(mask[:end]):
            end -= 1
        start = len(mask) - len(mask.lstrip(" \t-–—•…,;:"))
        return self.cut(start, max(end, start))

    def capitalize(self) -> Phrase:
        first = self.runs[0] if self.runs else Run("")
        if first.style in _OPAQUE or not first.text[:1].islower():
            return self
        return Phrase((Run(first.text[0].upper() + first.text[1:], first.style), *self.runs[1:]))

    def is_balanced(self) -> bool:
        """Whether each bracket and quotation mark has its partner."""
        mask = self.mask
        return mask.count('"') % 2 == 0 and all(
            mask.count(pair[0]) == mask.count(pair[1]) for pair in _PAIRS
        )


def _count_words(text: str) -> float:
    if text.isascii():
        return len(text.split())
    dense = sum(map(is_cjk, text))
    spaced = "".join(" " if is_cjk(c) else c for c in text)
    return len(split_words(spaced)) + dense / 2


def _is_abbreviated(text: str) -> bool:
    """Whether a text ends with an abbreviation, whose full stop belongs to it."""
    last = text.rsplit(maxsplit=1)[-1:]
    return bool(last) and (last[0].casefold() in OFTEN_LAST or bool(_INITIALS.search(text[-12:])))


def split_sentences(phrase: Phrase) -> Iterator[Phrase]:
    """The sentences of a paragraph."""
    mask = phrase.mask
    words: list[tuple[int, str]] = []
    for found in re.finditer(r"\S+", mask):
        at = found.start()
        for clause in split_clauses(found[0]):
            words.append((at, clause))
            at += len(clause)
    begin = 0
    for position, (at, word) in enumerate(words):
        following = words[position + 1][1] if position + 1 < len(words) else None
        if following is None or ends_sentence(word, following):
            end = at + len(word)
            yield phrase.cut(begin, end)
            begin = end


def find_heads(sentence: Phrase, words: PhraseWords) -> Iterator[Phrase]:
    """The beginnings of a sentence that say something true by themselves, the longest first: up to
    a semicolon or a dash, or up to a comma before a clause that only adds something."""
    mask = sentence.mask
    if not sentence.is_balanced():
        return
    lowered = mask.casefold()
    ends = [m.start() for m in _STRONG.finditer(mask)]
    if not words.has(words.subordinate, lowered, 1):
        commas = list(_COMMA.finditer(lowered))
        for comma in commas[:1] if words.spaced else ():
            rest = lowered[comma.end() :]
            last = lowered[commas[-1].end() :]
            listed = len(last.split()) < 6 and words.has(words.joining, last, 1)
            ended = len(commas) == 1 or listed
            if words.has(words.droppable, rest, 1) or (
                ended and words.has(words.appositions, rest, 1)
            ):
                ends.append(comma.start())
        if len(commas) == 1 and _joins_clauses(lowered[commas[0].end() :], words):
            ends.append(commas[0].start())
    for end in sorted(set(ends), reverse=True):
        head = sentence.cut(0, end).trim()
        if head.is_balanced() and ": " not in head.mask and "：" not in head.mask:
            yield head


def _joins_clauses(rest: str, words: PhraseWords) -> bool:
    """Whether what follows the only comma is a clause of its own: `and` and a word that can only
    be a subject."""
    first, *others = split_words(rest)[:2] or [""]
    return first == "and" and bool(others) and words.has(words.dangling, others[0], 1)


def remove_brackets(sentence: Phrase) -> Phrase:
    """A sentence without what stands in brackets."""
    mask = sentence.mask
    runs: list[Run] = []
    at = 0
    for found in _BRACKETS.finditer(mask):
        if found.start() == 0 or (mask[found.start()] not in " \t" and mask[found.start()] != "（"):
            continue  # an argument, f(x)
        runs += sentence.cut(at, found.start()).runs
        at = found.end()
    return Phrase((*runs, *sentence.cut(at, len(mask)).runs))
