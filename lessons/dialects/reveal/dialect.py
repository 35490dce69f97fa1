"""reveal.js and reveal-md: Markdown decks, and HTML pages whose sections are slides.

Slides, titles and notes are those of reveal.js 5, except that slides without any content are left
out, that front matter is taken out of every Markdown file, and that a vertical separator (`----`,
`--` between blank lines, `---v`) is found even if no page or setting names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import read_file, read_json
from lessons.dialects.includes import read_included
from lessons.dialects.palettes import make_reveal_palette
from lessons.dialects.remark.dialect import unescape
from lessons.dialects.reveal.markdown import (
    Separators,
    cut_markdown,
    read_attributes,
)
from lessons.dialects.reveal.pages import (
    TAKEN,
    Section,
    find_sections,
    find_template,
    mark_html_fragments,
    measure_indent,
    quote_templates,
    take_markdown,
)
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.deck_comments import rewrite_deck_comments
from lessons.dialects.syntax.diagram_elements import rewrite_diagram_elements
from lessons.dialects.syntax.html_elements import convert_html
from lessons.dialects.syntax.scan import scan_lines
from lessons.dialects.syntax.separators import Cut, find_note_lines, find_rules, join_slides
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.source import Edit, Piece, Source, join_sources
from lessons.wordset import word_set

_KEYS = word_set(
    "revealOptions separator verticalSeparator notesSeparator highlightTheme theme scripts "
    "preprocessor title css static"
)
_ELEMENT = re.compile(r"<!--\s{0,20}\.(?:slide|element):")
_TITLED = re.compile(r"<h[1-6][\s>]|^ {0,3}#{1,6}[ \t]", re.IGNORECASE | re.MULTILINE)
_HTML = (".html", ".htm")
_THEME_SHEET = re.compile(r"<link[^>]{0,300}href=[\"']?[^\"'>]{0,200}theme/([\w-]{1,40}\.css)")
_MOST_PAGES = 200  # of a folder that are looked at for the Markdown files that they show


class Reveal(Dialect):
    """Decks for reveal.js."""

    name = "reveal"
    title = "reveal.js"
    suffixes = (".md", ".markdown", ".html", ".htm")
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if sample.path.lower().endswith(_HTML):
            return 93 if find_sections(sample.text) else 0
        if word_set("revealOptions verticalSeparator notesSeparator") & sample.front.keys():
            return 95
        if _find_known(sample.project, sample.path) is not None:
            return 92
        lines = scan_lines(sample.text)
        rules = any(True for _ in find_rules(lines)) or "\n---\n" in sample.text
        if _ELEMENT.search(sample.text):
            return 83 if rules else 40
        return 51 if rules and any(True for _ in find_note_lines(lines)) else 0

    def read(self, source: Source, context: Context) -> Reading:
        context.deck = True
        whole = source.text
        if source.file.path.lower().endswith(_HTML):
            cuts = list(_read_page(source, context))
        else:
            known = _find_known(context.project, context.path)
            separators = Separators.of(context.front).or_else(known or _find_usual(context.project))
            cuts = list(cut_markdown(source, separators, context, guess=known is None))
        source = join_slides(cuts, source)
        source = rewrite_diagram_elements(source)
        source = rewrite_deck_comments(source, context)
        palette = make_reveal_palette(_find_themes(whole, context), context)
        return Reading(rewrite_common(source, context), "deck", palette=palette)

    def find_project(self, root: Path) -> Project | None:
        """The settings of reveal-md, and the pages that show Markdown files."""
        settings = read_json(root / "reveal-md.json")
        pages = _find_pages(root)
        if settings is None and not pages:
            return None
        usual = Separators.of(settings or {})
        known = {name: found.or_else(usual) for name, found in pages.items()}
        values = FrozenMapping({"separators": usual, "pages": known})
        return Project(root, self.name, lessons=tuple(known), values=values)


def _find_themes(text: str, context: Context) -> list[object]:
    """The theme of a page, or that of a Markdown file's front matter and its style sheets."""
    if context.path.lower().endswith(_HTML):
        return list(_THEME_SHEET.findall(text)[:1])
    css = context.front.get("css")
    sheets = css if isinstance(css, list) else as_text(css).split(",")
    return [context.front.get("theme"), *(sheet.strip() for sheet in map(as_text, sheets))]


def _find_known(project: Project | None, path: str) -> Separators | None:
    """The separators of a Markdown file that a page shows."""
    known = project.values.get("pages") if project is not None else None
    for name, found in known.items() if isinstance(known, Mapping) else ():
        if path == name or path.endswith("/" + name):
            return found if isinstance(found, Separators) else None
    return None


