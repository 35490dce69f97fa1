"""Links by name (`[text][name]`) whose target only the site knows."""

from __future__ import annotations

import re

from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Edit, Source

_DEFINITION = re.compile(r"^[ ]{0,3}\[([^\[\]\n]{1,300})\]:[ \t]*\S", re.MULTILINE)
_LINK = re.compile(r"(?<![!\\\]])\[((?:[^\[\]\n\\]|\\.){1,300})\]\[([^\[\]\n]{0,300})\](?![(\[])")
_NAME = re.compile(r"[A-Za-z][\w.:/ -]*")


def rewrite_named_links(source: Source) -> Source:
    """Leave the text of links whose name nothing on the page defines. What may be an index
    (`a[1][2]`) stays."""
    if "][" not in source.text:
        return source
    known = {_normalize(found[1]) for found in _DEFINITION.finditer(source.text)}
    masked = mask_code(source.text)
    edits: list[Edit] = []
    for link in _LINK.finditer(masked):
        start, end = link.span(1)
        name = _normalize(link[2] or source.text[start:end])
        before = masked[link.start() - 1] if link.start() else " "
        index = before.isalnum() and " " not in link[1].strip()
        if name in known or index or (link[2] and not _NAME.fullmatch(link[2])):
            continue
        edits.append(Edit(link.start(), start))
        edits.append(Edit(end, link.end()))
    return source.edit(edits)


def _normalize(name: str) -> str:
    return " ".join(name.split()).casefold()
