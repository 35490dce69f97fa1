"""Finds where a translation lags behind its original.

Two things tell, and neither is the time of a file. What no translation changes is compared:
slides, numbers, formulas, code, tables and lists. And of a translation that a person has confirmed
(`narrate translations --confirm`), it is known when the words of its original have changed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from foundation.languages import name_language, same_language
from foundation.problem import Place, Problem
from foundation.shortening import shorten
from lessons.model import Finding, Lesson, Severity, Slide
from lessons.translations.facts import digest_slide, find_facts
from lessons.translations.pairs import SlidePair, pair_slides
from lessons.translations.record import Confirmed

LEAST_LETTERS = 60
"""Letters of a slide's speech. The length of less says nothing: "No." is "Das stimmt nicht."."""
MOST_SHORTER = 0.5
"""A slide is reported if it is shorter than this share of what is usual in its own lesson. Of two
languages that say the same, slide by slide, the ratio of lengths stays within ±30 %."""
LEAST_SAME = 4  # words: a shorter sentence, such as a name, may be the same in both languages
MOST_NAMED = 4  # numbers or slides in one message

_Told = tuple[Slide, str, str]
"""A slide of the translation (or the one before what is missing), a message, and a remedy."""


def find_lag(
    original: Lesson, lesson: Lesson, confirmed: Confirmed | None = None
) -> Iterator[Finding]:
    """What a person should look at in a translation; each finding names its language."""
    language = name_language(lesson.settings.language)
    pairs = pair_slides(original.slides, lesson.slides)

    def make(rule: str, severity: Severity, told: _Told) -> Finding:
        slide, message, remedy = told
        place = Place(lesson.path, slide.line, slide.number)
        return Finding(rule, severity, Problem(f"{language}: {message}", remedy, place))

    for told in _find_missing(original, lesson, pairs):
        yield make("translation-incomplete", "warning", told)
    for told in _find_differences(original, pairs):
        yield make("translation-differs", "warning", told)
    for told in _find_short(original, lesson, pairs):
        yield make("translation-short", "note", told)
    if not same_language(original.settings.language, lesson.settings.language):
        for told in _find_untranslated(original, pairs):
            yield make("translation-untranslated", "warning", told)
    if confirmed:
        for told in _find_changed(original, lesson, pairs, confirmed):
            yield make("translation-outdated", "warning", told)
        for told in _find_moved(original, lesson, confirmed):
            yield make("translation-outdated", "warning", told)


def find_changed_slides(
    pairs: Sequence[SlidePair], confirmed: Confirmed
) -> Iterator[tuple[SlidePair, bool]]:
    """The pairs whose original was changed after the translation was confirmed, each with whether
    the translation was changed too."""
    originals, translations = confirmed.original, confirmed.translation
    for pair in pairs:
        if pair.original is None or digest_slide(pair.original) in originals:
            continue
        own = pair.translation
        yield pair, own is not None and digest_slide(own) not in translations


def _find_missing(original: Lesson, lesson: Lesson, pairs: Sequence[SlidePair]) -> Iterator[_Told]:
    before = lesson.slides[0]
    for pair in pairs:
        if pair.translation is None and pair.original is not None:
            yield (
                before,
                f"slide {pair.original.number} of {original.path!r}, {_name(pair.original)}, has "
                "no counterpart here.",
                "Translate it after this slide. If it is not wanted, <!-- skip --> it in the "
                "original, or ignore this.",
            )
        elif pair.original is None and pair.translation is not None:
            yield (
                pair.translation,
                f"{_name(pair.translation)} has no counterpart in {original.path!r}.",
                "Remove it, or add it to the original.",
            )
        before = pair.translation or before


def _find_differences(original: Lesson, pairs: Sequence[SlidePair]) -> Iterator[_Told]:
    for pair in pairs:
        if pair.original is None or pair.translation is None:
            continue
        a, b = find_facts(pair.original), find_facts(pair.translation)
        found = [
            *_describe("the number", "the numbers", a.numbers - b.numbers, b.numbers - a.numbers),
            *_count("formula", "formulas", a.formulas, b.formulas),
            *_count("piece of code", "pieces of code", a.code, b.code),
            *_count("table", "tables", a.tables, b.tables),
        ]
        if a.items != b.items:
            items = "1 list item" if b.items == 1 else f"{b.items} list items"
            found.append(f"it has {items} instead of {a.items}")
        if pair.original.steps != pair.translation.steps:
            found.append(
                f"it appears in {pair.translation.steps} steps instead of {pair.original.steps}"
            )
        if found:
            yield (
                pair.translation,
                f"this slide is not what slide {pair.original.number} of {original.path!r} is: "
                f"{'; '.join(found)}.",
                f"Compare it with line {pair.original.line} of {original.path!r}, and bring it up "
                "to date.",
            )


