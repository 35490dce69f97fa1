"""Finds the boxes of a script whose prose is short enough to be shown as well as spoken."""

from __future__ import annotations

from collections.abc import Sequence

from lessons.markdown.blocks import Block
from lessons.markdown.inline import make_plain_text
from lessons.markdown.markers import OPENING

MOST_WORDS = 45
"""Half of what a slide may show (`lessons.checks.script`). A box with more prose shows its head,
its lists and its bold words, as the rest of a script does."""


def find_short_prose(blocks: Sequence[Block]) -> frozenset[int]:
    """The offsets of the paragraphs that stand in boxes of little prose."""
    found: set[int] = set()
    opened: list[tuple[str, list[Block]]] = []  # names of markers, and the paragraphs in them
    for block in blocks:
        name = block.marker.name if block.marker is not None else ""
        if name in OPENING:
            opened.append((name, []))
        elif name == "end" and opened:
            kind, paragraphs = opened.pop()
            words = sum(len(make_plain_text(p.bits).split()) for p in paragraphs)
            if kind == "box" and words <= MOST_WORDS:
                found.update(paragraph.start for paragraph in paragraphs)
        elif block.kind == "paragraph" and opened:
            opened[-1][1].append(block)
    return frozenset(found)
