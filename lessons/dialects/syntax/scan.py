"""Finds what in a text is prose, so that rules leave code, comments and formulas as they are."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source

LineKind = Literal["text", "fence", "code", "comment", "math"]

KEPT_SCANS = 8
"""Most rules leave a text as it is, so the next rule asks for the same lines again."""

HIDDEN = "\ue002"
"""Stands for each character of code, comments and formulas in `mask_code`. No lesson holds it."""

_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_CODE_SPAN = re.compile(
    rf"(?<![`\\])(`{{1,8}})(?!`)(?:[^`\n{HIDDEN}]|\n(?![ \t]*\n)|(?!\1(?!`))`++){{1,2000}}?"
    r"(?<!`)\1(?!`)"
)
MATH_SPAN = re.compile(
    r"(?<![\\$])\$(?![\s$])(?:[^$\n\\]|\\.|\n(?![ \t]*\n)){1,500}?(?<![\s\\])\$(?![\d$])"
)
_MATH_END = re.compile(r"\$\$[ \t]*(?:\{#[^{}\n]*\}|\([\w:.-]+\))?[ \t]*$")
"""The end of a formula, which may be followed by its label."""

_ESCAPED = re.compile(r"\\[\\<]")


class Line(NamedTuple):
    """A line of a text without its end; `start` is its offset, and `number` counts from 0."""

    number: int
    start: int
    text: str
    kind: LineKind

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@functools.lru_cache(maxsize=KEPT_SCANS)
def scan_lines(text: str) -> tuple[Line, ...]:
    """The lines of a text, each with what it belongs to.

    The lines that open and close a code block are fences. A comment or formula that begins and ends
    in one line leaves that line to be text.
    """
    lines: list[Line] = []
    fence, inside = "", ""
    column = 0  # where the fence stands in its line
    start = 0
    for number, line in enumerate(text.split("\n")):
        kind: LineKind = "text"
        if fence:
            closing = closes_fence(line, fence, column)
            kind, fence = ("fence", "") if closing else ("code", fence)
        elif inside == "comment":
            kind, inside = "comment", "" if "-->" in line else inside
        elif inside == "math":
            kind, inside = "math", "" if _MATH_END.search(line) else inside
        elif opened := _FENCE.match(line):
            kind, fence, column = "fence", opened[1], opened.start(1)
        elif line.rfind("<!--") > line.rfind("-->") and not _in_code_span(line, line.rfind("<!--")):
            inside = "comment"
            kind = "comment" if line.lstrip().startswith("<!--") else "text"
        elif line.strip() == "$$" or (line.lstrip().startswith("$$") and line.count("$$") == 1):
            kind, inside = "math", "math"
        lines.append(Line(number, start, line, kind))
        start += len(line) + 1
    return tuple(lines)


def find_open(text: str) -> str:
    """The line that closes the code block, comment or formula in which a text ends; empty if it
    ends in none."""
    fence = ""
    formula = False
    lines = scan_lines(text)
    for line in lines:
        if line.kind == "fence":
            opened = _FENCE.match(line.text)
            fence = "" if fence or opened is None else opened[1]
        elif line.kind == "math":
            bare = line.text.strip()
            formula = formula != (bare == "$$" or bare.count("$$") == 1)
    if fence:
        return fence
    begin = text.rfind("<!--")
    if begin > text.rfind("-->"):
        last = lines[-1]
        if last.kind == "comment" or not _in_code_span(last.text, begin - last.start):
            return "-->"
    return "$$" if formula else ""


def closes_fence(line: str, fence: str, column: int = 1000) -> bool:
    """Whether a line closes the code block that `fence` has opened in a column. One that stands
    farther to the right is part of the code."""
    bare = line.strip().lstrip("> \t")
    closing = bare.startswith(fence) and not bare.strip(fence[0])
    return closing and line.find(fence[0]) <= column + 3


def _in_code_span(line: str, at: int) -> bool:
    return any(span.start() < at < span.end() for span in _CODE_SPAN.finditer(line))


def mask_code(text: str, lines: Iterable[Line] | None = None) -> str:
    """The text, as long as it was, with code, comments and formulas hidden."""
    return _mask_text(text) if lines is None else _mask_lines(lines)


@functools.lru_cache(maxsize=KEPT_SCANS)
def _mask_text(text: str) -> str:
    return _mask_lines(scan_lines(text))


def _mask_lines(lines: Iterable[Line]) -> str:
    parts: list[str] = []
    for line in lines:
        if line.kind == "comment":
            parts.append(_hide_comment_line(line.text))
        else:
            parts.append(line.text if line.kind == "text" else HIDDEN * len(line.text))
    masked = "\n".join(parts)
    masked = _hide_comments(_CODE_SPAN.sub(_hide, masked))
    for pattern in (_DISPLAY_MATH, MATH_SPAN):
        masked = pattern.sub(_hide, masked)
    return masked


def hide_escaped_tags(masked: str) -> str:
    """A masked text of Markdown with `\\<`, which begins no tag, hidden."""
    if "\\<" not in masked:
        return masked
    return _ESCAPED.sub(lambda m: HIDDEN * 2 if m[0] == "\\<" else m[0], masked)


def _hide_comment_line(line: str) -> str:
    """A line of a comment without its words, but with the signs that begin and end comments, and
    with what stands behind the end."""
    end = line.rfind("-->")
    inside, behind = (line[:end], line[end:]) if end >= 0 else (line, "")
    return re.sub(r"<!--|-->|[^\n]", lambda m: m[0] if len(m[0]) > 1 else HIDDEN, inside) + behind


def _hide_comments(text: str) -> str:
    """Hide comments. Those without an end are looked for once, and not at each of them."""
    parts: list[str] = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0 and (close := text.find("-->", begin + 4)) >= 0:
        parts.append(text[at:begin])
        parts.append(re.sub(r"[^\n]", HIDDEN, text[begin : close + 3]))
        at = close + 3
    return "".join([*parts, text[at:]])


def find_code_spans(text: str, lines: Iterable[Line] | None = None) -> Iterator[re.Match[str]]:
    """The code spans in the prose of a text, with their backticks."""
    prose = "\n".join(
        line.text if line.kind == "text" else HIDDEN * len(line.text)
        for line in (lines if lines is not None else scan_lines(text))
    )
    yield from _CODE_SPAN.finditer(prose)


_DISPLAY_MATH = re.compile(r"(?<!\\)\$\$[^\n]{1,2000}?\$\$")


def _hide(match: re.Match[str]) -> str:
    return "".join("\n" if char == "\n" else HIDDEN for char in match[0])


class HiddenLines:
    """Tells whether offsets, which must not decrease, are in a code block or a comment, or in a
    code span unless these are left out."""

    def __init__(self, text: str, lines: Sequence[Line], *, spans: bool = True) -> None:
        self.lines, self.number = lines, 0
        self.spans = [match.span() for match in find_code_spans(text, lines)] if spans else []
        self.span = 0

    def hold(self, at: int) -> bool:
        while self.number + 1 < len(self.lines) and self.lines[self.number + 1].start <= at:
            self.number += 1
        while self.span < len(self.spans) and self.spans[self.span][1] <= at:
            self.span += 1
        if self.lines[self.number].kind in ("fence", "code", "comment"):
            return True
        return self.span < len(self.spans) and self.spans[self.span][0] <= at


Replacer = Callable[["re.Match[str]", Source], "Parts | None"]


def replace_in_prose(source: Source, pattern: re.Pattern[str], replacer: Replacer) -> Source:
    """Replace what a pattern finds outside code, comments and formulas.

    `replacer` gets the match, whose positions are those of the source, and the source; it gives the
    parts that come in its place, or None to leave it.
    """
    return source.edit(find_edits(source, pattern, replacer))


def find_edits(source: Source, pattern: re.Pattern[str], replacer: Replacer) -> Iterator[Edit]:
    """The edits of `replace_in_prose`."""
    for match in pattern.finditer(mask_code(source.text)):
        parts = replacer(match, source)
        if parts is not None:
            yield Edit(match.start(), match.end(), parts)


def remove_in_prose(source: Source, pattern: re.Pattern[str]) -> Source:
    """Remove what a pattern finds outside code, comments and formulas. If the pattern has a group,
    the group stays."""

    def keep(match: re.Match[str], source: Source) -> Parts:
        if not pattern.groups or match.start(1) < 0:
            return ()
        return (source[match.start(1) : match.end(1)],)

    return replace_in_prose(source, pattern, keep)
