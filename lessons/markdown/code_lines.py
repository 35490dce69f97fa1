"""Which lines of a code block are set off, and how its lines are numbered.

Tools say so behind the language, and each in its own way:

    py {1,3-5}                           Slidev, Docusaurus; `{2,3|5}` are the clicks of a talk
    js [1-2|3]    js [7: 1-2|3]          reveal.js, with the number of the first line
    .py hl_lines="2 3-4" linenums="5"    Python-Markdown
    go hl_lines=[1,"3-4"],linenos=table,linenostart=3        Hugo
    .python .numberLines startFrom="10"  pandoc
    .r code-line-numbers="|2|3"          Quarto; reveal's `data-line-numbers` in HTML
    .ruby linenos mark_lines="1 2"       Jekyll

Dialects that rewrite what stands there keep it in one form (`LineMarks.write`). Comments in the
code itself, such as `#<<` at the end of a line, are read wherever they stand.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lessons.wordset import word_set

_LONGEST_INFO = 600
"""Characters of an info string that are read."""
_HIGHEST = 99_999
"""A higher number is not that of a line of code on a slide."""
_MOST_CLICKED = 0.6
"""Clicks that go through most of the code set off nothing when all are shown at once."""

_ASSIGNED = re.compile(
    r"(?<![\w-])([A-Za-z][\w-]*)[ \t]*=[ \t]*"
    r"(\"[^\"]*\"|'[^']*'|\[[^\]]*\]|\{[^}]*\}|\d+(?:-\d+)?(?:[ \t]+\d+(?:-\d+)?)*|[^\s,{}]+)"
)
_OWN = re.compile(r"(?<!\S)narrate-(lines|first)=(\S+)")
_BRACES = re.compile(r"(?<!=)\{((?:[\d\s,|*-]|all|none|hide)+)\}")
_BRACKETS = re.compile(r"(?<!=)\[[ \t]*(?:(\d+)[ \t]*:)?([\d\s,|-]*)\]")
_SLIDEV_LINES = re.compile(r"\{[^{}]*\blines[ \t]*:[ \t]*true\b")
_SLIDEV_START = re.compile(r"\{[^{}]*\bstartLine[ \t]*:[ \t]*(\d+)")
_NUMBERED = re.compile(
    r"(?<![\w=\"'-])\.?(?:number-?lines|line-?numbers|showlinenumbers|(?:line|code-line)-numbers"
    r"|data-line-numbers|linenos|linenums)(?![\w=-])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)(?:[ \t]*(-)[ \t]*(\d*))?")
_WORDS = re.compile(r"\b(?:none|hide)\b")

_LINE_KEYS = word_set(
    "hl_lines hl-lines highlight highlightlines highlight-lines mark_lines mark-lines "
    "data-line emphasize-lines emphasize_lines code-line-numbers data-line-numbers "
    "source-line-numbers line-numbers"
)
_NUMBERING_KEYS = word_set(
    "linenums linenos lineno showlinenumbers code-line-numbers data-line-numbers line-numbers "
    "source-line-numbers number-lines numberlines"
)
_START_KEYS = word_set(
    "linenostart lineno-start startfrom start-from data-ln-start-from data-start startline "
    "number-lines showlinenumbers linenums firstnumber first-number"
)
_OFF = frozenset({"", "0", "false", "off", "no", "none"})

_CLOSE = r"[ \t]*+(?:\*/\}?|-->)?[ \t]*+"
_COMMENT = re.compile(
    rf"[ \t]*+(?://|#|/\*|<!--|--|\{{/\*|;|%)[ \t]*+highlight-(next-line|start|end){_CLOSE}"
)
_SHIKI = re.compile(rf"\[!code (?:highlight|hl|focus|\+\+|--)\]{_CLOSE}")
_COMMENT_SIGNS = ("//", "#", "{/*", "/*", "<!--", "--", ";", "%")


@dataclass(frozen=True, slots=True)
class LineMarks:
    """What an info string says of the lines. `groups` are numbers and ranges as `2,3-5|7`, those of
    each click apart; an empty group is all lines. `first` is 0 if lines are not numbered."""

    groups: str = ""
    first: int = 0

    def write(self) -> str:
        """The words that stand for this behind the language, each after a space."""
        groups = f" narrate-lines={self.groups}" if self.groups.strip("|") else ""
        return groups + (f" narrate-first={self.first}" if self.first else "")


@dataclass(frozen=True, slots=True)
class MarkedCode:
    """Code without what tells its lines apart. `marked` are numbers from 1."""

    text: str
    marked: tuple[int, ...] = ()
    first: int = 0


def read_line_marks(info: str) -> LineMarks:
    """What an info string says of the lines, in whatever notation."""
    info = info[:_LONGEST_INFO]
    if own := dict(_OWN.findall(info)):
        return LineMarks(_clean(own.get("lines", "")), _read_number(own.get("first", "0")))
    values = {name.lower(): _unquote(value) for name, value in _ASSIGNED.findall(info)}
    bare = _ASSIGNED.sub(" ", info)
    marks = read_options(values, numbered=_NUMBERED.search(bare) is not None)
    if (braces := _BRACES.search(bare)) and any(map(str.isdecimal, braces[1])):
        return _read_slidev(info, braces[1], marks)
    if (brackets := _BRACKETS.search(bare)) and any(map(str.isdecimal, brackets[0])):
        return LineMarks(_clean(brackets[2]), _read_number(brackets[1] or "1"))
    return marks


def read_options(values: Mapping[str, str], *, numbered: bool = False) -> LineMarks:
    """What options or attributes say of the lines. `numbered` says that something else numbers
    them."""
    groups = ""
    for name in sorted(_LINE_KEYS & values.keys()):
        groups = groups or _clean(values[name])
    numbered = numbered or any(
        values[name].strip().lower() not in _OFF or (not values[name] and name.endswith("numbers"))
        for name in _NUMBERING_KEYS & values.keys()
    )
    starts = [values[name].split()[0] for name in _START_KEYS & values.keys() if values[name]]
    start = max((_read_number(value) for value in starts if value.isdecimal()), default=0)
    asked = start and values.get("linenos", "true").lower() not in _OFF
    return LineMarks(groups, (start or 1) if numbered or asked else 0)


def _read_slidev(info: str, lines: str, marks: LineMarks) -> LineMarks:
    """Lines in braces. Slidev counts them from the number that the first line has."""
    start = _SLIDEV_START.search(info)
    first = _read_number(start[1]) if start else 1
    numbered = first if _SLIDEV_LINES.search(info) else marks.first
    return LineMarks(_shift(_clean(lines), first - 1), numbered)


def _unquote(value: str) -> str:
    return value[1:-1] if value[:1] in "\"'[{" and len(value) > 1 else value


def _read_number(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) < 9 else 1
    return number if number <= _HIGHEST else 1


def _clean(text: str) -> str:
    """Groups of lines without anything but numbers, ranges and the signs between them."""
    if not any(map(str.isdecimal, text)):
        return ""
    groups: list[str] = []
    for group in text.replace("–", "-").split("|"):
        if _WORDS.search(group):
            continue
        parts = [
            f"{first}{'-' if dash else ''}{last if dash else ''}"
            for first, dash, last in _RANGE.findall(group)
        ]
        groups.append(",".join(parts))
    return "|".join(groups)


def _shift(groups: str, by: int) -> str:
    if not by:
        return groups
    return re.sub(r"\d{1,8}", lambda m: str(max(int(m[0]) - by, 0)), groups)


def mark_code(code: str, marks: LineMarks) -> MarkedCode:
    """Code as it is shown: without blank lines around it, the indentation of all its lines, and
    the comments that mark lines. The numbers of lines are those of `code`, with the comments."""
    lines = [line.rstrip() for line in code.split("\n")]
    written = set(_find_marked(marks.groups, len("\n".join(lines).rstrip("\n").split("\n"))))
    shown: list[str] = []
    marked: list[int] = []
    following = inside = False
    skipped = 0
    for number, line in enumerate(lines, 1):
        comment = _COMMENT.fullmatch(line) if "highlight-" in line else None
        if comment is not None:
            following = comment[1] == "next-line"
            inside = comment[1] == "start" or (inside and comment[1] != "end")
            continue
        bare = _remove_sign(line)
        sign, line = bare is not None, line if bare is None else bare
        if not shown and not line:
            skipped += 1
            following = False
            continue
        shown.append(line)
        if sign or following or inside or number in written:
            marked.append(len(shown))
        following = False
    text = _dedent("\n".join(shown).rstrip("\n"))
    count = text.count("\n") + 1
    marked = [number for number in marked if number <= count] if text else []
    first = marks.first + skipped if marks.first else 0
    return MarkedCode(text, () if len(marked) == count else tuple(marked), first)


def _dedent(text: str) -> str:
    """Code without the indentation of all its lines, which is that of the text around it. Where
    some begin with tabs and some with spaces, a tab is taken for four."""
    if text[:1] not in (" ", "\t"):
        return text
    lines = text.split("\n")
    heads = {line[0] for line in lines if line and line[0] in " \t"}
    if len(heads) > 1:
        lines = [_expand_head(line) for line in lines]
    return textwrap.dedent("\n".join(lines))


def _expand_head(line: str) -> str:
    bare = line.lstrip(" \t")
    return line[: len(line) - len(bare)].expandtabs(4) + bare


def _remove_sign(line: str) -> str | None:
    """A line without the comment at its end that sets it off; None if there is none."""
    if line.endswith("#<<"):
        return line[:-3].rstrip()
    at = line.rfind("[!code ")
    if at < 0 or _SHIKI.fullmatch(line, at) is None:
        return None
    before = line[:at].rstrip()
    opened = next((sign for sign in _COMMENT_SIGNS if before.endswith(sign)), "")
    return before[: -len(opened)].rstrip() if opened else None


def _find_marked(groups: str, count: int) -> Iterator[int]:
    """The numbers of the lines of all groups that are not all lines."""
    clicks = [_read_group(group, count) for group in groups.split("|")]
    chosen: set[int] = set().union(*(lines for lines in clicks if len(lines) < count))
    if len(clicks) == 1 or len(chosen) <= _MOST_CLICKED * count:
        yield from chosen


def _read_group(group: str, count: int) -> set[int]:
    lines: set[int] = set()
    for first, dash, last in _RANGE.findall(group):
        start = int(first) if len(first) < 9 else count + 1
        end = start if not dash else int(last) if last and len(last) < 9 else count
        lines.update(range(max(start, 1), min(end, count) + 1))
    return lines
