"""Classes and macros of remark: `.red[words]`, `.pull-left[…]`, `![:scale 50%](a.png)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, unquote

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context
from lessons.dialects.remark.lexer import Token, tokenize
from lessons.markdown.markers import END, MARK, Parts, make_marker, make_width
from lessons.markdown.source import Edit, Source

_COLUMN = re.compile(
    r"(?:(?:pull|col|column|left|right|middle|center|third|half|two|three)[-_]?)*"
    r"(?:pull[-_]?(?:left|right)|(?:left|right|middle|center|third|half)[-_]?col(?:umn)?"
    r"|col(?:umn)?[-_]?(?:left|right|middle|center|\d{1,2}|first|second|third)?)"
    r"(?:[-_]?(?P<width>\d{1,2}))?(?:[-_](?:narrow|wide|small|large))?"
)
_UNREAD = re.compile(r"(?:foot(?:note|er)s?|source|credits?|attribution|reference|citation)s?\d?")
_BOX = re.compile(r"(?:content-)?box(?:-\w+)*|callout|alert(?:-\w+)*")
_SIZE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%")
_FAR = 300  # characters around a class that are looked at
_GAP = re.compile(rf"\s*(?:{MARK}step\n\s*)*")


def rewrite_dot_classes(source: Source, context: Context) -> Source:
    """Rewrite the classes and macros of one slide."""
    if "[" not in source.text:
        return source
    tokens = tokenize(source.text, inline=True)
    opened = [token for token in tokens if token.kind == "class"]
    columns = {token.start: token for token in opened if find_column(token) is not None}
    following = {t.close: _follows(source.text, t, columns) for t in columns.values()}
    joined = set(following.values())
    edits: list[Edit] = []
    for token in opened:
        edits += _rewrite_class(source, token, columns, following, joined)
    for token in tokens:
        if token.kind == "macro":
            edits.append(Edit(token.start, token.end, _rewrite_macro(source, token, context)))
    return source.edit(edits)


def find_column(token: Token) -> int | None:
    """The width (0 if it has none) of a class that is a column; None if it is none."""
    for name in token.classes:
        found = _COLUMN.fullmatch(name.lower())
        if found is not None:
            digits = re.search(r"(\d{2})$", name)
            return int(digits[1]) if digits else 0
    return None


def _follows(text: str, token: Token, columns: dict[int, Token]) -> int:
    """Where the column begins that stands right behind another one; -1 if there is none."""
    gap = _GAP.match(text, token.close + 1)
    at = gap.end() if gap is not None else -1
    return at if at in columns else -1


def _rewrite_class(
    source: Source,
    token: Token,
    columns: dict[int, Token],
    following: dict[int, int],
    joined: set[int],
) -> Iterator[Edit]:
    opening: Parts = ()
    closing: Parts = ()
    if token.start in columns:
        width = find_column(token)
        begin = () if token.start in joined else make_marker("columns")
        opening = ("\n\n", *begin, *make_marker("column", *[str(width)] * bool(width)))
        closing = ("\n\n", *(END if following[token.close] < 0 else ()))
    elif any(_UNREAD.fullmatch(name.lower()) for name in token.classes):
        opening, closing = ("\n\n", *make_marker("unread")), ("\n\n", *END)
    elif kind := _find_box(source.text, token):
        opening, closing = ("\n\n", *make_marker("box", kind)), ("\n\n", *END)
    elif token.block and _begins_line(source.text, token.start):
        opening, closing = ("\n",), ("\n\n",)
    yield Edit(token.start, token.end, opening)
    yield Edit(token.close, token.close + 1, closing)


def _find_box(text: str, token: Token) -> str:
    """The kind of box that a class makes of whole lines; empty if it makes none."""
    if not _begins_line(text, token.start):
        return ""
    rest = text[token.close + 1 : token.close + 1 + _FAR]
    if rest.partition("\n")[0].strip(" \t]"):
        return ""
    for name in token.classes:
        if (kind := find_kind(name.lower())) != "plain":
            return kind
        if _BOX.fullmatch(name.lower()):
            return "callout"
    return ""


def _begins_line(text: str, at: int) -> bool:
    head = text[max(at - _FAR, 0) : at]
    return not head.rpartition("\n")[2].strip(" \t")


def _rewrite_macro(source: Source, token: Token, context: Context) -> Parts:
    """The picture that a macro shows. What other macros do is only known to the deck's program."""
    args: Sequence[str] = [arg.strip() for arg in token.args.split(",")]
    if token.target:
        size = next((m for arg in args if (m := _SIZE.search(arg))), None)
        alt = " ".join(a for a in args if a and not re.search(r"^[\d.]+\s*(?:%|px|em)?$|[:=]", a))
        share = float(size[1]) / 100 if size else 0
        tail = (make_width(share),) if 0 < share < 1 else ()
        return (f"![{alt}]({quote(unquote(token.target.strip()), safe='/:@~+,;=!$*?#&')})", *tail)
    context.report(
        "shortcode-unknown",
        f"What the macro {token.text!r} shows is known only to the deck's own program, so it is "
        "left out.",
        "Write what it shows in its place.",
        source.find_place(token.start),
    )
    return ()
