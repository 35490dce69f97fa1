"""Places where a tool puts a table of contents, and badges: neither is part of a lesson."""

from __future__ import annotations

import re

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, find_edits, scan_lines
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source

_PLACE = re.compile(
    r"^[ \t]*(?:\[\[?_?toc_?\]\]?(?:\([^)\n]*\))?|@\[toc\](?:\([^)\n]*\))?|\$\{toc\}"
    r"|\[toc[ ][^\]\n]*\]|!!toc)[ \t]*$",
    re.IGNORECASE,
)
_KRAMDOWN = re.compile(r"^[ \t]*\{:[ ]?toc\b[^}\n]*\}[ \t]*$")
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+\S")
_DEFINITION = re.compile(r"^[ ]{0,3}\[toc\]:", re.IGNORECASE | re.MULTILINE)
_BADGE = re.compile(
    r"(?:\[[ ]?(?=!))?!\[[^\]\n]{0,200}\]\(<?(https?://[^)\s>]{1,500})>?(?:[ ]+[^)\n]{0,200})?\)"
    r"(?:[ ]?\]\([^)\n]{0,500}\))?"
)
_BADGE_ADDRESS = re.compile(
    r"shields\.io|badge|travis-ci\.|circleci\.com|codecov\.io|coveralls\.io|appveyor\.com"
    r"|/workflows/.*\.svg|app\.codacy\.com|snyk\.io/test",
    re.IGNORECASE,
)


def remove_contents(source: Source, context: Context) -> Source:
    """Remove the places of tables of contents: lines like `[TOC]`, and lists marked `{:toc}`."""
    text = source.text
    if "toc" not in text.lower():
        return source
    lines = scan_lines(text)
    defined = _DEFINITION.search(text) is not None
    edits: list[Edit] = []
    for line in lines:
        if line.kind != "text":
            continue
        if _KRAMDOWN.match(line.text):
            edits.append(_remove(source, line))
            above = lines[line.number - 1] if line.number else None
            if above is not None and _ITEM.match(above.text):
                edits.append(_remove(source, above))
        elif not defined and _PLACE.match(line.text):
            edits.append(_remove(source, line))
    return source.edit(edits)


def _remove(source: Source, line: Line) -> Edit:
    return Edit(line.start, min(line.end, len(source)))


def remove_badges(source: Source, context: Context) -> Source:
    """Remove the badges of services, with one finding for all of them."""
    if "](http" not in source.text and "](<http" not in source.text:
        return source
    found = list(find_edits(source, _BADGE, _drop_badge))
    if found:
        context.report(
            "badges-omitted",
            "The badges of services are left out.",
            "They may stay: sites show them, and lectures do not.",
            source.find_place(found[0].start),
            "note",
        )
    return source.edit(found)


def _drop_badge(match: re.Match[str], source: Source) -> Parts | None:
    return () if _BADGE_ADDRESS.search(match[1]) else None
