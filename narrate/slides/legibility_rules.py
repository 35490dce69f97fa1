"""What of a drawn slide is hard to read, by the measures of `narrate.slides.legibility`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from foundation.languages import primary
from foundation.problem import Place, Problem
from foundation.shortening import shorten
from lessons.model import Finding
from narrate.slides.legibility import Legibility, TextLine, count_characters

LEAST_LETTER = 9.0
"""The height of an x in pixels at 1080p. Reading is fluent from about 12 (0.2 degrees; Legge and
Bigelow 2011), which the smallest text of a slide has. The measure may err by a pixel or two, and
other scripts have smaller letters."""

LEAST_PICTURE_LETTER = 7.0
"""The same inside of a picture: seven minutes of arc. Below, even sharp eyes (which tell apart
letters of five) read slowly, and most viewers not at all."""

ENOUGH_SMALL_LINES = 3  # of a picture: one may be a mark or a credit
ENOUGH_SMALL_LETTERS = 40

LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
"""WCAG 2.2, 1.4.3. Thin strokes are mixed with the ground around them, so that they are measured
with a little less than their colour has."""
MIXED = 0.88

LEAST_MEASURED = 7.0  # pixels at 1080p; in smaller letters no stroke has its full colour

LARGE_LETTER = 18.0
"""The height of an x in pixels at 1080p of text that WCAG calls large: 24 CSS pixels, if the video
fills a laptop's screen of 1280."""

LONGEST_LINE, LONGEST_CJK_LINE = 80, 40
"""Characters (WCAG 2.2, 1.4.8). Only text that is wrapped is measured against it."""
SPARE = 1.15  # the number of characters is estimated by the width

_CJK = frozenset({"zh", "ja", "ko"})


def find_illegible(
    pages: Sequence[Legibility],
    *,
    prose: Sequence[bool],
    names: Mapping[str, str],
    language: str,
    place: Place,
) -> Iterator[Finding]:
    """What is hard to read on the pages of a slide. `prose` tells for each page whether it has
    nothing but running text, and `names` are those of the pictures."""
    running = {number for number, is_prose in enumerate(prose, 1) if is_prose}
    for number, page in enumerate(pages, 1):
        where = f"Page {number} of the slide" if len(pages) > 1 else "The slide"
        yield from _check_text(page, where, place)
        yield from _check_pictures(page, names, place)
        if number in running:
            yield from _check_lines(page, where, language, place)
        if page.near:
            message = f"{where} has something very close to {' and '.join(page.near)}."
            remedy = "Shorten what is there, or choose another theme."
            yield Finding("text-near", "warning", Problem(message, remedy, place))


def _check_text(page: Legibility, where: str, place: Place) -> Iterator[Finding]:
    smallest = page.smallest_letter
    if smallest is not None and smallest < LEAST_LETTER:
        message = f"{where} has letters that are only {smallest:.0f} pixels high."
        remedy = "Show less at once: shorten long formulas, tables and lines of code."
        yield Finding("text-small", "warning", Problem(message, remedy, place))
    weak = [
        line
        for line in page.lines
        if line.letter >= LEAST_MEASURED * page.unit
        and line.contrast < _find_least_contrast(line, page.unit)
    ]
    if weak:
        least = min(line.contrast for line in weak)
        message = f"{where} has text with a contrast of only {least:.1f}:1 with its ground."
        remedy = "Use colours with a contrast of 4.5:1, or 3:1 for large text."
        yield Finding("text-contrast", "warning", Problem(message, remedy, place))


def _find_least_contrast(line: TextLine, unit: float) -> float:
    large = line.letter >= LARGE_LETTER * unit
    return MIXED * (LEAST_CONTRAST_LARGE if large else LEAST_CONTRAST)


def _check_lines(page: Legibility, where: str, language: str, place: Place) -> Iterator[Finding]:
    limit = LONGEST_CJK_LINE if primary(language) in _CJK else LONGEST_LINE
    # A single long line is easy to follow: only in a block the eye may miss the next one.
    long = sorted((count_characters(line) for line in page.lines), reverse=True)[1:2]
    if long and long[0] > SPARE * limit:
        message = f"{where} has lines of about {long[0]} characters, in which one gets lost."
        remedy = f"Shorten the text, so that it is set larger: lines are best below {limit}."
        yield Finding("lines-long", "note", Problem(message, remedy, place))


def _check_pictures(page: Legibility, names: Mapping[str, str], place: Place) -> Iterator[Finding]:
    for shown, lines in page.in_pictures:
        small = [line for line in lines if line.letter < LEAST_PICTURE_LETTER * page.unit]
        letters = sum(line.letters for line in small)
        most = sum(line.letters for line in lines) / 2
        if len(small) < ENOUGH_SMALL_LINES or letters < max(ENOUGH_SMALL_LETTERS, most):
            continue
        height = sorted(line.letter for line in small)[len(small) // 2] / page.unit
        message = (
            f"The picture {shorten(names.get(shown.file, shown.file))} has text whose letters are "
            f"only about {height:.0f} pixels high on the slide."
        )
        remedy = "Show only the part that matters, or give the picture a slide of its own."
        yield Finding("picture-text-small", "note", Problem(message, remedy, place))
