"""Inline Markdown, with the position in the file of everything in it.

markdown-it knows the lines of blocks, but not the positions of what is inside them. A subclass of
its inline state therefore notes where each token begins.
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
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as MarkdownToken

from lessons.markdown.formula_lines import read_line_of_formulas
from lessons.markdown.markers import EMPHASIS, HIGHLIGHT, PRIVATE, SMALL_CAPS, STRONG, parse_marker
from lessons.model import Inline, Run, RunStyle
from lessons.speakable.formula_text import show_formula

DISPLAY = "$$"
"""The title of a formula in a line that is to stand on a line of its own."""

BitKind = Literal["text", "code", "formula", "picture", "html", "break"]

_ATTRIBUTE = re.compile(r"""([A-Za-z_:][\w:.-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)")
_VENDOR = re.compile(r"</?(?:amazon|mstts|google|apple|ibm|xai):[a-z][\w-]*(?:\s[^<>]{0,300})?/?>")
"""Elements of one speech service, whose names Markdown takes for text or for an address."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A part of inline content.

    `text` is its text, code, LaTeX source, alternative text or tag, depending on the kind. That of
    a break is a line end if the author broke the line on purpose, and a blank otherwise. `start`
    and `end` are offsets in the file. If it is `plain`, the file holds exactly `text` there.
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
    title: str = ""  # of a picture, or DISPLAY for a formula


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
    """Notes in the `meta` of each token where in the content it begins."""

    pending_at = 0

    @functools.cached_property
    def last_bracket(self) -> int:
        """Where the last `]` is; -1 if there is none."""
        return self.src.rfind("]")

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
    """Maps positions in the content of a block to offsets in the file.

    The content of a block is its lines without the marks of the block (`> `, `- `, indentation).
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

    def find(self, at: int) -> int:
        line = bisect_right(self._from, at) - 1
        return self._to[line] + at - self._from[line]


class _LessonMarkdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Accept every address, so that a picture at file:///… is refused, and not read aloud."""
        return True


@functools.cache
def get_parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough and dollar maths. Inline content is left to
    `parse_inline`."""
    from mdit_py_plugins.amsmath import amsmath_plugin

    parser = _LessonMarkdown("commonmark")
    _add_extensions(parser)
    parser.use(amsmath_plugin)
    parser.inline.ruler.before("autolink", "vendor", _read_vendor_tag)
    return parser


@functools.cache
def get_notes_parser() -> MarkdownIt:
    """The same for speaker notes. They are indented like their comment, which does not make them
    code."""
    parser = MarkdownIt("commonmark")
    _add_extensions(parser)
    parser.disable("code")
    return parser


def _add_extensions(parser: MarkdownIt) -> None:
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser.enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    parser.block.ruler.before("math_block", "formulas", read_line_of_formulas)
    parser.block.ruler.before(
        "code", "marker", _read_marker, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    parser.core.ruler.disable(["inline", "text_join"])
    parser.inline.ruler.before("link", "brackets", _read_brackets)


def _read_marker(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """Read the line of a marker (`lessons.markdown.markers`), whose content is its title."""
    begin, end = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    found = parse_marker(state.src[begin:end])
    if found is None:
        return False
    if not silent:
        token = state.push("marker", "", 0)
        token.meta = {"marker": found[0]}
        token.content = state.src[begin + found[1] : end]
        token.map = [line, line + 1]
    state.line = line + 1
    return True


_BRACKETS = re.compile(r"(?:!?\[)+")


def _read_brackets(state: StateInline, silent: bool) -> bool:
    """Read as text the brackets behind which none closes, so that a long row of them does not cost
    an attempt to read a link at each."""
    if state.src[state.pos] not in "[!" or not isinstance(state, _PositionedState):
        return False
    if state.pos <= state.last_bracket:
        return False
    run = _BRACKETS.match(state.src, state.pos, state.posMax)
    if run is None:
        return False
    if not silent:
        state.append_pending(run[0])
    state.pos = run.end()
    return True


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


def parse_inline(content: str, offsets: OffsetMap, env: dict[str, Any]) -> tuple[Bit, ...]:
    """The bits of inline content, in order. Adjacent plain text is joined.

    `env` holds the link definitions of the document, as markdown-it collects them.
    """
    parser = get_parser()
    tokens: list[MarkdownToken] = []
    state = _PositionedState(content, parser, env, tokens)
    parser.inline.tokenize(state)
    for rule in parser.inline.ruler2.getRules(""):
        if rule.__name__ != "fragments_join":  # it would move text to another position
            rule(state)
    return tuple(_remove_filler(_BitReader(content, offsets).read(tokens)))


@dataclass(frozen=True, slots=True)
class _Content:
    """What one token holds, and how many characters of the content it takes."""

    kind: BitKind
    text: str
    length: int
    plain: bool = False
    target: str = ""
    title: str = ""


class _BitReader:
    """Turns the inline tokens of markdown-it into bits."""

    def __init__(self, content: str, offsets: OffsetMap) -> None:
        self.content, self.offsets = content, offsets
        self.cursor = 0
        self.strong = self.emphasis = self.link = 0  # how many are open
        self.automatic = False  # whether a link without a text of its own has just been opened

    def read(self, tokens: list[MarkdownToken]) -> list[Bit]:
        bits: list[Bit] = []
        for token in tokens:
            at = max(token.meta.get("at", self.cursor), self.cursor)
            if self._read_mark(token, at):
                continue
            content = self._read_content(token, at)
            if content.length == 0:
                continue
            self.cursor = at + content.length
            bits.append(
                Bit(
                    kind=content.kind,
                    text=content.text,
                    start=self.offsets.find(at),
                    end=self.offsets.find(self.cursor - 1) + 1,
                    plain=content.plain,
                    strong=self.strong > 0,
                    emphasis=self.emphasis > 0,
                    link=self.link > 0,
                    target=content.target,
                    title=content.title,
                )
            )
        return bits

    def _read_mark(self, token: MarkdownToken, at: int) -> bool:
        """Read a token that opens or closes emphasis or a link; whether it was one."""
        match token.type:
            case "strong_open" | "strong_close":
                self.strong += token.nesting
            case "em_open" | "em_close":
                self.emphasis += token.nesting
            case "s_open" | "s_close":
                pass
            case "link_open" | "link_close":
                self.link += token.nesting
                self.automatic = token.nesting > 0 and token.markup == "autolink"
                return True
            case "html_inline" if token.content in STRONG:
                self.strong += 1 if token.content == STRONG[0] else -1
            case "html_inline" if token.content in EMPHASIS:
                self.emphasis += 1 if token.content == EMPHASIS[0] else -1
            case _:
                return False
        self.cursor = at + len(token.markup or token.content)
        return True

    def _read_content(self, token: MarkdownToken, at: int) -> _Content:
        text = token.content
        match token.type:
            case "softbreak" | "hardbreak":
                return _Content("break", " " if token.type == "softbreak" else "\n", 1)
            case "text_special":
                return _Content("text", text, len(token.markup))
            case "code_inline":
                return _Content("code", text, _measure_code(self.content, at, token.markup))
            case "math_inline":
                return _Content("formula", text, len(text) + 2)
            case "math_inline_double":
                return _Content("formula", text, len(text) + 4, title=DISPLAY)
            case "image":
                target, title = (str(token.attrs.get(name, "")) for name in ("src", "title"))
                alternative = _find_alternative_text(token)
                return _Content("picture", alternative, 2, target=target, title=title)
            case "html_inline":
                return _Content("html", text, len(text))
            case _ if self.automatic:
                self.automatic = False
                close = self.content.find(">", at)
                return _Content("text", self.content[at + 1 : close], close + 1 - at)
            case _:
                return _Content("text", text, len(text), plain=True)


def _remove_filler(bits: list[Bit]) -> list[Bit]:
    """The bits without the characters that replace masked comments, and without the heads of
    markers that stand where none can be."""
    kept: list[Bit] = []
    for bit in bits:
        if not PRIVATE.search(bit.text):
            kept.append(bit)
        elif not bit.plain:
            kept.append(replace(bit, text=PRIVATE.sub("", bit.text)))
        else:
            at = 0
            for private in PRIVATE.finditer(bit.text):
                kept += _cut_bit(bit, at, private.start())
                at = private.end()
            kept += _cut_bit(bit, at, len(bit.text))
    return kept


def _cut_bit(bit: Bit, start: int, end: int) -> list[Bit]:
    text = bit.text[start:end]
    return [replace(bit, text=text, start=bit.start + start, end=bit.start + end)] if text else []


def _measure_code(content: str, at: int, marker: str) -> int:
    close = re.compile(rf"(?<!`){marker}(?!`)").search(content, at + len(marker))
    return (close.end() if close else at + len(marker)) - at


def _find_alternative_text(token: MarkdownToken) -> str:
    return "".join(
        " " if child.type.endswith("break") else child.content for child in token.children or ()
    ).strip()


def split_bits(bits: Sequence[Bit], at: int) -> tuple[tuple[Bit, ...], tuple[Bit, ...]]:
    """The bits before and the bits after the offset `at`."""
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


_STYLE_TAGS: dict[str, RunStyle] = {HIGHLIGHT[0]: "highlight", SMALL_CAPS[0]: "smallcaps"}
_STYLE_ENDS = frozenset({HIGHLIGHT[1], SMALL_CAPS[1]})


def make_runs(bits: Sequence[Bit]) -> Inline:
    """What a slide shows: no tags, no pictures, and white space collapsed."""
    made: list[Run] = []
    worn: list[RunStyle] = []  # the styles of private tags that are open
    for bit in bits:
        if bit.kind == "picture":
            continue
        if bit.kind == "html":
            if bit.text in _STYLE_TAGS:
                worn.append(_STYLE_TAGS[bit.text])
            elif bit.text in _STYLE_ENDS and worn:
                worn.pop()
            tag = parse_tag(bit.text)
            if tag is None or tag.name != "br":
                continue
        style: RunStyle = worn[-1] if worn else "plain"
        if bit.kind in ("code", "formula"):
            style = "code" if bit.kind == "code" else "formula"
        elif bit.strong and not worn:
            style = "strong"
        elif bit.link and not worn:
            style = "link"
        elif bit.emphasis and not worn:
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
    """Inline content as readable text, for titles."""
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
