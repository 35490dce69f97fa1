"""Code blocks between fences: their language, their title, and what tools write after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lessons.dialects.syntax.scan import Line, closes_fence, scan_lines
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source, join_sources

FENCE = re.compile(r"^((?:[ \t]*(?:[-*+>]|\d{1,9}[.)])[ \t]+)*[ \t]*)(`{3,}|~{3,})([^\n]*)$")
_ESCAPED = re.compile(r"([\\`*_\[\]<>$~])")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_DIAGRAM = re.compile(r"^\{?\.?(mermaid|plantuml|graphviz|dot)\b(?!-)")


@dataclass(frozen=True, slots=True)
class Fence:
    """A code block: the line that opens it, that which closes it, and the lines between them.

    `head` is the white space and the list marks before the fence, `info` what follows it.
    """

    opening: Line
    head: str
    run: str
    info: str
    content: Sequence[Line]
    closing: Line | None

    @property
    def end(self) -> int:
        last = self.closing or (self.content[-1] if self.content else self.opening)
        return last.end

    @property
    def indent(self) -> str:
        """White space as wide as what stands before the fence."""
        return "".join(char if char == ">" else " " for char in self.head.expandtabs(4))


def find_fences(lines: Sequence[Line]) -> Iterator[Fence]:
    """The code blocks between fences, in order."""
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        if line.kind != "fence" or (opened := FENCE.match(line.text)) is None:
            continue
        first = position
        while position < len(lines) and lines[position].kind == "code":
            position += 1
        closing = None
        if position < len(lines) and closes_fence(lines[position].text, opened[2]):
            closing = lines[position]
        content = lines[first:position]
        position += closing is not None
        yield Fence(line, opened[1], opened[2], opened[3].strip(), content, closing)


def set_info(fence: Fence, info: str) -> Edit:
    """The edit that gives a code block another info string."""
    start = fence.opening.start + len(fence.head) + len(fence.run)
    return Edit(start, fence.opening.end, (info,))


def make_code_title(title: str, indent: str = "") -> Parts:
    """What shows the title of a code block above it. It is not read."""
    title = " ".join(title.split())
    if not title:
        return ()
    shown = f"`{title}`" if " " not in title and "`" not in title else escape(title)
    return (indent, *make_marker("unread"), indent, shown, "\n", indent, *END)


def escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _ESCAPED.sub(r"\\\1", text)


def rewrite_diagrams(source: Source) -> Source:
    """Let nothing follow the language of diagrams: `{.mermaid theme=dark}` becomes `mermaid`."""
    edits: list[Edit] = []
    for fence in find_fences(scan_lines(source.text)):
        found = _DIAGRAM.match(fence.info)
        if found and found[1] != fence.info:
            edits.append(set_info(fence, found[1]))
    return source.edit(edits)


def find_language(words: Iterable[str]) -> str:
    """The first of the words of an info string that can be a language's name."""
    for word in words:
        name = word.strip("{}.,")
        if name and "=" not in name and not name.startswith("#") and _LANGUAGE.fullmatch(name):
            return name
    return ""


def make_code(text: str | Source, language: str, like: Source, at: int, indent: str = "") -> Source:
    """A code block with this text, whatever it holds. `at` is the place that it stands for."""
    plain = text if isinstance(text, str) else text.text
    longest = max((len(run) for run in re.findall(r"`{3,}", plain)), default=2)
    fence = "`" * (longest + 1)
    end = "" if plain.endswith("\n") or not plain else "\n"
    code = join_sources([text, end], like, at)
    if indent:
        code = code.edit(
            Edit(start, start, (indent,)) for start in _line_starts(code.text) if start < len(code)
        )
    opening = f"{indent}{fence}{language}\n"
    return join_sources([opening, code, f"{indent}{fence}\n"], like, at)


def _line_starts(text: str) -> Iterator[int]:
    yield 0
    for match in re.finditer("\n", text):
        yield match.end()
