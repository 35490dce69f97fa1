"""Where Slidev cuts a deck into slides, and where the header of each one ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lessons.markdown.source import Source

_FENCE = re.compile(r"^(\s*)(`+)")
_KEY = re.compile(r"[ \t]*[\"']?[A-Za-z_$][\w.$-]*[\"']?[ \t]*:(?:[ \t]|$)")
_MISTYPED = re.compile(r"(?:--|-{4,})[ \t]*$")
_HEADING = re.compile(r"#{1,6}[ \t]+\S")
_NEVER_PROSE = tuple(" \t#-'\"{}[],")  # YAML has lines that begin so and hold no key
_LONGEST_HEADER = 200  # lines in which its end is looked for


@dataclass(frozen=True, slots=True)
class RawSlide:
    """A slide as it is cut: the offsets of its text, and of its header if it has one. A header is
    `unclosed` if no line of `---` ends it."""

    start: int
    end: int
    header: tuple[int, int] | None = None
    unclosed: bool = False


def cut_slides(source: Source, *, opened: bool) -> list[RawSlide]:
    """The slides of a text. `opened` tells that a header before the text has been read."""
    text = source.text
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    closing, headers = _find_fence_ends(lines), _find_headers(lines)
    raws: list[RawSlide] = []

    def add(end: int) -> None:
        unclosed = header is not None and lines[header[1]].rstrip() != "---"
        raws.append(_make_raw(starts, start, end, header, unclosed))

    start, header, begun = 0, None, opened
    number, in_comment = 0, False
    while number < len(lines):
        line = lines[number]
        if in_comment:
            in_comment = _ends_in_comment(line, True)
        elif line.startswith("---"):
            if begun or start != number:
                add(number)
                start, header, begun = number + 1, None, False
            last = headers.get(number)
            if last is not None:
                start, header, begun = number, (number, last), True
                number = last
        elif number in closing:
            number = closing[number]
        elif not line.lstrip().startswith("```"):
            in_comment = _ends_in_comment(line, False)
        number += 1
    if start < len(lines):
        add(len(lines))
    return raws


def _find_headers(lines: Sequence[str]) -> dict[int, int]:
    """For each line that begins a header, the line that ends it. Text without a key is no header,
    and neither is text below the keys: Slidev would lose both."""
    headers: dict[int, int] = {}
    closing, keys = -1, False  # the next line that could close a header; keys before it
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        opens = line.startswith("---") and line[3:4] != "-" and number + 1 < len(lines)
        if opens and keys and lines[number + 1].strip():
            end = _find_end(lines, number + 1, closing)
            if end >= 0:
                headers[number] = end
        if line.rstrip() == "---":
            closing, keys = number, False
        else:
            keys = keys or _KEY.match(line) is not None
    return headers


def _find_end(lines: Sequence[str], first: int, closing: int) -> int:
    """The line that ends the keys from `first` on: the one that closes the header (-1: none does),
    or an earlier one if other dashes were typed, or if the header was never closed and text follows
    behind a blank line. -1 if there is no header."""
    last = closing if closing >= 0 else len(lines)
    blank, keyed, headed = -1, False, False  # `headed`: a heading stands behind the blank line
    for number in range(first, min(last, first + _LONGEST_HEADER)):
        line = lines[number]
        if keyed and _MISTYPED.match(line):
            return number
        if not line.strip():
            blank = number if blank < 0 else blank
        elif _KEY.match(line):
            keyed = True
            blank = blank if headed else -1
        elif _HEADING.match(line):
            headed = headed or (blank >= 0 and not "".join(lines[number + 1 : number + 2]).strip())
        elif not line.startswith(_NEVER_PROSE):
            return -1 if not keyed else blank if blank >= 0 else closing
    return closing


def _make_raw(
    starts: list[int],
    start: int,
    end: int,
    header: tuple[int, int] | None,
    unclosed: bool,
) -> RawSlide:
    stop = starts[end] - (end == len(starts) - 1)
    if header is None:
        return RawSlide(starts[start], stop)
    keys = (starts[header[0] + 1], starts[header[1]])
    return RawSlide(min(starts[header[1] + 1], stop), stop, keys, unclosed)


def _find_fence_ends(lines: Sequence[str]) -> dict[int, int]:
    """For each line that opens a code block, the line that closes it: the next one that begins
    with the same white space and as many backticks."""
    ends: dict[int, int] = {}
    waiting: dict[str, list[tuple[int, int]]] = {}  # later lines, the nearest last; fewer first
    for number in range(len(lines) - 1, -1, -1):
        found = _FENCE.match(lines[number])
        if found is None:
            continue
        ticks = len(found[2])
        later = waiting.setdefault(found[1], [])
        while later and later[-1][1] < ticks:
            later.pop()
        if ticks >= 3 and later:
            ends[number] = later[-1][0]
        later.append((number, ticks))
    return ends


def _ends_in_comment(line: str, inside: bool) -> bool:
    at = 0
    while True:
        at = line.find("-->" if inside else "<!--", at)
        if at < 0:
            return inside
        at += 3 if inside else 4
        inside = not inside


def find_keys(source: Source, header: tuple[int, int]) -> Iterator[str]:
    """The names of the first keys of a header."""
    for line in source.text[header[0] : header[1]].split("\n")[:60]:
        if _KEY.match(line):
            yield line.partition(":")[0].strip(" \t\"'")
