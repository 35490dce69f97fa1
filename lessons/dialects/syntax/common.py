"""What every dialect may hold: each rule here rewrites signs that mean the same everywhere."""

from __future__ import annotations

from collections.abc import Callable

from lessons.dialects.base import Context
from lessons.dialects.syntax.footnotes import rewrite_footnotes
from lessons.dialects.syntax.html_elements import rewrite_html
from lessons.markdown.source import Source

Rule = Callable[[Source, Context], Source]

COMMON: tuple[Rule, ...] = (rewrite_html, rewrite_footnotes)
"""In the order in which they are applied."""


def rewrite_common(source: Source, context: Context) -> Source:
    """Apply the rules that hold in every dialect. A dialect applies its own rules before."""
    for rule in COMMON:
        source = rule(source, context)
    return source
