"""Elements of HTML inside a line: emphasis, code, links, line breaks, raised and lowered signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lessons.dialects.syntax.html_blocks import make_code_span, read_code
from lessons.dialects.syntax.html_tags import HtmlTag
from lessons.dialects.syntax.html_writer import EndHandler, Handler, HtmlWriter
from lessons.markdown.markers import EMPHASIS, HIGHLIGHT, LINE_END, STRONG

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_LONGEST_RAISED = 12
_LINK = re.compile(r"\]\(|\]\[|https?://")
_BETWEEN = re.compile(r"(?<!\\)\|")
_BREAKS = re.compile(r"[ \t]*</?br\b[^<>]*>", re.IGNORECASE)


def _make_styled(tags: tuple[str, str]) -> Handler:
    def style(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
        partner = writer.find_partner(index)
        if partner is None:
            return False
        if not writer.source.text[tag.end : partner.start].strip():
            writer.replace(tag.start, partner.end)
            return True
        writer.replace(
            tag.start, writer.skip_space(tag.end, lines=True), _gap(tag, writer), tags[0]
        )
        writer.at_end(index, lambda tag: writer.replace(tag.start, tag.end, tags[1]))
        return True

    return style


def _gap(tag: HtmlTag, writer: HtmlWriter) -> str:
    """A blank in the place of the one behind a start tag, unless there is one before it."""
    text = writer.source.text
    if tag.end >= len(text) or not text[tag.end].isspace() or writer.fresh:
        return ""
    return "" if tag.start and text[tag.start - 1].isspace() else " "


def _code(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    partner = writer.find_partner(index)
    if partner is None:
        return False
    written = writer.source.text[tag.end : partner.start]
    if _BETWEEN.search(written) and writer.row.inline and writer.row.line.text[:1] != "#":
        return False  # the bar ends the cell of a table
    if "`" in written or _LINK.search(written) or "<img" in written.lower():
        return False
    span = make_code_span(read_code(writer, tag.end, partner.start))
    writer.replace(tag.start, partner.end, *span)
    writer.fresh = writer.fresh and not span
    return True


def _link(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    partner = writer.find_partner(index)
    target = tag.read_attributes().get("href", "").strip()
    if partner is None or not target or target.startswith("#") or re.search(r"[<>\s]", target):
        return False
    written = writer.source.text[tag.end : partner.start]
    if "[" in written or "]" in written or not written.strip():
        return False
    if re.search(r"<(?:img|picture|svg|iframe|video|code|kbd)\b", written, re.IGNORECASE):
        return False
    writer.replace(tag.start, writer.skip_space(tag.end, lines=True), _gap(tag, writer), "[")
    writer.fresh = False
    address = target.replace("|", "%7C")
    writer.at_end(index, lambda tag: writer.replace(tag.start, tag.end, f"](<{address}>)"))
    return True


def _line_break(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """One `<br>` is a blank, and ends a line that a deck shows; two end a paragraph."""
    text, end = writer.source.text, tag.end
    double = False
    while following := _BREAKS.match(text, end):
        end, double = following.end(), True
    if double or writer.is_alone(tag.start, end):
        writer.replace(tag.start, writer.skip_space(end), writer.make_break())
    elif tag.start == writer.first:
        end = writer.skip_space(end)
        cell = not writer.tables and text.startswith("|", end)
        writer.replace(tag.start, end, "| " if cell else "")  # an empty cell keeps its column
    elif writer.context.deck and not writer.in_line:
        writer.replace(tag.start, end, f" {LINE_END}")
    else:
        writer.replace(tag.start, end, " ")
    return True


def _make_shifted(signs: dict[int, int]) -> Handler:
    def shift(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
        partner = writer.find_partner(index)
        if partner is None:
            return False
        written = writer.source.text[tag.end : partner.start].strip()
        shifted = written.translate(signs)
        if (
            not written
            or len(written) > _LONGEST_RAISED
            or any(ord(c) not in signs for c in written)
        ):
            return False
        writer.fresh = False
        writer.replace(tag.start, partner.end, shifted)
        return True

    return shift


def _make_quoted(before: str, after: str) -> Handler:
    def quote(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
        if writer.find_partner(index) is None:
            return False
        writer.replace(tag.start, tag.end, before)
        writer.at_end(index, lambda tag: writer.replace(tag.start, tag.end, after))
        return True

    return quote


def _reading(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """`<rt>`: how the characters before it are read, in brackets."""
    writer.replace(tag.start, tag.end, " (")
    return True


def _end_reading(writer: HtmlWriter, tag: HtmlTag) -> bool:
    writer.replace(tag.start, tag.end, ")")
    return True


INLINE: Mapping[str, Handler] = {
    **dict.fromkeys(("b", "strong"), _make_styled(STRONG)),
    **dict.fromkeys(("i", "em", "var", "cite", "dfn"), _make_styled(EMPHASIS)),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), _code),
    "mark": _make_styled(HIGHLIGHT),
    "a": _link, "br": _line_break, "q": _make_quoted("“", "”"), "rt": _reading,
    "sup": _make_shifted(_RAISED), "sub": _make_shifted(_LOWERED),
}  # fmt: skip


def _mistyped_break(writer: HtmlWriter, tag: HtmlTag) -> bool:
    """`</br>`, which browsers take for `<br>`."""
    return _line_break(writer, -1, tag)


INLINE_ENDS: Mapping[str, EndHandler] = {"rt": _end_reading, "br": _mistyped_break}
