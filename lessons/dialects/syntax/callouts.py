"""Quotes that are boxes: `> [!NOTE]` of GitHub, and `> [!tip]- Title` of Obsidian."""

from __future__ import annotations

import re

from lessons.box_kinds import BOX_KINDS, find_kind
from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source

MOST_DEPTH = 8
_OPENING = re.compile(
    r"^([ \t]*)>[ \t]?\[!([A-Za-z][\w -]{0,40})(?:\|[^\]\n]{0,200})?\]([+-]?)"
    r"(?:[ \t\xa0]+(.*))?[ \t]*$"
)
_QUOTED = re.compile(r"^[ \t]*>[ ]?")


def rewrite_callouts(source: Source, context: Context) -> Source:
    """Make boxes of such quotes. One inside of another is found after the outer one."""
    for _ in range(MOST_DEPTH):
        if "[!" not in source.text:
            break
        made = _rewrite_outer(source)
        if made is source:
            break
        source = made
    return source


def _rewrite_outer(source: Source) -> Source:
    edits: list[Edit] = []
    lines = scan_lines(source.text)
    end = -1  # the number of the last line of the box that is open
    for line in lines:
        quoted = _QUOTED.match(line.text)
        if line.number <= end and quoted:
            indent = len(line.text) - len(line.text.lstrip())
            edits.append(Edit(line.start + indent, line.start + quoted.end()))
            if line.number == end:
                edits.append(_close(source, line))
            continue
        opened = _OPENING.match(line.text) if line.kind == "text" else None
        if opened is None:
            continue
        end = line.number
        while end + 1 < len(lines) and _QUOTED.match(lines[end + 1].text):
            end += 1
        stop = min(line.end + 1, len(source))
        edits.append(Edit(line.start, stop, ("\n", opened[1], *_make_box(source, line, opened))))
        if end == line.number:
            edits.append(Edit(stop, stop, END))
    return source.edit(edits)


def _close(source: Source, line: Line) -> Edit:
    stop = min(line.end + 1, len(source))
    before = () if stop > line.end else ("\n",)
    return Edit(stop, stop, (*before, *END))


def _make_box(source: Source, line: Line, opened: re.Match[str]) -> Parts:
    name = opened[2].strip()
    kind = find_kind(name)
    if (opened[4] or "").strip():
        start = line.start + opened.start(4)
        return make_marker("box", kind, title=source[start : start + len(opened[4].rstrip())])
    if BOX_KINDS[kind].label:
        return make_marker("box", kind)
    return make_marker("box", kind, title=name[:1].upper() + name[1:].lower())
