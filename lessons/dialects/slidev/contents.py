"""Slidev's table of contents: `<Toc />` shows the titles of the slides as a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lessons.dialects.base import as_text
from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Edit, Source

MOST_ENTRIES = 16
"""How many titles a slide shows; where there are more, those of the deeper levels are left out."""

MOST_DEPTH = 100
"""How many levels deep the tree of titles is."""

_TOC = re.compile(r"[ \t]*<Toc\b([^<>]{0,500})>(?:[ \t\n]*</Toc>)?[ \t]*")
_ATTRIBUTE = re.compile(
    r"\b((?:min|max)-?depth(?=\s*=\s*[\"']?\d)|mode)\s*=\s*[\"']?(\d{1,3}|[a-z]+)", re.IGNORECASE
)
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """The title of a slide (empty: it has none) and the level of its heading. It may be
    `hidden` from tables of contents."""

    title: str
    level: int = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Node:
    """An entry in the tree of titles. `above` are the numbers of those around it."""

    title: str
    above: tuple[int, ...]
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a table of contents shows: depths, which count from 1, and what of the tree."""

    first: int = 1
    last: int = MOST_DEPTH
    mode: str = "all"


def read_entry(title: str, text: str, header: Mapping[str, object]) -> Entry:
    """The entry of a slide. `title` is the one that its header gives."""
    level = 1
    if not title and (found := _HEADING.search(_BLOCK.sub("", text))):
        title, level = found[2].strip(), len(found[1])
    asked = as_text(header.get("level"))
    level = int(asked) if asked.isdecimal() and len(asked) < 4 else level
    hidden = as_text(header.get("hideInToc")).lower() == "true" or header.get("hideInToc") is True
    return Entry(" ".join(title.split()), level, hidden)


def rewrite_contents(text: Source, entries: Sequence[Entry], number: int) -> Source:
    """The text of the slide with this number (from 0), with lists in the place of its `<Toc />`."""
    if "<Toc" not in text.text:
        return text
    tree = _build(entries)
    edits: list[Edit] = []
    for found in _TOC.finditer(mask_code(text.text)):
        lines = (f"{'  ' * depth}- {title}\n" for title, depth in _select(tree, found[1], number))
        edits.append(Edit(found.start(), found.end(), (f"\n\n{''.join(lines)}\n",)))
    return text.edit(edits)


def _build(entries: Sequence[Entry]) -> dict[int, _Node]:
    """The tree of titles, by the numbers of the slides. As in Slidev, a title with a deeper level
    stands under the last one."""
    tree: dict[int, _Node] = {}
    above: tuple[int, ...] = ()
    for number, entry in enumerate(entries):
        if entry.title:
            above = above[: min(entry.level, MOST_DEPTH) - 1]
            hidden = entry.hidden or any(tree[n].hidden for n in above[-1:])
            tree[number] = _Node(entry.title, above, hidden)
            above = (*above, number)
    return tree


def _select(tree: Mapping[int, _Node], asked: str, current: int) -> list[tuple[str, int]]:
    """The titles that are shown on a slide, each with its depth in the list. Above the first depth
    that is shown, only what is around the slide counts."""
    wanted = _read_wanted(asked)
    around = {current, *tree[current].above} if current in tree else set()
    kept: list[tuple[str, int]] = []
    for number, node in tree.items():
        depth = len(node.above) + 1
        beside = not node.above or node.above[-1] in around or current in node.above
        current_tree = number in around or current in node.above
        if (
            not node.hidden
            and wanted.first <= depth <= wanted.last
            and around.issuperset(node.above[: wanted.first - 1])
            and (wanted.mode != "onlysiblings" or (beside and around))
            and (wanted.mode != "onlycurrenttree" or current_tree)
        ):
            kept.append((node.title, depth - wanted.first))
    while len(kept) > MOST_ENTRIES and (deepest := max(depth for _, depth in kept)):
        kept = [(title, depth) for title, depth in kept if depth < deepest]
    return kept


def _read_wanted(asked: str) -> _Wanted:
    values = {name.lower().replace("-", ""): value for name, value in _ATTRIBUTE.findall(asked)}
    first, last = (int(values.get(n, d)) for n, d in (("mindepth", "1"), ("maxdepth", "999")))
    return _Wanted(max(first, 1), last, values.get("mode", "").lower())
