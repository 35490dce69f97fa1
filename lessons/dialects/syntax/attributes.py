"""Attributes in braces (`{#id .class key=value}`) after headings, spans, links, pictures and code.

Pandoc, Quarto, R Markdown and others write them. What they ask for is kept where the slide can show
it, such as the width of a picture or small capitals; the braces are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import HIDDEN, Line, mask_code, scan_lines
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.markers import HIGHLIGHT, SMALL_CAPS, Parts, make_width
from lessons.markdown.source import Edit, Source

_NO_VALUES: Mapping[str, str] = FrozenMapping({})
_PART = re.compile(
    r"""\s*(?:(?P<id>\#[^\s{}"'=.#]+)|(?P<class>\.[^\s{}"'=.#,]+)|(?P<bare>-)(?=\s|$)"""
    r"""|(?P<key>[A-Za-z_:][\w:.-]*)\s?=\s?(?:"(?P<double>(?:[^"\\]|\\.)*)\""""
    r"""|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<plain>[^\s"'{}]*)))""",
    re.DOTALL,
)
_BRACES = re.compile(
    r"""\{(?P<inside>(?:[^{}"'\n]|"(?:[^"\n\\]|\\.){0,2000}"|'(?:[^'\n\\]|\\.){0,2000}'"""
    r"""|\n(?!\s*\n)){0,3000})\}"""
)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:\s|$)")
_CAPTION = re.compile(r"^\s{0,3}(?:Table)?:\s+\S")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-+)[ \t]*$")
_EQUATION_LABEL = re.compile(r"(?<=\$\$)[ \t]*\{#[^{}\n]{1,200}\}")
_INFO = re.compile(
    r"^(?P<fence>[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(?:`{3,}|~{3,}))(?P<info>.*)$"
)
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)\s*(%|px|in|cm|mm|em|rem|vw|pt)?$")
_ROOM = {"%": 100.0, "": 1000.0, "px": 1000.0, "in": 8.0, "cm": 20.0, "mm": 200.0, "em": 50.0,
         "rem": 50.0, "vw": 100.0, "pt": 700.0}  # fmt: skip
"""How much of each unit fills the room for a picture; the tools' slides have about this width."""

SMALL_CAPS_CLASSES = frozenset({"smallcaps", "sc"})
HIGHLIGHT_CLASSES = frozenset({"mark", "hl", "highlight"})
_UNDERLINE_CLASSES = frozenset({"underline", "ul"})
_HIDDEN_CLASSES = frozenset({"hidden", "hide"})
_HTML = frozenset({"html", "html4", "html5", "revealjs", "slidy", "s5", "dzslides"})
"""The outputs that a lesson's slides are taken from; content for others, such as PDF, is left
out."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What braces say: an id, classes, and values by their keys."""

    identifier: str = ""
    classes: tuple[str, ...] = ()
    values: Mapping[str, str] = _NO_VALUES

    def get(self, name: str) -> str:
        return self.values.get(name, "")


def parse_attributes(text: str) -> Attributes | None:
    """The attributes between braces; None if the text is not made of attributes."""
    identifier = ""
    classes: list[str] = []
    values: dict[str, str] = {}
    position = 0
    while position < len(text):
        part = _PART.match(text, position)
        if part is None or part.end() == position:
            if text[position:].strip():
                return None
            break
        position = part.end()
        if part["id"]:
            identifier = identifier or part["id"][1:]
        elif part["class"]:
            classes.append(part["class"][1:])
        elif part["bare"]:
            classes.append("unnumbered")
        else:
            value = part["double"] if part["double"] is not None else part["single"]
            value = value if value is not None else part["plain"] or ""
            values[part["key"]] = re.sub(r"\\([^\w\s])", r"\1", value)
    return Attributes(identifier, tuple(classes), FrozenMapping(values))


def read_attributes(text: str, at: int) -> tuple[Attributes, int] | None:
    """The attributes in the braces that open at an offset, and where they end; None if there are
    none."""
    braces = _BRACES.match(text, at)
    if braces is None or HIDDEN in braces[0]:
        return None
    found = parse_attributes(braces["inside"])
    return (found, braces.end()) if found is not None else None


