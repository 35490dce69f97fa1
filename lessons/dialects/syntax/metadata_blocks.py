"""Metadata of pandoc: a title block (`% Title`), and YAML between the paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.errors import LessonError
from lessons.markdown.source import Edit, Source

_KEY = re.compile(r"^[\"']?[A-Za-z_$][\w.$ -]{0,100}[\"']?[ \t]{0,9}:(?:[ \t]|$)")
_LONGEST = 400  # lines of a block


def take_metadata(source: Source) -> tuple[Source, dict[str, object]]:
    """The text without its title block and its blocks of metadata, and what they say."""
    values: dict[str, object] = {}
    source = _take_title_block(source, values)
    if "---" not in source.text:
        return source, values
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    number = 0
    while number < len(lines):
        last = _find_block(lines, number)
        if last is None:
            number += 1
            continue
        text = source.text[lines[number].end + 1 : lines[last].start]
        place = source.find_place(lines[number].start)
        try:
            found = read_mapping(
                text, path=place.path, error=LessonError, limit=LARGEST_SETTINGS,
                keep_problems=True,
            ).values  # fmt: skip
        except LessonError:
            number += 1
            continue
        for key, value in found.items():
            values.setdefault(key, value)
        edits.append(Edit(lines[number].start, lines[last].end))
        number = last + 1
    return source.edit(edits), values


def _find_block(lines: Sequence[Line], number: int) -> int | None:
    """The last line of the block that opens at a line; None if none opens there."""
    line = lines[number]
    if line.kind != "text" or line.text.rstrip() != "---" or number + 1 >= len(lines):
        return None
    if number and lines[number - 1].text.strip():
        return None
    if not _KEY.match(lines[number + 1].text):
        return None
    for last in range(number + 1, min(number + _LONGEST, len(lines))):
        if lines[last].text.rstrip() in ("---", "..."):
            return last
    return None


def _take_title_block(source: Source, values: dict[str, object]) -> Source:
    """Take out the lines `% title`, `% authors`, `% date` at the beginning of the text."""
    if not source.text.startswith("%"):
        return source
    lines = source.text.split("\n", 30)
    fields: list[str] = []
    count = 0
    for line in lines[:30]:
        if line.startswith("%") and len(fields) < 3:
            fields.append(line[1:].strip())
        elif line.startswith((" ", "\t")) and line.strip() and fields:
            fields[-1] += "; " + line.strip() if len(fields) == 2 else " " + line.strip()
        else:
            break
        count += 1
    for key, value in zip(("title", "author", "date"), fields, strict=False):
        if value:
            values[key] = [x.strip() for x in value.split(";")] if key == "author" else value
    end = sum(len(line) + 1 for line in lines[:count])
    return source[min(end, len(source)) :]
