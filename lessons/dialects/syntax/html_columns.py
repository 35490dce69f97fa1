"""Elements of HTML that a deck's style sheet puts side by side: `<div class="two-columns">`,
`<div class="row">` with its `<div class="col">`, grids, and divisions that float.

Style sheets are not read, so that names and styles that say it are what counts, and only where the
element holds nothing but divisions. Pages of a script keep their order: a heading inside of columns
would begin no slide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessons.dialects.syntax.html_tags import HtmlTag
from lessons.dialects.syntax.html_writer import HtmlWriter
from lessons.markdown.markers import END, MARK, Parts, make_marker

MOST_COLUMNS = 4
"""How many columns of a slide can still be read."""

_NUMBERS = {"two": 2, "three": 3, "four": 4, "2": 2, "3": 3, "4": 4}
_AROUND = re.compile(
    r"(?:(?P<number>two|three|four|[234])[-_]?)?(?:cols?|columns?|grid|split)"
    r"(?:[-_](?P<after>[234]))?|multi-?col(?:umn)?s?|(?:col(?:umn)?s?|grid|flex)[-_](?:container"
    r"|wrapper|layout|row)|grid-cols-(?P<cols>[234])|r-hstack|hstack|row|flex|side-by-side"
)
_BESIDE = re.compile(
    r"(?:(?:left|right|middle|first|second|third)[-_]?(?:col(?:umn)?|half|side|pane))"
    r"|(?:col(?:umn)?|half|side|pane)[-_]?(?:left|right|middle|first|second|third)"
    r"|col(?:umn)?\d?|col(?:-(?:sm|md|lg|xl))?-\d{1,2}"
)
_SHARE = re.compile(r"col(?:-(?:sm|md|lg|xl))?-(\d{1,2})|w-(\d)/(\d{1,2})")
_STACKED = re.compile(r"flex-col(?:umn)?(?:-reverse)?|vstack|r-stack|r-vstack")
_TEMPLATE = re.compile(r"grid-template-columns\s*:([^;]{1,200})")
_FLEX = re.compile(r"display\s*:\s*(?:inline-)?flex")
_VERTICAL = re.compile(r"flex-direction\s*:\s*column|flex-flow\s*:\s*column")
_FLOAT = re.compile(r"float\s*:\s*(?:left|right)|display\s*:\s*inline-block")
_WIDTH = re.compile(r"(?:^|[;\s])(?:width|flex-basis)\s*:\s*(\d{1,3}(?:\.\d{1,3})?)%")
_FRACTION = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)(?:fr|%)")
_GAP = re.compile(rf"(?:\s|{MARK}step[ \t]*\n)*")
_DIVISIONS = frozenset({"div", "section", "aside"})
_MOST_CHILDREN = 24


def open_columns(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """Open columns at an element whose divisions stand side by side, or the column of one."""
    if not writer.context.deck or writer.in_line or writer.find_partner(index) is None:
        return False
    if index in writer.columns:
        _write(writer, index, tag, writer.columns[index])
        return True
    classes = [name.lower() for name in tag.read_classes()]
    style = tag.read_attributes().get("style", "").lower()
    children: list[int]
    widths: list[str]
    if _stands_around(classes, style):
        children = list(_find_children(writer, index))
        number, widths = _read_widths(writer, children, classes, style)
    elif _stands_beside(classes, style):
        children = list(_find_beside(writer, index))
        number, widths = len(children), _find_widths(writer, children)
    else:
        return False
    if not 2 <= number <= MOST_COLUMNS or len(children) < 2:
        return False
    for place, child in enumerate(children):
        column = make_marker("column", *([w] if (w := widths[place % number]) else []))
        row: Parts = () if place % number else make_marker("columns")
        ended: Parts = END if row and place else ()
        writer.columns[child] = ((*ended, *row, *column), place == len(children) - 1)
    if index not in writer.columns:
        writer.break_at(tag)
    else:
        _write(writer, index, tag, writer.columns[index])
    return True


def _write(writer: HtmlWriter, index: int, tag: HtmlTag, column: tuple[Parts, bool]) -> None:
    """Write what begins a column, and behind the last one what ends the columns."""
    opening, last = column
    lines = _set_apart(writer, opening)
    writer.replace(tag.start, writer.skip_space(tag.end), *lines)

    def finish(tag: HtmlTag) -> None:
        end = writer.skip_space(tag.end)
        if last:
            writer.replace(tag.start, end, *writer.make_line(END))
        else:
            writer.replace(tag.start, end, writer.make_break())

    writer.at_end(index, finish)


def _set_apart(writer: HtmlWriter, parts: Parts) -> Parts:
    """Markers, each in a line of its own that begins as the lines around it do."""
    lines = "".join(map(str, parts)).splitlines()
    before = "" if writer.fresh else "\n" + writer.prefix
    writer.fresh = True
    return (before, "".join(f"{line}\n{writer.prefix}" for line in lines))


def _stands_around(classes: Sequence[str], style: str) -> bool:
    if any(_STACKED.fullmatch(name) for name in classes) or _VERTICAL.search(style):
        return False
    if any(_AROUND.fullmatch(name) for name in classes):
        return True
    return bool(_TEMPLATE.search(style) or _FLEX.search(style))


def _stands_beside(classes: Sequence[str], style: str) -> bool:
    return bool(_FLOAT.search(style)) or any(
        _BESIDE.fullmatch(name) or name in ("left", "right") for name in classes
    )


def _find_children(writer: HtmlWriter, index: int) -> Iterator[int]:
    """The divisions in an element; none if it holds anything else."""
    found: list[int] = []
    pairs, tags = writer.structure.pairs, writer.tags
    last = pairs[index]
    at, following = tags[index].end, index + 1
    while following < last and len(found) < _MOST_CHILDREN:
        tag = tags[following]
        partner = pairs.get(following, -1)
        if tag.closing or tag.name not in _DIVISIONS or partner < 0:
            return
        if not _GAP.fullmatch(writer.masked, at, tag.start):
            return
        found.append(following)
        at, following = tags[partner].end, partner + 1
    if following == last and _GAP.fullmatch(writer.masked, at, tags[last].start):
        yield from found


def _find_beside(writer: HtmlWriter, index: int) -> Iterator[int]:
    """A division and those that stand behind it in the same way."""
    pairs, tags = writer.structure.pairs, writer.tags
    following, at = index, tags[index].start
    for _ in range(MOST_COLUMNS + 1):
        if following >= len(tags) or following not in pairs:
            return
        tag = tags[following]
        if tag.closing or tag.name not in _DIVISIONS:
            return
        classes = [name.lower() for name in tag.read_classes()]
        if not _GAP.fullmatch(writer.masked, at, tag.start) or not _stands_beside(
            classes, tag.read_attributes().get("style", "").lower()
        ):
            return
        yield following
        at, following = tags[pairs[following]].end, pairs[following] + 1


def _read_widths(
    writer: HtmlWriter, children: Sequence[int], classes: Sequence[str], style: str
) -> tuple[int, list[str]]:
    """How many columns there are, and their widths in per cent."""
    template = _TEMPLATE.search(style)
    parts = template[1].split() if template else []
    if template and 2 <= len(parts) <= MOST_COLUMNS:
        read = [_FRACTION.fullmatch(part) for part in parts]
        shares = [float(found[1]) for found in read if found]
        total = sum(shares)
        known = len(shares) == len(parts) and total > 0
        return len(parts), [f"{100 * share / total:.1f}" for share in shares] if known else [
            ""
        ] * len(parts)
    for found in filter(None, map(_AROUND.fullmatch, classes)):
        named = found["number"] or found["after"] or found["cols"]
        if named:
            return _NUMBERS[named], _find_widths(writer, children[: _NUMBERS[named]])
    return len(children), _find_widths(writer, children)


def _find_widths(writer: HtmlWriter, children: Sequence[int]) -> list[str]:
    """The width of each column in per cent; empty for one that has none."""
    widths: list[str] = []
    for child in children:
        tag = writer.tags[child]
        style = _WIDTH.search(tag.read_attributes().get("style", "").lower())
        share = next(filter(None, map(_SHARE.fullmatch, tag.read_classes())), None)
        if style:
            widths.append(style[1])
        elif share and share[1]:
            widths.append(f"{100 * min(int(share[1]), 12) / 12:.1f}")
        elif share and int(share[2]) < int(share[3]):
            widths.append(f"{100 * int(share[2]) / int(share[3]):.1f}")
        else:
            widths.append("")
    return [*widths, *[""] * MOST_COLUMNS]
