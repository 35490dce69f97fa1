"""remark: slides with properties, `--` for what appears later, `???` for notes, `.class[…]`.

Slides and notes are those of remark 0.15. Slides that continue another (`--`) are steps of one
slide, and slides without any content are left out. What a layout puts on every slide is not read,
and its logos, footers and pictures are not shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.dialects.includes import read_included
from lessons.dialects.remark.classes import rewrite_dot_classes
from lessons.dialects.remark.decoration import remove_decoration
from lessons.dialects.remark.lexer import Token, tokenize
from lessons.dialects.remark.tables import rewrite_open_tables
from lessons.dialects.syntax.code_fences import Fence, find_fences, set_info
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.diagram_elements import rewrite_diagram_elements
from lessons.dialects.syntax.dollars import tighten_dollars
from lessons.dialects.syntax.file_parts import dedent
from lessons.dialects.syntax.scan import scan_lines
from lessons.dialects.syntax.separators import Cut, join_slides, make_notes, make_picture
from lessons.markdown.code_lines import LineMarks, read_line_marks
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Piece, Source, join_sources

_PROPERTY = re.compile(r"\n*([-\w]{1,60}):([^$\n]*)", re.ASCII)
_COMMENT_PROPERTY = re.compile(
    r"(?:(?<!\n)\n+|\n{1,9})?<!--\s{0,50}([-\w]{1,60}):([^$\n]{0,500}?)\s{0,50}-->", re.ASCII
)
_VARIABLE = re.compile(r"(\\)?\{\{([^}\n]{1,200})\}\}")
_CONTENT = re.compile(r"(?<!\\)\{\{[ \t]*content[ \t]*\}\}")
_LOOSE_HEADING = re.compile(r"^( {0,3}#{1,6})(?=[^#\s])")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,30}")
_URL = re.compile(r"url\(\s*+(['\"]?)([^'\")]{1,500}?)\1\s*\)")
_AREA = re.compile(r"<textarea\b[^>]{0,500}\bid\s*=\s*[\"']?source\b[^>]{0,500}>", re.IGNORECASE)
_ELSEWHERE = re.compile(r"sourceUrl\s*:\s*[\"']([^\"'\n]{1,300})[\"']")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_CLASSES = re.compile(r"^\.[a-zA-Z_][\w.-]*\[", re.MULTILINE)
_FRONT = re.compile(r"^(?:class|layout|name|template|count|background-image):[^\n]*$", re.MULTILINE)
_STARRED = re.compile(r"\bhighlightLines[\"']?\s*:\s*true\b")
_HTML = (".html", ".htm")
_OWN = frozenset({"name", "layout", "count"})  # properties that no slide inherits
_MOST_INHERITED = 2_000_000  # characters of layouts and templates on all slides together


class Remark(Dialect):
    """Decks for remark, as Markdown or inside an HTML page."""

    name = "remark"
    title = "remark"
    suffixes = (".md", ".markdown", ".html", ".htm")

    def score(self, sample: Sample) -> int:
        if sample.path.lower().endswith(_HTML) and find_page_source(sample.text) is not None:
            return 95
        rules = len(re.findall(r"^---?[ \t]*$", sample.text, re.MULTILINE))
        signs = (
            re.search(r"^\?\?\?[ \t]*$", sample.text, re.MULTILINE) is not None,
            _CLASSES.search(sample.text) is not None,
            _FRONT.search(sample.text) is not None,
        )
        return {0: 0, 1: 45, 2: 80, 3: 94}[sum(signs)] if rules else 0

    def read(self, source: Source, context: Context) -> Reading:
        context.deck = True
        starred = _STARRED.search(source.text) is not None
        if source.file.path.lower().endswith(_HTML):
            source = _read_page(source, context)
        source = tighten_dollars(source, prices=True)  # as MathJax and KaTeX read a page
        source = read_remark(source, context, starred=starred)
        source = rewrite_diagram_elements(source)
        return Reading(rewrite_common(source, context), "deck")


def find_page_source(text: str) -> re.Match[str] | None:
    """Where a page holds the Markdown of its slides, or names the file that does."""
    area = _AREA.search(text)
    if area is None and "remark" in text:
        return _ELSEWHERE.search(text)
    return area


def _read_page(source: Source, context: Context) -> Source:
    """The Markdown of the slides of an HTML page."""
    found = find_page_source(source.text)
    if found is None:
        return source
    if found.re is _AREA:
        end = source.text.lower().find("</textarea", found.end())
        return unescape(source[found.end() : end if end >= 0 else len(source)])
    file = read_included(context, found[1], source.find_place(found.start()))
    if file is None:
        return source[:0]
    return source.insert_file(Source(file.text, [Piece(0, 0)], file), found.start())


def unescape(source: Source) -> Source:
    """The text with its HTML entities replaced by the characters that they stand for."""
    return source.edit(
        Edit(m.start(), m.end(), (html.unescape(m[0]),)) for m in _ENTITY.finditer(source.text)
    )


@dataclass(slots=True)
class _Slide:
    """A slide as it is cut. `content` is None for a slide that is left out."""

    content: Source
    notes: Source | None = None
    continued: bool = False
    properties: dict[str, str] = field(default_factory=dict)
    unread: tuple[Parts, Parts] = ((), ())  # what a layout puts before and after the content


def read_remark(
    source: Source, context: Context, before: Sequence[Cut] = (), *, starred: bool = False
) -> Source:
    """The slides of a deck behind their markers; `before` are slides that come first. Lines of
    code that begin with `*` are set off if the deck is `starred`."""
    source = dedent(source)
    raws = [_read_properties(raw) for raw in _cut(source)]
    cuts = list(before)
    for group in _group(_inherit(raws, context)):
        text = join_sources(list(_assemble(group)), group[0].content)
        text = rewrite_open_tables(rewrite_dot_classes(text, context))
        cuts.append(Cut(_normalize(text, starred=starred)))
    return join_slides(cuts, source)


def _cut(source: Source) -> Iterator[_Slide]:
    start, continued = 0, False
    notes: list[Token] = []
    for token in tokenize(source.text):
        if token.kind == "notes":
            notes.append(token)
        elif token.kind == "separator":
            yield _make_slide(source, start, token.start, notes, continued)
            start, continued, notes = token.end, token.text == "--", []
    yield _make_slide(source, start, len(source), notes, continued)


def _make_slide(
    source: Source, start: int, end: int, notes: Sequence[Token], continued: bool
) -> _Slide:
    if not notes:
        return _Slide(source[start:end], None, continued)
    return _Slide(source[start : notes[0].start], source[notes[-1].end : end], continued)


def _read_properties(slide: _Slide) -> _Slide:
    """The slide without the properties at its head and in comments."""
    text = slide.content.text
    first = next((t.start for t in tokenize(text, inline=True) if t.kind == "class"), len(text))
    at = 0
    edits: list[Edit] = []
    while found := _PROPERTY.match(text, at, first) or _COMMENT_PROPERTY.match(text, at, first):
        slide.properties[found[1]] = found[2].strip()
        at = found.end()
    edits.append(Edit(0, at))
    for found in _COMMENT_PROPERTY.finditer(text, at, first):
        slide.properties[found[1]] = found[2].strip()
        edits.append(Edit(found.start(), found.end()))
    slide.content = slide.content.edit(edits)
    return slide


def _inherit(raws: Sequence[_Slide], context: Context) -> Iterator[_Slide]:
    """The slides that are shown, with what layouts and templates give them."""
    named: dict[str, _Slide] = {}
    layout: _Slide | None = None
    last: _Slide | None = None
    inherited = 0
    for slide in raws:
        own = slide.properties
        if own.get("exclude", "").lower() == "true":
            continue
        is_layout = own.get("layout") == "true"
        template: _Slide | None = None
        unread = False
        if slide.continued and last is not None:
            template = last
        elif own.get("template") in named:
            template = named[own["template"]]
        elif own.get("layout") == "false":
            layout = None
        elif layout is not None and not is_layout:
            template, unread = layout, True
        slide.continued = slide.continued and last is not None
        if template is not None:
            _inherit_properties(slide, template)
            if not slide.continued:
                inherited += len(template.content)
                if inherited <= _MOST_INHERITED:
                    _inherit_content(slide, template, unread)
                elif not context.told_of_limit:
                    _report_limit(slide, context)
        slide.content = _expand(slide.content, slide.properties)
        if "name" in own:
            named[own["name"]] = slide
        if is_layout:
            layout = slide
        else:
            last = slide
            yield slide


def _report_limit(slide: _Slide, context: Context) -> None:
    context.told_of_limit = True
    context.report(
        "include-missing",
        f"Layouts and templates make more than {_MOST_INHERITED:,} characters on all slides, so "
        "the rest is left out.",
        "Split the deck into several lessons.",
        slide.content.find_place(0),
    )


def _inherit_properties(slide: _Slide, template: _Slide) -> None:
    for key, value in template.properties.items():
        if key not in _OWN and not key.startswith("background") and key not in slide.properties:
            slide.properties[key] = value


def _inherit_content(slide: _Slide, template: _Slide, unread: bool) -> None:
    """Put the content of the template before that of the slide, or around it."""
    text = template.content
    places = list(_CONTENT.finditer(text.text))[:1]
    start = places[0].start() if places else len(text)
    head, tail = text[:start], text[places[0].end() :] if places else text[:0]
    balanced = head.text.count("[") == head.text.count("]")
    bare = balanced and not re.search(r"^ {0,3}#", head.text, re.MULTILINE)
    if unread and balanced:
        head = remove_decoration(head, pictures=bare)
        tail = remove_decoration(tail, pictures=bare)
    if unread and bare:
        slide.unread = (_mark_unread(head), _mark_unread(tail))
        return
    slide.content = join_sources((head, slide.content, tail), text)


def _mark_unread(text: Source) -> Parts:
    return ("\n\n", *make_marker("unread"), text, "\n", *END) if text.text.strip() else ()


def _expand(source: Source, properties: dict[str, str]) -> Source:
    """Put the value of a property in the place of `{{its name}}`."""
    if "{{" not in source.text:
        return source
    edits: list[Edit] = []
    for found in _VARIABLE.finditer(source.text):
        name = found[2].strip()
        if found[1]:
            edits.append(Edit(found.start(), found.start() + 1))
        elif name in properties:
            edits.append(Edit(found.start(), found.end(), (properties[name],)))
    return source.edit(edits)


def _group(slides: Iterator[_Slide]) -> Iterator[list[_Slide]]:
    """The slides, each with those that continue it."""
    group: list[_Slide] = []
    for slide in slides:
        if group and not slide.continued:
            yield group
            group = []
        group.append(slide)
    if group:
        yield group


def _assemble(group: Sequence[_Slide]) -> Iterator[str | Source]:
    """The content and notes of a slide and of those that continue it."""
    yield from group[0].unread[0]
    for number, slide in enumerate(group):
        if number:
            yield from ("\n\n", *make_marker("step"))
        yield from ("\n", slide.content, "\n")
        picture = _URL.search(slide.properties.get("background-image", ""))
        if picture and not picture[2].startswith("data:"):
            yield make_picture(picture[2])
        if slide.notes is not None:
            yield from make_notes(slide.notes)
    yield from group[0].unread[1]


def _normalize(source: Source, *, starred: bool) -> Source:
    """Headings with the space that CommonMark wants after their signs, and code blocks with
    nothing but a language and the lines that are set off behind their fence."""
    edits: list[Edit] = []
    lines = scan_lines(source.text)
    for line in lines if "#" in source.text else ():
        if line.kind == "text" and (found := _LOOSE_HEADING.match(line.text)):
            at = line.start + found.end()
            edits.append(Edit(at, at, (" ",)))
    for fence in find_fences(lines):
        marks = read_line_marks(fence.info)
        if starred and (stars := list(_find_stars(fence))):
            marks = LineMarks(",".join(str(number) for number, _ in stars), marks.first)
            edits += [Edit(at, at + 1, (" ",)) for _, at in stars]
        elif not fence.info or _LANGUAGE.fullmatch(fence.info):
            continue
        head = _LANGUAGE.match(fence.info)
        edits.append(set_info(fence, (head[0] if head else "") + marks.write()))
    return source.edit(edits)


def _find_stars(fence: Fence) -> Iterator[tuple[int, int]]:
    """The numbers of the lines that begin with `*`, and where it stands."""
    indent = len(fence.indent)
    for number, line in enumerate(fence.content, 1):
        if line.text[indent : indent + 1] == "*" and not line.text[:indent].strip(" >"):
            yield number, line.start + indent
