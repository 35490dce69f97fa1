"""Rules that separate slides (`---`), and notes that begin with `Note:`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.markers import END, make_marker
from lessons.markdown.source import Edit, Source

RULE = re.compile(r"^-{3,}[ \t]*$")
ANY_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_BLOCK = re.compile(r"[ \t]*(?:#{1,6}[ \t]|`{3}|~{3}|[-*+][ \t]|\d{1,9}[.)][ \t]|>|<|\||-{3,}\s*$)")
NOTE = re.compile(r"[ \t]*notes?:[ \t]*", re.IGNORECASE)


def ends_block(line: str) -> bool:
    """Whether a `---` under this line is a rule, and not the underline of a heading."""
    return not line.strip() or _BLOCK.match(line) is not None or line.rstrip().endswith("-->")


def find_rules(lines: Sequence[Line], pattern: re.Pattern[str] = RULE) -> Iterator[Line]:
    """The rules between blocks: those that are not the underline of a heading."""
    for line in lines:
        if line.kind == "text" and pattern.match(line.text):
            above = lines[line.number - 1].text if line.number else ""
            if ends_block(above) or "-" not in line.text:
                yield line


def separate_slides(source: Source, rules: Sequence[Line]) -> Source:
    """Put a slide marker in the place of each of these lines."""
    return source.edit(
        Edit(x.start, min(x.end + 1, len(source)), make_marker("slide")) for x in rules
    )


def find_note_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that open notes with `Note:`. Such a line follows a blank line or holds nothing
    else, since a sentence may begin with the word too."""
    for line in lines:
        if line.kind != "text":
            continue
        head = NOTE.match(line.text)
        above = lines[line.number - 1].text if line.number else ""
        if head is not None and (ends_block(above) or not line.text[head.end() :].strip()):
            yield line


def mark_notes(source: Source, ends: Callable[[Line], bool]) -> Source:
    """Put the text after `Note:` up to the end of the slide between notes markers. `ends` tells
    whether a line ends a slide."""
    lines = scan_lines(source.text)
    openings = {line.number for line in find_note_lines(lines)}
    edits: list[Edit] = []
    opened = False
    for line in lines:
        if opened and ends(line):
            edits.append(Edit(line.start, line.start, END))
            opened = False
        if line.number in openings and not opened:
            head = NOTE.match(line.text)
            assert head is not None
            stop = line.start + head.end()
            edits.append(Edit(line.start, stop, make_marker("notes")))
            opened = True
    if opened:
        edits.append(Edit(len(source), len(source), ("\n", *END)))
    return source.edit(edits)
