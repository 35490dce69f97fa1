"""HTML inside Markdown: each element becomes what Markdown or a marker says for it.

Tags of layout vanish and what they hold stays; headings, lists, tables, code, quotes, pictures and
links become those of Markdown; `<details>` and boxes of the usual classes become boxes; what cannot
be shown becomes a placeholder; styles, scripts and controls are taken out. What stands inside of
HTML may still be Markdown. Elements of SSML and comments are left to speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from lessons.dialects.base import Context
from lessons.dialects.syntax.html_blocks import BLOCK_ENDS, BLOCKS
from lessons.dialects.syntax.html_columns import open_columns
from lessons.dialects.syntax.html_formulas import write_block_formulas, write_formulas
from lessons.dialects.syntax.html_inline import INLINE, INLINE_ENDS
from lessons.dialects.syntax.html_media import MEDIA
from lessons.dialects.syntax.html_rows import read_rows
from lessons.dialects.syntax.html_tables import TABLE_ENDS, TABLES
from lessons.dialects.syntax.html_tags import HtmlTag, find_tags
from lessons.dialects.syntax.html_writer import EndHandler, Handler, HtmlWriter
from lessons.dialects.syntax.scan import HIDDEN, Line, hide_escaped_tags, mask_code, scan_lines
from lessons.markdown.source import Source


def _division(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    return open_columns(writer, index, tag) or BLOCKS[tag.name](writer, index, tag)


_DIVISIONS: Mapping[str, Handler] = dict.fromkeys(("div", "section", "aside"), _division)
_HANDLERS: Mapping[str, Handler] = {**BLOCKS, **_DIVISIONS, **INLINE, **MEDIA, **TABLES}
_END_HANDLERS: Mapping[str, EndHandler] = {**BLOCK_ENDS, **INLINE_ENDS, **TABLE_ENDS}

_TOKEN = "\ue00f"  # stands for a backtick while tags are looked for; no lesson holds it
_RAW = re.compile(r"<(pre|script|style|textarea|svg|math|xmp)(?=[\s/>])", re.IGNORECASE)
_RAW_END = re.compile(r"</(pre|script|style|textarea|svg|math|xmp)(?=[\s>])", re.IGNORECASE)


def rewrite_html(source: Source, context: Context) -> Source:
    """Rewrite the HTML in Markdown."""
    return _rewrite(write_block_formulas(source), context, plain=False)


def convert_html(source: Source, context: Context) -> Source:
    """Rewrite a whole document or fragment of HTML, whose text holds no Markdown but may hold
    formulas as MathJax reads them."""
    return _rewrite(write_formulas(source), context, plain=True)


def _rewrite(source: Source, context: Context, *, plain: bool) -> Source:
    text = source.text
    if "<" not in text and not plain:
        return source
    lines = scan_lines(text)
    if plain:  # no sign of Markdown has a meaning
        bare = text.replace("`", _TOKEN)
        lines = tuple(Line(x.number, x.start, x.text, "text") for x in lines)
        masked = mask_tags(bare, _retell(bare, lines))
    else:
        masked = hide_escaped_tags(mask_tags(text, lines))
    tags = list(find_tags(text, masked))
    if not tags and not plain:
        return source
    rows = read_rows(lines, masked, tags, plain=plain)
    writer = HtmlWriter(source, context, masked, rows, tags, plain=plain)
    return writer.write(_HANDLERS, _END_HANDLERS)


def mask_tags(text: str, lines: Sequence[Line]) -> str:
    """The text with code, comments and formulas hidden, and what is inside of elements that are
    read as they are, such as `<pre>` and `<script>`."""
    masked = mask_code(text, lines)
    if _RAW.search(masked) is None:
        return masked
    ends: dict[str, list[int]] = {}
    for match in _RAW_END.finditer(text):
        ends.setdefault(match[1].lower(), []).append(match.start())
    parts: list[str] = []
    at = 0
    spans: list[tuple[int, int]] = []
    opened = _RAW.search(masked)
    while opened is not None:
        begin = opened.start()
        known = ends.get(opened[1].lower(), [])
        position = bisect_left(known, opened.end())
        inside = text.find(">", opened.end())
        if position < len(known) and 0 <= inside < known[position]:
            begin = known[position]
            spans.append((inside + 1, begin))
        opened = _RAW.search(masked, max(begin, opened.end()))
    for start, end in spans:
        parts += [text[at:start], re.sub(r"[^\n]", HIDDEN, text[start:end])]
        at = end
    bare = "".join([*parts, text[at:]])
    # Code spans and formulas are looked for again: their signs inside of these elements were none.
    return mask_code(bare, _retell(bare, lines))


def _retell(text: str, lines: Sequence[Line]) -> list[Line]:
    return [Line(x.number, x.start, text[x.start : x.start + len(x.text)], x.kind) for x in lines]
