r"""Formulas in pages of HTML, as MathJax and KaTeX read them: `\(…\)`, `\[…\]`, `$…$`, `$$…$$`."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

from lessons.dialects.syntax.html_tags import BLOCK
from lessons.dialects.syntax.scan import HIDDEN, mask_code
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source

_FORMULA = re.compile(
    r"\\\(((?:(?!\\[()])[^\n$]){1,2000}?)\\\)"
    r"|\\\[((?:(?!\\\[)[^$]){1,5000}?)\\\]"
    r"|\$\$((?:[^$\\]|\\.){1,5000}?)\$\$"
    r"|(?<![\\$\w])\$(?![\s$])((?:[^$\n\\<]|\\.){1,500}?)(?<![\s\\])\$(?![\d$])",
    re.DOTALL,
)
_BLOCK = re.compile(
    rf"^ {{0,3}}<(?:{'|'.join(sorted(BLOCK))})(?=[\s/>])[^\n]*(?:\n(?![ \t]*$)[^\n]*)*",
    re.MULTILINE | re.IGNORECASE,
)
"""A block of HTML, in which Markdown is not read; it ends at a blank line."""
_BLOCK_FORMULA = re.compile(
    r"(?<!\\)\\\((?P<line>(?:(?!\\[()])[^$]){1,2000}?)\\\)"
    r"|(?<!\\)\\\[(?P<display>(?:(?!\\\[)[^$]){1,5000}?)\\\]"
    r"|\\begin\s?\{(?P<name>equation|align(?:at)?|gather|multline|eqnarray|flalign)(?P<star>\*?)\}"
    r"(?P<body>(?:(?!\\begin\s?\{(?P=name))[^$]){1,5000}?)"
    r"\\end\s?\{(?P=name)(?P=star)\}[ \t]*\n?",
)
_LATEX = re.compile(r"\\[A-Za-z{]|[\^_=+<>/-]|\A\s*\S{1,3}\s*\Z|\A\s*[\w ]{1,4}\s*\Z")
_NARROW = re.compile(r"<(?:li|td|th|dd|dt|h[1-6]|figcaption|blockquote|summary)\b", re.IGNORECASE)
"""Elements in which what is written stays in its line."""
_GAP = re.compile(r"(\\(?:begin|end|label))\s(?=\{)")
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
        inside = inside.edit(_clean(inside.text))
        stripped = inside.text.strip() if group == 1 else inside.text
        begin = inside.text.find(stripped)
        edits.append(
            Edit(found.start(), found.end(), (sign, inside[begin : begin + len(stripped)], sign))
        )
    return source.edit(edits)


def write_block_formulas(source: Source) -> Source:
    """Write with dollar signs the formulas between backslashes, and the environments of formulas,
    that stand in blocks of HTML."""
    if "\\" not in source.text or "<" not in source.text:
        return source
    edits: list[Edit] = []
    for block in _BLOCK.finditer(mask_code(source.text)):
        if "\\" not in block[0]:
            continue
        wide = block[0].lstrip()[:2].lower() == "<p" and _NARROW.search(block[0]) is None
        for found in _BLOCK_FORMULA.finditer(block[0]):
            if HIDDEN not in found[0]:
                edits += _write_block_formula(source, block.start(), found, wide)
    return source.edit(edits)


def _write_block_formula(
    source: Source, at: int, found: re.Match[str], wide: bool
) -> Iterator[Edit]:
    """The edit for a formula in a block that begins at `at`. If the block is `wide`, a display
    formula gets lines of its own."""
    group = found.lastgroup if found["body"] is None else "body"
    assert group is not None
    if group == "line" and not _LATEX.search(found[group]):
        return
    start, end = at + found.start(group), at + found.end(group)
    if found["body"] is not None and found["name"] not in ("equation", "multline", "gather"):
        start, end = at + found.start(), at + found.end()
    inside = source[start:end]
    inside = inside.edit(_clean(inside.text))
    stripped = inside.text.strip()
    begin = inside.text.find(stripped)
    formula = inside[begin : begin + len(stripped)]
    if not stripped:
        return
    if group == "line":
        parts: Parts = ("$", formula, "$")
    else:
        parts = ("\n\n$$\n", formula, "\n$$\n\n") if wide else ("$$", formula, "$$ ")
    yield Edit(at + found.start(), at + found.end(), parts)


def _clean(formula: str) -> Iterator[Edit]:
    """What makes one line of a formula in HTML, without entities."""
    for part in _ENTITY_OR_LINE.finditer(formula):
        yield Edit(
            part.start(), part.end(), (html.unescape(part[0]) if part[0][0] == "&" else " ",)
        )
    for gap in _GAP.finditer(formula):
        yield Edit(gap.end() - 1, gap.end())


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
