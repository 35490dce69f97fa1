"""Lists of definitions: a term, and under it `:   What it means`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.markers import MARK
from lessons.markdown.source import Edit, Source

_DEFINITION = re.compile(r"^(?P<lead> {0,3}[:~][ \t]+)(?=\S)")
_NOT_A_TERM = re.compile(
    r"^\s*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,9}[.)][ \t]|>|<|\||!\[|:|\+[-=]|[-=][ \t=-]*$|"
    rf"\[\^|{MARK})"
)


def rewrite_definition_lists(source: Source, context: Context) -> Source:
    """Write each term in bold, and each definition as the paragraphs that it is."""
    if not re.search(r"^ {0,3}[:~][ \t]", source.text, re.MULTILINE):
        return source
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    last = -1  # the last line of the definition before
    number = 0
    while number < len(lines):
        opened = _DEFINITION.match(lines[number].text) if lines[number].kind == "text" else None
        if opened is None or not (term := _find_term(lines, number, last)):
            number += 1
            continue
        if last < 0 or term is not lines[last]:
            edits += _mark_term(term)
        last = number
        first = lines[number]
        edits.append(Edit(first.start, first.start + opened.end(), ("\n",)))
        width = len(opened["lead"].expandtabs(4))
        while last + 1 < len(lines) and _belongs(lines, last + 1):
            last += 1
            line = lines[last]
            indent = len(line.text) - len(line.text.lstrip(" \t"))
            extra = 1 if line.text.startswith("\t") else min(indent, width)
            if extra:
                edits.append(Edit(line.start, line.start + extra))
        number = last + 1
    return source.edit(edits)


def _find_term(lines: Sequence[Line], number: int, last: int) -> Line | None:
    """The line of the term that is defined; the end of the definition before, if it is another
    definition of the same term."""
    above = number - 1
    while above >= 0 and number - above < 3 and not lines[above].text.strip():
        above -= 1
    if above < 0 or not lines[above].text.strip():
        return None
    if last >= 0 and above <= last:
        return lines[last]
    line = lines[above]
    if line.kind != "text" or _NOT_A_TERM.match(line.text) or "|" in line.text:
        return None
    before = lines[above - 1] if above else None
    if before is None or not before.text.strip() or before.kind != "text":
        return line
    # A term has a line of its own, unless it follows another definition.
    return line if above - 1 == last or before.text.startswith(MARK) else None


def _mark_term(term: Line) -> list[Edit]:
    bare = term.text.strip()
    start = term.start + len(term.text) - len(term.text.lstrip())
    end = start + len(bare)
    if "*" in bare or "__" in bare:
        return [Edit(start, start, ("\n",)), Edit(end, end, ("\n",))]
    return [Edit(start, start, ("\n**",)), Edit(end, end, ("**\n",))]


def _belongs(lines: Sequence[Line], number: int) -> bool:
    """Whether a line belongs to the definition above it."""
    line = lines[number]
    if line.kind in ("code", "fence", "math"):
        opening = line
        while opening.number and lines[opening.number].kind == "code":
            opening = lines[opening.number - 1]
        return opening.text.startswith((" ", "\t")) and line.number - opening.number < 500
    if not line.text.strip():
        following = number + 1
        while (
            following < len(lines)
            and following - number < 3
            and (not lines[following].text.strip())
        ):
            following += 1
        return following < len(lines) and lines[following].text.startswith(("  ", "\t"))
    if line.text.startswith((" ", "\t")):
        return _DEFINITION.match(line.text) is None
    above = lines[number - 1].text
    if not above.strip() or _NOT_A_TERM.match(line.text) or _DEFINITION.match(line.text):
        return False
    following = number + 1  # a term of its own may follow without a blank line
    return following >= len(lines) or _DEFINITION.match(lines[following].text) is None
