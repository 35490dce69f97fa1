"""Kramdown: attribute lists (`{: .class #id}`), extensions (`{::options /}`), and small signs.

A class that names a box makes one of the block beside it, as Just the Docs has it; every other
attribute list vanishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context
from lessons.dialects.syntax.abbreviations import remove_abbreviations
from lessons.dialects.syntax.html_media import read_share
from lessons.dialects.syntax.kramdown_tables import rewrite_kramdown_tables
from lessons.dialects.syntax.quote_boxes import rewrite_quote_boxes
from lessons.dialects.syntax.scan import (
    Line,
    mask_code,
    remove_in_prose,
    replace_in_prose,
    scan_lines,
)
from lessons.dialects.syntax.tables_of_contents import remove_contents
from lessons.markdown.markers import END, Parts, make_marker, make_width
from lessons.markdown.source import Edit, Source

_QUOTE_MARK = re.compile(r"[ \t]*> ?")
_LIST_LINE = re.compile(r"^([ \t>]*)\{:(?!:)([^{}\n]{0,500})\}[ \t]*$")
_SPAN = re.compile(r"\{:(?!:)[^{}\n]{0,500}\}")
_PICTURE_SPAN = re.compile(r"(?<=\))\{:([^{}\n]{0,500})\}")
_HEADING = re.compile(r"^[ \t>]*#{1,6}[ \t]")
_UNDERLINE = re.compile(r" {0,3}(?:={1,200}|-{1,200})[ \t]*$")
_HEADING_ID = re.compile(r"\{[ ]?[#.][^{}\n]{1,300}\}")
_DEFINITION = re.compile(r"^[ \t]*\{:[\w-]+:[^{}\n]*\}[ \t]*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"\{::comment\}|\{:/comment\}")
_EXTENSION = re.compile(r"\{::/?[a-z][^{}\n]{0,300}/?\}|\{:/[a-z]*\}")
_WIDTH = re.compile(r"\bwidth\s*[=:]\s*[\"']?([\d.]+(?:px|%)?)")
_TITLED = re.compile(r"-title$")
_BLOCK_END = re.compile(r"^\^[ \t]*$\n?", re.MULTILINE)
_GUILLEMETS = re.compile(r"(?<!<)<<[ ]?([\w\"'][^<>\n]{0,300}?)[ ]?>>(?!>)")
_LINE_BREAK = re.compile(r"(?<=[^\\\s])[ ]?\\\\[ \t]*$", re.MULTILINE)

_MOST_LISTS = 6
"""How many attribute lists may stand in a row."""


def rewrite_kramdown(source: Source, context: Context) -> Source:
    """Rewrite what kramdown adds to Markdown."""
    source = remove_abbreviations(source)
    source = rewrite_kramdown_tables(source)
    for pattern in (_BLOCK_END, _GUILLEMETS, _LINE_BREAK):
        source = replace_in_prose(source, pattern, _write_sign)
    if "{:" in source.text or "{#" in source.text:
        source = remove_contents(source, context)
        source = _remove_comments(source)
        source = remove_in_prose(source, _DEFINITION)
        source = rewrite_quote_boxes(source)
        source = _rewrite_lists(source)
        source = source.edit(
            Edit(m.start(), m.end(), _keep_width(m[1]))
            for m in _PICTURE_SPAN.finditer(mask_code(source.text))
        )
        source = remove_in_prose(source, _SPAN)
        source = remove_in_prose(source, _EXTENSION)
        source = source.edit(_find_heading_ids(source.text))
    return source


def _write_sign(match: re.Match[str], source: Source) -> Parts:
    if match.re is _GUILLEMETS:
        return ("«", source[match.start(1) : match.end(1)], "»")
    return ("\\",) if match.re is _LINE_BREAK else ()


def _find_heading_ids(text: str) -> Iterator[Edit]:
    lines = scan_lines(text)
    for line in lines:
        bare = line.text.rstrip()
        if line.kind != "text" or not bare.endswith("}"):
            continue
        below = lines[line.number + 1].text if line.number + 1 < len(lines) else ""
        if _HEADING.match(bare) or _UNDERLINE.match(below):
            at = bare.rfind("{")
            if at > 0 and _HEADING_ID.fullmatch(bare, at):
                yield Edit(line.start + len(bare[:at].rstrip()), line.end)


def _keep_width(attributes: str) -> Parts:
    width = _WIDTH.search(attributes)
    share = read_share(width[1]) if width else 0.0
    return (make_width(share),) if share else ()


def _remove_comments(source: Source) -> Source:
    edits: list[Edit] = []
    opened = -1
    for sign in _COMMENT.finditer(mask_code(source.text)):
        if sign[0].startswith("{::"):
            opened = sign.start() if opened < 0 else opened
        elif opened >= 0:
            edits.append(Edit(opened, sign.end()))
            opened = -1
    return source.edit(edits)


def _rewrite_lists(source: Source) -> Source:
    """Take out the lines of attribute lists, and make the boxes that they name."""
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    boxed = -1  # the last line that is in a box
    for line in lines:
        found = _LIST_LINE.match(line.text) if line.kind == "text" else None
        if found is None:
            continue
        if "toc" in found[2].split():
            continue  # `remove_contents` takes out the list as well
        kind, titled = _find_box(found[2])
        block = _find_block(lines, line.number) if kind or titled else None
        if block is None or block[0] <= boxed or found[1].strip():
            edits.append(Edit(line.start, line.end, (found[1].rstrip(),)))
            if width := _keep_width(found[2]):
                edits += _widen(lines, line, width)
            continue
        first, last = block
        boxed = last
        edits.append(Edit(line.start, line.end))
        edits += _make_box(source, lines[first : last + 1], kind, titled)
    return source.edit(edits)


def _widen(lines: Sequence[Line], line: Line, width: Parts) -> list[Edit]:
    """Give the picture in the line above its width."""
    above = lines[line.number - 1] if line.number else line
    at = above.start + len(above.text.rstrip())
    return [Edit(at, at, width)] if above.text.rstrip().endswith(")") and "![" in above.text else []


def _find_box(attributes: str) -> tuple[str, bool]:
    """The kind of box that classes name, and whether its first paragraph is its title."""
    for name in re.findall(r"\.([\w-]+)", attributes):
        kind = find_kind(_TITLED.sub("", name))
        if kind != "plain" and name not in ("details", "version", "example", "check", "summary"):
            return kind, bool(_TITLED.search(name))
        if name.endswith("-title") or name in ("new", "highlight"):
            return ("plain", True) if name.endswith("-title") else ("", False)
    return "", False


def _find_block(lines: Sequence[Line], number: int) -> tuple[int, int] | None:
    """The first and last line of the block that an attribute list belongs to: the one above it, or
    else the one below."""
    above = number - 1
    while number - above < _MOST_LISTS and above >= 0 and _LIST_LINE.match(lines[above].text):
        above -= 1
    if above >= 0 and lines[above].text.strip():
        first = above
        while first > 0 and lines[first - 1].text.strip() and lines[first].kind == "text":
            if _LIST_LINE.match(lines[first - 1].text):
                break
            first -= 1
        if not re.match(r"[ \t]*#", lines[first].text):
            return first, above
    below = number + 1
    while (
        below - number < _MOST_LISTS and below < len(lines) and _LIST_LINE.match(lines[below].text)
    ):
        below += 1
    last = below
    if last >= len(lines) or not lines[last].text.strip() or _LIST_LINE.match(lines[last].text):
        return None
    while last + 1 < len(lines) and (
        lines[last + 1].text.strip() or lines[last].kind in ("code", "fence")
    ):
        if lines[last].kind == "fence" and not lines[last + 1].text.strip():
            break
        if _LIST_LINE.match(lines[last + 1].text):
            break
        last += 1
    return below, last


def _make_box(source: Source, lines: Sequence[Line], kind: str, titled: bool) -> list[Edit]:
    """The edits that make a box of lines. A block quote loses its marks."""
    edits: list[Edit] = []
    marks = [_QUOTE_MARK.match(line.text) for line in lines]
    quoted = all(marks)
    starts = [
        line.start + (mark.end() if quoted and mark else 0)
        for line, mark in zip(lines, marks, strict=True)
    ]
    title: str | Source = ""
    rest = 0
    if titled:
        while rest < len(lines) and source.text[starts[rest] : lines[rest].end].strip():
            rest += 1
        title = source[starts[0] : lines[max(rest - 1, 0)].end]
        edits.append(Edit(lines[0].start, lines[max(rest - 1, 0)].end))
    opening = ("\n", *make_marker("box", kind or "plain", title=title))
    edits.insert(0, Edit(lines[0].start, lines[0].start, opening))
    if quoted:
        edits += [
            Edit(line.start, start) for line, start in list(zip(lines, starts, strict=True))[rest:]
        ]
    edits.append(Edit(lines[-1].end, lines[-1].end, ("\n", *END)))
    return edits
