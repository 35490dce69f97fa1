"""Markdown blocks as a flat row of what a lesson can hold, each with its place in the file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Literal

from markdown_it.token import Token as MarkdownToken

from lessons import inline
from lessons.inline import Bit, OffsetMap
from lessons.outline import FILLER, SourceSpan

BlockKind = Literal["heading", "paragraph", "item", "quote", "code", "table", "formula", "rule"]
Align = Literal["left", "center", "right"]

_UNREAD = ("<style", "<script", "<svg", "<iframe", "<textarea", "<video", "<audio", "<math")
"""HTML that shows no text of the lesson."""


@dataclass(frozen=True, slots=True)
class Block:
    """`start` is an offset in the file, `level` the depth of a heading or of a list (from 0).

    `fragment` marks a list item that its deck reveals on its own (`*` and `1)`, Marp's habit);
    `continued` marks more of the same list item.
    """

    kind: BlockKind
    start: int
    end: int
    bits: tuple[Bit, ...] = ()
    level: int = 0
    number: int | None = None
    fragment: bool = False
    continued: bool = False
    list_id: int = -1
    text: str = ""
    language: str = ""
    header: tuple[tuple[Bit, ...], ...] = ()
    rows: tuple[tuple[tuple[Bit, ...], ...], ...] = ()
    align: tuple[Align, ...] = ()


def read_blocks(source: SourceSpan, *, notes: bool = False) -> list[Block]:
    """The blocks of a stretch of (masked) Markdown, in order. Time grows linearly."""
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
        self.lists: list[tuple[int, int | None, bool]] = []  # id, next number, fragments
        self.item_open = False  # an item whose first text has not come yet
        self.quotes = 0

    def read(self, tokens: list[MarkdownToken]) -> list[Block]:
        position = 0
        lists_seen = 0
        while position < len(tokens):
            token = tokens[position]
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    number: int | None = None
                    if token.type == "ordered_list_open":
                        number = int(token.attrs.get("start", 1))
                    self.lists.append((lists_seen, number, token.markup in ("*", ")")))
                    lists_seen += 1
                case "bullet_list_close" | "ordered_list_close":
                    self.lists.pop()
                case "list_item_open":
                    self.item_open = True
                case "list_item_close":
                    self.item_open = False
                    identity, number, fragment = self.lists[-1]
                    if number is not None:
                        self.lists[-1] = (identity, number + 1, fragment)
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "heading_open":
                    self._heading(token, tokens[position + 1])
                    position += 2
                case "inline":
                    self._prose(token)
                case "html_block":
                    if not token.content.lstrip().lower().startswith(_UNREAD):
                        self._prose(token)
                case "fence" | "code_block" | "math_block" | "math_block_label" | "amsmath":
                    self._verbatim(token)
                case "table_open":
                    position = self._table(tokens, position)
                case "hr":
                    start, end = self._span(token)
                    self.blocks.append(Block("rule", start, end))
                case _:
                    pass
            position += 1
        return self.blocks

    def _span(self, token: MarkdownToken) -> tuple[int, int]:
        first, last = token.map or (0, 1)
        start = self.lines[min(first, len(self.lines) - 1)][1]
        end = self.lines[last][1] - 1 if last < len(self.lines) else self.finish
        return start, max(end, start)

    def _bits(self, token: MarkdownToken) -> tuple[Bit, ...]:
        first, last = token.map or (0, 1)
        content = token.content
        return inline.parse_inline(content, OffsetMap(content, self.lines[first:last]), self.env)

    def _heading(self, opening: MarkdownToken, token: MarkdownToken) -> None:
        if self.lists or self.quotes:
            self._prose(token)
            return
        start, end = self._span(opening)
        level = int(opening.tag[1:])
        self.blocks.append(Block("heading", start, end, self._bits(token), level=level))

    def _prose(self, token: MarkdownToken) -> None:
        bits = self._bits(token)
        if not any((bit.kind != "break" and bit.text.strip()) or bit.target for bit in bits):
            return
        start, end = self._span(token)
        if self.lists:
            identity, number, fragment = self.lists[-1]
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
                    list_id=identity,
                )
            )
            self.item_open = False
        else:
            self.blocks.append(Block("quote" if self.quotes else "paragraph", start, end, bits))

    def _verbatim(self, token: MarkdownToken) -> None:
        start, end = self._span(token)
        text = token.content.replace(FILLER, "")
        if token.type in ("fence", "code_block"):
            lines = [line.rstrip() for line in text.split("\n")]
            words = token.info.split()
            language = words[0].strip("{}.").split("{")[0] if words else ""
            code = "\n".join(lines).strip("\n")
            self.blocks.append(Block("code", start, end, text=code, language=language))
        else:
            self.blocks.append(Block("formula", start, end, text=text.strip()))

    def _table(self, tokens: list[MarkdownToken], position: int) -> int:
        start, end = self._span(tokens[position])
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
                row.append(self._bits(token))
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
    """`[ ]` and `[x]` at the head of an item are boxes to tick, not words."""
    head = "".join(bit.text for bit in bits[:3])
    if head[:4] not in ("[ ] ", "[x] ", "[X] ") or not bits[0].plain:
        return bits
    return inline.split_bits(bits, bits[0].start + 4)[1]


def find_line(starts: list[int], offset: int) -> int:
    """The line, from 1, of an offset; `starts` are the offsets of the file's lines."""
    return max(bisect_right(starts, offset), 1)
