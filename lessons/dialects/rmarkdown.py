"""R Markdown and bookdown: documents, books, and decks (ioslides, Slidy, Beamer, reveal.js)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from foundation.frozen_mapping import FrozenMapping
from lessons.course.text_files import read_text
from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import read_configuration
from lessons.dialects.pandoc import list_texts, names_deck, read_level, read_pandoc
from lessons.dialects.syntax.knitr import insert_children
from lessons.dialects.syntax.metadata_blocks import take_metadata
from lessons.dialects.syntax.scan import replace_in_prose
from lessons.errors import LessonError
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Source
from lessons.model import Shape
from lessons.wordset import word_set

_KEYS = word_set(
    "title subtitle author date abstract output site documentclass bibliography biblio-style csl "
    "link-citations description runtime params always_allow_html editor_options knit vignette "
    "fontsize geometry header-includes github-repo cover-image url favicon lot lof toc institute "
    "nocite linkcolor monofont mainfont lang tutorial"
)
_OUTPUT = re.compile(r"_(?:document2?|presentation2?|book|paper|article|notebook|vignette)\b|::")
_NOTES = re.compile(
    r"^[ \t]*<div class=[\"']?notes[\"']?>[ \t]*\n(?P<text>.{0,4000}?)^[ \t]*</div>[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
_STEPS = re.compile(r"^>[ \t]?(?=(?:[-*+]|\d+\.)[ \t])", re.MULTILINE)
_SUBTITLE = re.compile(
    r"^(?P<title>#{1,2}[ \t][^|\n]*\S)[ \t]+\|[ \t]+(?P<rest>[^|\n]+)$", re.MULTILINE
)


class RMarkdown(Dialect):
    """R Markdown and bookdown."""

    name = "rmarkdown"
    title = "R Markdown"
    suffixes = (".rmd", ".md", ".markdown")
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if sample.path.lower().endswith(".rmd"):
            return 81
        names = _list_outputs(sample.front.get("output"))
        if any(_OUTPUT.search(name) for name in names):
            return 71
        return 58 if sample.in_project("rmarkdown") else 0

    def read(self, source: Source, context: Context) -> Reading:
        source, more = take_metadata(source)
        metadata = {**more, **context.front}
        context.front = FrozenMapping(metadata)
        output = metadata.get("output")
        names = _list_outputs(output)
        shape: Shape = "deck" if names and names_deck(names[0]) else "script"
        level: int | None = None
        if shape == "deck":
            options = output.get(names[0]) if isinstance(output, Mapping) else None
            if isinstance(options, Mapping):
                level = read_level(options.get("slide_level"))
            if level is None and "ioslides" in names[0]:
                level = 2
            source = _rewrite_deck(source)
        source = insert_children(source, context)
        return read_pandoc(source, context, shape, level=level)

    def is_workspace(self, folder: Path) -> bool:
        try:
            return any(path.suffix == ".Rproj" for path in folder.iterdir())
        except OSError:
            return False

    def find_project(self, root: Path) -> Project | None:
        values = read_configuration(root, "_bookdown.yml")
        index = _read_index(root)
        book = values or "bookdown" in as_text(index.get("site"))
        if not book:
            return None
        given = values.get("rmd_files")
        if isinstance(given, Mapping):
            given = given.get("html") or next(iter(given.values()), None)
        lessons = [name for name in list_texts(given) if (root / name).is_file()]
        if not lessons:
            found = sorted(p.name for p in root.glob("*.Rmd") if not p.name.startswith("_"))
            lessons = [x for x in found if x == "index.Rmd"] + [
                x for x in found if x != "index.Rmd"
            ]
            folder = as_text(values.get("rmd_subdir"))
            if folder:
                lessons += sorted(p.relative_to(root).as_posix() for p in root.glob("*/*.Rmd"))
        return Project(
            root,
            "rmarkdown",
            title=as_text(index.get("title")),
            language=as_text(index.get("lang")),
            lessons=tuple(lessons[:1000]),
            bibliography=tuple(list_texts(index.get("bibliography"))),
            numbered=True,
            values=FrozenMapping(values),
        )


def _read_index(root: Path) -> Mapping[str, object]:
    """The front matter of a book's first file."""
    path = root / "index.Rmd"
    try:
        if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
            return {}
        text = read_text(path, path.name, LessonError)
        return read_front_matter(text, path.name).values.values
    except (OSError, RuntimeError, ValueError, LessonError):
        return {}


def _list_outputs(output: object) -> list[str]:
    """The names of the outputs, the main one first."""
    if isinstance(output, Mapping):
        return [str(name) for name in output]
    return list_texts(output)


def _rewrite_deck(source: Source) -> Source:
    """What only decks have: notes in a `<div>`, lists that appear one by one, second titles."""

    def notes(match: re.Match[str], source: Source) -> Parts:
        start, end = match.span("text")
        return (*make_marker("notes"), source[start:end], *END)

    def subtitle(match: re.Match[str], source: Source) -> Parts:
        title, rest = match.span("title"), match.span("rest")
        return (source[slice(*title)], "\n\n", source[slice(*rest)], "\n")

    source = replace_in_prose(source, _NOTES, notes)
    source = replace_in_prose(source, _SUBTITLE, subtitle)
    return replace_in_prose(source, _STEPS, lambda match, source: ())
