"""MyST Markdown: Jupyter Book, mystmd, and Sphinx with MyST (CodeRefinery's lessons)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import (
    get_mapping,
    is_page,
    list_pages,
    parse_yaml,
    read_file,
    read_yaml,
    walk_texts,
)
from lessons.dialects.myst.blocks import BlockWriter
from lessons.dialects.myst.pages import PageTitles
from lessons.dialects.myst.roles import RoleWriter
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.citations import rewrite_citations
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.dollars import escape_dollars, tighten_dollars
from lessons.dialects.syntax.scan import replace_in_prose, scan_lines
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_DIRECTIVE = re.compile(r"^[ \t]*(?:`{3,}|:{3,}|~{3,})[ \t]*\{[a-z][\w:+-]*\}", re.MULTILINE)
_ROLE = re.compile(r"\{(?:ref|doc|term|numref|cite|cite:t|cite:p|math|eq|kbd|download|index)\}`")
_LABEL = re.compile(r"^\([\w:. -]{1,100}\)=[ \t]*$", re.MULTILINE)
_KNITR = re.compile(
    r"^```\{(?:r|python|julia|bash|sh|sql|ojs|mermaid|dot)\b[^}\n]*\}", re.MULTILINE
)
_SUBSTITUTION = re.compile(r"\{\{[ \t]*([^{}\n|]{1,100}?)[ \t]*(?:\|[^{}\n]{0,200})?\}\}")
_EQUATION = re.compile(r"^[ \t]*:label:[ \t]*(\S+)|\$\$[ \t]*\(([^()\s]+)\)[ \t]*$", re.MULTILINE)
_MATH_LABEL = re.compile(r"(?<=\$\$)[ \t]*\([^()\s]{1,100}\)[ \t]*$", re.MULTILINE)
_TOCTREE = re.compile(
    r"^[ \t]*(?:(?P<fence>`{3,}|:{3,})\{toctree\}[^\n]*\n(?P<body>.*?)^[ \t]*(?P=fence)[`:]*[ \t]*$"
    r"|\.\. toctree::[^\n]*\n(?P<rst>(?:[ \t]+[^\n]*\n|[ \t]*\n)*))",
    re.MULTILINE | re.DOTALL,
)
_SETTING = re.compile(
    r"^(project|language|root_doc|master_doc)[ \t]*=[ \t]*u?[\"']([^\"'\n]{1,200})[\"']", re.M
)
_BIBLIOGRAPHY = re.compile(r"^bibtex_bibfiles[ \t]*=[ \t]*\[([^\]]{0,2000})\]", re.MULTILINE)
_EXTENSIONS = re.compile(r"^myst_enable_extensions[ \t]*=[ \t]*[\[({]([^\])}]{0,2000})[\])}]", re.M)
_SUFFIXES = (".md", ".ipynb")
_FOLDERS = ("", "content", "source", "docs/source")
_MOST_DEPTH = 8


class Myst(Dialect):
    """Lessons in MyST."""

    name = "myst"
    title = "MyST, Jupyter Book, Sphinx"
    suffixes = (".md", ".markdown", ".ipynb")
    keys = word_set(
        "jupytext kernelspec myst substitutions orphan file_format html_meta numbering thumbnail "
        "exports authors license bibliography kernel parts abbreviations short_title doi banner "
        "site hide_title_block downloads github open_access venue funding math"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 90
        if "myst" in sample.front or _is_jupytext(sample.front):
            return 85
        if _ROLE.search(sample.text) or _LABEL.search(sample.text):
            return 75
        directives = {m[0] for m in _DIRECTIVE.finditer(sample.text)}
        return 70 if directives and not _KNITR.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        pages = PageTitles(context, source.text)
        equations = _number_equations(source.text)
        source = _remove_equation_labels(source)
        source = BlockWriter(context, pages.find).rewrite(source)
        source = _Substitutions(context).rewrite(source)
        source = RoleWriter(context, pages.find, equations).rewrite(source)
        source = rewrite_citations(source, context)
        source = rewrite_definition_lists(source, context)
        source = rewrite_attributes(source, context)
        if _has_plain_dollars(context.project):
            source = escape_dollars(source, double=False)
        else:
            source = tighten_dollars(source)
        source = rewrite_common(source, context)
        return Reading(source, "script", as_text(context.front.get("title")))

    def find_project(self, root: Path) -> Project | None:
        return _find_mystmd(root) or _find_jupyter_book(root) or _find_sphinx(root)


def _is_jupytext(front: Mapping[str, object]) -> bool:
    """Whether the front matter says that Jupytext keeps a notebook in the file as MyST."""
    representation = get_mapping(get_mapping(front, "jupytext"), "text_representation")
    return as_text(representation.get("format_name")) == "myst"


def _number_equations(text: str) -> dict[str, int]:
    """The numbers of the equations that have labels."""
    labels = (found[1] or found[2] for found in _EQUATION.finditer(text))
    return {label: number for number, label in enumerate(dict.fromkeys(labels), start=1)}


def _remove_equation_labels(source: Source) -> Source:
    """Take out the labels behind formulas, without which other rules see where they end."""
    if "$$" not in source.text:
        return source
    return source.edit(
        Edit(line.start + found.start(), line.start + found.end())
        for line in scan_lines(source.text)
        if line.kind in ("text", "math") and (found := _MATH_LABEL.search(line.text))
    )


def _has_plain_dollars(project: Project | None) -> bool:
    return project is not None and project.values.get("dollars") == "plain"


class _Substitutions:
    """Puts the values of the front matter in the place of `{{ name }}`."""

    def __init__(self, context: Context) -> None:
        front = context.front
        self.context = context
        project = context.project.values if context.project else {}
        sphinx = get_mapping(get_mapping(project, "sphinx"), "config")
        self.values = {
            **get_mapping(sphinx, "myst_substitutions"),
            **get_mapping(front, "substitutions"),
            **get_mapping(get_mapping(front, "myst"), "substitutions"),
        }
        self.told: set[int] = set()

    def rewrite(self, source: Source) -> Source:
        if "{{" not in source.text:
            return source
        return replace_in_prose(source, _SUBSTITUTION, self._replace)

    def _replace(self, match: re.Match[str], source: Source) -> Parts:
        value = self.values.get(match[1].strip())
        if isinstance(value, str | int | float):
            return (str(value).strip(),)
        place = source.find_place(match.start())
        if place.line not in self.told:
            self.told.add(place.line or 0)
            self.context.report(
                "reference-unresolved",
                f"Nothing says what {match[1][:60]!r} stands for, so it is left out.",
                "Set it under 'substitutions' in the front matter.",
                place,
            )
        return ()


def _find_mystmd(root: Path) -> Project | None:
    values = read_yaml(root / "myst.yml")
    if values is None:
        return None
    project = get_mapping(values, "project")
    names = list(_find_files(project.get("toc")))
    lessons = tuple(dict.fromkeys(_resolve_all(root, "", names)))
    bibliography = tuple(n for n in walk_texts(project.get("bibliography")) if n.endswith(".bib"))
    return Project(
        root, Myst.name, as_text(project.get("title")), as_text(project.get("language")),
        lessons or tuple(list_pages(root, "", _SUFFIXES)), (), bibliography, values,
    )  # fmt: skip


def _find_jupyter_book(root: Path) -> Project | None:
    contents = _read_contents(root)
    if contents is None:
        return None
    values = read_yaml(root / "_config.yml") or {}
    names = list(_find_files(contents))
    lessons = tuple(dict.fromkeys(_resolve_all(root, "", names)))
    bibliography = tuple(n for n in walk_texts(values.get("bibtex_bibfiles")) if n.endswith(".bib"))
    sphinx = get_mapping(get_mapping(values, "sphinx"), "config")
    return Project(
        root, Myst.name, as_text(values.get("title")), as_text(sphinx.get("language")),
        lessons, ("_static",), bibliography, values,
    )  # fmt: skip


def _read_contents(root: Path) -> object:
    """The table of contents of a Jupyter Book: a mapping, or a list in its older form."""
    text = read_file(root / "_toc.yml")
    if text is None:
        return None
    return parse_yaml(text) or {}


def _find_files(value: object, depth: int = 0) -> Iterator[str]:
    """The files that a table of contents names, in its order."""
    if depth > 2 * _MOST_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _find_files(part, depth + 1)
    elif isinstance(value, dict):
        for key in ("root", "file", "pattern"):
            if isinstance(value.get(key), str):
                yield value[key]
        for key, part in value.items():
            if isinstance(part, list | dict) and key not in ("defaults", "options"):
                yield from _find_files(part, depth + 1)


def _resolve_all(root: Path, folder: str, names: list[str]) -> Iterator[str]:
    for name in names:
        yield from _resolve(root, folder, name)


def _resolve(root: Path, folder: str, name: str) -> Iterator[str]:
    """The page that a table of contents means by a name, whose suffix may be left out."""
    bare = name.strip().lstrip("/") if name.startswith("/") else f"{folder}/{name.strip()}"
    bare = bare.lstrip("/")
    if "*" in bare:
        pattern = re.compile(re.escape(bare).replace(r"\*", "[^/]*") + r"(?:\.md|\.ipynb)?")
        pages = list_pages(root, folder, _SUFFIXES)
        yield from (page for page in pages if pattern.fullmatch(page))
        return
    for suffix in ("", *_SUFFIXES):
        if is_page(root, bare + suffix, _SUFFIXES):
            parts: list[str] = []
            for part in PurePosixPath(bare + suffix).parts:
                if part == ".." and parts:
                    parts.pop()
                elif part != ".":
                    parts.append(part)
            yield "/".join(parts)
            return


def _find_sphinx(root: Path) -> Project | None:
    for folder in _FOLDERS:
        settings = read_file(root / folder / "conf.py")
        if settings is not None:
            break
    else:
        return None
    if "myst" not in settings and "sphinx_lesson" not in settings:
        return None
    named = {found[1]: found[2] for found in _SETTING.finditer(settings)}
    start = named.get("root_doc") or named.get("master_doc") or "index"
    lessons = dict.fromkeys(_walk_toctrees(root, folder, start, set(), 0))
    found = _BIBLIOGRAPHY.search(settings)
    bibliography = tuple(
        f"{folder}/{name}".lstrip("/") for name in re.findall(r"[\"']([^\"']+\.bib)", found[1])
    ) if found else ()  # fmt: skip
    extensions = _EXTENSIONS.search(settings)
    plain = "dollarmath" not in (extensions[1] if extensions else "")
    return Project(
        root, Myst.name, named.get("project", ""), named.get("language", ""),
        tuple(lessons) or tuple(list_pages(root, folder)), (folder or ".",), bibliography,
        FrozenMapping({"dollars": "plain"} if plain else {}),
    )  # fmt: skip


def _walk_toctrees(root: Path, folder: str, name: str, seen: set[str], depth: int) -> Iterator[str]:
    """A page and those below it, as the toctrees on each of them say."""
    page = next(iter(_resolve(root, folder, name)), "")
    path = page or f"{folder}/{name}.rst".lstrip("/")
    if path in seen or depth > _MOST_DEPTH or len(seen) > 2000:
        return
    seen.add(path)
    if page:
        yield page
    text = read_file(root / path) or ""
    beside = PurePosixPath(path).parent.as_posix().removeprefix(".")
    for tree in _TOCTREE.finditer(text):
        for line in (tree["body"] or tree["rst"] or "").split("\n"):
            entry = line.strip()
            titled = re.search(r"<([^<>]+)>$", entry)
            entry = titled[1] if titled else entry
            if not entry or entry.startswith((":", "#", "-", "http", ".. ")):
                continue
            if "*" in entry:
                yield from _resolve(root, beside, entry)
            elif entry.startswith("/"):
                yield from _walk_toctrees(root, folder, entry.lstrip("/"), seen, depth + 1)
            else:
                yield from _walk_toctrees(root, beside, entry, seen, depth + 1)
