"""Diagrams in HTML elements (`<div class="mermaid">`), which a script in the page would draw."""

from __future__ import annotations

import re
from html import unescape
from textwrap import dedent

from lessons.dialects.syntax.code_fences import make_code
from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Edit, Source

_OPENING = re.compile(
    r"<([a-z]{1,20})\b[^<>]{0,300}\bclass\s*=\s*[\"']?[^\"'<>]{0,200}\b(mermaid|plantuml)\b"
    r"[^<>]{0,300}>",
    re.IGNORECASE,
)


def rewrite_diagram_elements(source: Source) -> Source:
    """Put a code block in the place of each element that holds a diagram, which is drawn later."""
    if "mermaid" not in source.text and "plantuml" not in source.text:
        return source
    masked = mask_code(source.text)
    lowered = masked.lower()
    edits: list[Edit] = []
    missing: set[str] = set()
    done = 0
    for opened in _OPENING.finditer(masked):
        name = opened[1].lower()
        if opened.start() < done or name in missing:
            continue
        end = lowered.find(f"</{name}", opened.end())
        close = lowered.find(">", end)
        if end < 0 or close < 0:
            missing.add(name)
            continue
        done = close + 1
        text = dedent(unescape(source.text[opened.end() : end])).strip("\n")
        code = make_code(text, opened[2].lower(), source, opened.start())
        edits.append(Edit(opened.start(), close + 1, ("\n\n", code, "\n")))
    return source.edit(edits)
