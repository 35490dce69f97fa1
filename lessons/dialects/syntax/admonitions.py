"""Boxes of Python-Markdown: `!!! note "Title"`, `??? tip`, tabs `=== "Label"`, blocks `/// note`.

The content of the first three is indented by four more spaces; a block ends with a line `///`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lessons.box_kinds import BOX_KINDS, find_kind
from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_BOX = re.compile(
    r"^([ \t]*)(?:!!!|\?\?\?)[+-]?[ \t]*((?:[\w-]+(?:[ ]+[\w-]+)*)?)(?:[ \t]*\"(.*)\")?[ \t]*$"
)
_ITEM = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)]|:)[ \t]+(?=!!!|\?\?\?|===)")
_TAB = re.compile(r"^([ \t]*)===[!+]?[ \t]+(?:\"(.+)\"|'(.+)')[ \t]*$")
_BLOCK = re.compile(r"^([ \t]*)(/{3,})[ \t]+([\w-]+)[ \t]*(?:\|[ \t]*(.*))?$")
_BLOCK_END = re.compile(r"^[ \t]*(/{3,})[ \t]*$")
_PLACING = word_set("inline end left right - collapsible open")
_UNBOXED = word_set("html caption figure-caption table-caption define")
_DEEPEST = 20  # how deep boxes may be inside each other


@dataclass(frozen=True, slots=True)
class _Indented:
    """A box that is open: its lines have at least `indent` columns of white space. What is not
    `boxed` is a definition around it."""

    indent: int
    boxed: bool = True


def rewrite_admonitions(source: Source, context: Context) -> Source:
    """Turn boxes and tabs with indented content into markers, and move the content to the left."""
    text = source.text
    if "!!!" not in text and "???" not in text and "===" not in text:
        return source
    edits: list[Edit] = []
    opened: list[_Indented] = []
    last = 0  # where the last line that is not blank ends, with its line end
    for line in scan_lines(text):
        if not line.text.strip():
            continue
        indent = _measure(line.text)
        while opened and indent < opened[-1].indent and line.kind != "comment":
            if opened.pop().boxed:
                edits.append(Edit(last, last, _close(text, last)))
        removed = 4 * len(opened)
        item = _ITEM.match(line.text)
        width = len(item[0]) if item else 0
        head = _read_head(line, width, source) if len(opened) < _DEEPEST else None
        if head is not None:
            left = " " * max(indent - removed, 0)
            if item is not None and ":" in item[0]:
                opened.append(_Indented(indent + 4, boxed=False))
                width = 4
            elif item is not None:
                left += item[0].lstrip()
                width = max(width - indent, 0)
            edits.append(Edit(line.start, min(line.end + 1, len(text)), (left, *head)))
            opened.append(_Indented(indent + width + 4))
        elif removed and (length := _find_length(line.text, removed)):
            edits.append(Edit(line.start, line.start + length))
        last = min(line.end + 1, len(text))
    edits += [Edit(last, last, _close(text, last)) for box in opened if box.boxed]
    return source.edit(edits)


def _close(text: str, at: int) -> Parts:
    return END if at == 0 or text[at - 1] == "\n" else ("\n", *END)


def _measure(line: str) -> int:
    """The columns of white space before the text."""
    bare = line.lstrip(" \t")
    return len(line[: len(line) - len(bare)].expandtabs(4))


def _find_length(line: str, columns: int) -> int:
    """How many characters of white space at the start of a line take these columns."""
    taken = 0
    for length, char in enumerate(line):
        if taken >= columns or char not in " \t":
            return length
        taken += 4 - taken % 4 if char == "\t" else 1
    return len(line)


def _read_head(line: Line, skipped: int, source: Source) -> Parts | None:
    """The marker for a line that opens a box or tab, behind `skipped` characters."""
    if line.kind != "text":
        return None
    text = line.text[skipped:]
    start = line.start + skipped
    if tab := _TAB.match(text):
        group = 2 if tab[2] is not None else 3
        title = source[start + tab.start(group) : start + tab.end(group)]
        return make_marker("box", "plain", title=title)
    box = _BOX.match(text)
    if box is None or not (box[2] or box[3]):
        return None
    if box[3] is None:
        return make_box(box[2].split())
    return make_box(box[2].split(), source[start + box.start(3) : start + box.end(3)])


def make_box(words: list[str], title: str | Source | None = None) -> Parts:
    """The marker of a box. The first of the words that names a kind is its kind, and without a
    title it is called by that. An empty title means that the box has none."""
    names = [word for word in words if word.lower() not in _PLACING]
    known = [word for word in names if find_kind(word) != "plain"]
    kind = find_kind(known[0]) if known else "plain"
    if title is not None and (title if isinstance(title, str) else title.text).strip():
        return make_marker("box", kind, title=title)
    if title is not None and BOX_KINDS[kind].tone not in ("task", "answer"):
        return make_marker("box", "callout" if names else "plain")
    if BOX_KINDS[kind].label or not names:
        return make_marker("box", kind)
    name = (known or names)[0].replace("-", " ").replace("_", " ")
    return make_marker("box", kind, title=name[:1].upper() + name[1:])


def rewrite_slash_blocks(source: Source, context: Context) -> Source:
    """Turn blocks between `/// name | Title` and `///` into boxes."""
    if "///" not in source.text:
        return source
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    opened: list[tuple[int, bool]] = []  # how many slashes, and whether it is a box
    options = False  # whether the options of a block may follow
    for line in lines:
        if line.kind != "text":
            options = False
            continue
        whole = (line.start, min(line.end + 1, len(source)))
        closing = _BLOCK_END.match(line.text)
        if options and line.text.startswith("    "):
            edits.append(Edit(*whole))
        elif closing and opened and len(closing[1]) == opened[-1][0]:
            edits.append(Edit(*whole, END if opened.pop()[1] else ()))
        elif block := _BLOCK.match(line.text):
            boxed = block[3] not in _UNBOXED
            opened.append((len(block[2]), boxed))
            edits.append(Edit(*whole, _open_block(line, block, source) if boxed else ()))
            options = True
            continue
        options = options and line.text.startswith("    ")
    edits += [Edit(len(source), len(source), ("\n", *END)) for _, boxed in opened if boxed]
    return source.edit(edits)


def _open_block(line: Line, block: re.Match[str], source: Source) -> Parts:
    title = None
    if (block[4] or "").strip():
        title = source[line.start + block.start(4) : line.start + block.end(4)]
    if block[3] == "tab":
        return make_marker("box", "plain", title=title or "")
    return (block[1], *make_box([block[3]], title))
