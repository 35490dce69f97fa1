"""The blocks of a lesson as a flat list, each with its position in the file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal

from markdown_it.token import Token as MarkdownToken

from lessons.markdown import inline
from lessons.markdown.code_lines import mark_code, read_line_marks
from lessons.markdown.inline import Bit, OffsetMap
from lessons.markdown.markers import Marker, remove_private
from lessons.markdown.outline import SourceSpan

BlockKind = Literal[
    "heading", "paragraph", "item", "quote", "code", "table", "formula", "rule", "marker"
]
Align = Literal["left", "center", "right"]

_UNREAD = ("<style", "<script", "<svg", "<iframe", "<textarea", "<video", "<audio", "<math")
"""HTML elements that hold no text of the lesson."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `start` and `end` are offsets in the file.

    `level` is the level of a heading (from 1) or the depth of a list (from 0). `fragment` marks a
    list item that a deck reveals separately: Marp does so for lists with `*` and `1)`. `continued`
    marks a further paragraph of the same list item. The title of a marker is in `bits`. `marked`
    and `first` are those of `lessons.model.Code`.
    """

    kind: BlockKind
    start: int
    end: int
    bits: tuple[Bit, ...] = ()
    level: int = 0
    number: int | None = None
    fragment: bool = False
    continued: bool = False
    text: str = ""
    language: str = ""
    marked: tuple[int, ...] = ()
    first: int = 0
    header: tuple[tuple[Bit, ...], ...] = ()
    rows: tuple[tuple[tuple[Bit, ...], ...], ...] = ()
    align: tuple[Align, ...] = ()
    marker: Marker | None = None


def read_blocks(source: SourceSpan, *, notes: bool = False) -> list[Block]:
    """The blocks of masked Markdown, in order. Takes time in proportion to its length."""
    parser = inline.get_notes_parser() if notes else inline.get_parser()
    env: dict[str, Any] = {}
    tokens = parser.parse(source.text, env)
    return _BlockReader(source, env).read(tokens)


class _BlockReader:
    def __init__(self, source: SourceSpan, env: dict[str, Any]) -> None:
        self.env = env
        self.lines: list[tuple[str, int]] = []
        start = source.start
        for line in source.text.split("\n"):
            self.lines.append((line, start))
            start += len(line) + 1
        self.finish = source.end
        self.blocks: list[Block] = []
        self.lists: list[tuple[int | None, bool]] = []  # next number, whether of fragments
        self.item_open = False  # whether an item has begun whose first text is still to come
        self.quotes = 0

    def read(self, tokens: list[MarkdownToken]) -> list[Block]:
        position = 0
        while position < len(tokens):
            token = tokens[position]
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    number: int | None = None
                    if token.type == "ordered_list_open":
                        number = int(token.attrs.get("start", 1))
                    self.lists.append((number, token.markup in ("*", ")")))
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                case "list_item_open":
                    self.item_open = True
                case "list_item_close":
                    self.item_open = False
                    number, fragment = self.lists[-1]
                    if number is not None:
                        self.lists[-1] = (number + 1, fragment)
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "heading_open":
                    self._add_heading(token, tokens[position + 1])
                    position += 2
                case "inline":
                    self._add_prose(token)
                case "html_block":
                    if not token.content.lstrip().lower().startswith(_UNREAD):
                        self._add_prose(token)
                case "fence" | "code_block" | "math_block" | "math_block_label" | "amsmath":
                    self._add_verbatim(token)
                case "table_open":
                    position = self._add_table(tokens, position)
                case "marker":
                    start, end = self._find_span(token)
                    bits = self._read_bits(token)
                    marker = token.meta["marker"]
                    self.blocks.append(Block("marker", start, end, bits, marker=marker))
                case "hr":
                    start, end = self._find_span(token)
                    self.blocks.append(Block("rule", start, end))
                case _:
                    pass
            position += 1
        return self.blocks

    def _find_span(self, token: MarkdownToken) -> tuple[int, int]:
        first, last = token.map or (0, 1)
        start = self.lines[min(first, len(self.lines) - 1)][1]
        end = self.lines[last][1] - 1 if last < len(self.lines) else self.finish
        return start, max(end, start)

    def _read_bits(self, token: MarkdownToken) -> tuple[Bit, ...]:
        first, last = token.map or (0, 1)
        content = token.content
        return inline.parse_inline(content, OffsetMap(content, self.lines[first:last]), self.env)

    def _add_heading(self, opening: MarkdownToken, token: MarkdownToken) -> None:
        if self.lists or self.quotes:
            self._add_prose(token)
            return
        start, end = self._find_span(opening)
        level = int(opening.tag[1:])
        self.blocks.append(Block("heading", start, end, self._read_bits(token), level=level))

    def _add_prose(self, token: MarkdownToken) -> None:
        bits = self._read_bits(token)
        if not any((bit.kind != "break" and bit.text.strip()) or bit.target for bit in bits):
            return
        start, end = self._find_span(token)
        if self.lists:
            number, fragment = self.lists[-1]
            self.blocks.append(
                Block(
                    "item",
                    start,
                    end,
                    _without_task_box(bits) if self.item_open else bits,
                    level=len(self.lists) - 1,
                    number=number,
                    fragment=fragment,
                    continued=not self.item_open,
                )
            )
            self.item_open = False
        else:
            self.blocks.append(Block("quote" if self.quotes else "paragraph", start, end, bits))

    def _add_verbatim(self, token: MarkdownToken) -> None:
        start, end = self._find_span(token)
        text = remove_private(token.content)
        if token.type in ("fence", "code_block"):
            info = remove_private(token.info)
            words = [word for word in info.split() if not word.startswith("narrate-")]
            language = words[0].strip("{}.").split("{")[0] if words else ""
            code = mark_code(text, read_line_marks(info))
            self.blocks.append(
                Block(
                    "code",
                    start,
                    end,
                    text=code.text,
                    language=language,
                    marked=code.marked,
                    first=code.first,
                )
            )
        else:
            self.blocks.append(Block("formula", start, end, text=text.strip()))

    def _add_table(self, tokens: list[MarkdownToken], position: int) -> int:
        start, end = self._find_span(tokens[position])
        rows: list[tuple[tuple[Bit, ...], ...]] = []
        row: list[tuple[Bit, ...]] = []
        align: list[Align] = []
        while tokens[position].type != "table_close":
            token = tokens[position]
            if token.type == "th_open":
                style = str(token.attrs.get("style", ""))
                align.append(
                    "center" if "center" in style else "right" if "right" in style else "left"
                )
            elif token.type == "inline":
                row.append(self._read_bits(token))
            elif token.type == "tr_close":
                rows.append(tuple(row))
                row = []
            position += 1
        self.blocks.append(
            Block(
                "table",
                start,
                end,
                header=rows[0] if rows else (),
                rows=tuple(rows[1:]),
                align=tuple(align),
            )
        )
        return position


def _without_task_box(bits: tuple[Bit, ...]) -> tuple[Bit, ...]:
    """The bits of an item without a box to tick (`[ ]`, `[x]`), which is not read."""
    head = "".join(bit.text for bit in bits[:3])
    if head[:4] not in ("[ ] ", "[x] ", "[X] ") or not bits[0].plain:
        return bits
    return inline.split_bits(bits, bits[0].start + 4)[1]


def find_line(starts: list[int], offset: int) -> int:
    """The line (from 1) of an offset. `starts` are the offsets at which the lines begin."""
    return max(bisect_right(starts, offset), 1)
