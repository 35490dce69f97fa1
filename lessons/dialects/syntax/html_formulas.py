r"""Formulas in pages of HTML, as MathJax and KaTeX read them: `\(…\)`, `\[…\]`, `$…$`, `$$…$$`."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

from lessons.markdown.source import Edit, Source

_FORMULA = re.compile(
    r"\\\(((?:(?!\\[()])[^\n$]){1,2000}?)\\\)"
    r"|\\\[((?:(?!\\\[)[^$]){1,5000}?)\\\]"
    r"|\$\$((?:[^$\\]|\\.){1,5000}?)\$\$"
    r"|(?<![\\$\w])\$(?![\s$])((?:[^$\n\\<]|\\.){1,500}?)(?<![\s\\])\$(?![\d$])",
    re.DOTALL,
)
_ENTITY_OR_LINE = re.compile(r"&#?\w{1,30};|\n[ \t]*")
_CODE = re.compile(r"<(code|pre|script|style|textarea|kbd|samp)(?=[\s>])", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?<!\\)\$\$[^\n$]{1,5000}?\$\$"
    r"|(?<![\\$])\$(?![\s$])(?:[^$\n\\]|\\.){1,500}?(?<![\s\\])\$(?![\d$])"
)


def write_formulas(source: Source) -> Source:
    """Write the formulas of a page with dollar signs, each in one line, without entities."""
    if "\\" not in source.text and "$" not in source.text:
        return source
    code = list(_find_code(source.text))
    starts = [start for start, _ in code]
    edits: list[Edit] = []
    for found in _FORMULA.finditer(source.text):
        at = bisect_right(starts, found.start()) - 1
        if at >= 0 and found.start() < code[at][1]:
            continue
        group = found.lastindex or 1
        sign = "$" if group in (1, 4) else "$$"
        inside = source[found.start(group) : found.end(group)]
        inside = inside.edit(
            Edit(part.start(), part.end(), (html.unescape(part[0]) if part[0][0] == "&" else " ",))
            for part in _ENTITY_OR_LINE.finditer(inside.text)
        )
        stripped = inside.text.strip() if group == 1 else inside.text
        begin = inside.text.find(stripped)
        edits.append(
            Edit(found.start(), found.end(), (sign, inside[begin : begin + len(stripped)], sign))
        )
    return source.edit(edits)


def find_formulas(text: str) -> list[tuple[int, int]]:
    """Where the formulas stand that `write_formulas` has written."""
    return [found.span() for found in _WRITTEN.finditer(text)] if "$" in text else []


def _find_code(text: str) -> Iterator[tuple[int, int]]:
    """Where elements stand whose text is shown as it is."""
    lowered = text.lower()
    missing: set[str] = set()
    at = 0
    while found := _CODE.search(text, at):
        at = found.end()
        name = found[1].lower()
        end = -1 if name in missing else lowered.find(f"</{name}", at)
        if end < 0:
            missing.add(name)
        else:
            yield found.start(), end
            at = end