def strip_braces(text: str) -> tuple[str, Attributes]:
    """A heading without the attributes at its end, and those attributes."""
    bare = text.rstrip().rstrip("#").rstrip()
    opened = bare.rfind("{")
    found = parse_attributes(bare[opened + 1 : -1]) if bare.endswith("}") and opened >= 0 else None
    return (bare[:opened].rstrip(), found) if found is not None else (text.rstrip(), Attributes())


def read_share(attributes: Attributes) -> float:
    """The width that attributes ask for, as a share of the room; 0 if they ask for none."""
    width = attributes.get("width") or attributes.get("out-width")
    if not width:
        style = re.search(
            r"(?:^|[;\s])(?:max-)?width:\s*([\d.]+\s*[a-z%]*)", attributes.get("style")
        )
        width = style[1] if style else ""
    return parse_length(width)


def parse_length(text: str) -> float:
    """A length as a share of the room; 0 if it is none, or if it fills the room."""
    found = _LENGTH.match(text.strip().strip("\"'"))
    if found is None:
        return 0.0
    share = float(found[1]) / _ROOM[found[2] or ""]
    return share if 0 < share < 1 else 0.0


def is_hidden(attributes: Attributes) -> bool:
    """Whether a division or span is left out of the web page."""
    classes = set(attributes.classes)
    values = attributes.values
    named = values.get("when-format", values.get("unless-format", ""))
    for_html = named.lower() in _HTML
    if "content-visible" in classes:
        if "when-format" in values:
            return not for_html
        return "unless-format" in values and for_html
    if "content-hidden" in classes:
        if "when-format" in values:
            return for_html
        if "unless-format" in values:
            return not for_html
        return not any(name.startswith(("when-", "unless-")) for name in values)
    style = values.get("style", "").replace(" ", "")
    return bool(classes & _HIDDEN_CLASSES) or "display:none" in style


def rewrite_attributes(source: Source, context: Context) -> Source:
    """Take attributes out, and keep the styles and widths for which they ask."""
    if "{" not in source.text:
        return source
    source = _rewrite_lines(source)
    if "{" not in source.text:
        return source
    masked = mask_code(source.text)
    edits = [*_AttributeFinder(source, masked).find(), *_find_loose(masked)]
    return source.edit(edits)


def _rewrite_lines(source: Source) -> Source:
    """Take out attributes whose place is a line: after equations, in the first line of a code
    block, at the end of a heading or of a caption."""
    edits: list[Edit] = []
    for line in scan_lines(source.text):
        if line.kind in ("text", "math") and "$$" in line.text:
            edits += [
                Edit(line.start + label.start(), line.start + label.end())
                for label in _EQUATION_LABEL.finditer(line.text)
            ]
    source = source.edit(edits)
    lines = scan_lines(source.text)
    edits = []
    for line in lines:
        if line.kind == "fence" and "{" in line.text:
            edits += _simplify_info(line)
        elif line.kind == "text" and line.text.rstrip().endswith("}"):
            following = lines[line.number + 1].text if line.number + 1 < len(lines) else ""
            if line.text.lstrip().startswith("{"):
                edits += _remove_alone(line)
            elif (
                _HEADING.match(line.text)
                or _CAPTION.match(line.text)
                or (_UNDERLINE.match(following) and not line.text.lstrip().startswith("|"))
            ):
                edits += _strip_end(line)
    return source.edit(edits)


def _remove_alone(line: Line) -> Iterator[Edit]:
    """Take out attributes that have a line of their own, such as those of a table."""
    start = len(line.text) - len(line.text.lstrip())
    found = read_attributes(line.text, start)
    if found is not None and found[1] == len(line.text.rstrip()) and found[0] != Attributes():
        yield Edit(line.start, line.end)


def _strip_end(line: Line) -> Iterator[Edit]:
    opened = line.text.rfind("{")
    found = read_attributes(line.text, opened)
    before = line.text[:opened].rstrip()
    if found is None or found[1] != len(line.text.rstrip()) or before.endswith(("]", ")", "`")):
        return
    yield Edit(line.start + len(before), line.end)


def _simplify_info(line: Line) -> Iterator[Edit]:
    """The language alone in the place of `{#id .language key=value}`, of `{language}` and of
    `language {…}`."""
    opened = _INFO.match(line.text)
    if opened is None:
        return
    info = opened["info"].strip()
    begin = info.find("{")
    language = info[:begin].strip()
    inside = info[begin + 1 :].rpartition("}")[0] or info[begin + 1 :]
    if not language:
        attributes = parse_attributes(inside)
        if attributes is not None:
            language = attributes.classes[0] if attributes.classes else ""
        else:
            word = re.match(r"[.=]?([\w+#-]+)", inside.strip())
            language = word[1] if word else ""
    start = line.start + len(opened["fence"])
    yield Edit(start, line.end, (language + read_line_marks(info).write(),))


