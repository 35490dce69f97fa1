"""Dollar signs in tools that take them for money or variables and not for formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.dialects.syntax.scan import HIDDEN, mask_code
from lessons.markdown.source import Edit, Source

_TOKEN = "\ue00f"  # stands for a dollar sign while code is looked for; no lesson holds it
_BACKSLASHES = re.compile(r"\\\\\((.{1,1000}?)\\\\\)|\\\\\[(.{1,2000}?)\\\\\]", re.DOTALL)
_BACKSLASH = re.compile(
    r"(?<![\\\w])\\\((.{1,1000}?)(?<!\\)\\\)|(?<!\\)\\\[(.{1,2000}?)(?<!\\)\\\]", re.DOTALL
)
_LOOSE = re.compile(
    rf"{_TOKEN}{{2}}[^{_TOKEN}]{{1,5000}}{_TOKEN}{{2}}"
    rf"|(?:(?<![\w.,])(?P<before>\d{{1,9}}(?:[.,]\d{{1,9}})?))?(?<![\\{_TOKEN}]){_TOKEN}(?!{_TOKEN})"
    rf"(?P<inside>(?:[^{_TOKEN}\n\\]|\\.|\n(?![ \t]*\n)){{1,500}}?)(?<!\\){_TOKEN}(?![\d{_TOKEN}])"
)
"""A display formula, or a formula in a line, with the number in front of it."""
_BLANK_END = re.compile(r"(?:(?<!\\)\\[ ][ \t]{0,20}){1,9}$")
"""Blanks at the end of a formula, before whose dollar sign they must not leave a backslash."""
_COMMAND = re.compile(r"\\[A-Za-z]")
_INLINE_LATEX = re.compile(r"\\[A-Za-z]|[\^_=]|\A\s*\S{1,3}\s*\Z")
_LATEX = re.compile(r"\\[A-Za-z]|[\^=]")
"""What tells a formula from words between brackets that Markdown was not to read."""


def escape_dollars(source: Source, *, double: bool = True) -> Source:
    """Make dollar signs outside code plain text. `double` says whether `$$` is plain text too."""
    if "$" not in source.text:
        return source
    bare = source.text.replace("$", _TOKEN)
    masked = mask_code(bare)
    edits: list[Edit] = []
    for match in re.finditer(rf"\\.|{_TOKEN}{{1,8}}", masked):
        if match[0].startswith("\\") or (len(match[0]) == 2 and not double):
            continue
        edits += [Edit(at, at, ("\\",)) for at in range(*match.span())]
    return source.edit(edits)


def tighten_dollars(source: Source, *, prices: bool = False) -> Source:
    """Write `$ x $` and `90$^o$` as `$x$` and `$90^o$`, for tools that take these for formulas.
    With `prices`, what begins with a number is only a formula if it has a command of LaTeX."""
    if "$" not in source.text:
        return source
    bare = source.text.replace("$", _TOKEN)
    edits: list[Edit] = []
    for match in _LOOSE.finditer(mask_code(bare)):
        inside = source[match.start("inside") : match.end("inside")]
        stripped = _BLANK_END.sub("", inside.text).strip()
        if prices and stripped[:1].isdecimal() and not _COMMAND.search(stripped):
            continue
        if match["inside"] is None or HIDDEN in match[0] or not _INLINE_LATEX.search(inside.text):
            continue
        if stripped and (match["before"] or stripped != inside.text):
            begin = inside.text.find(stripped)
            before = match["before"] or ""
            formula = inside[begin : begin + len(stripped)]
            edits.append(Edit(match.start(), match.end(), ("$", before, formula, "$")))
    return source.edit(edits)


def rewrite_backslash_maths(source: Source, *, single: bool = False) -> Source:
    r"""Write formulas between `\\(` and `\\)` or `\\[` and `\\]` with dollar signs. `single` says
    whether one backslash is enough."""
    if "\\(" not in source.text and "\\[" not in source.text:
        return source
    source = source.edit(_find_formulas(source, _BACKSLASHES))
    return source.edit(_find_formulas(source, _BACKSLASH)) if single else source


def _find_formulas(source: Source, pattern: re.Pattern[str]) -> Iterator[Edit]:
    for match in pattern.finditer(mask_code(source.text)):
        group = 1 if match[1] is not None else 2
        inside = source[match.start(group) : match.end(group)]
        if HIDDEN in match[0] or "\n\n" in inside.text:
            continue
        sign = _INLINE_LATEX if group == 1 else _LATEX
        if pattern is _BACKSLASH and not sign.search(inside.text):
            continue
        if group == 1:
            stripped = inside.text.strip()
            begin = inside.text.find(stripped)
            parts = ("$", inside[begin : begin + len(stripped)], "$")
        else:
            parts = ("\n$$\n", inside, "\n$$\n")
        yield Edit(match.start(), match.end(), parts)
