"""Footnotes (`[^1]`): the note is shown on the slide that refers to it, and never read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, mask_code, scan_lines
from lessons.markdown.markers import END, MARK, OPENING, Parts, make_marker, parse_marker
from lessons.markdown.source import Edit, Source

_DEFINITION = re.compile(r"^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*")
_REFERENCE = re.compile(r"(?:(?<=\S)|(?<=\S )|(?!\[\^[^\]\s]{1,60}\]:))\[\^([^\]\s]{1,60})\]")
_INLINE = re.compile(r"\^\[((?:[^\[\]\n]|\n(?![ \t]*\n)|\[[^\[\]\n]{0,200}\]){1,1000})\]")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def rewrite_footnotes(source: Source, context: Context) -> Source:
    """Move the text of each footnote behind the paragraph that refers to it first, and take out the
    marks. A note to which nothing refers is taken out."""
    if "[^" not in source.text and "^[" not in source.text:
        return source
    lines = scan_lines(source.text)
    masked = mask_code(source.text)
    notes, edits = _find_definitions(source, lines)
    shown: dict[str, int] = {}
    behind: dict[int, list[Parts]] = {}
    speaker_notes = _find_notes(lines)
    paragraphs = _find_paragraph_ends(lines)
    starts = [line.start for line in lines]
    definitions, taken = iter([*edits, Edit(len(masked), len(masked))]), 0
    definition = next(definitions)
    for match in sorted(
        [*_REFERENCE.finditer(masked), *_INLINE.finditer(masked)], key=lambda m: m.start()
    ):
        while definition.end <= match.start():
            definition = next(definitions)
        if match.start() < taken or match.start() >= definition.start:
            continue
        taken = match.end()
        edits.append(Edit(match.start(), match.end()))
        if match[0].startswith("^"):
            text: Source | None = source[match.start(1) : match.end(1)]
            name = f"^{match.start()}"
        else:
            name = match[1]
            text = notes.get(name)
        if name not in shown and text is not None and text.text.strip():
            shown[name] = len(shown) + 1
            number = bisect_right(starts, match.start()) - 1
            ending = speaker_notes.get(number)
            at = lines[paragraphs[number] if ending is None else ending].end
            sign = str(len(shown)).translate(_SUPERSCRIPT)
            behind.setdefault(at, []).append((sign, " ", text))
    for at, found in behind.items():
        parts: list[str | Source] = ["\n\n", *make_marker("unread")]
        for note in found:
            parts += [*note, "\n\n"]
        edits.append(Edit(at, at, (*parts, *END)))
    return source.edit(edits)


def _find_definitions(
    source: Source, lines: Sequence[Line]
) -> tuple[dict[str, Source], list[Edit]]:
    """The text of each note, and edits that take the notes out."""
    notes: dict[str, Source] = {}
    edits: list[Edit] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        opened = _DEFINITION.match(line.text) if line.kind == "text" else None
        if opened is None:
            position += 1
            continue
        last = position
        while last + 1 < len(lines) and _continues(lines, last + 1):
            last += 1
        start, end = line.start + opened.end(), lines[last].end
        text = source[start:end]
        indents = [Edit(m.start(), m.end(), (" ",)) for m in re.finditer(r"\n[ \t]*", text.text)]
        notes.setdefault(opened[1], text.edit(indents))
        edits.append(Edit(line.start, min(end + 1, len(source))))
        position = last + 1
    return notes, edits


def _continues(lines: Sequence[Line], number: int) -> bool:
    """Whether a line belongs to the note above it."""
    line = lines[number]
    if line.kind != "text" or line.text.startswith(MARK):
        return False
    if not line.text.strip():
        following = lines[number + 1] if number + 1 < len(lines) else None
        return following is not None and following.text.startswith("    ")
    return line.text.startswith(("    ", "\t")) or (
        bool(lines[number - 1].text.strip())
        and not re.match(r"\s*(?:#|[-*+] |>|\||`{3}|:::|\[\^)", line.text)
    )


def _find_paragraph_ends(lines: Sequence[Line]) -> list[int]:
    """For each line, the last one of its block: that before the next blank line or marker."""
    ends = [line.number for line in lines]
    for number in range(len(lines) - 2, -1, -1):
        following = lines[number + 1].text
        if following.strip() and not following.startswith(MARK):
            ends[number] = ends[number + 1]
    return ends


def _find_notes(lines: Sequence[Line]) -> dict[int, int]:
    """The lines of speaker notes, each with the last line of its notes: a footnote of theirs is
    shown behind them."""
    found: dict[int, int] = {}
    opened: list[int] = []
    depth = 0
    for line in lines:
        marker = parse_marker(line.text)
        if marker is None:
            if depth:
                opened.append(line.number)
            continue
        if marker[0].name == "notes" and not depth:
            depth = 1
        elif depth:
            depth += (marker[0].name in OPENING) - (marker[0].name == "end")
            if not depth:
                found.update(dict.fromkeys(opened, line.number))
                opened.clear()
    return found
