"""Hypotheses of what was said instead of the script: from the words that Whisper recognises, and
from those that PocketSphinx finds left out or repeated."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from narrate.align.expected import Expected
from narrate.align.grammar import FollowedWord
from narrate.align.phonetic_distance import Mismatch, find_sounds

Kind = Literal["dropped", "changed", "doubled", "added"]
SKIPPED = 0.75  # a sentence with this share of its words missing was not said
LEAST_PROBABLE = 1e-4
LONGEST_RUN = 4  # most words that one hypothesis calls dropped


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """`said` was said in place of the words `first`..`last` (exclusive). `heard` if Whisper
    recognised it, `followed` if PocketSphinx found it."""

    kind: Kind
    first: int
    last: int
    said: tuple[str, ...]
    heard: bool = False
    followed: bool = False

    def touches(self, other: Hypothesis) -> bool:
        """Whether both are about the same words, or about the same place between two words. A word
        that was said twice may be heard as part of the next one."""
        mine, others = self._reach(), other._reach()
        return mine[0] < others[1] and others[0] < mine[1]

    def _reach(self) -> tuple[int, int]:
        after = self.kind == "doubled" or self.first == self.last
        return self.first, self.last + after


def find_hypotheses(
    expected: Expected,
    found: Iterable[Mismatch],
    steps: Sequence[FollowedWord],
    starts: frozenset[int],
    language: str,
) -> list[Hypothesis]:
    """All hypotheses, each once. `starts` are the words that begin a sentence; no hypothesis of
    PocketSphinx goes beyond one."""
    merged: dict[tuple[object, ...], Hypothesis] = {}
    for hypothesis in (
        *_find_recognised(expected, found, language),
        *_find_followed(expected, steps, starts),
    ):
        key = (hypothesis.first, hypothesis.last, hypothesis.said)
        before = merged.get(key)
        if before is not None:
            hypothesis = replace(
                hypothesis,
                heard=hypothesis.heard or before.heard,
                followed=hypothesis.followed or before.followed,
            )
        merged[key] = hypothesis
    return list(merged.values())


def find_missing_sentences(
    sentences: Sequence[Sequence[int]],
    found: Iterable[Mismatch],
    steps: Sequence[FollowedWord],
    probabilities: Sequence[float],
) -> dict[int, float]:
    """The indices of the sentences that were not said, each with the share of its words that is
    missing. `sentences` holds the words of each sentence.

    Whisper did not recognise their words, and either PocketSphinx does not find them, or Whisper
    calls them improbable (`probabilities`). The second is asked too, since PocketSphinx knows only
    the script's words and finds some of them in any sound.
    """
    unheard = {at for m in found for at in range(m.first, m.last)}
    said = {step.index for step in steps}
    missing = {}
    for number, words in enumerate(sentences):
        if not words:
            continue
        unrecognised = sum(at in unheard for at in words) / len(words)
        unfollowed = sum(at not in said for at in words) / len(words) if steps else 1.0
        logs = [math.log(max(probabilities[at], LEAST_PROBABLE)) for at in words]
        improbable = 1.0 - math.exp(sum(logs) / len(logs))
        second = max(unfollowed, improbable) if steps else improbable
        if min(unrecognised, second) >= SKIPPED:
            missing[number] = (unrecognised + second) / 2
    return missing


def _cut_common_ends(
    words: Sequence[str], first: int, last: int, said: tuple[str, ...], language: str
) -> tuple[int, int, tuple[str, ...]]:
    """A change without the words at its ends that sound alike, however they are split into words:
    T C P and TCP."""
    for back in (False, True):
        for mine in range(1, last - first + 1):
            part = words[last - mine : last] if back else words[first : first + mine]
            wanted = "".join(find_sounds(word, language) for word in part)
            for theirs in range(1, len(said) + 1):
                other = said[len(said) - theirs :] if back else said[:theirs]
                if wanted and wanted == "".join(find_sounds(word, language) for word in other):
                    if back:
                        return first, last - mine, said[: len(said) - theirs]
                    first, said = first + mine, said[theirs:]
                    break
            else:
                continue
            break
    return first, last, said


def _find_recognised(
    expected: Expected, found: Iterable[Mismatch], language: str
) -> Iterator[Hypothesis]:
    words = expected.words
    for m in found:
        if m.distance == 0 or "".join(words[m.first : m.last]) == "".join(m.said):
            continue  # it sounds the same, or is only split otherwise, as can not and cannot
        if m.first < m.last:
            first, last, said = _cut_common_ends(words, m.first, m.last, m.said, language)
            kind: Kind = "dropped" if not said else "changed" if first < last else "added"
            yield Hypothesis(kind, first, last, said, heard=True)
            continue
        size = len(m.said)
        for first in (m.first, m.first - size):
            if first >= 0 and words[first : first + size] == m.said:
                yield Hypothesis("doubled", first, first + size, m.said * 2, heard=True)
                break
        else:
            yield Hypothesis("added", m.first, m.first, m.said, heard=True)


def _find_followed(
    expected: Expected, steps: Sequence[FollowedWord], starts: frozenset[int]
) -> Iterator[Hypothesis]:
    if not steps:
        return
    times = Counter(step.index for step in steps)
    for at, count in times.items():
        if count > 1:
            yield Hypothesis("doubled", at, at + 1, (expected.words[at],) * 2, followed=True)
    run = 0

    def part(at: int) -> tuple[bool, int]:
        nonlocal run
        run += at in starts or times[at] > 0
        return times[at] == 0, run

    for (missing, _), group in groupby(range(len(expected.words)), key=part):
        members = list(group)
        if missing and len(members) <= LONGEST_RUN:
            yield Hypothesis("dropped", members[0], members[-1] + 1, (), followed=True)
