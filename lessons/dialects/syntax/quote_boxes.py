"""Boxes of the older Carpentries lessons: a block quote with a heading, and `{: .challenge}` under
it. Boxes may be inside of each other, one `>` deeper."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.box_kinds import find_kind
from lessons.markdown.markers import END, make_marker
from lessons.markdown.source import Edit, Source, join_sources

_QUOTED = re.compile(r"^ {0,3}>")
_MARK = re.compile(r"^ {0,3}> ?")
_CLASSES = re.compile(r"^[ \t]*\{:((?:[ \t]*[.#][\w-]+)+)[ \t]*\}[ \t]*$")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]*(?P<title>[^#\s].*?)(?:[ \t]+#+)?[ \t]*$")
_LOOKS = re.compile(r"[ \t]*\{:?[ \t]*[.#][^{}\n]*\}$")
_FENCE = re.compile(r"^[ \t]*(`{3,}(?=[^`]*$)|~{3,})")
_DEEPEST = 8


def rewrite_quote_boxes(source: Source, depth: int = 0) -> Source:
    """Turn block quotes with the class of a box into boxes."""
    if ">" not in source.text or "{:" not in source.text or depth > _DEEPEST:
        return source
    lines = source.text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    edits: list[Edit] = []
    number = 0
    fence = ""
    while number < len(lines):
        line = lines[number]
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            number += 1
            continue
        if not _QUOTED.match(line):
            opened = _FENCE.match(line)
            fence = opened[1] if opened else ""
            number += 1
            continue
        last = _find_end(lines, number)
        kind, behind = _find_kind_below(lines, last)
        inside = source[starts[number] : min(starts[last + 1], len(source))]
        if kind:
            end = min(starts[behind + 1], len(source))
            edits.append(Edit(starts[number], end, (_make_box(inside, kind, depth),)))
        number = behind + 1
    return source.edit(edits)


def _find_end(lines: Sequence[str], number: int) -> int:
    """The last line of a block quote. A line of prose without `>` continues its paragraph."""
    last = number
    while last + 1 < len(lines):
        line = lines[last + 1]
        lazy = lines[last].strip("> \t") and re.match(r"[ \t]*[\w(\[\"'*`]", line)
        if not _QUOTED.match(line) and (not lazy or _FENCE.match(line)):
            break
        last += 1
    return last


def _find_kind_below(lines: Sequence[str], last: int) -> tuple[str, int]:
    """The kind of box that the line under a quote names, and the last line that belongs to it."""
    if last + 1 >= len(lines):
        return "", last
    found = _CLASSES.match(lines[last + 1])
    if found is None:
        return "", last
    names = re.findall(r"\.([\w-]+)", found[1])
    kinds = [kind for kind in map(find_kind, names) if kind != "plain"]
    return (kinds[0] if kinds else ""), last + 1


def _make_box(quoted: Source, kind: str, depth: int) -> Source:
    """The box that a quote becomes: its first heading is its title."""
    edits: list[Edit] = []
    at = 0
    for line in quoted.text.split("\n"):
        if mark := _MARK.match(line):
            edits.append(Edit(at, at + mark.end()))
        at += len(line) + 1
    inside = quoted.edit(edits)
    title: str | Source = ""
    start = 0
    for line in inside.text.split("\n"):
        if line.strip():
            if heading := _HEADING.match(line):
                bare = _LOOKS.sub("", heading["title"])
                begin = start + heading.start("title")
                title = inside[begin : begin + len(bare)]
                inside = inside[min(start + len(line) + 1, len(inside)) : len(inside)]
            break
        start += len(line) + 1
    content = rewrite_quote_boxes(inside, depth + 1)
    line_end = "" if content.text.endswith("\n") or not content.text else "\n"
    parts = [*make_marker("box", kind, title=title), "\n", content, line_end, "\n", *END, "\n"]
    return join_sources(parts, quoted)
