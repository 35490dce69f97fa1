"""HTML pages for reveal.js: the sections that are slides."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lessons.markdown.markers import END, make_marker
from lessons.markdown.source import Edit, Source

_SLIDES = re.compile(
    r"<[a-z]+\b[^>]{0,300}\bclass\s*=\s*[\"'][^\"'>]{0,300}\bslides\b", re.IGNORECASE
)
_TAG = re.compile(
    r"<!--|<(?P<raw>script|style|textarea|template)\b"
    r"|<(?P<close>/?)section(?=[\s>/])(?P<rest>(?:\"[^\"]{0,5000}\"|'[^']{0,5000}'|[^<>\"'])*)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_MOST_QUOTED = 5000  # signs that are written as entities
_DEEPEST = 50  # sections inside of sections; reveal.js knows two levels


@dataclass(frozen=True, slots=True)
class Section:
    """A slide of a page: the offsets of what is inside its tags, and its attributes. `hidden` tells
    whether it or a section around it is hidden.

    `around` are the stretches that stand beside the slides in the section around them. A browser
    shows them on all of these slides; the first has them.
    """

    start: int
    end: int
    attributes: Mapping[str, str]
    hidden: bool = False
    around: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Open:
    start: int
    attributes: Mapping[str, str]
    hidden: bool
    first: int  # the number of the first slide in it
    parent: bool = False  # whether it holds sections, which are the slides then
    own: list[tuple[int, int]] = field(default_factory=list)  # what stands beside these
    since: int = 0  # where the last of these begins


def find_sections(text: str) -> list[Section]:
    """The slides of a page, in order; none if it is no page for reveal.js."""
    if "<section" not in text.lower():
        return []
    begin = _SLIDES.search(text)
    if begin is None:
        return []
    return sorted(_walk(text, begin.start()), key=lambda section: section.start)


def _walk(text: str, at: int) -> list[Section]:
    opened: list[_Open] = []
    slides: list[Section] = []
    for found in _find_tags(text, at):
        if not found["close"]:
            attributes = read_attributes(found["rest"])
            hidden = attributes.get("data-visibility") == "hidden"
            if opened:
                opened[-1].parent = True
                opened[-1].own.append((opened[-1].since, found.start()))
            if len(opened) < _DEEPEST:
                hidden = hidden or (bool(opened) and opened[-1].hidden)
                begin = found.end()
                opened.append(_Open(begin, attributes, hidden, len(slides), since=begin))
        elif opened:
            _close(opened.pop(), found.start(), slides)
            if opened:
                opened[-1].since = found.end()
    for done in opened:
        if not done.parent:
            _close(done, len(text), slides)
    return slides


def _find_tags(text: str, at: int) -> Iterator[re.Match[str]]:
    """The tags of sections that are no comments and in no code."""
    lowered = text.lower()
    missing: set[str] = set()
    while found := _TAG.search(text, at):
        at = found.end()
        if found["rest"] is not None:
            yield found
            continue
        closing = f"</{found['raw'].lower()}" if found["raw"] else "-->"
        end = -1 if closing in missing else lowered.find(closing, at)
        if end < 0:
            missing.add(closing)
        else:
            at = end + len(closing)


def _close(done: _Open, end: int, slides: list[Section]) -> None:
    """Add a section that is a slide; what stands in one beside slides goes to their first."""
    if not done.parent:
        slides.append(Section(done.start, end, done.attributes, done.hidden))
        return
    shown = (n for n in range(done.first, len(slides)) if not slides[n].hidden)
    first = next(shown, None)
    if first is not None:
        around = (*slides[first].around, *done.own, (done.since, end))
        slides[first] = replace(slides[first], around=tuple(sorted(around)))


def read_attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag, with entities decoded."""
    return {
        name.lower(): html.unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(rest)
    }


_TEMPLATE = re.compile(r"<([a-z]+)\b[^>]{0,1000}\bdata-template\b[^>]{0,1000}>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script)\b[^>]{0,1000}>", re.IGNORECASE)


def find_template(text: str) -> tuple[int, int, bool]:
    """Where a section holds its Markdown, and whether that has entities: in an element with
    `data-template`, else in a script, else the whole."""
    for pattern in (_TEMPLATE, _SCRIPT):
        if opened := pattern.search(text):
            name = opened[1].lower()
            end = text.lower().find(f"</{name}", opened.end())
            return opened.end(), end if end >= 0 else len(text), name != "script"
    return 0, len(text), True


