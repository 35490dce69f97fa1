"""Slides that begin at headings of a level and at rules, as pandoc and Quarto make them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lessons.dialects.base import as_text
from lessons.dialects.syntax.attributes import Attributes, strip_braces
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.dialects.syntax.separators import ANY_RULE, ends_block
from lessons.markdown.markers import OPENING, Parts, make_marker, parse_marker
from lessons.markdown.source import Edit, Source

_HEADING = re.compile(r"^ {0,3}(?P<signs>#{1,6})(?:[ \t]+(?P<text>\S(?:.*\S)?))?[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(?:(?P<first>=+)|-+)[ \t]*$")
_BACKGROUND = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)(?:[?#].*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    line: Line
    level: int
    attributes: Attributes


def find_headings(lines: Sequence[Line]) -> Iterator[Heading]:
    """The headings of a text that are not in lists or quotes."""
    for line in lines:
        if line.kind != "text":
            continue
        found = _HEADING.match(line.text)
        if found is not None:
            yield Heading(line, len(found["signs"]), strip_braces(line.text)[1])
            continue
        below = lines[line.number + 1] if line.number + 1 < len(lines) else None
        above = lines[line.number - 1].text if line.number else ""
        if (
            below is not None
            and below.kind == "text"
            and line.text.strip()
            and not ends_block(line.text)
            and not above.strip()
            and not line.text.startswith((" ", "\t", "\ue001", ":"))
            and (rule := _UNDERLINE.match(below.text))
        ):
            yield Heading(line, 1 if rule["first"] else 2, strip_braces(line.text)[1])


def infer_level(lines: Sequence[Line], headings: Sequence[Heading]) -> int:
    """The slide level: the highest one at which content comes right after a heading."""
    best = 6
    starts = {heading.line.number for heading in headings}
    for heading in headings:
        if heading.level >= best:
            continue
        number = heading.line.number + 1
        if (
            number < len(lines)
            and _UNDERLINE.match(lines[number].text)
            and (not _HEADING.match(heading.line.text))
        ):
            number += 1
        while number < len(lines) and not lines[number].text.strip():
            number += 1
        if number >= len(lines) or number in starts or _is_rule(lines, number):
            continue
        marker = parse_marker(lines[number].text)
        if marker is not None and marker[0].name == "end":
            continue
        best = heading.level
    return best


def _is_rule(lines: Sequence[Line], number: int) -> bool:
    line = lines[number]
    if line.kind != "text" or not ANY_RULE.match(line.text):
        return False
    above = lines[number - 1].text if number else ""
    return ends_block(above) or "-" not in line.text


def separate_by_headings(source: Source, level: int | None = None) -> Source:
    """Begin a slide at each heading of the slide level and above it, and at each rule, except in
    boxes and columns. If no level is given, it is inferred as pandoc does."""
    lines = scan_lines(source.text)
    inside = _find_inside(lines)
    headings = [x for x in find_headings(lines) if not inside[x.line.number]]
    if level is None:
        level = infer_level(lines, headings)
    edits: list[Edit] = []
    for heading in headings:
        if heading.level <= level:
            hidden = heading.attributes.get("visibility") == "hidden"
            parts: Parts = ("\n", *make_marker("slide", *["hidden"] * hidden))
            edits.append(Edit(heading.line.start, heading.line.start, parts))
            if picture := _find_background(heading.attributes):
                edits.append(Edit(heading.line.end, heading.line.end, ("\n\n", picture)))
    for line in lines:
        if not inside[line.number] and _is_rule(lines, line.number):
            edits.append(Edit(line.start, line.end, ("\n", *make_marker("slide"))))
    return source.edit(edits)


def _find_inside(lines: Sequence[Line]) -> list[bool]:
    """For each line, whether a box, columns or notes are open there."""
    depth = 0
    inside: list[bool] = []
    for line in lines:
        marker = parse_marker(line.text)
        if marker is not None and marker[0].name in OPENING:
            depth += 1
        inside.append(depth > 0)
        if marker is not None and marker[0].name == "end":
            depth = max(depth - 1, 0)
    return inside


def _find_background(attributes: Attributes) -> str:
    """The picture behind a slide, which often is all that it shows."""
    name = attributes.get("background-image") or attributes.get("data-background-image")
    if not name or not _BACKGROUND.search(name):
        return ""
    name = re.sub(r"^url\(['\"]?|['\"]?\)$", "", name)
    return f"![]({quote(name, safe='/:?#=&%+,;@~')})\n"


def make_title_slide(metadata: Mapping[str, object]) -> Parts:
    """The slide with the title, the authors and the date that metadata names; nothing without a
    title."""
    title = as_text(metadata.get("title")) or as_text(metadata.get("pagetitle"))
    if not title:
        return ()
    rest = [as_text(metadata.get("subtitle")), ", ".join(find_authors(metadata))]
    institute = metadata.get("institute")
    rest += [", ".join(_find_names(institute)), as_text(metadata.get("date"))]
    if rest[-1].lower() in ("today", "now", "last-modified") or rest[-1].startswith("`"):
        rest[-1] = ""
    lines = [part for text in rest if text for part in (text, "\n\n")]
    return (*make_marker("slide", title=title), "\n", *lines, *make_marker("slide"))


def find_authors(metadata: Mapping[str, object]) -> list[str]:
    return _find_names(metadata.get("author") or metadata.get("authors"))


def _find_names(value: object) -> list[str]:
    """The names in a value of metadata: a text, a list of them, or mappings with a name."""
    if isinstance(value, list):
        return [name for item in value[:50] for name in _find_names(item)]
    if isinstance(value, Mapping):
        name = value.get("name")
        if isinstance(name, Mapping):
            return [f"{as_text(name.get('given'))} {as_text(name.get('family'))}".strip()]
        return [as_text(name)] if as_text(name) else []
    text = as_text(value)
    return [text] if text else []
