"""Finds fenced divisions, and says what they are by their classes and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from lessons.box_kinds import find_kind
from lessons.dialects.syntax.attributes import (
    Attributes,
    parse_attributes,
    parse_length,
)
from lessons.dialects.syntax.scan import Line

_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<colons>:{3,})[ \t]*(?P<rest>\S(?:[^\n]*\S)?)?[ \t]*$")
_WORD = re.compile(r"^\.?(?P<word>[A-Za-z][\w.-]*)[ \t]*(?P<title>.*)$")
_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "thm": "theorem", "lem": "lemma", "cor": "corollary", "prp": "proposition",
        "cnj": "conjecture", "def": "definition", "exm": "example", "exr": "exercise",
        "sol": "solution", "rem": "remark", "alg": "algorithm", "nte": "note", "tip": "tip",
        "wrn": "warning", "imp": "important", "cau": "caution",
    }
)  # fmt: skip
"""What the beginning of an id says in Quarto (`#thm-line`)."""
NAMED = frozenset({"conjecture", "algorithm", "axiom", "hypothesis", "assumption", "claim"})
"""Statements that have no kind of box of their own, and are shown in one with their name."""
_NOT_BOXES = frozenset({"version", "check", "see", "missing", "overview", "cite", "error", "fail"})
"""Names of boxes in other tools that are ordinary words as classes."""


@dataclass(slots=True)
class Division:
    """A division: the number of its first line, and of its last one if it is closed."""

    first: Line
    attributes: Attributes
    title: tuple[int, int] | None = None  # where in the text a title behind the fence stands
    last: int = -1
    closed: bool = False
    depth: int = 0
    inside: list[Division] = field(default_factory=list)
    siblings: list[Division] = field(default_factory=list)  # it and those beside it
    position: int = 0  # among them

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.classes)

    @property
    def indent(self) -> int:
        return len(self.first.text) - len(self.first.text.lstrip(" \t>"))


def find_divisions(lines: Sequence[Line]) -> list[Division]:
    """The outermost divisions of a text, with those inside them. One that is not closed ends with
    what is around it."""
    found: list[Division] = []
    stack: list[Division] = []
    for line in lines:
        fence = _FENCE.match(line.text) if line.kind == "text" and ":::" in line.text else None
        if fence is None:
            continue
        rest = fence["rest"] or ""
        indent = len(fence["indent"])
        if not rest:
            if stack and (indent < 4 or indent - stack[-1].indent < 4):
                stack[-1].closed = True
                stack.pop().last = line.number
            continue
        opened = _open(line, fence)
        if opened is not None and not _is_code(lines, line, indent):
            opened.siblings = stack[-1].inside if stack else found
            opened.position, opened.depth = len(opened.siblings), len(stack)
            opened.siblings.append(opened)
            stack.append(opened)
    for division in stack:
        division.last = len(lines) - 1
    return found


def _is_code(lines: Sequence[Line], line: Line, indent: int) -> bool:
    """Whether a line is indented so far that it is code: it is not in a list."""
    if indent < 4:
        return False
    for above in reversed(lines[max(line.number - 100, 0) : line.number]):
        bare = above.text.lstrip()
        if bare and len(above.text) - len(bare) < indent:
            return not re.match(r"[-*+]\s|\d{1,9}[.)]\s|\(?@?[\w-]*\)|:\s|:::", bare)
    return True


def _open(line: Line, fence: re.Match[str]) -> Division | None:
    rest = fence["rest"] or ""
    begin = line.start + fence.start("rest")
    if rest.startswith("{"):
        close = rest.rfind("}")
        attributes = parse_attributes(rest[1:close]) if close > 0 else None
        if attributes is None or rest[close + 1 :].strip(" \t:"):
            inside = rest[1:close] if close > 0 else rest[1:]
            words = re.findall(r"(?<!\S)\.([\w-]+)", inside)
            attributes = Attributes(classes=tuple(words))
        return Division(line, attributes)
    word = _WORD.match(rest)
    if word is None:
        return None
    title = None
    values: Attributes | None = None
    written = word["title"].rstrip(" \t:")
    if written.startswith("{") and written.endswith("}"):
        values = parse_attributes(written[1:-1])
    elif written:
        start = begin + word.start("title")
        title = (start, start + len(written))
    classes = (word["word"], *(values.classes if values else ()))
    if values is not None:
        return Division(line, Attributes(values.identifier, classes, values.values), title)
    return Division(line, Attributes(classes=classes), title)


def find_column(attributes: Attributes) -> float | None:
    """The width of a column as a share, 0 if it has none; None if it is not a column."""
    for name in attributes.classes:
        if name == "column":
            width = attributes.get("width")
            if not width:
                style = re.search(r"width:\s*([\d.]+%)", attributes.get("style"))
                width = style[1] if style else ""
            return parse_length(width)
        if found := re.fullmatch(r"g-col(?:-(?:sm|md|lg|xl))?-(\d{1,2})", name):
            return min(int(found[1]) / 12, 1.0)
    return None


def name_kinds(attributes: Attributes) -> Iterator[str]:
    """The names that may say what kind of box a division is."""
    for name in attributes.classes:
        if name.lower() not in _NOT_BOXES:
            yield name.lower()
    prefix = attributes.identifier.partition("-")[0]
    if prefix in _PREFIXES:
        yield _PREFIXES[prefix]


def find_box(attributes: Attributes) -> str:
    """The kind of box that a division is; empty if it is none."""
    for name in name_kinds(attributes):
        if name in NAMED or name in ("plain", "callout"):
            return "callout" if name == "callout" else "plain"
        kind = find_kind(name)
        if kind != "plain":
            return kind
    return ""
