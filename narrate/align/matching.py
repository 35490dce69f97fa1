"""Matches the words of a script with recognised words, by their sound.

This is a global alignment (Gotoh 1982: substitutions, and gaps that cost more to open than to
extend), so that a missing or an added sentence is one gap, and the sentences around it keep their
words. Of several alignments with the same score, the one with the latest words is taken, so that
the second of two takes is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from foundation.languages import primary
from narrate.align.phonetic_distance import find_sounds, phone_distance, split_heard
from narrate.align.readings import read_figures

# Scores are integers, so that equally good alignments have equal scores. A word of WHOLE_PHONES
# phones that is recognised exactly scores WHOLE.
WHOLE, WHOLE_PHONES = 100, 4
SHORTEST, LONGEST = 0.4, 1.5  # factors on that for `a` and for `telescopes`
ALIKE = 0.45  # two words at a smaller distance may be one word, badly recognised
OPEN, EXTEND = 80, 4  # the cost of a gap's first unit, and of each further one
_NONE = -(1 << 28)

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Unit:
    """The sound of one word, which is part of the text with index `owner`. `25` is two units."""

    sound: str
    owner: int

    @property
    def weight(self) -> float:
        return min(max(len(self.sound) / WHOLE_PHONES, SHORTEST), LONGEST)


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """A unit of the script and the recognised unit in its place. One of them is None if nothing
    matches the other. `alike` is whether they may be the same word."""

    script: int | None
    heard: int | None
    alike: bool = False


def make_units(texts: Sequence[str], language: str) -> list[Unit]:
    """The sounds of the words of texts (a token's spoken text, or a recognised word)."""
    tag = primary(language)
    return [
        Unit(heard, owner)
        for owner, text in enumerate(texts)
        for word in split_heard(text, tag)
        for part in _spell_out(word, tag)
        if (heard := find_sounds(part, tag))
    ]


def match(
    script: Sequence[Unit], heard: Sequence[Unit], *, local: bool = False
) -> list[AlignedPair]:
    """The best alignment, in order; with `local`, of the parts of both that agree best.

    It takes one byte for each pair of units: 81 MB for two texts of an hour.
    """
    if not script or not heard:
        return (
            []
            if local
            else [
                *(AlignedPair(i, None) for i in range(len(script))),
                *(AlignedPair(None, j) for j in range(len(heard))),
            ]
        )
    ones, rows = _index_sounds(script)
    others, columns = _index_sounds(heard)
    distances = compute_distances(ones, others)
    scores = _compute_scores(ones, others, distances)
    came, end = _fill(scores, rows, columns, local)
    steps = _trace(came, end, (len(script), len(heard)), local)
    return [
        step
        if step.script is None or step.heard is None
        else AlignedPair(
            step.script,
            step.heard,
            bool(distances[rows[step.script], columns[step.heard]] <= ALIKE),
        )
        for step in steps
    ]


def _index_sounds(found: Sequence[Unit]) -> tuple[list[str], Ints]:
    """The distinct sounds, and the index of each unit's sound among them."""
    different = sorted({unit.sound for unit in found})
    place = {heard: at for at, heard in enumerate(different)}
    return different, np.array([place[unit.sound] for unit in found], np.int32)


def compute_distances(ones: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
    """The distances of all pairs of sounds in 0..1: `phone_distance` relative to the longer
    sound."""
    alphabet = {c: at for at, c in enumerate(sorted(set("".join((*ones, *others)))), start=1)}
    drop = np.zeros(len(alphabet) + 1, np.float32)
    swap = np.zeros((len(alphabet) + 1,) * 2, np.float32)
    for one, a in alphabet.items():
        drop[a] = phone_distance(one, "")
        for other, b in alphabet.items():
            swap[a, b] = phone_distance(one, other)
    longest = max(map(len, others))
    letters = np.zeros((len(others), longest), np.int32)
    for at, other in enumerate(others):
        letters[at, : len(other)] = [alphabet[c] for c in other]
    lengths = np.array([len(other) for other in others])
    dropped = np.pad(np.cumsum(drop[letters], axis=1), ((0, 0), (1, 0)))
    table = np.empty((len(ones), len(others)), np.float32)
    for at, one in enumerate(ones):
        row = dropped
        for letter in one:
            code = alphabet[letter]
            new = row + drop[code]
            np.minimum(new[:, 1:], row[:, :-1] + swap[code][letters], out=new[:, 1:])
            row = np.minimum.accumulate(new - dropped, axis=1) + dropped
        table[at] = row[np.arange(len(others)), lengths] / np.maximum(lengths, len(one))
    return table


def _compute_scores(
    ones: Sequence[str], others: Sequence[str], distances: npt.NDArray[np.float32]
) -> Ints:
    one, other = (np.array([Unit(s, 0).weight for s in sounds]) for sounds in (ones, others))
    mean = (one[:, None] + other[None, :]) / 2
    return np.asarray(np.rint(WHOLE * mean * (1 - distances / ALIKE)), np.int32)


def _fill(
    scores: Ints, rows: Ints, columns: Ints, local: bool
) -> tuple[npt.NDArray[np.uint8], tuple[int, int]]:
    """For each pair of prefixes, the last step of its best alignment, and where the best alignment
    ends.

    Two bits each hold the state before a pair (0 a pair, 1 a unit of the script left out, 2 a
    recognised unit added, 3 nothing), before a unit that is left out, and before one that is added.
    """
    count = len(columns)
    across = np.arange(count + 1, dtype=np.int32) * EXTEND
    pair = np.full(count + 1, _NONE, np.int32)
    pair[0] = 0
    out = np.full(count + 1, _NONE, np.int32)
    add = np.full(count + 1, _NONE, np.int32)
    add[1:] = -OPEN - across[:-1]
    came = np.zeros((len(rows) + 1, count + 1), np.uint8)
    came[0, 2:] = 2 << 4
    best, end = 0, (0, 0)
    for at, row in enumerate(rows, start=1):
        score = scores[row][columns]
        before = np.maximum(np.maximum(pair, out), add)
        # If scores are equal a pair is preferred, so that additions come first.
        state = np.where(pair == before, 0, np.where(out == before, 1, 2)).astype(np.uint8)
        if local:
            state[before < 0] = 3
            before = np.maximum(before, 0)
        new_pair = np.full(count + 1, _NONE, np.int32)
        new_pair[1:] = before[:-1] + score
        opened = np.maximum(pair, add) - OPEN
        new_out = np.maximum(opened, out - EXTEND)
        from_out = np.where(new_out != opened, 1, np.where(pair >= add, 0, 2)).astype(np.uint8)
        start = np.maximum(new_pair, new_out)[:-1] - OPEN
        new_add = np.full(count + 1, _NONE, np.int32)
        new_add[1:] = np.maximum.accumulate(start + across[:-1]) - across[:-1]
        from_add = np.zeros(count + 1, np.uint8)
        from_add[1:] = np.where(new_add[1:] != start, 2, np.where(new_pair >= new_out, 0, 1)[:-1])
        came[at, 1:] = state[:-1]
        came[at] |= from_out << 2
        came[at] |= from_add << 4
        pair, out, add = new_pair, new_out, new_add
        if local and (top := int(pair.max())) >= best:
            best, end = top, (at, int(np.flatnonzero(pair == top)[-1]))
    if not local:
        last = (int(pair[-1]), int(out[-1]), int(add[-1]))
        end = (last.index(max(last)), 0)
    return came, end


def _trace(
    came: npt.NDArray[np.uint8], end: tuple[int, int], size: tuple[int, int], local: bool
) -> list[AlignedPair]:
    (i, j), state = (end, 0) if local else (size, end[0])
    steps: list[AlignedPair] = []
    while (i or j) and state != 3:
        bits = int(came[i, j])
        if state == 0:
            if not i or not j:
                break
            i, j, state = i - 1, j - 1, bits & 3
            steps.append(AlignedPair(i, j))
        elif state == 1:
            i, state = i - 1, bits >> 2 & 3
            steps.append(AlignedPair(i, None))
        else:
            j, state = j - 1, bits >> 4 & 3
            steps.append(AlignedPair(None, j))
    return steps[::-1]


@lru_cache(maxsize=20_000)
def _spell_out(word: str, language: str) -> tuple[str, ...]:
    """A recognised word as it is spoken. Of figures, 1610 is read as a year and 1,610 as a
    count."""
    if ":" in word:
        return tuple(next(iter(read_figures(word, language)), "").split())
    match = re.match(r"(\d[\d,]*)(\.\d+)?(st|nd|rd|th)?", word)
    if match is None:
        return (word,) if word[0].isalpha() else ()
    from num2words import num2words

    figures = match.group(1)
    whole = int(figures.replace(",", ""))
    kind = "cardinal"
    if match.group(3):
        kind = "ordinal"
    elif len(figures) == 4 and 1100 <= whole < 2100 and not match.group(2):
        kind = "year"
    try:
        number = float(f"{whole}{match.group(2)}") if match.group(2) else whole
        text = num2words(number, to=kind, lang=language)
    except (NotImplementedError, ValueError, OverflowError):
        return ()
    return tuple(part for part in re.split(r"[\W_]+", text) if part and part != "and")
