"""Quarto: reveal.js decks, and documents, books and web sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import read_configuration
from lessons.dialects.palettes import make_reveal_palette
from lessons.dialects.pandoc import list_texts, names_deck, read_level, read_pandoc
from lessons.dialects.quarto.shortcodes import insert_included, rewrite_shortcodes
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.dialects.syntax.knitr import insert_children
from lessons.dialects.syntax.metadata_blocks import take_metadata
from lessons.markdown.source import Source
from lessons.model import Shape
from lessons.wordset import word_set

_KEYS = word_set(
    "title subtitle author date date-format abstract format execute engine jupyter knitr filters "
    "bibliography csl crossref toc toc-depth toc-title number-sections code-fold code-tools "
    "code-line-numbers code-annotations editor editor_options listing page-layout categories image "
    "description css theme slide-level incremental footer logo title-slide-attributes lang "
    "embed-resources self-contained format-links freeze params website about resources lightbox "
    "aliases citation appendix-style institute search sidebar order webr pyodide diagram revealjs"
)
_SURE = word_set(
    "format execute code-fold code-annotations title-slide-attributes crossref listing"
)
_FORMATS = word_set(
    "revealjs html pdf docx beamer pptx epub gfm typst dashboard ipynb hugo-md live-html "
    "live-revealjs hugo-md commonmark"
)
_SUFFIXES = (".qmd", ".md", ".rmd", ".ipynb")
_MOST_LESSONS = 1000


class Quarto(Dialect):
    """Quarto documents, decks and projects."""

    name = "quarto"
    title = "Quarto"
    suffixes = (".qmd", ".md", ".markdown")
    keys = _KEYS

    def score(self, sample: Sample) -> int:
        if sample.path.lower().endswith(".qmd"):
            return 93
        if sample.path.lower().endswith((".rmd", ".ipynb")):
            return 0
        formats = sample.front.get("format")
        names = formats if isinstance(formats, Mapping) else [formats]
        if any(_bare_format(name) in _FORMATS for name in names):
            return 86
        if sample.in_project("quarto"):
            return 57
        return 50 if len(sample.front.keys() & _SURE) > 1 else 0

    def read(self, source: Source, context: Context) -> Reading:
        source, more = take_metadata(source)
        metadata = {**_read_around(context), **more, **context.front}
        context.front = FrozenMapping(metadata)
        formats = metadata.get("format")
        deck = names_deck(formats)
        options = formats.get(next(iter(formats), "")) if isinstance(formats, Mapping) else None
        options = options if isinstance(options, Mapping) else {}
        level = read_level(metadata.get("slide-level"))
        level = level if level is not None else read_level(options.get("slide-level"))
        source = insert_children(insert_included(source, context), context)
        source = rewrite_shortcodes(fence_indented_code(source, context), context)
        shape: Shape = "deck" if deck else "script"
        echo = not deck
        for place in (metadata, options):
            execute = place.get("execute")
            told = execute.get("echo") if isinstance(execute, Mapping) else place.get("echo")
            echo = told if isinstance(told, bool) else echo
        reading = read_pandoc(
            source, context, shape, level=2 if level is None else level, echo=echo
        )
        if not deck:
            return reading
        theme = options.get("theme", metadata.get("theme"))
        themes = theme if isinstance(theme, list) else [theme]
        palette = make_reveal_palette(themes, context, ("quarto", "reveal"))
        return replace(reading, palette=palette)

    def find_project(self, root: Path) -> Project | None:
        values = read_configuration(root, "_quarto.yml") or read_configuration(root, "_quarto.yaml")
        if not values:
            return None
        book, site = _inner(values, "book"), _inner(values, "website")
        bibliography = values.get("bibliography") or book.get("bibliography")
        return Project(
            root,
            "quarto",
            title=as_text(book.get("title") or site.get("title") or values.get("title")),
            language=as_text(values.get("lang") or book.get("lang")),
            lessons=tuple(_find_lessons(root, values, book, site)),
            bibliography=tuple(list_texts(bibliography)),
            numbered=bool(book),
            values=FrozenMapping(values),
        )


def _bare_format(value: object) -> str:
    """The format without the extension that makes it (`acm-revealjs`)."""
    name = as_text(value).lower()
    return name if name in _FORMATS else name.rpartition("-")[2]


def _inner(values: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = values.get(key)
    return value if isinstance(value, Mapping) else {}


def _read_around(context: Context) -> dict[str, object]:
    """The metadata of the project and of the folders around the lesson (`_metadata.yml`)."""
    found: dict[str, object] = {}
    if context.project is not None and context.project.dialect == "quarto":
        kept = ("format", "execute", "slide-level", "lang", "echo")
        found = {k: v for k, v in context.project.values.items() if k in kept}
    folder = context.root
    for part in ("", *PurePosixPath(context.path).parent.parts):
        folder = folder / part
        if (folder / "_metadata.yml").is_file():
            found.update(read_configuration(folder, "_metadata.yml"))
    return found


def _find_lessons(
    root: Path,
    values: Mapping[str, object],
    book: Mapping[str, object],
    site: Mapping[str, object],
) -> list[str]:
    """The lessons of a book or a web site, in their order."""
    named: list[str] = []
    for chapters in (book.get("chapters"), book.get("appendices")):
        named += _walk_contents(chapters, 0)
    if not named:
        sidebars = site.get("sidebar")
        for sidebar in sidebars if isinstance(sidebars, list) else [sidebars]:
            contents = sidebar.get("contents") if isinstance(sidebar, Mapping) else None
            named += _walk_contents(contents, 0)
    if not named:
        named = list_texts(_inner(values, "project").get("render"))
    found: dict[str, None] = {}
    for name in named[:_MOST_LESSONS]:
        for path in _expand(root, name):
            if len(found) < _MOST_LESSONS:
                found.setdefault(path)
    return list(found)


def _walk_contents(contents: object, depth: int) -> Iterator[str]:
    """The files in the contents of a book or a side bar."""
    if depth > 6:
        return
    if isinstance(contents, str):
        yield contents
    elif isinstance(contents, list):
        for item in contents[:_MOST_LESSONS]:
            yield from _walk_contents(item, depth + 1)
    elif isinstance(contents, Mapping):
        for key in ("href", "file", "part", "section", "chapters", "contents"):
            value = contents.get(key)
            if key in ("part", "section") and not as_text(value).endswith(_SUFFIXES):
                continue
            yield from _walk_contents(value, depth + 1)


def _expand(root: Path, name: str) -> list[str]:
    """The files that a name or a pattern stands for."""
    if "://" in name or name.startswith(("!", "/", "..")) or name in ("auto", "---"):
        name = name.lstrip("/")
        if "://" in name or not name.lower().endswith(_SUFFIXES):
            return []
    try:
        if any(sign in name for sign in "*?["):
            paths = sorted(root.glob(name))[:_MOST_LESSONS]
        else:
            paths = [root / name]
        home = root.resolve()
        return [
            path.relative_to(root).as_posix()
            for path in paths
            if path.suffix.lower() in _SUFFIXES
            and not path.name.startswith("_")
            and path.is_file()
            and path.resolve().is_relative_to(home)
        ]
    except (OSError, ValueError, RuntimeError, NotImplementedError):
        return []
