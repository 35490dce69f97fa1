"""Fenced divisions (`::: {.class}` … `:::`) of pandoc, Quarto, R Markdown and others.

A division becomes a box, columns, notes or steps by its classes. What a class means that is not
known here is a matter of looks: the content stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lessons.dialects.base import Context
from lessons.dialects.syntax.attributes import is_hidden, strip_braces
from lessons.dialects.syntax.divisions import (
    NAMED,
    Division,
    find_box,
    find_column,
    find_divisions,
    name_kinds,
)
from lessons.dialects.syntax.layouts import share_layout
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source

_PAUSE = re.compile(r"^[ \t]*\.[ \t]\.[ \t]\.[ \t]*$")
_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+(?P<title>\S(?:.*\S)?)[ \t]*$")

NOTES = frozenset({"notes", "speaker-notes", "presenter-notes"})
_UNREAD = frozenset({"footer", "aside"})
_STEPS = frozenset({"incremental"})
_DEEPEST = 8
"""How deep tabs and layouts are looked into, since each looks at all that is inside."""


def rewrite_fenced_divs(source: Source, context: Context) -> Source:
    """Rewrite divisions to boxes, columns, notes and steps, and pauses (`. . .`) to steps."""
    if ":::" not in source.text and ". . ." not in source.text:
        return source
    return _Rewriter(_dedent(source)).rewrite()


def _dedent(source: Source) -> Source:
    """The text with its divisions at the margin: in a list, a box stands between the items."""
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    for division in find_divisions(lines):
        indent = len(division.first.text) - len(division.first.text.lstrip())
        if indent < 1 or division.classes & NOTES:
            continue
        for line in lines[division.first.number : division.last + 1]:
            extra = min(indent, len(line.text) - len(line.text.lstrip()))
            if extra:
                edits.append(Edit(line.start, line.start + extra))
    return source.edit(edits)


@dataclass(slots=True)
class _Open:
    """A division that is being rewritten: its last line, and what is written in its place."""

    division: Division
    end: Parts
    hidden: bool = False
    silent: bool = False  # whether it is in notes, in which there are no markers
    columns: bool = False
    tab_level: int = 0
    turn: float = 0.0  # the share of the row that its columns have taken


class _Rewriter:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = scan_lines(source.text)
        self.edits: list[Edit] = []
        self.before: dict[int, Parts] = {}  # what is written before a line

    def rewrite(self) -> Source:
        # An explicit stack, since a hostile text may nest divisions without end.
        work: list[tuple[Division, _Open | None] | _Open] = []
        tops = find_divisions(self.lines)
        work.extend((division, None) for division in reversed(tops))
        while work:
            item = work.pop()
            if isinstance(item, _Open):
                self._end(item)
                continue
            division, around = item
            opened = self._begin(division, around)
            if opened.hidden:
                continue
            work.append(opened)
            work.extend((inner, opened) for inner in reversed(division.inside))
        self.edits += self._find_pauses()
        for number, parts in self.before.items():
            at = self.lines[number].start if number < len(self.lines) else len(self.source)
            self.edits.append(Edit(at, at, parts))
        return self.source.edit(self.edits)

    def _find_pauses(self) -> Iterator[Edit]:
        for line in self.lines:
            if line.kind == "text" and _PAUSE.match(line.text):
                yield Edit(line.start, self._line_end(line), make_marker("step"))

    def _line_end(self, line: Line) -> int:
        return min(line.end + 1, len(self.source))

    def _replace_line(self, line: Line, parts: Parts) -> None:
        """Markers in the place of a fence, with blank lines around them: prose may stand close to
        a fence."""
        around: Parts = ("\n", *parts, "\n") if parts else ("\n",)
        self.edits.append(Edit(line.start, self._line_end(line), around))

    def _begin(self, division: Division, around: _Open | None) -> _Open:
        attributes = division.attributes
        silent = around is not None and around.silent
        if is_hidden(attributes):
            last = self.lines[division.last]
            self.edits.append(Edit(division.first.start, self._line_end(last), ("\n",)))
            return _Open(division, (), hidden=True)
        opened = _Open(division, (), silent=silent)
        begin: Parts = ()
        if not silent:
            begin = self._mark(division, opened, around)
        elif division.title is not None:
            begin = (self.source[slice(*division.title)], "\n")
        self._replace_line(division.first, begin)
        return opened

    def _mark(self, division: Division, opened: _Open, around: _Open | None) -> Parts:
        """The markers that a division begins with. What it ends with is put into `opened`."""
        classes, attributes = division.classes, division.attributes
        if classes & NOTES:
            opened.end, opened.silent = END, True
            heading = self._take_heading(division)
            return (*heading, "\n\n", *make_marker("notes")) if heading else make_marker("notes")
        if classes & {"columns", "grid"}:
            opened.end, opened.columns = END, True
            return make_marker("columns")
        width = find_column(attributes)
        if width is not None:
            return self._begin_column(division, opened, around, width)
        if classes & _STEPS:
            opened.end = END
            return make_marker("steps")
        if classes & _UNREAD:
            opened.end = END
            return make_marker("unread")
        if "fragment" in classes:
            return make_marker("step")
        if "panel-tabset" in classes:
            if division.depth < _DEEPEST:
                self._name_tabs(division)
            return ()
        if any(name.startswith("layout") for name in attributes.values):
            if division.depth < _DEEPEST:
                self._lay_out(division)
            return ()
        kind = find_box(attributes)
        if kind:
            opened.end = END
            return make_marker("box", kind, title=self._take_title(division))
        if division.title is not None:
            return (self.source[slice(*division.title)], "\n")
        return ()

    def _begin_column(
        self, division: Division, opened: _Open, around: _Open | None, width: float
    ) -> Parts:
        column = make_marker("column", *([f"{width * 100:.4g}"] if width else []))
        if around is not None and around.columns:
            row: Parts = ()
            if around.turn + width > 1.01 and width:  # the next row of a grid
                row, around.turn = (*END, *make_marker("columns")), 0.0
            around.turn += width
            return (*row, *column)
        start = () if self._has_neighbour(division, -1) else make_marker("columns")
        if not self._has_neighbour(division, 1):
            opened.end = END
        return (*start, *column)

    def _has_neighbour(self, division: Division, step: int) -> bool:
        """Whether another column comes right before or after a column."""
        position = division.position + step
        if not 0 <= position < len(division.siblings):
            return False
        other = division.siblings[position]
        first, last = (other, division) if step < 0 else (division, other)
        between = self.lines[first.last + 1 : last.first.number]
        return find_column(other.attributes) is not None and not any(
            line.text.strip() for line in between
        )

    def _take_title(self, division: Division) -> str | Source:
        """The title of a box: behind its fence, in its attributes, or its first heading."""
        if division.title is not None:
            return self.source[slice(*division.title)]
        named = division.attributes.get("title") or division.attributes.get("name")
        if named:
            return named
        for number in range(division.first.number + 1, division.last):
            line = self.lines[number]
            if not line.text.strip():
                continue
            heading = _HEADING.match(line.text) if line.kind == "text" else None
            if heading is not None:
                self.edits.append(Edit(line.start, self._line_end(line), ("\n",)))
                bare = strip_braces(heading["title"])[0]
                start = line.start + heading.start("title")
                return self.source[start : start + len(bare)]
            break
        return next((c.capitalize() for c in name_kinds(division.attributes) if c in NAMED), "")

    def _take_heading(self, division: Division) -> Parts:
        """The heading with which notes begin: it stands before them, since it begins a slide."""
        for number in range(division.first.number + 1, division.last):
            line = self.lines[number]
            if not line.text.strip():
                continue
            if line.kind != "text" or _HEADING.match(line.text) is None:
                return ()
            self.edits.append(Edit(line.start, self._line_end(line)))
            return (self.source[line.start : line.end],)
        return ()

    def _name_tabs(self, division: Division) -> None:
        """Make the labels of tabs, which are headings, paragraphs in bold: they begin no slides."""
        level = 0
        skipped = _cover(division.inside)
        for number in range(division.first.number + 1, division.last):
            line = self.lines[number]
            heading = _HEADING.match(line.text) if line.kind == "text" else None
            if heading is None or number in skipped:
                continue
            depth = len(line.text.strip()) - len(line.text.strip().lstrip("#"))
            level = level or depth
            bare = strip_braces(heading["title"])[0]
            if depth == level and bare:
                start = line.start + heading.start("title")
                label = self.source[start : start + len(bare)]
                if "*" in bare or "`" in bare:
                    parts: Parts = ("\n", label, "\n\n")
                else:
                    parts = ("\n**", label, "**\n\n")
                self.edits.append(Edit(line.start, self._line_end(line), parts))

    def _lay_out(self, division: Division) -> None:
        """Put the blocks of a division into rows of columns."""
        parts = self._find_parts(division)
        if len(parts) > 60:
            return
        rows = share_layout(division.attributes.values, len(parts))
        position = 0
        for row in rows:
            if len(row) > 1:
                for number, share in enumerate(row):
                    at = parts[position + number]
                    opening: Parts = make_marker("columns") if number == 0 else ()
                    width = [f"{share * 100:.4g}"] if share else []
                    self._write_before(at, (*opening, *make_marker("column", *width)))
                end = position + len(row)
                self._write_before(parts[end] if end < len(parts) else division.last, END)
            position += len(row)

    def _write_before(self, number: int, parts: Parts) -> None:
        self.before[number] = (*self.before.get(number, ()), "\n", *parts, "\n")

    def _find_parts(self, division: Division) -> list[int]:
        """The lines in which the blocks of a division begin. A heading belongs to what follows."""
        skipped = _cover(division.inside)
        begins = {inner.first.number for inner in division.inside}
        parts: list[int] = []
        blank, heading = True, False
        for number in range(division.first.number + 1, division.last):
            line = self.lines[number]
            if number in begins:
                if not heading:
                    parts.append(number)
                blank, heading = True, False
            elif number in skipped or (not line.text.strip() and line.kind == "text"):
                blank = True
            elif blank or (line.kind == "text" and line.text.lstrip().startswith("![")):
                if not heading:
                    parts.append(number)
                blank = False
                heading = line.kind == "text" and _HEADING.match(line.text) is not None
                blank = heading
        return parts

    def _end(self, opened: _Open) -> None:
        division = opened.division
        line = self.lines[division.last]
        if division.closed:
            self._replace_line(line, opened.end)
        elif opened.end:
            self.edits.append(Edit(len(self.source), len(self.source), ("\n", *opened.end)))


def _cover(divisions: Sequence[Division]) -> frozenset[int]:
    """The numbers of all lines of divisions."""
    return frozenset(n for d in divisions for n in range(d.first.number, d.last + 1))
