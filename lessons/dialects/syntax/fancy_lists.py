"""Lists that Markdown does not know: `(@)` examples, `#.`, `a)`, `(i)`; and line blocks (`| …`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, mask_code, scan_lines
from lessons.markdown.source import Edit, Source

_EXAMPLE = re.compile(r"^(?P<indent>[ \t]*)(?P<sign>\(@(?P<name>[\w-]*)\))[ \t]+(?=\S)")
_CALLED = re.compile(r"\(@(?P<name>[\w-]+)\)")
_FANCY = re.compile(
    r"^(?P<indent>[ \t]*)(?P<sign>#\.|\((?P<inner>[0-9]{1,3}|[a-z]|[ivx]{1,5}|[A-Z])\)"
    r"|(?P<outer>[a-z]|[ivx]{1,5}|[A-Z](?=\)))[.)])[ \t]+(?=\S)"
)
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)]|\([\w@-]{1,5}\)|#\.|[A-Za-z]{1,5}[.)])[ \t]")
_VERSE = re.compile(r"^\|(?P<space>[ \t]+|$)")


def rewrite_fancy_lists(source: Source, context: Context) -> Source:
    """Number lists with digits, and name examples by their numbers."""
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    numbers: dict[str, int] = {}
    count = 0
    for line in lines:
        if line.kind != "text":
            continue
        example = _EXAMPLE.match(line.text)
        if example is not None:
            count += 1
            numbers.setdefault(example["name"], count)
            start, end = example.span("sign")
            edits.append(Edit(line.start + start, line.start + end, (f"{count}.",)))
        elif (fancy := _FANCY.match(line.text)) and _begins_item(lines, line):
            start, end = fancy.span("sign")
            number = _read_number(fancy["inner"] or fancy["outer"] or "1")
            edits.append(Edit(line.start + start, line.start + end, (f"{number}.",)))
    if numbers:
        masked = mask_code(source.text)
        edits += [
            Edit(called.start() + 1, called.end() - 1, (str(numbers[called["name"]]),))
            for called in _CALLED.finditer(masked)
            if called["name"] in numbers
        ]
    return source.edit(edits)


def _begins_item(lines: Sequence[Line], line: Line) -> bool:
    above = lines[line.number - 1].text if line.number else ""
    return not above.strip() or _ITEM.match(above) is not None


def _read_number(sign: str) -> int:
    """The number that a letter or a Roman number stands for; a lone `i` begins Roman ones."""
    if sign.isdecimal():
        return int(sign)
    if len(sign) > 1 or sign in "ivx":
        values = [{"i": 1, "v": 5, "x": 10}.get(char, 0) for char in sign.lower()]
        pairs = zip(values, [*values[1:], 0], strict=True)
        return max(sum(-value if value < following else value for value, following in pairs), 1)
    return ord(sign.lower()) - ord("a") + 1


def rewrite_line_blocks(source: Source, context: Context) -> Source:
    """Write lines that begin with `| ` as lines of a paragraph, broken where they are."""
    if not re.search(r"^\|[ \t]", source.text, re.MULTILINE):
        return source
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    block: list[Line] = []
    for line in [*lines, Line(len(lines), len(source), "", "text")]:
        if line.kind == "text" and _VERSE.match(line.text):
            block.append(line)
            continue
        if block and not any(_is_row(x.text) for x in block):
            for number, verse in enumerate(block):
                found = _VERSE.match(verse.text)
                assert found is not None
                edits.append(Edit(verse.start, verse.start + found.end()))
                if number + 1 < len(block) and verse.text[found.end() :].strip():
                    edits.append(Edit(verse.end, verse.end, ("\\",)))
        block = []
    return source.edit(edits)


def _is_row(text: str) -> bool:
    """Whether a line is a row of a table."""
    return (text.rstrip().endswith("|") and len(text.strip()) > 1) or "|" in text[1:]
