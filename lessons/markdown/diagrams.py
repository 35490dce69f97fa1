"""Reads code blocks in languages for diagrams, which are shown as drawings."""

from __future__ import annotations

import re

from lessons.model import Diagram, DiagramKind

_KINDS: dict[str, DiagramKind] = {
    "mermaid": "mermaid", "dot": "dot", "graphviz": "dot", "gv": "dot", "plantuml": "plantuml",
    "puml": "plantuml",
}  # fmt: skip
_OPTION = re.compile(r"^[ \t]*(?:%%|//|#|')\|[ \t]*([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
"""Options of cells as Quarto writes them: `%%| fig-cap: A cycle`."""
_ACCESSIBLE = re.compile(
    r"^[ \t]*(?P<name>accTitle|accDescr)[ \t]*(?::[ \t]*(?P<line>[^\n]*)|\{(?P<lines>[^}]*)\})",
    re.MULTILINE,
)
"""Title and description in Mermaid. The second may have several lines in braces."""
_GRAPH_TOOLTIP = re.compile(r"\btooltip\s*=\s*\"((?:[^\"\\]|\\.)*)\"")
_PLANTUML_TEXT = re.compile(r"^[ \t]*(?:title|caption)[ \t]+(\S[^\n]*)$", re.MULTILINE)


def find_diagram_kind(language: str) -> DiagramKind | None:
    """The kind of diagram that a code block in this language holds; None for other code."""
    return _KINDS.get(language.lower())


def read_diagram(text: str, kind: DiagramKind, step: int, line: int) -> Diagram:
    """The diagram in a code block, with its caption and what it says about itself.

    Its alternative text is Mermaid's `accDescr` or `accTitle`, the tooltip of a graph in DOT,
    PlantUML's title, or Quarto's `fig-alt`; without these, the caption.
    """
    options = {name.lower(): _unquote(value) for name, value in _OPTION.findall(text)}
    title = options.get("fig-cap", "")
    about = options.get("fig-alt", "")
    if kind == "mermaid":
        found = {m["name"]: _join(m["line"] or m["lines"]) for m in _ACCESSIBLE.finditer(text)}
        about = about or found.get("accDescr") or found.get("accTitle", "")
    elif kind == "dot":
        # The graph's own is outside of any node: in it, only braces and statements come before.
        head = re.split(r"->|--|\[", text, maxsplit=1)[0]
        tip = _GRAPH_TOOLTIP.search(head)
        about = about or (_join(tip[1]) if tip else "")
    else:
        named = _PLANTUML_TEXT.search(text)
        about = about or (_join(named[1]) if named else "")
    return Diagram(text, kind, about or title, title, step, line)


def _join(text: str) -> str:
    return " ".join(text.split())


def _unquote(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