def _find_usual(project: Project | None) -> Separators:
    """The separators that the settings of reveal-md give to every file."""
    usual = project.values.get("separators") if project is not None else None
    return usual if isinstance(usual, Separators) else Separators()


def _find_pages(root: Path) -> dict[str, Separators]:
    """The Markdown files that pages in a folder show, with their separators, in the order in which
    the pages show them."""
    found: dict[str, Separators] = {}
    try:
        names = sorted(path.name for path in root.iterdir() if path.suffix.lower() in _HTML)
    except (OSError, ValueError):
        return {}
    names.sort(key=lambda name: name.lower() != "index.html")
    for name in names[:_MOST_PAGES]:
        text = read_file(root / name) or ""
        sections = find_sections(text) if "data-markdown" in text else []
        # A page with more than one file, or slides of its own, is a deck itself.
        if len(sections) == 1 and (shown := sections[0].attributes.get("data-markdown")):
            path = PurePosixPath(shown)
            if not path.is_absolute() and ".." not in path.parts and (root / path).is_file():
                found.setdefault(path.as_posix(), _read_separators(sections[0]))
    return found


def _read_separators(section: Section) -> Separators:
    names = ("data-separator", "data-separator-vertical", "data-separator-notes")
    return Separators(*(section.attributes.get(name) or None for name in names))


def _read_page(source: Source, context: Context) -> Iterator[Cut]:
    for section in find_sections(source.text):
        if section.hidden:
            continue
        inside = source[section.start : section.end]
        before = [source[begin:end] for begin, end in section.around if end <= section.start]
        behind = [source[begin:end] for begin, end in section.around if begin >= section.end]
        if "data-markdown" in section.attributes:
            above = _convert(join_sources(before, inside), context)
            below = _convert(join_sources(behind, inside), context)
            for cut in _read_markdown_section(source, section, inside, context):
                yield replace(cut, text=_put_around(above, cut.text, below))
                above, below = above[:0], below[:0]
        else:
            above, below = join_sources(before, inside), join_sources(behind, inside)
            text = _convert(_put_around(above, inside, below), context)
            yield read_attributes(text, section.attributes)


def _put_around(above: Source, slide: Source, below: Source) -> Source:
    """A slide with what stands beside it. If it has a heading, that comes first: it is its
    title."""
    parts = [slide, above, below] if _TITLED.search(slide.text) else [above, slide, below]
    parts = [part for part in parts if part.text.strip()]
    apart: list[str | Source] = [piece for part in parts for piece in ("\n\n", part)]
    return join_sources(apart[1:], slide) if len(parts) > 1 else parts[0] if parts else slide


def _convert(text: Source, context: Context) -> Source:
    """The Markdown of a slide in HTML, of which some elements may hold Markdown."""
    text, inside = take_markdown(quote_templates(text))
    text = mark_html_fragments(rewrite_diagram_elements(text))
    text = convert_html(text, context)
    if not inside:
        return text
    places = (at for at, char in enumerate(text.text) if char == TAKEN)
    return text.edit(
        Edit(at, at + 1, ("\n\n", _read_template(part), "\n\n"))
        for at, part in zip(places, inside, strict=False)
    )


def _read_template(inside: Source) -> Source:
    """The Markdown that an element holds."""
    start, end, escaped = find_template(inside.text)
    text = inside[start:end]
    return _dedent(unescape(text) if escaped else text)


def _read_markdown_section(
    source: Source, section: Section, inside: Source, context: Context
) -> Iterator[Cut]:
    separators = _read_separators(section)
    if name := section.attributes["data-markdown"].strip():
        file = read_included(context, name, source.find_place(section.start))
        if file is not None:
            text = Source(file.text, [Piece(0, 0)], file)
            front = read_front_matter(file.text, file.path)
            included = source.insert_file(text[front.end :], section.start)
            yield from cut_markdown(included, separators, context)
        return
    for cut in cut_markdown(_read_template(inside), separators, context):
        own = read_attributes(cut.text, section.attributes)
        words = cut.words or own.words
        yield replace(cut, text=own.text, words=words, before=(*cut.before, *own.before))


def _dedent(source: Source) -> Source:
    """Markdown without the white space at the start of its first line, in every line."""
    char, width = measure_indent(source.text)
    if not width:
        return source
    edits: list[Edit] = []
    at = 0
    for line in source.text.split("\n"):
        taken = len(line) - len(line.lstrip(char))
        if taken >= width:
            edits.append(Edit(at, at + width))
        at += len(line) + 1
    return source.edit(edits)
