"""MkDocs with Python-Markdown, PyMdown's extensions and the Material theme."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import (
    get_mapping,
    is_page,
    list_pages,
    read_yaml,
    walk_texts,
)
from lessons.dialects.mkdocs.inline_marks import rewrite_python_marks
from lessons.dialects.mkdocs.snippets import rewrite_snippets
from lessons.dialects.syntax.admonitions import rewrite_admonitions, rewrite_slash_blocks
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.code_fences import (
    escape,
    find_fences,
    find_language,
    make_code_title,
    rewrite_diagrams,
    set_info,
)
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.dollars import escape_dollars
from lessons.dialects.syntax.named_links import rewrite_named_links
from lessons.dialects.syntax.scan import replace_in_prose, scan_lines
from lessons.dialects.syntax.superscripts import rewrite_superscripts
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_BOX = re.compile(r"^[ \t]*(?:!!!|\?\?\?[+-]?)[ \t]+[\w\"-][^\n]*\n\s*\n?(?: {4}|\t)", re.MULTILINE)
_TAB = re.compile(r"^[ \t]*===[!+]?[ \t]+\"[^\"\n]+\"[ \t]*\n", re.MULTILINE)
_SNIPPET = re.compile(r"^[ \t]*-+8<-+[ \t]+\"", re.MULTILINE)
_ICON = re.compile(r":(?:material|fontawesome|octicons)-[\w-]+:")
_COLONS = re.compile(r"\{:([ \t][^{}\n]*)\}")
_MACRO = re.compile(
    r"\{\{[ \t]*+([^{}\n]{0,300}?)[ \t]*\}\}|\{%-?[ \t]*+([^{}%\n]{1,300}?)[ \t]*-?%\}"
)
_BARE_NAMES = re.compile(
    r"(?:(?<=[\])`*_])|(?<=\S)[ \t]+)\{:?[ \t]*[a-z][\w-]*[ \t]*\}"
    r"(?=[\s.,;:)]|$)"
)
_LOOSE_HEAD = re.compile(r"^([ \t]*)\{[ \t]*[:.#][^{}\n]*\}[ \t]*$", re.MULTILINE)
_CODE_TITLE = re.compile(r"title=\"([^\"\n]*)\"|title='([^'\n]*)'")
_INLINE_LANGUAGE = re.compile(r"(?<!`)`(#!|:::)([\w+-]{1,20})[ ](?=[^`\n]+`)")
_MATHS = ("arithmatex", "katex", "mathjax", "mdx_math", "python_markdown_math", "texmath", "math")


class MkDocs(Dialect):
    """Sites of MkDocs."""

    name = "mkdocs"
    title = "MkDocs"
    keys = word_set(
        "title description template hide tags icon status search social authors date categories "
        "draft render_macros subtitle comments slug"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 90
        if _BOX.search(sample.text) or _SNIPPET.search(sample.text) or _ICON.search(sample.text):
            return 70
        return 60 if _TAB.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        settings = _Settings.of(context)
        source = rewrite_snippets(source, context, settings.find_snippet_folders(context))
        if settings.macros:
            source = _Macros(settings, context).rewrite(source)
        source = rewrite_diagrams(source)
        source = _rewrite_code(source)
        source = rewrite_definition_lists(source, context)
        source = rewrite_admonitions(source, context)
        source = rewrite_slash_blocks(source, context)
        source = rewrite_python_marks(source, context)
        source = replace_in_prose(source, _BARE_NAMES, lambda match, source: ())
        source = replace_in_prose(source, _COLONS, _open_braces)
        source = rewrite_attributes(source, context)
        source = replace_in_prose(source, _LOOSE_HEAD, lambda match, source: ())
        source = rewrite_superscripts(source, context)
        source = rewrite_named_links(source)
        if settings.plain_dollars:
            source = escape_dollars(source)
        return Reading(
            rewrite_common(source, context), "script", as_text(context.front.get("title"))
        )

    def find_project(self, root: Path) -> Project | None:
        values = read_yaml(root / "mkdocs.yml")
        if values is None:
            values = read_yaml(root / "mkdocs.yaml")
        if values is None:
            return None
        folder = PurePosixPath(as_text(values.get("docs_dir")) or "docs").as_posix()
        listed = [f"{folder}/{name}" for name in walk_texts(values.get("nav"))]
        lessons = list(dict.fromkeys(name for name in listed if is_page(root, name)))
        if not lessons:
            lessons = list_pages(root, folder)
        theme = get_mapping(values, "theme")
        return Project(
            root, self.name, as_text(values.get("site_name")), as_text(theme.get("language")),
            tuple(lessons), (folder,), values=values,
        )  # fmt: skip


class _Settings:
    """What a site's configuration says of its Markdown."""

    def __init__(self, values: Mapping[str, object], root: Path | None) -> None:
        self.values = values
        self.root = root
        self.extensions = dict(_name_all(values.get("markdown_extensions")))
        plugins = dict(_name_all(values.get("plugins")))
        self.macros = "macros" in plugins or "markdownextradata" in plugins
        scripts = " ".join(walk_texts(values.get("extra_javascript"))).lower()
        named = " ".join([*self.extensions, *plugins, scripts]).lower()
        self.plain_dollars = root is not None and not any(word in named for word in _MATHS)

    @classmethod
    def of(cls, context: Context) -> _Settings:
        project = context.project
        if project is None or project.dialect != MkDocs.name:
            return cls({}, None)
        return cls(project.values, project.root)

    def find_snippet_folders(self, context: Context) -> list[Path]:
        """Where snippets are looked for: the base paths, and the lesson's own folder."""
        options = self.extensions.get("pymdownx.snippets")
        base = options.get("base_path") if isinstance(options, dict) else None
        names = list(walk_texts(base))[:10]
        root = self.root or context.root
        return [*(root / name for name in names if "\0" not in name), context.folder]