class _AttributeFinder:
    """Finds the braces behind brackets and code in one pass over the text."""

    def __init__(self, source: Source, masked: str) -> None:
        self.source, self.masked = source, masked
        self.edits: list[Edit] = []
        self.opened: list[int] = []

    def find(self) -> list[Edit]:
        for sign in re.finditer(rf"\\.|\[|\]|\n[ \t]*\n|{HIDDEN}(?=\{{)", self.masked):
            if sign[0] == "[":
                self.opened.append(sign.start())
            elif sign[0].startswith("\n"):
                self.opened.clear()
            elif sign[0] == "]" and self.opened:
                self._close(self.opened.pop(), sign.start())
            elif sign[0] == HIDDEN and self.source.text[sign.start()] == "`":
                self._remove_at(sign.end())
        return self.edits

    def _remove_at(self, at: int) -> None:
        if found := read_attributes(self.masked, at):
            self.edits.append(Edit(at, found[1]))

    def _close(self, start: int, end: int) -> None:
        """Look at what follows the brackets from `start` to `end`."""
        following = self.masked[end + 1 : end + 2]
        picture = start > 0 and self.masked[start - 1] == "!"
        if following == "{":
            found = read_attributes(self.masked, end + 1)
            if found is None:
                return
            before = self.masked[start - 1] if start else ""
            if before == "]" or picture:  # the brackets of a reference
                self._attach(found[1], end + 1, found[0], picture)
            else:
                self._style(start, end, *found)
        elif following == "(":
            stop = find_target_end(self.masked, end + 1)
            found = read_attributes(self.masked, stop) if stop else None
            if found is not None:
                self._attach(found[1], stop, found[0], picture)

    def _attach(self, end: int, at: int, attributes: Attributes, picture: bool) -> None:
        """Take out the attributes of a link or picture, which begin at `at`."""
        share = read_share(attributes) if picture else 0.0
        self.edits.append(Edit(at, end, (make_width(share),) if share else ()))

    def _style(self, start: int, end: int, attributes: Attributes, stop: int) -> None:
        """Give the words of a span their style."""
        classes = set(attributes.classes)
        if is_hidden(attributes):
            self.edits.append(Edit(start, stop))
            return
        opening: Parts = ()
        closing: Parts = ()
        inside = self.masked[start + 1 : end]
        if classes & SMALL_CAPS_CLASSES or "small-caps" in attributes.get("style"):
            opening, closing = (SMALL_CAPS[0],), (SMALL_CAPS[1],)
        elif classes & HIGHLIGHT_CLASSES:
            opening, closing = (HIGHLIGHT[0],), (HIGHLIGHT[1],)
        elif classes & _UNDERLINE_CLASSES and inside.strip() == inside and "*" not in inside:
            opening, closing = ("*",), ("*",)
        self.edits.append(Edit(start, start + 1, opening))
        self.edits.append(Edit(end, stop, closing))


def find_target_end(masked: str, at: int) -> int:
    """Where the target of a link in parentheses ends, which opens at `at`; 0 if it does not."""
    depth = 0
    for sign in re.finditer(r"[()]|\n[ \t]*\n|\\.|\"[^\"\n]*\"", masked[at : at + 2000]):
        if sign[0] == "(":
            depth += 1
            if depth > 8:
                return 0
        elif sign[0] == ")":
            depth -= 1
            if depth == 0:
                return at + sign.end()
        elif sign[0].startswith("\n"):
            return 0
    return 0


_LOOSE = re.compile(
    r"(?<=\s)\{(?=[#.]|(?:width|height|style|fig-[\w-]+|out-width)=)[^{}\n]{1,500}\}"
)


def _find_loose(masked: str) -> Iterator[Edit]:
    """Attributes that stand after a space, where the tools do not read them either."""
    for loose in _LOOSE.finditer(masked):
        if read_attributes(masked, loose.start()):
            before = masked[: loose.start()][-1:]
            start = loose.start() - 1 if before in (" ", "\t") else loose.start()
            yield Edit(start, loose.end())
