"""Inline Markdown with the place in the file of everything it holds.

markdown-it keeps lines for blocks and nothing for what is inside them, so the inline parser's
state is subclassed here to note where each token begins.
"""

from __future__ import annotations

import functools
import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MarkdownToken

from lessons.model import Inline, Run, RunStyle
from lessons.outline import FILLER
from lessons.speakable.formula_text import show_formula

BitKind = Literal["text", "code", "formula", "picture", "html", "break"]

_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)")
_VENDOR = re.compile(r"</?(?:amazon|mstts|google|apple|ibm|xai):[a-z][\w-]*(?:\s[^<>]{0,300})?/?>")
"""Speech services' own elements, whose names Markdown takes for text or for an address."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of inline content.

    `text` is what it reads as (code, LaTeX source, alternative text, the tag itself). `start` and
    `end` are offsets in the file. Where `plain` holds, each character of `text` is the character
    of the file at the same distance from `start`.
    """

    kind: BitKind
    text: str
    start: int
    end: int
    plain: bool = False
    strong: bool = False
    emphasis: bool = False
    link: bool = False
    target: str = ""  # of a picture
    title: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    closing: bool
    empty: bool
    attributes: dict[str, str]


def parse_tag(text: str) -> Tag | None:
    """An HTML or SSML tag; None for anything else in angle brackets."""
    opened = _TAG.match(text)
    if opened is None:
        return None
    attributes = {
        name.lower(): html.unescape(value[1:-1] if value[0] in "\"'" else value)
        for name, value in _ATTRIBUTE.findall(text[opened.end() :])
    }
    return Tag(opened[2].lower(), bool(opened[1]), text.endswith("/>"), attributes)


class _PositionedState(StateInline):
    """Notes in each token's meta where in the content it begins."""

    pending_at = 0

    def append_pending(self, text: str) -> None:
        if not self.pending:
            self.pending_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> MarkdownToken:  # noqa: N802
        token = super().pushPending()
        token.meta = {"at": self.pending_at}
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> MarkdownToken:
        token = super().push(ttype, tag, nesting)
        token.meta = {"at": self.pos}
        return token


class OffsetMap:
    """From a place in the content of a block to the offset in the file.

    The content of a block is its lines without what marks the block (`> `, `- `, indentation).
    """

    def __init__(self, content: str, lines: Sequence[tuple[str, int]]) -> None:
        self._from: list[int] = []
        self._to: list[int] = []
        at = 0
        for number, text in enumerate(content.split("\n")):
            line, start = lines[min(number, len(lines) - 1)]
            bare = text.strip()
            found = max(line.rfind(bare), 0)
            self._from.append(at)
            self._to.append(start + found - (len(text) - len(text.lstrip())))
            at += len(text) + 1

    def __call__(self, at: int) -> int:
        line = bisect_right(self._from, at) - 1
        return self._to[line] + at - self._from[line]


@functools.cache
def get_parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough and dollar maths; inline content is left to `parse`."""
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    parser.use(amsmath_plugin)
    parser.core.ruler.disable(["inline", "text_join"])
    parser.inline.ruler.before("autolink", "vendor", _read_vendor_tag)
    # Every address counts as one, so that a picture at file:///… is refused, not read aloud.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _read_vendor_tag(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    found = _VENDOR.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("html_inline", "", 0)
        token.content = found[0]
    state.pos = found.end()
    return True


@functools.cache
def get_notes_parser() -> MarkdownIt:
    """The same for speaker notes, which are indented as their comment is: that makes no code."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    parser.disable("code")
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def parse_inline(content: str, places: OffsetMap, env: dict[str, Any]) -> tuple[Bit, ...]:
    """Inline content to bits, in order, adjacent text joined as far as it is plain."""
    parser = get_parser()
    tokens: list[MarkdownToken] = []
    state = _PositionedState(content, parser, env, tokens)
    parser.inline.tokenize(state)
    for rule in parser.inline.ruler2.getRules(""):
        if rule.__name__ != "fragments_join":  # it would move text away from its place
            rule(state)
    return _to_bits(tokens, content, places)


