"""Which slide of a translation belongs to which slide of the original."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lessons.model import Slide
from lessons.translations.facts import find_facts

MOST_COMPARED = 300
"""Slides. All pairs of more of them are not compared: that takes seconds."""


@dataclass(frozen=True, slots=True)
class SlidePair:
    """A slide of the original and the one that translates it; either may be missing."""

    original: Slide | None
    translation: Slide | None


def pair_slides(originals: Sequence[Slide], translations: Sequence[Slide]) -> tuple[SlidePair, ...]:
    """The slides of two languages of a lesson side by side, in order.

    Equally many slides are paired by their numbers. Otherwise the most alike ones are, by what no
    translation changes: numbers, formulas, code, pictures, tables, lists, and their length. Every
    slide of the shorter lesson then has a partner.
    """
    if len(originals) == len(translations):
        return tuple(map(SlidePair, originals, translations))
    if max(len(originals), len(translations)) > MOST_COMPARED:
        shared = min(len(originals), len(translations))
        return (
            *map(SlidePair, originals[:shared], translations[:shared]),
            *(SlidePair(slide, None) for slide in originals[shared:]),
            *(SlidePair(None, slide) for slide in translations[shared:]),
        )
    return _pair_alike(originals, translations)


def _pair_alike(originals: Sequence[Slide], translations: Sequence[Slide]) -> tuple[SlidePair, ...]:
    """Pairs with the highest sum of likeness, by dynamic programming from the end."""
    rows, columns = len(originals), len(translations)
    alike = [[_compare(a, b) for b in translations] for a in originals]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            both = alike[i][j] + best[i + 1][j + 1]
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs: list[SlidePair] = []
    i = j = 0
    while i < rows or j < columns:
        if i < rows and j < columns and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            pairs.append(SlidePair(originals[i], translations[j]))
            i, j = i + 1, j + 1
        elif j == columns or (i < rows and best[i][j] == best[i + 1][j]):
            pairs.append(SlidePair(originals[i], None))
            i += 1
        else:
            pairs.append(SlidePair(None, translations[j]))
            j += 1
    return tuple(pairs)


def _compare(original: Slide, translation: Slide) -> float:
    """How alike two slides are: more than 0, at most 3."""
    a, b = find_facts(original), find_facts(translation)
    marks, others = a.marks, b.marks
    union = (marks | others).total()
    shared = (marks & others).total() / union if union else 0.5
    longer = math.log((a.letters + 20) / (b.letters + 20))
    return 0.5 + 2 * shared + 0.5 * math.exp(-abs(longer))
