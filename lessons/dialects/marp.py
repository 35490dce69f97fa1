"""Marp: rules separate slides, comments are notes, and pictures have keywords in their text.

Slides, titles and notes are those of Marp, except that slides without any content are left out,
that remarks for the author are not spoken, and that front matter without an end is read as text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.dialects.palettes import make_marp_palette
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.deck_comments import (
    DECK_SETTINGS,
    SLIDE_SETTINGS,
    find_comments,
    rewrite_deck_comments,
)
from lessons.dialects.syntax.scan import mask_code, replace_in_prose
from lessons.dialects.syntax.separators import Cut, join_slides, make_picture
from lessons.directives.comments import read_directive
from lessons.markdown.line_ends import ends_line
from lessons.markdown.markers import END, Parts, make_marker, make_width
from lessons.markdown.outline import Comment
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_SURE = DECK_SETTINGS - word_set(
    "title author description keywords url image lang theme size style class"
)
_DIRECTIVES = (DECK_SETTINGS - {"marp"}) | {f"_{name}" for name in SLIDE_SETTINGS}
_LONGEST_DIRECTIVES = 20_000  # characters of a comment with directives; styles are long
_PICTURE = re.compile(r"!\[([^\[\]\n]*)\](\((?:[^()\n]|\([^()\n]*\))*+\))")
_KEYWORD = re.compile(
    r"(?:^|(?<=\s))(?:bg|left|right|fit|cover|contain|auto|vertical|(?:left|right):\d+%|\d+%"
    r"|(?:w|h|width|height):\S+|(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate"
    r"|invert|opacity|saturate|sepia)(?::\S+)?)(?=\s|$)"
)
_WIDTH = re.compile(r"(?:^|\s)(?:w|width):(\d+(?:\.\d+)?)(px|%)?(?=\s|$)")
_SIDE = re.compile(r"!\[(?=[^\[\]\n]*\bbg\b)[^\[\]\n]*?\b(left|right)(?::(\d{1,2})%)?(?=[\s\]])")
_URL = re.compile(r"url\(\s*(['\"]?)([^'\")\s]{1,500})\1\s*\)")
_TAG = re.compile(r"<[^<>]{0,1000}>")
_SLIDE_WIDTH = 1280  # pixels of a Marp slide


class Marp(Dialect):
    """Marp and the Marpit framework."""

    name = "marp"
    title = "Marp"
    keys = DECK_SETTINGS

    def score(self, sample: Sample) -> int:
        if "marp" in sample.front:
            return 95
        named = {key.lstrip("_$") for key in sample.front}
        if named & _SURE:
            return 60
        return 30 if sample.front.get("theme") in ("gaia", "uncover") else 0

    def read(self, source: Source, context: Context) -> Reading:
        return read_marp(source, context)


def read_marp(source: Source, context: Context) -> Reading:
    """A Marp deck in the form that the parser reads."""
    context.deck = True
    tokens = _parse_blocks(source.text)
    source = _keep_breaks(source, tokens)
    source, values = _read_comments(source, tokens, context.front)
    levels = _read_levels(values.get("headingDivider"))
    source = join_slides(map(_lay_out, _cut_slides(source, tokens, levels)), source)
    source = rewrite_deck_comments(source, context)
    source = replace_in_prose(source, _PICTURE, _rewrite_picture)
    palette = make_marp_palette(values, context)
    return Reading(
        rewrite_common(source, context), "deck", comments_are_notes=True, palette=palette
    )


@functools.cache
def _get_parser() -> MarkdownIt:
    """The blocks of Marp's Markdown. Links and text are not parsed."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def _parse_blocks(text: str) -> list[Token]:
    return _get_parser().parse(text)


def _find_line_starts(text: str) -> list[int]:
    starts = [0]
    while (at := text.find("\n", starts[-1])) >= 0:
        starts.append(at + 1)
    return starts


def _keep_breaks(source: Source, tokens: Sequence[Token]) -> Source:
    """The text with as many lines, where an end of a line in a paragraph is a line break of
    Markdown, as it is one in Marp, unless the line was only wrapped."""
    ends = [start - 1 for start in _find_line_starts(source.text)[1:]]
    edits: list[Edit] = []
    for opening, token in pairwise(tokens):
        if opening.type != "paragraph_open" or token.map is None:
            continue
        if "\n" in token.content and "<!--" not in token.content and "$$" not in token.content:
            stops = ends[token.map[0] : token.map[1] - 1]
            words = [_TAG.sub("", line).split() for line in token.content.split("\n")]
            for end, before, after in zip(stops, words, words[1:], strict=False):
                if ends_line("".join(before[-1:]), "".join(after[:1])):
                    edits.append(Edit(end, end, ("  ",)))
    return source.edit(edits)


