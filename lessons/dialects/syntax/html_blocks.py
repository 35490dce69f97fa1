"""Elements of HTML that are blocks: headings, lists, quotes, code, boxes and notes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

from lessons.box_kinds import find_kind
from lessons.dialects.syntax.html_tags import HTML, HtmlTag
from lessons.dialects.syntax.html_writer import EndHandler, Handler, HtmlWriter, OpenList
from lessons.markdown.code_lines import read_options
from lessons.markdown.markers import END, MARK, STRONG, make_marker
from lessons.markdown.source import Edit, Source

MOST_DEPTH = 8
"""How deeply lists and quotes may be nested; what is deeper stands in the innermost of them."""

_GENERAL = frozenset({"alert", "callout", "admonition", "notice"})
_NOTES = frozenset({"notes", "speaker-notes", "presenter-notes"})
_TITLES = frozenset({"admonition-title", "callout-title", "box-title", "alert-heading"})
_LANGUAGE = re.compile(r"(?:language|lang|brush|highlight-source)[-:]\s*([\w+#.-]+)")
_INNER_TAG = re.compile(r"</?([A-Za-z][\w-]*)(?=[\s/>])[^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def find_box(classes: list[str]) -> str:
    """The kind of box that the classes of an element mean; empty if they mean none."""
    if not any(find_kind(name) != "plain" for name in classes):
        return ""
    special = [find_kind(name) for name in classes if name.lower() not in _GENERAL]
    usual = "callout" if any(name.lower() != "alert" for name in classes) else "note"
    return next((kind for kind in special if kind != "plain"), usual)


def _heading(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    if writer.find_partner(index) is None or writer.in_line:
        return False
    before = writer.make_break()
    writer.joined += 1
    end = writer.skip_space(tag.end, lines=True)
    writer.replace(tag.start, end, before, "#" * int(tag.name[1]) + " ")

    def finish(tag: HtmlTag) -> None:
        writer.joined -= 1
        writer.fresh = False
        writer.break_at(tag)

    writer.at_end(index, finish)
    return True


def _strong_line(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """A line in bold that stands on its own: a summary without its details, a legend."""
    if writer.find_partner(index) is None or writer.in_line:
        return False
    end = writer.skip_space(tag.end, lines=True)
    before = writer.make_break()
    writer.joined += 1
    writer.replace(tag.start, end, before, STRONG[0])

    def finish(tag: HtmlTag) -> None:
        writer.joined -= 1
        writer.fresh = False
        writer.replace(tag.start, writer.skip_space(tag.end), STRONG[1], writer.make_break())

    writer.at_end(index, finish)
    return True


def _open_box(writer: HtmlWriter, index: int, tag: HtmlTag, kind: str) -> bool:
    """A box, whose title is the summary or the like that comes first in it."""
    if writer.find_partner(index) is None or writer.in_line:
        return False
    title = _find_title(writer, index)
    if title is None:
        end = writer.skip_space(tag.end)
        writer.replace(tag.start, end, *writer.make_line(make_marker("box", kind)))
    else:
        end = writer.skip_space(writer.tags[title].end, lines=True)
        before = writer.make_break()
        writer.joined += 1
        writer.replace(tag.start, end, before, f"{MARK}box {kind}{MARK}")

        def finish(tag: HtmlTag) -> None:
            writer.joined -= 1
            writer.fresh = True
            writer.replace(tag.start, writer.skip_space(tag.end), "\n" + writer.prefix)

        writer.at_end(title, finish)
    writer.at_end(index, _make_closing(writer))
    return True


def _make_closing(writer: HtmlWriter) -> Callable[[HtmlTag], None]:
    def finish(tag: HtmlTag) -> None:
        writer.replace(tag.start, writer.skip_space(tag.end), *writer.make_line(END))

    return finish


def _find_title(writer: HtmlWriter, index: int) -> int | None:
    """The index of the tag that opens the title of a box."""
    tag = writer.tags[index]
    following = index + 1
    if following >= len(writer.tags) or following not in writer.structure.pairs:
        return None
    title = writer.tags[following]
    if title.closing or writer.masked[tag.end : title.start].strip(" \t\n>"):
        return None
    if title.name == "summary" or _TITLES & set(title.read_classes()):
        return following
    return None


def _details(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    return _open_box(writer, index, tag, find_box(tag.read_classes()) or "details")


def _division(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """A `<div>`, `<section>` or `<aside>`: notes or a box if its class says so."""
    classes = tag.read_classes()
    if not classes or writer.in_line or writer.find_partner(index) is None:
        return False
    if tag.name != "section" and _NOTES & set(classes):
        before = "" if writer.fresh else "\n"
        writer.fresh = True
        end = writer.skip_space(tag.end)
        # Notes are read line by line, so that their marker stands at the beginning of its line.
        if writer.prefix:
            before = "\n"
        writer.replace(tag.start, end, before, *make_marker("notes"))
        writer.at_end(index, _make_notes_end(writer))
        return True
    kind = find_box(classes)
    return bool(kind) and _open_box(writer, index, tag, kind)


def _make_notes_end(writer: HtmlWriter) -> Callable[[HtmlTag], None]:
    def finish(tag: HtmlTag) -> None:
        writer.fresh = True
        writer.replace(tag.start, writer.skip_space(tag.end), "\n", *END)

    return finish


def _list(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    if writer.find_partner(index) is None or writer.in_line:
        return False
    number = -1
    if tag.name == "ol":
        start = tag.read_attributes().get("start", "")
        number = int(start) if start.isdecimal() and len(start) < 6 else 1
    depth = len(writer.extra)
    writer.break_at(tag)
    writer.lists.append(OpenList(number, depth))

    def finish(tag: HtmlTag) -> None:
        writer.lists.pop()
        del writer.extra[depth:]
        writer.fresh = False
        writer.break_at(tag)

    writer.at_end(index, finish)
    return True


def _item(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    if writer.in_line:
        return False
    if not writer.lists:
        writer.lists.append(OpenList(-1, len(writer.extra)))
    opened = writer.lists[-1]
    del writer.extra[opened.depth :]
    sign = "- " if opened.number < 0 else f"{opened.number}. "
    opened.number += opened.number >= 0
    before = "\n" + writer.prefix
    if opened.depth < MOST_DEPTH:
        writer.extra.append(" " * len(sign))
    else:
        before, sign = f"\n{writer.prefix}\n{writer.prefix}", ""
    writer.fresh = True
    writer.replace(tag.start, writer.skip_space(tag.end, lines=True), before, sign)
    return True


def _end_item(writer: HtmlWriter, tag: HtmlTag) -> bool:
    if not writer.lists or writer.in_line:
        return False
    del writer.extra[writer.lists[-1].depth :]
    writer.fresh = False
    writer.replace(tag.start, writer.skip_space(tag.end))
    return True


def _quote(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    if writer.find_partner(index) is None or writer.in_line or len(writer.extra) >= MOST_DEPTH:
        return False
    depth = len(writer.extra)
    before = writer.make_break()
    writer.extra.append("> ")
    writer.fresh = True
    lists, writer.lists = writer.lists, []
    writer.replace(tag.start, writer.skip_space(tag.end, lines=True), before, "> ")

    def finish(tag: HtmlTag) -> None:
        del writer.extra[depth:]
        writer.lists = lists
        writer.fresh = False
        writer.break_at(tag)

    writer.at_end(index, finish)
    return True


def _term(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """`<dt>`: an item in bold, which its `<dd>` goes on."""
    if writer.in_line:
        return False
    ended = STRONG[1] if writer.in_term else ""
    writer.in_term, writer.fresh = True, True
    end = writer.skip_space(tag.end, lines=True)
    writer.replace(tag.start, end, f"{ended}\n{writer.prefix}- {STRONG[0]}")
    return True


def _end_term(writer: HtmlWriter, tag: HtmlTag) -> bool:
    if not writer.in_term:
        return False
    writer.in_term = False
    writer.replace(tag.start, writer.skip_space(tag.end, lines=True), STRONG[1] + ": ")
    return True


def _description(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    if writer.in_line:
        return False
    ended = f"{STRONG[1]}: " if writer.in_term else ""
    writer.in_term = False
    writer.fresh = True
    writer.replace(tag.start, writer.skip_space(tag.end, lines=True), ended)
    return True


def _rule(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    writer.break_at(tag)
    return True


def _preformatted(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """`<pre>`: a code block."""
    partner = writer.find_partner(index)
    if partner is None:
        return False
    text = writer.source.text
    code = read_code(writer, tag.end, partner.start)
    end = writer.skip_space(partner.end)
    if writer.in_line:
        writer.replace(tag.start, end, *make_code_span(code))
        return True
    attributes = tag.read_attributes()
    classes = tag.read_classes()
    if (first := _INNER_TAG.match(text, tag.end)) and first[1] == "code":
        inner = HtmlTag(first.start(), first.end(), first[1], False, False, first[0])
        attributes |= inner.read_attributes()
        classes += inner.read_classes()
    language = _LANGUAGE.search(" ".join(classes))
    longest = max((len(run[0]) for run in re.finditer(r"`+", code.text)), default=0)
    fence = "`" * max(3, longest + 1)
    before, prefix = writer.make_break(), writer.prefix
    lines = (Edit(m.start(), m.end(), ("\n" + prefix,)) for m in re.finditer(r"\n", code.text))
    marks = read_options(attributes, numbered="line-numbers" in classes)
    named = language[1] if language else ""
    opening = f"{before}{fence}{named}{marks.write()}\n{prefix}"
    closing = f"\n{prefix}{fence}\n{prefix}"
    writer.replace(tag.start, end, opening, code.edit(lines), closing)
    writer.fresh = True
    return True


def read_code(writer: HtmlWriter, start: int, end: int) -> Source:
    """The text of code between two offsets, without tags and entities."""
    source = writer.source
    code = source[start:end]
    edits = [
        Edit(m.start(), m.end()) for m in _INNER_TAG.finditer(code.text) if m[1].lower() in HTML
    ]
    for entity in _ENTITY.finditer(code.text):
        decoded = html.unescape(entity[0])
        if decoded != entity[0]:
            edits.append(Edit(entity.start(), entity.end(), (decoded.replace("\xa0", " "),)))
    quote = writer.base
    if quote.strip():
        bare = quote.rstrip()
        for line in re.finditer(r"\n", code.text):
            at = line.end()
            if code.text.startswith(quote, at):
                edits.append(Edit(at, at + len(quote)))
            elif code.text.startswith(bare, at):
                edits.append(Edit(at, at + len(bare)))
    code = code.edit(edits)
    stripped = code.text.strip("\n")
    begin = len(code.text) - len(code.text.lstrip("\n"))
    first = code.text[:begin]
    return code[len(first) : len(first) + len(stripped)]


def make_code_span(code: Source) -> tuple[str | Source, ...]:
    """Code in a line. Line ends and the blanks around it vanish."""
    breaks = (Edit(m.start(), m.end(), (" ",)) for m in re.finditer(r"\n\s*", code.text))
    code = code.edit(breaks)
    bare = code.text.strip()
    if not bare:
        return ()
    begin = code.text.find(bare)
    code = code[begin : begin + len(bare)]
    longest = max((len(run[0]) for run in re.finditer(r"`+", bare)), default=0)
    sign = "`" * (longest + 1)
    gap = " " if bare[0] == "`" or bare[-1] == "`" else ""
    return (sign + gap, code, gap + sign)


BLOCKS: Mapping[str, Handler] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("div", "section", "aside", "p"), _division),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    **dict.fromkeys(("pre", "listing", "xmp"), _preformatted),
    "summary": _strong_line, "legend": _strong_line, "details": _details, "li": _item,
    "blockquote": _quote, "dt": _term, "dd": _description, "hr": _rule,
}  # fmt: skip

BLOCK_ENDS: Mapping[str, EndHandler] = {"li": _end_item, "dt": _end_term}
