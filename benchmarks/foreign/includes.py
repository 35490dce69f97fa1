"""The texts of other files that a lesson's tool puts into it.

They are only counted, so it does not matter where they stand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from .source_rules import drop_front_matter

_SLIDEV = re.compile(r"^src:[ \t]*[\"']?([^\s\"'#]+)(?:#([\d,;-]+))?", re.M)
_SLIDE = re.compile(
    r"^---[ \t]*\n(?:(?:[ \t]*[\w-]+:[^\n]*\n|[ \t]+[^\n]*\n)+---[ \t]*(?:\n|\Z))?", re.M
)
_QUARTO = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")
_MDBOOK = re.compile(r"\{\{#(?:rustdoc_)?include\s+([^\s:}]+)(?::([^\s}]*))?\s*\}\}")
_REVEAL = re.compile(r"\bdata-markdown=[\"']([^\"']+)[\"']")
_TEMPLATE = re.compile(
    r"<(script|textarea)\b[^>]*(?:text/(?:template|x-markdown)|data-template)[^>]*>(.*?)</\1>", re.S
)


def included_texts(text: str, tool: str, folder: Path) -> Iterator[str]:
    """The texts, in Markdown. `folder` is the lesson's. A file that is not there has none."""
    match tool:
        case "slidev":
            for name, wanted in _SLIDEV.findall(text):
                if content := _take_slides(_read(folder / name.lstrip("/")), wanted):
                    yield drop_front_matter(content)
                    yield from included_texts(content, tool, (folder / name.lstrip("/")).parent)
        case "quarto":
            for name in _QUARTO.findall(text):
                if content := _read(folder / name):
                    yield drop_front_matter(content)
                    yield from included_texts(content, tool, (folder / name).parent)
        case "mdbook":
            for name, part in _MDBOOK.findall(text):
                yield f"\n~~~~~\n{_take(_read(folder / name), part)}\n~~~~~\n"
        case "reveal-html":
            for name in _REVEAL.findall(text):
                yield _read(folder / name)
            for _, inside in _TEMPLATE.findall(text):
                yield html.unescape(inside)
        case _:
            pass


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _take_slides(text: str, wanted: str) -> str:
    """The slides that Slidev brings in: all, or those that a range such as `1,3-5` names."""
    if not wanted:
        return text
    starts = [found.start() for found in _SLIDE.finditer(text)]
    starts = starts if starts[:1] == [0] else [0, *starts]
    slides = [text[a:b] for a, b in pairwise([*starts, len(text)])]
    numbers: set[int] = set()
    for part in re.split("[,;]", wanted):
        first, dash, last = part.partition("-")
        end = int(last) if last else len(slides) if dash else int(first or 1)
        numbers.update(range(int(first or 1), end + 1))
    return "\n".join(slide for number, slide in enumerate(slides, 1) if number in numbers)


def _take(text: str, part: str) -> str:
    """The lines of a file that mdBook includes: all, some by number, or those of an anchor."""
    lines = text.split("\n")
    first, colon, last = part.partition(":")
    if first.isdigit() or last.isdigit():
        start = int(first or 1)
        end = int(last) if last else len(lines) if colon else start
        lines = lines[start - 1 : end]
    elif part:
        name = re.escape(part)
        anchor = rf"ANCHOR: {name}\b.*?\n(.*?)^[^\n]*ANCHOR_END: {name}\b"
        found = re.search(anchor, text, re.S | re.M)
        lines = found[1].split("\n") if found else []
    return "\n".join(line for line in lines if "ANCHOR" not in line)
