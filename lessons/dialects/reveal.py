"""reveal.js and reveal-md: `---` and `----` separate slides, and `Note:` begins notes."""

from __future__ import annotations

import re

from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.dialects.syntax.separators import (
    RULE,
    ends_block,
    find_note_lines,
    find_rules,
    mark_notes,
    separate_slides,
)
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source
from lessons.wordset import word_set

_KEYS = word_set(
    "revealOptions separator verticalSeparator notesSeparator highlightTheme theme scripts "
    "preprocessor title css static"
)
_ELEMENT = re.compile(r"<!--\s*\.(?:slide|element):")


class Reveal(Dialect):
    """Markdown decks for reveal.js."""

    name = "reveal"
    title = "reveal.js"
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if word_set("revealOptions verticalSeparator notesSeparator") & sample.front.keys():
            return 95
        lines = scan_lines(sample.text)
        rules = any(True for _ in find_rules(lines))
        if _ELEMENT.search(sample.text):
            return 80 if rules else 40
        return 50 if rules and any(True for _ in find_note_lines(lines)) else 0

    def read(self, source: Source, context: Context) -> Reading:
        lines = scan_lines(source.text)
        rules = [*find_rules(lines, RULE), *_find_vertical(lines)]
        source = separate_slides(source, sorted(rules, key=lambda line: line.start))
        source = mark_notes(source, lambda line: line.text.startswith(MARK + "slide"))
        return Reading(rewrite_common(source, context), "deck", comments_are_notes=True)


def _find_vertical(lines: list[Line]) -> list[Line]:
    """The lines `--`, which need blank lines on both sides."""
    found = []
    for line in lines:
        if line.kind == "text" and line.text.rstrip() == "--":
            above = lines[line.number - 1].text if line.number else ""
            below = lines[line.number + 1].text if line.number + 1 < len(lines) else ""
            if ends_block(above) and not below.strip():
                found.append(line)
    return found
