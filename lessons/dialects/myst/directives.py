"""Directives of MyST: fences with a name in braces, an argument, options and a body."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.configuration import parse_yaml
from lessons.dialects.syntax.file_parts import remove_indent
from lessons.markdown.source import Source

_OPENING = re.compile(
    r"^(?P<head>(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)*[ \t]*)(?P<fence>(?P<tick>`{3,})|~{3,}|:{3,})"
    r"[ \t]*\{(?P<name>(?:[A-Za-z][\w:.+-]*)?)\}[ \t]*(?P<argument>(?(tick)[^`\n]*|[^\n]*))$"
)
_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r"^([ \t]*)(?:[-*+]|\d{1,9}[.)])([ \t]+)")
_OPTION = re.compile(
    r"^:([\w-]+):(?:[ \t]+(.*))?$|^:(width|alt|name|class|align|height|scale|figclass|tags):(\S.*)$"
)
_FARTHEST = 300  # lines that are looked back through for the list around a directive
_NO_OPTIONS: Mapping[str, str] = FrozenMapping({})


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive in a source, from the offset `start` to `end`.

    `head` is what stands before its fence; `indent` is the white space before the other lines of
    what comes in its place, which keeps them in the list around it. `body` and `argument` have no
    indentation.
    """

    name: str
    head: str
    indent: str
    start: int
    end: int
    argument: Source
    body: Source
    options: Mapping[str, str] = field(default_factory=lambda: _NO_OPTIONS)

    def get(self, name: str) -> str:
        return self.options.get(name, "").strip()


def find_directives(source: Source) -> list[Directive]:
    """The outermost directives of a source. What is inside of code is none."""
    lines = source.text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    found: list[Directive] = []
    number = 0
    fence = ""
    while number < len(lines):
        line = lines[number]
        number += 1
        if fence:
            if _closes(line, fence):
                fence = ""
            continue
        opened = _OPENING.match(line) if "{" in line else None
        if opened is None:
            plain = _FENCE.match(line)
            fence = plain[1] if plain else ""
            continue
        last = _find_end(lines, number, opened["fence"], len(opened["head"]) + 3)
        found.append(_read(source, lines, starts, number - 1, last, opened))
        number = last + 1
    return found


def _closes(line: str, fence: str) -> bool:
    bare = line.strip().lstrip("> \t")
    return bare.startswith(fence) and not bare.strip(fence[0])


def _find_end(lines: Sequence[str], first: int, fence: str, farthest: int) -> int:
    """The number of the line that closes a fence; that behind the last line if none does. It is
    indented by at most `farthest`.

    Colons may be nested in colons of the same number, as people write them. Backticks close at the
    first line of as many.
    """
    depth = 0
    inner = ""
    for number in range(first, len(lines)):
        line = lines[number]
        if inner:
            if _closes(line, inner):
                inner = ""
            continue
        bare = line.strip()
        if fence[0] == ":" and (opened := _OPENING.match(line)) is not None:
            if opened["fence"] == fence:
                depth += 1
            elif opened["fence"][0] != ":":
                inner = opened["fence"]
        elif (
            bare.startswith(fence)
            and not bare.strip(fence[0])
            and len(line) - len(line.lstrip()) <= farthest
        ):
            if depth == 0:
                return number
            depth -= 1
        elif fence[0] == ":" and (plain := _FENCE.match(line)):
            inner = plain[1]
    return len(lines)


def _read(
    source: Source,
    lines: Sequence[str],
    starts: Sequence[int],
    first: int,
    last: int,
    opened: re.Match[str],
) -> Directive:
    head = opened["head"]
    width = len(head.expandtabs(4))
    indent = width if head.strip() else _find_list(lines, first, width)
    begin = starts[first] + opened.start("argument")
    argument = source[begin : begin + len(opened["argument"].rstrip())]
    body = source[starts[first + 1] : starts[last]] if last > first + 1 else source[0:0]
    body = remove_indent(body, width)
    options, at = _read_options(body.text)
    end = min(starts[min(last + 1, len(lines))], len(source))
    return Directive(
        opened["name"], head if head.strip() else " " * indent, " " * indent, starts[first], end,
        argument, body[at : len(body)], options,
    )  # fmt: skip


def _find_list(lines: Sequence[str], number: int, width: int) -> int:
    """The column of the list item in which a line stands; 0 if it stands in none."""
    limit = width
    for above in range(number - 1, max(number - _FARTHEST, -1), -1):
        line = lines[above]
        if not limit:
            break
        if not line.strip():
            continue
        item = _ITEM.match(line)
        if item is not None and len(item[0].expandtabs(4)) <= limit:
            return len(item[0].expandtabs(4))
        limit = min(limit, len(line) - len(line.lstrip()))
    return 0


def _read_options(text: str) -> tuple[Mapping[str, str], int]:
    """The options at the start of a body, and where the content begins."""
    bare = text.lstrip("\n")
    if bare.startswith("---"):
        return _read_yaml(text, len(text) - len(bare))
    if not bare.lstrip(" ").startswith(":"):
        return _NO_OPTIONS, 0
    options: dict[str, str] = {}
    at = len(text) - len(bare)
    name = ""
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        option = _OPTION.match(line.strip())
        if option is not None:
            name = option[1] or option[3]
            options[name] = option[2] or option[4] or ""
        elif name and line.startswith("  ") and line.strip():
            options[name] += " " + line.strip()
        else:
            break
        at = min(end + 1, len(text))
    return FrozenMapping(options), at


def _read_yaml(text: str, at: int) -> tuple[Mapping[str, str], int]:
    close = re.compile(r"^---[ \t]*$", re.MULTILINE).search(text, at + 3)
    if close is None:
        return _NO_OPTIONS, 0
    values = parse_yaml(text[at + 3 : close.start()])
    options: dict[str, str] = {}
    if isinstance(values, dict):
        for name, value in values.items():
            if isinstance(value, list):
                value = ", ".join(map(str, value[:20]))
            options[str(name)] = "" if value is None else str(value)
    return FrozenMapping(options), min(close.end() + 1, len(text))