def measure_indent(text: str) -> tuple[str, int]:
    """The white space that reveal.js takes away at the start of each line: which, and how much."""
    head = text.removeprefix("\n")
    tabs = len(head) - len(head.lstrip("\t"))
    if tabs:
        return "\t", tabs
    spaces = len(head) - len(head.lstrip())
    return " ", spaces if spaces > 1 else 0


_ELEMENT = re.compile(
    r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)\b(?P<rest>(?:\"[^\"]{0,5000}\"|'[^']{0,5000}'|[^<>\"'])*)>",
    re.IGNORECASE,
)
_HOLDS_MARKDOWN = re.compile(r"\bdata-markdown(?:=(?:\"\"|''))?(?=\s|$)", re.IGNORECASE)
_CODE_TEMPLATE = re.compile(
    r"<code\b[^<>]{0,1000}>\s{0,100}(?P<script><script\b[^<>]{0,300}\btext/template\b[^<>]{0,300}>)",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"\bclass\s*=\s*(?:\"[^\"]*\bfragment\b|'[^']*\bfragment\b)", re.IGNORECASE)
_INLINE = frozenset(
    {"span", "a", "em", "strong", "b", "i", "code", "mark", "small", "td", "tr", "th"}
)


TAKEN = "\ue00d"
"""Stands for the content of an element that holds Markdown, while HTML is rewritten."""


def take_markdown(source: Source) -> tuple[Source, list[Source]]:
    """A slide with `TAKEN` for each content of an element inside it that holds Markdown
    (`data-markdown`), and these contents."""
    if "data-markdown" not in source.text:
        return source, []
    lowered = source.text.lower()
    edits: list[Edit] = []
    inside: list[Source] = []
    missing: set[str] = set()
    for found in _ELEMENT.finditer(source.text):
        name = found["name"].lower()
        if found["close"] or name in missing or not _HOLDS_MARKDOWN.search(found["rest"]):
            continue
        if edits and found.start() < edits[-1].end:
            continue
        end = lowered.find(f"</{name}", found.end())
        if end < 0:
            missing.add(name)
            continue
        inside.append(source[found.end() : end])
        edits.append(Edit(found.end(), end, (TAKEN,)))
    return source.edit(edits), inside


def quote_templates(source: Source) -> Source:
    """Code that stands in a script, so that it needs no entities, with entities."""
    edits: list[Edit] = []
    lowered = source.text.lower() if "text/template" in source.text else ""
    for found in _CODE_TEMPLATE.finditer(lowered):
        end = lowered.find("</script>", found.end())
        if end < 0 or len(edits) > _MOST_QUOTED:
            break
        edits.append(Edit(found.start("script"), found.end()))
        for sign in re.finditer(r"[<>&]", source.text[found.end() : end]):
            at = found.end() + sign.start()
            edits.append(Edit(at, at + 1, (html.escape(sign[0]),)))
        edits.append(Edit(end, end + len("</script>")))
    return source.edit(edits)


def mark_html_fragments(source: Source) -> Source:
    """Put step markers before the elements of a slide that appear later; a list whose items do is
    put between steps markers."""
    if "fragment" not in source.text:
        return source
    edits: list[Edit] = []
    lists: list[tuple[str, int]] = []  # those that are open: their name, and where they begin
    marked: set[int] = set()
    for found in _ELEMENT.finditer(source.text):
        name = found["name"].lower()
        if found["close"]:
            if name in ("ul", "ol") and lists:
                begin = lists.pop()[1]
                if begin in marked:
                    edits.append(Edit(found.end(), found.end(), ("\n\n", *END, "\n")))
            continue
        if name in ("ul", "ol"):
            lists.append((name, found.start()))
        if _FRAGMENT.search(found["rest"]) is None:
            continue
        if name == "li" and lists:
            begin = lists[0][1]
            if begin not in marked:
                marked.add(begin)
                edits.append(Edit(begin, begin, ("\n\n", *make_marker("steps"))))
        elif name not in _INLINE and not lists:
            edits.append(Edit(found.start(), found.start(), ("\n\n", *make_marker("step"))))
    return source.edit(edits)