def _name_all(listed: object) -> Iterator[tuple[str, object]]:
    """The names in a list of extensions or plugins, each with its options."""
    if isinstance(listed, dict):
        yield from ((str(name), options) for name, options in listed.items())
    elif isinstance(listed, list):
        for entry in listed:
            if isinstance(entry, str):
                yield entry, None
            elif isinstance(entry, dict):
                yield from ((str(name), options) for name, options in entry.items())


def _open_braces(match: re.Match[str], source: Source) -> Parts:
    return ("{", source[match.start(1) : match.end(1)], "}")


def _rewrite_code(source: Source) -> Source:
    """Name the language of each code block alone, and show its title above it."""
    edits: list[Edit] = []
    for fence in find_fences(scan_lines(source.text)):
        if not fence.info:
            continue
        title = _CODE_TITLE.search(fence.info)
        bare = _CODE_TITLE.sub(" ", fence.info)
        language = find_language(bare.replace("{", " ").replace("}", " ").split())
        language = language.removeprefix(".")
        info = language + read_line_marks(bare).write()
        if fence.info != info:
            edits.append(set_info(fence, info))
        shown = make_code_title((title[1] or title[2] or "") if title else "", fence.indent)
        if shown and not fence.head.strip():
            edits.append(Edit(fence.opening.start, fence.opening.start, shown))
    source = source.edit(edits)
    found = [
        Edit(m.start(1), m.end(2) + 1)
        for line in scan_lines(source.text)
        if line.kind == "text" and "`" in line.text
        for m in _INLINE_LANGUAGE.finditer(source.text, line.start, line.end)
    ]
    return source.edit(found)


class _Macros:
    """Puts the values of macros (`{{ name }}`) in their places; nothing is computed."""

    def __init__(self, settings: _Settings, context: Context) -> None:
        self.context = context
        extra = get_mapping(settings.values, "extra")
        self.values: dict[str, object] = {**extra, **context.front}
        self.values |= {"config": settings.values, "extra": extra, "page": {"meta": context.front}}
        self.told: set[int] = set()

    def rewrite(self, source: Source) -> Source:
        return replace_in_prose(source, _MACRO, self._replace)

    def _replace(self, match: re.Match[str], source: Source) -> Parts:
        if match[1] is None:
            return ()
        value: object = self.values
        for name in match[1].split("|")[0].strip().split("."):
            value = value.get(name) if isinstance(value, dict) else None
        text = as_text(value)
        if text:
            return (escape(text),)
        place = source.find_place(match.start())
        if place.line not in self.told:
            self.told.add(place.line or 0)
            self.context.report(
                "reference-unresolved",
                f"The macro '{{{{ {match[1][:60]} }}}}' is computed by the site, and is left out.",
                "Write what it stands for.",
                place,
            )
        return ()
