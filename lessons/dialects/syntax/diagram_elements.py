"""Diagrams in HTML elements (`<div class="mermaid">`), which a script in the page would draw."""

from __future__ import annotations

import re

from lessons.dialects.base import Context
from lessons.dialects.syntax.code_fences import make_diagram
from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Edit, Source

_OPENING = re.compile(
    r"<([a-z]{1,20})\b[^<>]{0,300}\bclass\s*=\s*[\"']?[^\"'<>]{0,200}\b(?:mermaid|plantuml)\b"
    r"[^<>]{0,300}>",
    re.IGNORECASE,
)


def rewrite_diagram_elements(source: Source, context: Context) -> Source:
    """Put a placeholder in the place of each element that holds a diagram."""
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
        edits.append(make_diagram(source, context, opened.start(), close, "\n\n"))
    return source.edit(edits)
