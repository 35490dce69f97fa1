"""Takes formulas out of a lesson's text, and what all rules for texts are made of."""

from __future__ import annotations

import re
from collections.abc import Callable

Rule = Callable[[str], str]

FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*\2[`~]*[ \t]*$|\Z)", re.M | re.S)


def outside_code(change: Rule) -> Rule:
    """The same change, made only outside fenced code."""

    def changed(text: str) -> str:
        parts, at = [], 0
        for fence in FENCE.finditer(text):
            parts += [change(text[at : fence.start()]), fence[0]]
            at = fence.end()
        return "".join([*parts, change(text[at:])])

    return changed


def drop(*patterns: str, by: str = "", flags: int = re.M | re.S) -> Rule:
    """Replaces all that fits one of the patterns by the same text."""
    compiled = [re.compile(pattern, flags) for pattern in patterns]

    def changed(text: str) -> str:
        for pattern in compiled:
            text = pattern.sub(by, text)
        return text

    return changed


drop_formulas = outside_code(
    drop(
        r"^[ \t>]*\$\$.*?\$\$",
        r"\\begin\{(equation|align|gather|multline|eqnarray|alignat|flalign|math)(\*?)\}.*?"
        r"\\end\{\1\2\}",
        by=" ",
    )
)
"""Formulas in lines of their own, for tools that take them out before they read Markdown: a line of
one may begin like an item of a list."""
drop_dollars = drop(r"\$\$[^$]+\$\$|(?<![\\$\w])\$(?![\s$])[^$\n]+?(?<!\s)\$(?![\d$])", by=" ")
"""Formulas in HTML that Markdown does not read."""
drop_notebook_contents = drop(
    r"(?:<h1>[^<\n]*<span class=\"tocSkip\"></span></h1>\s*)?"
    r"<div class=\"toc\">.*?</div>"
)
"""The table of contents that an extension of Jupyter writes."""


_PAGE_BLOCK = re.compile(r"^ {0,3}<[a-z][^\n]*(?:\n(?![ \t]*$)[^\n]*)*", re.M)
_PAGE_FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\\begin\s?\{(\w+\*?)\}.*?\\end\s?\{\1\}", re.S)


def drop_page_formulas(text: str) -> str:
    """Formulas between backslashes, and references to them, in blocks of HTML."""
    text = re.sub(r"\\(?:eq)?ref\{[^{}\n]*\}", " ", text)
    return _PAGE_BLOCK.sub(lambda block: _PAGE_FORMULA.sub(" ", block[0]), text)
