"""The text of HTML inside an SVG drawing (`foreignObject`), as SVG text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_BLOCKS = frozenset({"div", "p", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_UNSEEN = frozenset({"script", "style", "title", "head"})
_LETTER = 0.5
"""The width of an average letter of a sans-serif font, in em."""
_LEADING = 1.2  # em
_MOST_LINES = 60


def name_of(element: ElementTree.Element) -> str:
    """An element's name without its namespace, in lower case; empty for a comment."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def choose_branch(switch: ElementTree.Element) -> ElementTree.Element | None:
    """The first part of a `switch` that holds no HTML, in which draw.io writes a simpler form.

    If all parts hold HTML, it is the first one. A simpler form whose text is cut ("Some lon...")
    gets the whole text.
    """
    parts = [part for part in switch if name_of(part)]
    for part in parts:
        foreign = [e for e in part.iter() if name_of(e) == "foreignobject"]
        if not foreign:
            _complete(part, parts[0])
            return part
    return parts[0] if parts else None


def make_text(foreign: ElementTree.Element) -> ElementTree.Element:
    """The text of a `foreignObject` as SVG text in its rectangle, in the middle of it."""
    styles = " ".join(e.get("style", "") for e in foreign.iter())
    size = _read_length(styles, r"font-size\s*:\s*", 16.0)
    x, y = _number(foreign.get("x", "")), _number(foreign.get("y", ""))
    width = 0.0 if "%" in foreign.get("width", "") else _number(foreign.get("width", ""))
    height = 0.0 if "%" in foreign.get("height", "") else _number(foreign.get("height", ""))
    group = ElementTree.Element(f"{{{_SVG}}}g")
    if transform := foreign.get("transform"):
        group.set("transform", transform)
    lines = _wrap(_read_lines(foreign), width, size)
    left = re.search(r"text-align\s*:\s*(?:left|start)", styles) is not None or not width
    colour = re.search(r"(?:^|[;\s])color\s*:\s*(#[0-9a-f]{3,6}|rgb\([\d, ]+\)|[a-z]+)", styles)
    _set_lines(
        group,
        lines,
        x if left else x + width / 2,
        y + height / 2 if height else y + size * _LEADING * len(lines) / 2,
        size,
        {
            "text-anchor": "start" if left else "middle",
            "font-family": "sans-serif",
            "font-size": f"{size:g}",
            **({"fill": colour[1]} if colour else {}),
        },
    )
    return group


def _complete(part: ElementTree.Element, foreign: ElementTree.Element) -> None:
    """Replace a cut text by the whole one."""
    lines = list(_read_lines(foreign))
    for text in [e for e in part.iter() if name_of(e) == "text"]:
        cut = "".join(text.itertext()).strip()
        whole = " ".join(lines)
        if not cut.endswith(("...", "…")) or not whole.startswith(cut.rstrip(".…").strip()):
            continue
        size = _number(text.get("font-size", "")) or 12.0
        styles = " ".join(e.get("style", "") for e in foreign.iter())
        width = _read_length(styles, r"(?:^|[;\s])width\s*:\s*", 0.0)
        x, y = _number(text.get("x", "")), _number(text.get("y", ""))
        kept = {k: v for k, v in text.attrib.items() if k not in ("x", "y")}
        text.clear()
        text.tag = f"{{{_SVG}}}g"
        _set_lines(text, _wrap(lines, width, size), x, y - 0.35 * size, size, kept)


def _set_lines(
    group: ElementTree.Element,
    lines: list[str],
    x: float,
    middle: float,
    size: float,
    attributes: dict[str, str],
) -> None:
    first = middle - size * _LEADING * (len(lines) - 1) / 2 + 0.35 * size
    for number, line in enumerate(lines):
        place = {"x": f"{x:g}", "y": f"{first + number * size * _LEADING:g}"}
        text = ElementTree.SubElement(group, f"{{{_SVG}}}text", {**attributes, **place})
        text.text = line


def _read_lines(element: ElementTree.Element) -> Iterator[str]:
    """The lines of HTML text, which blocks and breaks divide."""
    pieces: list[str] = []

    def read(node: ElementTree.Element) -> None:
        if name_of(node) in _UNSEEN or not name_of(node):
            return
        block = name_of(node) in _BLOCKS
        pieces.append("\n" if block else "")
        pieces.append((node.text or "").replace("\n", " "))
        for child in node:
            read(child)
            pieces.append((child.tail or "").replace("\n", " "))
        pieces.append("\n" if block else "")

    read(element)
    for line in "".join(pieces).split("\n"):
        if line.strip():
            yield " ".join(line.split())


def _wrap(lines: Iterator[str] | list[str], width: float, size: float) -> list[str]:
    room = int(width / (size * _LETTER)) if width > size * 2 else 0
    wrapped: list[str] = []
    for line in lines:
        row = ""
        for word in line.split():
            if row and room and len(row) + 1 + len(word) > room:
                wrapped.append(row)
                row = word
            else:
                row = f"{row} {word}".strip()
        wrapped.append(row)
    return wrapped[:_MOST_LINES]


def _read_length(styles: str, before: str, default: float) -> float:
    found = re.search(before + r"([\d.]{1,9})px", styles)
    return _number(found[1]) if found else default


def _number(text: str) -> float:
    found = re.match(r"\s*-?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})", text)
    return float(found[0]) if found else 0.0
