"""What every dialect may hold: each rule here rewrites signs that mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable

from lessons.dialects.base import Context
from lessons.dialects.syntax.callouts import rewrite_callouts
from lessons.dialects.syntax.emoji_codes import rewrite_emoji_codes
from lessons.dialects.syntax.footnotes import rewrite_footnotes
from lessons.dialects.syntax.html_elements import rewrite_html
from lessons.dialects.syntax.tables_of_contents import remove_badges, remove_contents
from lessons.markdown.source import Source

Rule = Callable[[Source, Context], Source]

COMMON: tuple[Rule, ...] = (
    rewrite_callouts,
    rewrite_html,
    remove_contents,
    remove_badges,
    rewrite_footnotes,
    rewrite_emoji_codes,
)
"""In the order in which they are applied."""


def rewrite_common(source: Source, context: Context) -> Source:
    """Apply the rules that hold in every dialect. A dialect applies its own rules before."""
    for rule in COMMON:
        source = rule(source, context)
    return source