def _read_comments(
    source: Source, tokens: Sequence[Token], front: Mapping[str, object]
) -> tuple[Source, Mapping[str, object]]:
    """The text with as many lines, without the comments that are directives or stand inside
    HTML; and what the front matter and these say of the deck: of the settings of slides, only those
    that hold from its first slide on."""
    starts = [*_find_line_starts(source.text), len(source) + 1]
    html = [
        (starts[t.map[0]], starts[min(t.map[1], len(starts) - 1)])
        for t in tokens
        if t.type == "html_block" and t.map and not t.content.lstrip().startswith("<!--")
    ]
    edits: list[Edit] = []
    found: dict[str, object] = dict(front)
    rules = [starts[t.map[0]] for t in tokens if t.type == "hr" and t.level == 0 and t.map]
    first_end = min(rules, default=len(source) + 1)
    position = 0
    for comment in find_comments(source):
        while position < len(html) and html[position][1] <= comment.start:
            position += 1
        inside = position < len(html) and html[position][0] <= comment.start
        values = {} if inside else read_directives(comment)
        if values or (inside and read_directive(comment).kind == "note"):
            first = comment.start < first_end
            found.update(
                (k, v) for k, v in values.items() if k in DECK_SETTINGS - SLIDE_SETTINGS or first
            )
            lines = source.text.count("\n", comment.start, comment.end)
            replacement = _find_background(values).strip() + "\n" * lines
            edits.append(Edit(comment.start, comment.end, (replacement,)))
    return source.edit(edits), found


def read_directives(comment: Comment) -> Mapping[str, object]:
    """The directives in a comment; empty if it is a note. It holds directives if it is a YAML
    mapping with at least one of Marp's keys."""
    text = comment.inside.text
    if ":" not in text or len(text) > _LONGEST_DIRECTIVES:
        return {}
    if not any(name in text for name in _DIRECTIVES):
        return {}
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # text, lists and mappings
    except (yaml.YAMLError, RecursionError, ValueError):
        return _read_loosely(text)
    if not isinstance(values, dict) or not _DIRECTIVES & values.keys():
        return {}
    return values


def _read_loosely(text: str) -> Mapping[str, object]:
    """Directives whose values need quotes in YAML, such as `color: #fff` in one line each."""
    lines = [line.partition(":") for line in text.strip().splitlines() if line.strip()]
    if not lines or not all(key.strip() in _DIRECTIVES and colon for key, colon, _ in lines):
        return {}
    return {key.strip(): value.strip() for key, _, value in lines}


def _find_background(values: Mapping[str, object]) -> str:
    """The picture behind this slide only; one behind all of them is decoration."""
    found = _URL.search(str(values.get("_backgroundImage", "")))
    if found is None or found[2].startswith(("data:", "http:", "https:")):
        return ""
    return make_picture(found[2])


def _read_levels(divider: object) -> frozenset[int]:
    """The levels of the headings that begin slides."""
    if isinstance(divider, str) and divider.strip().isdecimal():
        divider = int(divider)
    if isinstance(divider, int) and not isinstance(divider, bool):
        return frozenset(range(1, min(divider, 6) + 1))
    if isinstance(divider, list):
        return frozenset(int(n) for n in divider if str(n) in ("1", "2", "3", "4", "5", "6"))
    return frozenset()


def _cut_slides(source: Source, tokens: Sequence[Token], levels: frozenset[int]) -> Iterator[Cut]:
    starts = [*_find_line_starts(source.text), len(source) + 1]
    begin = 0
    for token in tokens:
        if token.map is None:
            continue
        line = token.map[0]
        if token.type == "hr" and token.level == 0:
            yield Cut(source[begin : starts[line]])
            begin = starts[line + 1]
        elif _divides(token, levels) and source.text[begin : starts[line]].strip():
            yield Cut(source[begin : starts[line]])
            begin = starts[line]
    yield Cut(source[min(begin, len(source)) :])


def _divides(token: Token, levels: frozenset[int]) -> bool:
    return token.type == "heading_open" and token.level == 0 and int(token.tag[1:]) in levels


def _lay_out(cut: Cut) -> Cut:
    """A slide with the pictures of one side (`![bg left:40%](…)`) in a column of their own."""
    text = cut.text
    if "bg" not in text.text:
        return cut
    masked = mask_code(text.text)
    found = _SIDE.search(masked)
    if found is None:
        return cut
    pictures = [p for p in _PICTURE.finditer(masked) if re.search(r"(?:^|\s)bg(?:\s|$)", p[1])]
    side = [text[p.start() : p.end()] for p in pictures]
    rest = text.edit(Edit(p.start(), p.end()) for p in pictures)
    width = found[2] or "50"
    picture: Parts = (*make_marker("column", width), *_paragraphs(side))
    other: Parts = (*make_marker("column", str(100 - int(width))), rest, "\n")
    inside = (*picture, *other) if found[1] == "left" else (*other, *picture)
    parts = (*make_marker("columns"), *inside, *END)
    return Cut(text.edit([Edit(0, len(text), parts)]) if len(text) else text)


def _paragraphs(sources: Sequence[Source]) -> Parts:
    return tuple(part for source in sources for part in (source, "\n\n"))


def _rewrite_picture(match: re.Match[str], source: Source) -> Parts | None:
    """A picture without its keywords, and with the width that they ask for."""
    alt = match[1]
    words = list(_KEYWORD.finditer(alt))
    if not words:
        return None
    kept = " ".join(_KEYWORD.sub(" ", alt).split())
    parts: list[str | Source] = ["![", kept, "]", source[match.start(2) : match.end(2)]]
    if width := _WIDTH.search(alt):
        share = float(width[1]) / (100 if width[2] == "%" else _SLIDE_WIDTH)
        if 0 < share < 1:
            parts.append(make_width(share))
    return tuple(parts)
