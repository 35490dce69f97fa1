"""pandoc's Markdown: decks for reveal.js, Beamer and PowerPoint, and documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import read_configuration
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.citations import rewrite_citations
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.cross_references import rewrite_cross_references
from lessons.dialects.syntax.dashes import rewrite_dashes
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.fancy_lists import rewrite_fancy_lists, rewrite_line_blocks
from lessons.dialects.syntax.fenced_divs import rewrite_fenced_divs
from lessons.dialects.syntax.figures import rewrite_figures
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.dialects.syntax.knitr import rewrite_knitr
from lessons.dialects.syntax.latex_commands import rewrite_latex, rewrite_raw
from lessons.dialects.syntax.metadata_blocks import take_metadata
from lessons.dialects.syntax.pipe_tables import widen_headers
from lessons.dialects.syntax.slide_levels import make_title_slide, separate_by_headings
from lessons.dialects.syntax.superscripts import rewrite_superscripts
from lessons.dialects.syntax.text_tables import rewrite_text_tables
from lessons.markdown.source import Source, join_sources
from lessons.model import Shape
from lessons.wordset import word_set

DECK_FORMATS = word_set(
    "revealjs beamer pptx powerpoint slidy slideous s5 dzslides ioslides reveal"
)
_DECK_KEYS = word_set(
    "slide-level slidelevel revealjs-url aspectratio colortheme fonttheme innertheme outertheme "
    "beameroption themeoptions section-titles navigation transition slideNumber slidy-url s5-url"
)
_KEYS = _DECK_KEYS | word_set(
    "title subtitle author date institute abstract lang toc toc-depth toc-title numbersections "
    "number-sections documentclass classoption geometry fontsize fontfamily mainfont monofont "
    "sansfont mathfont papersize linestretch header-includes include-before include-after "
    "bibliography csl references nocite link-citations citation-style css theme logo titlegraphic "
    "linkcolor urlcolor colorlinks highlight-style standalone pdf-engine output format keywords "
    "thanks reference-section-title reference-location self-contained embed-resources variables"
)
_SURE = _DECK_KEYS | word_set(
    "documentclass classoption geometry header-includes link-citations numbersections "
    "pdf-engine colorlinks reference-section-title titlegraphic nocite mainfont"
)
_NOTES = re.compile(r"^:{3,}[ \t]*(?:\{[ \t]*\.notes\b[^}\n]*\}|notes)[ \t:]*$", re.MULTILINE)
_PAUSE = re.compile(r"^[ \t]*\. \. \.[ \t]*$", re.MULTILINE)
_DIVISION = re.compile(r"^:{3,}[ \t]*(?:\{[.#][^}\n]*\}|[\w-]+)[ \t:]*$", re.MULTILINE)
_SPAN = re.compile(r"\]\{[.#][\w-]++[^{}\n]*+\}")
_CITATION = re.compile(r"\[-?@[\w:.-]+(?:[,;][^\[\]\n]{0,100})?\]")
_SIGNS = ((_NOTES, 20), (_PAUSE, 30), (_DIVISION, 25), (_SPAN, 15), (_CITATION, 10))


class Pandoc(Dialect):
    """pandoc."""

    name = "pandoc"
    title = "pandoc"
    suffixes = (".md", ".markdown", ".pandoc")
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if sample.in_project("pandoc"):
            return 60
        if sample.text.startswith("% "):
            return 77
        found = 50 if sample.front.keys() & _SURE else 0
        text = sample.text[:200_000]
        return min(found + sum(points for sign, points in _SIGNS if sign.search(text)), 77)

    def read(self, source: Source, context: Context) -> Reading:
        source, more = take_metadata(source)
        metadata = {**more, **context.front}
        context.front = FrozenMapping(metadata)
        level = read_level(metadata.get("slide-level"))
        shape = _find_shape(source.text, metadata, context.project)
        return read_pandoc(source, context, shape, level=level)

    def find_project(self, root: Path) -> Project | None:
        for name in ("defaults.yaml", "defaults.yml", "pandoc.yaml", "pandoc.yml"):
            values = read_configuration(root, name)
            if values and values.keys() & {"to", "writer", "from", "reader", "input-files"}:
                metadata = values.get("metadata")
                inner = metadata if isinstance(metadata, Mapping) else {}
                names = values.get("input-files") or values.get("input-file")
                return Project(
                    root,
                    "pandoc",
                    title=as_text(inner.get("title")),
                    language=as_text(inner.get("lang")),
                    lessons=tuple(list_texts(names)),
                    bibliography=tuple(list_texts(values.get("bibliography"))),
                    values=FrozenMapping(values),
                )
        return None


def _find_shape(text: str, metadata: Mapping[str, object], project: Project | None) -> Shape:
    if metadata.keys() & _DECK_KEYS or as_text(metadata.get("documentclass")) == "beamer":
        return "deck"
    for key in ("output", "format", "to", "writer"):
        if names_deck(metadata.get(key)):
            return "deck"
    if project is not None and project.dialect == "pandoc":
        to = project.values.get("to") or project.values.get("writer")
        if as_text(to):
            return "deck" if names_deck(to) else "script"
    return "deck" if _NOTES.search(text) or _PAUSE.search(text) else "script"


def names_deck(value: object) -> bool:
    """Whether a format, the first of several, is one of slides."""
    if isinstance(value, Mapping):
        value = next(iter(value), "")
    elif isinstance(value, list):
        return bool(value) and names_deck(value[0])
    words = re.split(r"[^a-z0-9]+", as_text(value).lower())
    return any(word in DECK_FORMATS for word in words) or "presentation" in words


def list_texts(value: object) -> list[str]:
    """The texts in a value that is a text or a list of them."""
    items = value if isinstance(value, list) else [value]
    return [text for item in items if (text := as_text(item))]


def read_level(value: object) -> int | None:
    """The slide level that metadata gives; None if it gives none."""
    text = as_text(value)
    return int(text) if text.isdecimal() and int(text) <= 6 else None


def read_pandoc(
    source: Source,
    context: Context,
    shape: Shape,
    *,
    level: int | None = None,
    echo: bool = True,
) -> Reading:
    """A lesson in pandoc's Markdown in the form that the parser reads.

    `level` is the slide level; None: it is inferred. `echo` tells whether code cells show their
    code if nothing else says so.
    """
    if as_text(context.front.get("shape")) in ("deck", "script"):
        shape = "deck" if context.front["shape"] == "deck" else "script"
    for rule in (fence_indented_code, rewrite_raw, rewrite_latex, rewrite_cross_references):
        source = rule(source, context)
    source = rewrite_knitr(source, context, echo=echo)
    source = rewrite_citations(source, context)
    source = rewrite_fenced_divs(source, context)
    source = widen_headers(rewrite_text_tables(source, context), context)
    if shape == "deck":
        source = separate_by_headings(source, level)
        title = make_title_slide(context.front)
        source = join_sources((*title, "\n", source), source) if title else source
    for rule in (
        rewrite_definition_lists,
        rewrite_line_blocks,
        rewrite_fancy_lists,
        rewrite_figures,
        rewrite_attributes,
        rewrite_superscripts,
        rewrite_dashes,
        rewrite_common,
    ):
        source = rule(source, context)
    reading = Reading(
        source,
        shape,
        title=as_text(context.front.get("title")),
        language=as_text(context.front.get("lang")),
    )
    return replace(reading, foreign_keys=frozenset({"format", "output", "theme"}))
