"""What a layout puts on every slide without saying anything: logos, footers, pictures in corners.

A slide made of what is said gives its room to content, so that a logo of 60 pixels would become the
largest picture of every slide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.dialects.remark.lexer import tokenize
from lessons.dialects.syntax.html_rows import read_rows
from lessons.dialects.syntax.html_structure import read_structure
from lessons.dialects.syntax.html_tags import find_tags
from lessons.dialects.syntax.scan import mask_code, scan_lines
from lessons.markdown.source import Edit, Source

_NAME = re.compile(
    r"(?:[a-z0-9]+[-_])*(?:foot(?:er|note)?s?|header|logos?|banner|watermark|brand(?:ing)?"
    r"|copyright|credits?|attribution)(?:[-_][a-z0-9]+)*"
)
_PICTURE = re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\n]{1,1000}\)")
_ELEMENTS = frozenset({"div", "footer", "header", "span", "p", "section", "aside"})


def remove_decoration(text: Source, *, pictures: bool) -> Source:
    """What a layout gives to its slides, without elements that are decoration by their name, and
    without `pictures` if it has nothing but what is unread."""
    spans = list(_find_named(text.text))
    if pictures:
        spans += _find_pictures(text.text)
    edits: list[Edit] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            edits.append(Edit(start, end))
            at = end
    return text.edit(edits)


def _is_named(names: list[str] | tuple[str, ...]) -> bool:
    return any(_NAME.fullmatch(name.lower()) for name in names)


def _find_named(text: str) -> Iterator[tuple[int, int]]:
    for token in tokenize(text, inline=True) if "[" in text else ():
        if token.kind == "class" and _is_named(token.classes):
            yield token.start, token.close + 1
    if "<" not in text:
        return
    lines = scan_lines(text)
    masked = mask_code(text, lines)
    tags = list(find_tags(text, masked))
    if not tags:
        return
    pairs = read_structure(text, read_rows(lines, masked, tags), tags).pairs
    for index, tag in enumerate(tags):
        if tag.closing or tag.name not in _ELEMENTS or index not in pairs:
            continue
        if tag.name in ("footer", "header") or _is_named(tag.read_classes()):
            yield tag.start, tags[pairs[index]].end


def _find_pictures(text: str) -> Iterator[tuple[int, int]]:
    masked = mask_code(text)
    for found in _PICTURE.finditer(masked):
        yield found.span()
    for tag in find_tags(text, masked):
        if tag.name == "img":
            yield tag.start, tag.end