def _describe(one: str, many: str, lacks: Counter[str], more: Counter[str]) -> Iterator[str]:
    """Which numbers are missing and which are there instead."""
    if lacks:
        names = ", ".join([*lacks][:MOST_NAMED]) + (" …" if len(lacks) > MOST_NAMED else "")
        yield f"{one} {names} is missing" if len(lacks) == 1 else f"{many} {names} are missing"
    if more:
        names = ", ".join([*more][:MOST_NAMED]) + (" …" if len(more) > MOST_NAMED else "")
        yield f"it has {one if len(more) == 1 else many} {names}"


def _count(one: str, many: str, original: Counter[str], own: Counter[str]) -> Iterator[str]:
    if original.total() != own.total():
        counted = one if original.total() == 1 else many
        yield f"it has {own.total()} of {original.total()} {counted}"
    elif original != own:
        yield f"a {one} differs"


def _find_short(original: Lesson, lesson: Lesson, pairs: Sequence[SlidePair]) -> Iterator[_Told]:
    """Slides that say much less than the original does, measured by the rest of the lesson."""
    ratios = [
        (pair.translation, pair.original, find_facts(pair.translation).letters / said)
        for pair in pairs
        if pair.original
        and pair.translation
        and (said := find_facts(pair.original).letters) >= LEAST_LETTERS
    ]
    if len(ratios) < 3:
        return
    usual = median(ratio for _, _, ratio in ratios)
    for slide, source, ratio in ratios:
        if ratio < MOST_SHORTER * usual:
            yield (
                slide,
                f"this slide says much less than slide {source.number} of {original.path!r}, "
                f"measured by the other slides of {lesson.path!r}.",
                f"Compare it with line {source.line} of {original.path!r}: a part of it may not be "
                "translated.",
            )


def _find_untranslated(original: Lesson, pairs: Sequence[SlidePair]) -> Iterator[_Told]:
    for pair in pairs:
        if pair.original is None or pair.translation is None:
            continue
        known = {u.written for u in pair.original.utterances if len(u.tokens) >= LEAST_SAME}
        same = [u.written for u in pair.translation.utterances if u.written in known]
        if same:
            more = f" and {len(same) - 1} more" if len(same) > 1 else ""
            yield (
                pair.translation,
                f"a sentence is still that of {original.path!r}: {shorten(same[0], 60)!r}{more}.",
                "Translate it. If it is meant to be in the other language, put it into <lang>.",
            )


def _find_changed(
    original: Lesson, lesson: Lesson, pairs: Sequence[SlidePair], confirmed: Confirmed
) -> Iterator[_Told]:
    before = lesson.slides[0]
    for pair, updated in find_changed_slides(pairs, confirmed):
        if pair.original is None:
            continue
        slide = pair.translation or before
        told = " This slide was changed too." if updated else ""
        yield (
            slide,
            f"slide {pair.original.number} of {original.path!r}, {_name(pair.original)}, was "
            f"changed after this translation was confirmed.{told}",
            f"Compare it with line {pair.original.line} of {original.path!r}; once it says the "
            "same, write 'narrate translations COURSE --confirm'.",
        )


def _find_moved(original: Lesson, lesson: Lesson, confirmed: Confirmed) -> Iterator[_Told]:
    """Slides that are as they were confirmed, in another order than their originals."""
    here: dict[str, list[Slide]] = {}
    for slide in reversed(lesson.slides):
        here.setdefault(digest_slide(slide), []).append(slide)
    partners: dict[str, list[str]] = {}
    for source_digest, own_digest in reversed(confirmed.pairs):
        partners.setdefault(source_digest, []).append(own_digest)
    found: list[tuple[Slide, Slide]] = []
    for slide in original.slides:
        confirmed_own = partners.get(digest_slide(slide), [])
        same = here.get(confirmed_own.pop(), []) if confirmed_own else []
        if same:
            found.append((slide, same.pop()))
    stay = _find_longest_rise([own.number for _, own in found])
    for at, (source, own) in enumerate(found):
        if at not in stay:
            yield (
                own,
                f"this slide translates slide {source.number} of {original.path!r}, "
                f"{_name(source)}, but has another place among the others.",
                f"Put it where it stands in {original.path!r}; then write 'narrate translations "
                "COURSE --confirm'.",
            )


def _find_longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """The indices of a longest rising part of different numbers, by patience sorting."""
    tops: list[int] = []  # the least number that ends a rise of each length
    ends: list[int] = []  # and its index
    before: list[int | None] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tops, number)
        before.append(ends[length - 1] if length else None)
        tops[length : length + 1] = [number]
        ends[length : length + 1] = [at]
    rise: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        rise.add(last)
        last = before[last]
    return frozenset(rise)


def _name(slide: Slide) -> str:
    return repr(shorten(slide.title, 50)) if slide.title else f"slide {slide.number}"
