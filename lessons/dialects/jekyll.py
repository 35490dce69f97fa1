"""Jekyll: kramdown with Liquid, as on GitHub Pages and in Just the Docs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import list_pages, read_yaml
from lessons.dialects.page_order import read_number, read_page_front
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.dollars import rewrite_backslash_maths
from lessons.dialects.syntax.equation_references import rewrite_equation_references
from lessons.dialects.syntax.html_formulas import write_block_formulas
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.dialects.syntax.kramdown import rewrite_kramdown
from lessons.dialects.syntax.liquid import Liquid
from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Source
from lessons.wordset import word_set

_LIST = re.compile(r"\{:(?!:)[ \t]*(?:[.#][\w-]+|toc\b|[\w-]+=)|\{::(?:options|comment|nomarkdown)")
_TAG = re.compile(
    r"\{%-?[ \t]*(?:include|include_relative|highlight|raw|link|post_url|assign|for|capture)\b"
)
_VALUE = re.compile(r"\{\{[ \t]*(?:site|page)\.[\w.]+")
_UNTAUGHT = word_set("readme license contributing changelog code_of_conduct 404 gemfile security")
_SUFFIXES = (".md", ".markdown")


class Jekyll(Dialect):
    """Pages of Jekyll."""

    name = "jekyll"
    title = "Jekyll"
    suffixes = _SUFFIXES
    keys = word_set(
        "layout title permalink published date categories tags category tag parent grand_parent "
        "nav_order has_children has_toc nav_exclude search_exclude nav_fold_children ancestor "
        "excerpt toc sidebar author description redirect_from order image header comments math "
        "mathjax subtitle collection slug weight lang ref video ready thumbnail"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 88
        masked = mask_code(sample.text)
        found = [bool(sign.search(masked)) for sign in (_LIST, _TAG, _VALUE)]
        if "nav_order" in sample.front or sum(found) > 1:
            return 74
        return 66 if any(found) else 0

    def read(self, source: Source, context: Context) -> Reading:
        source = fence_indented_code(source, context)
        source = Liquid(context).rewrite(source)
        source = rewrite_equation_references(source)
        source = rewrite_backslash_maths(write_block_formulas(source))
        source = rewrite_definition_lists(source, context)
        source = rewrite_kramdown(source, context)
        source = rewrite_common(source, context)
        return Reading(source, "script", as_text(context.front.get("title")))

    def find_project(self, root: Path) -> Project | None:
        values = read_yaml(root / "_config.yml")
        if values is None:
            values = read_yaml(root / "_config.yaml")
        if values is None:
            return None
        language = as_text(values.get("lang")) or as_text(values.get("locale")).replace("_", "-")
        return Project(
            root, self.name, as_text(values.get("title")), language,
            tuple(_find_lessons(root, values)), ("assets", "_includes", "docs"), values=values,
            score=50,  # other tools have a _config.yml too
        )  # fmt: skip


def _find_lessons(root: Path, values: Mapping[str, object]) -> list[str]:
    """The pages in the order of the site's menu; without one, the collections and posts."""
    pages = [
        name
        for name in list_pages(root, "", _SUFFIXES)
        if Path(name).stem.lower() not in _UNTAUGHT and not name.startswith("vendor/")
    ]
    fronts = {name: read_page_front(root / name) for name in pages}
    listed = [name for name in pages if "nav_order" in fronts[name] or "parent" in fronts[name]]
    if listed:
        return _order_menu(listed, fronts)
    found: list[str] = []
    collections = values.get("collections")
    names = list(collections) if isinstance(collections, dict | list) else []
    for name in [*map(as_text, names), "posts"]:
        folder = f"_{name}"
        if name and (root / folder).is_dir():
            inside = list_pages(root, folder, _SUFFIXES)
            keys = {page: read_page_front(root / page) for page in inside}
            inside.sort(key=lambda page: _order_key(page, keys[page]))
            found += inside
    return found or [name for name in pages if fronts[name]] or pages


def _order_key(name: str, front: Mapping[str, object]) -> tuple[float, str]:
    for key in ("order", "nav_order", "weight", "position"):
        number = read_number(front.get(key))
        if number is not None:
            return number, name
    return 1e9, name


def _order_menu(pages: list[str], fronts: Mapping[str, Mapping[str, object]]) -> list[str]:
    """The order of Just the Docs: by `nav_order`, each page followed by its children."""
    children: dict[str, list[str]] = {}
    titles = {as_text(fronts[page].get("title")) for page in pages}
    for page in pages:
        front = fronts[page]
        if front.get("nav_exclude") is True:
            continue
        parent = as_text(front.get("parent"))
        children.setdefault(parent if parent in titles else "", []).append(page)
    for inside in children.values():
        inside.sort(key=lambda page: _order_key(page, fronts[page]))
    ordered: dict[str, None] = {}
    stack = list(reversed(children.get("", [])))
    while stack:
        page = stack.pop()
        if page not in ordered:
            ordered[page] = None
            stack += reversed(children.get(as_text(fronts[page].get("title")), []))
    return list(ordered)
