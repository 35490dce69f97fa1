"""Marp: `---` separates slides, comments are notes, and pictures have keywords in their text."""

from __future__ import annotations

import re

from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.scan import replace_in_prose, scan_lines
from lessons.dialects.syntax.separators import ANY_RULE, find_rules, separate_slides
from lessons.markdown.markers import Parts, make_marker, make_width
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_KEYS = word_set(
    "marp theme style headingDivider size math title author description keywords url image lang "
    "paginate header footer class backgroundColor backgroundImage backgroundPosition "
    "backgroundRepeat backgroundSize color transition"
)
_SURE = _KEYS - word_set("title author description keywords url image lang theme size style class")
_PICTURE = re.compile(r"!\[([^\]\n]*)\](\([^)\n]*\))")
_KEYWORD = re.compile(
    r"(?:^|(?<=\s))(?:bg|left|right|fit|cover|contain|auto|vertical|(?:left|right):\d+%|\d+%"
    r"|(?:w|h|width|height):\S+|(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate"
    r"|invert|opacity|saturate|sepia)(?::\S+)?)(?=\s|$)"
)
_WIDTH = re.compile(r"(?:^|\s)(?:w|width):(\d+(?:\.\d+)?)(px|%)?(?=\s|$)")
_SLIDE_WIDTH = 1280  # pixels of a Marp slide


class Marp(Dialect):
    """Marp and the Marpit framework."""

    name = "marp"
    title = "Marp"
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if "marp" in sample.front:
            return 95
        named = {key.lstrip("_$") for key in sample.front}
        if named & _SURE:
            return 60
        return 30 if sample.front.get("theme") in ("gaia", "uncover") else 0

    def read(self, source: Source, context: Context) -> Reading:
        return read_marp(source, context)


def read_marp(source: Source, context: Context) -> Reading:
    """A Marp deck in the form that the parser reads."""
    divider = context.front.get("headingDivider")
    levels: frozenset[int] = frozenset()
    if isinstance(divider, int):
        levels = frozenset(range(1, divider + 1))
    elif isinstance(divider, list):
        levels = frozenset(level for level in divider if isinstance(level, int))
    source = separate_slides(source, list(find_rules(scan_lines(source.text), ANY_RULE)))
    source = _divide_at_headings(source, levels)
    source = replace_in_prose(source, _PICTURE, _rewrite_picture)
    return Reading(rewrite_common(source, context), "deck", comments_are_notes=True)


def _divide_at_headings(source: Source, levels: frozenset[int]) -> Source:
    heading = re.compile(r"^(#{1,6})[ \t]")
    edits = []
    for line in scan_lines(source.text):
        match = heading.match(line.text) if line.kind == "text" else None
        if match and len(match[1]) in levels:
            edits.append(Edit(line.start, line.start, make_marker("slide")))
    return source.edit(edits)


def _rewrite_picture(match: re.Match[str], source: Source) -> Parts | None:
    """A picture without its keywords, and with the width that they ask for."""
    alt = match[1]
    words = list(_KEYWORD.finditer(alt))
    if not words:
        return None
    kept = " ".join(_KEYWORD.sub(" ", alt).split())
    parts: list[str | Source] = ["![", kept, "]", source[match.start(2) : match.end(2)]]
    if width := _WIDTH.search(alt):
        share = float(width[1]) / (100 if width[2] == "%" else _SLIDE_WIDTH)
        if 0 < share < 1:
            parts.append(make_width(share))
    return tuple(parts)