def _to_bits(tokens: list[MarkdownToken], content: str, places: OffsetMap) -> tuple[Bit, ...]:
    bits: list[Bit] = []
    strong = emphasis = link = 0
    cursor = 0
    automatic = False
    for token in tokens:
        at = max(token.meta.get("at", cursor), cursor)
        kind: BitKind = "text"
        text, length, plain = token.content, len(token.content), True
        target = title = ""
        match token.type:
            case "strong_open" | "strong_close":
                strong += token.nesting
                cursor = at + len(token.markup)
                continue
            case "em_open" | "em_close":
                emphasis += token.nesting
                cursor = at + len(token.markup)
                continue
            case "s_open" | "s_close":
                cursor = at + len(token.markup)
                continue
            case "link_open" | "link_close":
                link += token.nesting
                automatic = token.nesting > 0 and token.markup == "autolink"
                continue
            case "softbreak" | "hardbreak":
                kind, text, length = "break", " ", 1
            case "text_special":
                length, plain = len(token.markup), False
            case "code_inline":
                kind, plain = "code", False
                length = _measure_code(content, at, token.markup)
            case "math_inline" | "math_inline_double":
                kind, plain = "formula", False
                length += 2 if token.type == "math_inline" else 4
            case "image":
                kind, plain = "picture", False
                text = _find_alternative_text(token)
                length = 2
                target, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
            case "html_inline":
                kind, plain = "html", False
            case _:
                if automatic:
                    automatic, plain = False, False
                    close = content.find(">", at)
                    text, length = content[at + 1 : close], close + 1 - at
        if length == 0:
            continue
        cursor = at + length
        start = places(at)
        bits.append(
            Bit(
                kind=kind,
                text=text,
                start=start,
                end=places(at + length - 1) + 1,
                plain=plain and kind == "text",
                strong=strong > 0,
                emphasis=emphasis > 0,
                link=link > 0,
                target=target,
                title=title,
            )
        )
    return tuple(_remove_filler(bits))


def _remove_filler(bits: list[Bit]) -> list[Bit]:
    """Cut out the characters that stand for masked comments."""
    kept: list[Bit] = []
    for bit in bits:
        if FILLER not in bit.text:
            kept.append(bit)
        elif not bit.plain:
            kept.append(replace(bit, text=bit.text.replace(FILLER, "")))
        else:
            for part in re.finditer(rf"[^{FILLER}]+", bit.text):
                start = bit.start + part.start()
                kept.append(replace(bit, text=part[0], start=start, end=start + len(part[0])))
    return kept


def _measure_code(content: str, at: int, marker: str) -> int:
    close = re.compile(rf"(?<!`){marker}(?!`)").search(content, at + len(marker))
    return (close.end() if close else at + len(marker)) - at


def _find_alternative_text(token: MarkdownToken) -> str:
    return "".join(
        " " if child.type.endswith("break") else child.content for child in token.children or ()
    ).strip()


def split_bits(bits: Sequence[Bit], at: int) -> tuple[tuple[Bit, ...], tuple[Bit, ...]]:
    """What lies before and what lies after the offset `at`."""
    before: list[Bit] = []
    after: list[Bit] = []
    for bit in bits:
        if bit.end <= at:
            before.append(bit)
        elif bit.start >= at or not bit.plain:
            after.append(bit)
        else:
            cut = at - bit.start
            before.append(replace(bit, text=bit.text[:cut], end=at))
            after.append(replace(bit, text=bit.text[cut:], start=at))
    return tuple(before), tuple(after)


def make_runs(bits: Sequence[Bit]) -> Inline:
    """What a slide shows: tags and pictures left out, white space folded."""
    made: list[Run] = []
    for bit in bits:
        if bit.kind == "picture":
            continue
        if bit.kind == "html":
            tag = parse_tag(bit.text)
            if tag is None or tag.name != "br":
                continue
        style: RunStyle = "plain"
        if bit.kind in ("code", "formula"):
            style = "code" if bit.kind == "code" else "formula"
        elif bit.strong:
            style = "strong"
        elif bit.link:
            style = "link"
        elif bit.emphasis:
            style = "emphasis"
        text = bit.text if bit.kind in ("code", "formula", "text") else " "
        if style not in ("code", "formula"):
            text = re.sub(r"[ \t\n]+", " ", text)
            if made and made[-1].text.endswith(" ") and made[-1].style not in ("code", "formula"):
                text = text.lstrip(" ")
        if not text:
            continue
        if made and made[-1].style == style and style not in ("code", "formula"):
            made[-1] = Run(made[-1].text + text, style)
        else:
            made.append(Run(text, style))
    if made and made[0].style not in ("code", "formula"):
        made[0] = Run(made[0].text.lstrip(" "), made[0].style)
    if made and made[-1].style not in ("code", "formula"):
        made[-1] = Run(made[-1].text.rstrip(" "), made[-1].style)
    return tuple(run for run in made if run.text)


def make_plain_text(bits: Sequence[Bit]) -> str:
    """The readable text of inline content, for titles."""
    parts = [
        show_formula(bit.text)
        if bit.kind == "formula"
        else " "
        if bit.kind == "break"
        else bit.text
        for bit in bits
        if bit.kind not in ("picture", "html")
    ]
    return " ".join("".join(parts).split())
