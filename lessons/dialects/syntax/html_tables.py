"""Tables of HTML: those with `|` for what they can hold, and columns for tables of layout."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.dialects.syntax.html_structure import read_span
from lessons.dialects.syntax.html_tags import HtmlTag
from lessons.dialects.syntax.html_writer import EndHandler, Handler, HtmlWriter, TableState
from lessons.markdown.markers import END, make_marker


def _table(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    shape = writer.structure.tables.get(index)
    if shape is None or writer.find_partner(index) is None or writer.in_line:
        return False
    writer.break_at(tag)
    state = TableState(shape)
    writer.tables.append(state)

    def finish(tag: HtmlTag) -> None:
        ending = _end_row(writer, state)
        if state in writer.tables:
            del writer.tables[writer.tables.index(state) :]
        writer.fresh = not ending and writer.fresh
        writer.replace(tag.start, writer.skip_space(tag.end), ending, writer.make_break())

    writer.at_end(index, finish)
    return True


def _row(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    state = writer.tables[-1] if writer.tables else None
    if state is None:
        return False
    before = _end_row(writer, state)
    writer.replace(tag.start, writer.skip_space(tag.end), before, _begin_row(writer, state))
    return True


def _begin_row(writer: HtmlWriter, state: TableState) -> str:
    state.in_row, state.column = True, 0
    if state.piped:
        return f"\n{writer.prefix}|"
    if state.shape.beside:
        return "".join(map(str, writer.make_line(make_marker("columns"))))
    return writer.make_break()


def _end_row(writer: HtmlWriter, state: TableState) -> str:
    if not state.in_row:
        return ""
    ending = _end_cell(state)
    state.in_row = False
    if not state.piped:
        return "".join(map(str, writer.make_line(END))) if state.shape.beside else ""
    if not state.headed:
        state.headed = True
        ending += " |" * max(state.shape.columns - state.column, 0)
        ending += f"\n{writer.prefix}|" + " --- |" * state.shape.columns
    return ending


def _cell(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    state = writer.tables[-1] if writer.tables else None
    if state is None:
        return False
    before = "" if state.in_row else _begin_row(writer, state)
    before += _end_cell(state)
    if state.piped:
        while state.spans.get(state.column, 0) > 0 and writer.spare > 0:
            writer.spare -= 1
            state.spans[state.column] -= 1
            state.column += 1
            before += " |"
        before += " "
        state.width = min(read_span(tag, "colspan"), writer.spare + 1)
        writer.spare -= state.width - 1
        if (spanned := read_span(tag, "rowspan")) > 1:
            for column in range(state.column, state.column + state.width):
                state.spans[column] = spanned - 1
    elif state.shape.beside:
        before += "".join(map(str, writer.make_line(make_marker("column"))))
    else:
        before += writer.make_break()
    state.in_cell = True
    writer.replace(tag.start, writer.skip_space(tag.end), before)
    return True


def _end_cell(state: TableState) -> str:
    if not state.in_cell:
        return ""
    state.in_cell = False
    if not state.piped:
        return ""
    state.column += state.width
    return " |" * state.width


def _close_cell(writer: HtmlWriter, tag: HtmlTag) -> bool:
    state = writer.tables[-1] if writer.tables else None
    if state is None or not state.piped:
        return False
    writer.replace(tag.start, writer.skip_space(tag.end), _end_cell(state))
    return True


def _close_row(writer: HtmlWriter, tag: HtmlTag) -> bool:
    state = writer.tables[-1] if writer.tables else None
    if state is None:
        return False
    writer.replace(tag.start, writer.skip_space(tag.end), _end_row(writer, state))
    return True


def _group(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    writer.replace(tag.start, writer.skip_space(tag.end))
    return bool(writer.tables)


def _end_group(writer: HtmlWriter, tag: HtmlTag) -> bool:
    return bool(writer.tables) and _group(writer, -1, tag)


TABLES: Mapping[str, Handler] = {
    "table": _table, "tr": _row, "td": _cell, "th": _cell,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _group),
}  # fmt: skip

TABLE_ENDS: Mapping[str, EndHandler] = {
    "tr": _close_row, "td": _close_cell, "th": _close_cell,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _end_group),
}  # fmt: skip
