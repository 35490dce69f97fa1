"""Comments of decks that are not speaker notes: columns, settings, orders to programs, and remarks
for the author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from foundation.shortening import shorten
from lessons.dialects.base import Context
from lessons.directives.comments import read_directive
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.outline import Comment, read_outline
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

SLIDE_SETTINGS = word_set(
    "backgroundColor backgroundImage backgroundPosition backgroundRepeat backgroundSize class "
    "color footer header paginate transition"
)
"""Settings of slides that a comment holds, `class: lead`, often with `_` before them."""

DECK_SETTINGS = SLIDE_SETTINGS | word_set(
    "marp theme style headingDivider size math title author description keywords url image lang"
)

_SETTING = re.compile(r"[_$]?([A-Za-z]+)\s*:")
_PROGRAM = re.compile(
    r"fit$|prettier-ignore|markdownlint-|textlint-|eslint-|cspell:|vale (?:on$|off$|\S+ ?=)"
    r"|spell-?checker:|\.slide:|\.element:|omit (?:in|from) toc$|/?toc$|vim:|#(?:end)?region\b"
    r"|more$|end_slide$|column(?:_layout)?:|reset_layout$|jump_to_middle$|incremental_lists:"
    r"|new_lines?(?::|$)|include:|v-?clicks?$|pagebreak$|newpage$|(?:end)?block$|template:"
    r"|(?:START|END) doctoc|DON'T EDIT THIS SECTION",
    re.IGNORECASE,
)
"""Orders to formatters, linters, and programs that show slides."""

_COLUMN = re.compile(
    r"(?P<open>col(?:umn)?s?[-_ ]?(?:start|begin)|(?:start|begin)[-_ ]?col(?:umn)?s?|columns"
    r"|column_layout:[^\n]*)"
    r"|(?P<next>col(?:umn)?(?:[-_ ]?(?:break|next|split|\d))?|column:[ \t]*\d+|colbreak)"
    r"|(?P<close>/?col(?:umn)?s?[-_ ]?(?:end|stop|close)|/col(?:umn)?s?|end[-_ ]?col(?:umn)?s?"
    r"|reset_layout)",
    re.IGNORECASE,
)
_END_AGAIN = re.compile(r"[ \t]*-->[ \t]*$", re.MULTILINE)
"""A second end of a comment, which would be shown."""

_AUTHOR = re.compile(r"(?:TODO|FIXME|XXX|HACK|TBD|WIP|NOTE TO SELF)\b|to ?do\s*:", re.IGNORECASE)
_PATH = re.compile(r"[^\s/]{0,300}/\S{1,1000}|[\w-]{1,200}\.(?:md|html?|pdf|pptx?|png|jpe?g|svg)")
_LONGEST_LABEL = 6  # words
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\U0003ffff]")
"""Letters of scripts that do not put spaces between words."""


def find_comments(source: Source) -> tuple[Comment, ...]:
    """The comments and notes of a text."""
    return read_outline(source.text, lambda at: None).comments


def rewrite_deck_comments(source: Source, context: Context) -> Source:
    """Make columns of the comments that stand for them (`colstart`, `col`, `colend`), and take out
    those that are written for programs, or by the author as a reminder, such as a TODO."""
    edits: list[Edit] = []
    remarks: list[Comment] = []
    column_open = False
    comments = find_comments(source) if "<!--" in source.text else ()
    labels = _find_labels(source.text, comments)
    for comment in comments:
        if again := _END_AGAIN.match(source.text, comment.end):
            edits.append(Edit(comment.end, again.end()))
        if comment.kind != "comment":
            continue
        found = _COLUMN.fullmatch(comment.inside.text.strip())
        if found is not None and _is_alone(source.text, comment):
            parts, column_open = _make_column(found, column_open)
            edits.append(Edit(comment.start, comment.end, parts))
        elif _is_order(comment):
            edits.append(Edit(comment.start, comment.end))
        elif comment.start in labels or _is_remark(comment):
            remarks.append(comment)
            edits.append(Edit(comment.start, comment.end))
    if remarks:
        _report(source, context, remarks)
    return source.edit(edits)


def is_column_comment(comment: Comment) -> bool:
    """Whether a comment begins or ends a column."""
    return _COLUMN.fullmatch(comment.inside.text.strip()) is not None


def is_spoken(comment: Comment) -> bool:
    """Whether a comment is written to be spoken, and not for the author or a program."""
    return not _is_order(comment) and not _is_remark(comment)


def _is_order(comment: Comment) -> bool:
    """Whether a comment holds settings of slides, or is written for a program."""
    text = comment.inside.text.strip()
    if read_directive(comment).kind != "note":
        return False
    setting = _SETTING.match(text)
    return _PROGRAM.match(text) is not None or bool(setting and setting[1] in DECK_SETTINGS)


def _is_remark(comment: Comment) -> bool:
    text = comment.inside.text.strip()
    if _AUTHOR.match(text):
        return True
    if read_directive(comment).kind != "note":
        return False
    word = len(text.split()) == 1 and not text.endswith((".", "!", "?", "…"))
    return word and not _UNSPACED.search(text)


def _find_labels(text: str, comments: Sequence[Comment]) -> frozenset[int]:
    """Where the comments begin that only name what the path in the next comment is, such as
    "Source of this slide"."""
    return frozenset(
        comment.start
        for comment, following in pairwise(comments)
        if _PATH.fullmatch(following.inside.text.strip())
        and not text[comment.end : following.start].strip()
        and len(comment.inside.text.split()) <= _LONGEST_LABEL
        and not comment.inside.text.rstrip().endswith((".", "!", "?", "…"))
        and read_directive(comment).kind == "note"
    )


def _is_alone(text: str, comment: Comment) -> bool:
    begin = text.rfind("\n", 0, comment.start) + 1
    end = text.find("\n", comment.end)
    rest = text[comment.end : end if end >= 0 else len(text)]
    return not text[begin : comment.start].strip() and not rest.strip()


def _make_column(found: re.Match[str], inside: bool) -> tuple[Parts, bool]:
    """The markers in place of a comment, and whether columns are open after it."""
    name = found[0].lower()
    if found["open"]:
        # presenterm names each column after it has opened them all.
        first = () if name.startswith("column_layout") else make_marker("column")
        return ("\n\n", *make_marker("columns"), *first), True
    if found["close"]:
        return ("\n\n", *END) if inside else (), False
    opening = () if inside else make_marker("columns")
    return ("\n\n", *opening, *make_marker("column")), True


def _report(source: Source, context: Context, remarks: list[Comment]) -> None:
    shown = ", ".join(repr(shorten(" ".join(r.inside.text.split()), 30)) for r in remarks[:3])
    more = f" and {len(remarks) - 3} more" if len(remarks) > 3 else ""
    context.report(
        "comment-unspoken",
        f"Comments that look like remarks for the author are not spoken: {shown}{more}.",
        "To have one spoken, write it like <!-- say: … -->.",
        source.find_place(remarks[0].start),
        "note",
    )
