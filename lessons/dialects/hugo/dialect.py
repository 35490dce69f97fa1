"""Hugo: Markdown with short codes, ordered by weight; also decks of reveal.js made with Hugo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import (
    get_mapping,
    list_pages,
    read_toml,
    read_yaml,
)
from lessons.dialects.hugo.shortcode_kinds import rewrite_short_codes
from lessons.dialects.page_order import has_text, order_tree, read_number, read_page_front
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.code_fences import find_fences, rewrite_diagrams
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.deck_comments import rewrite_deck_comments
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.dollars import rewrite_backslash_maths
from lessons.dialects.syntax.scan import mask_code, scan_lines
from lessons.dialects.syntax.separators import find_rules, separate_slides
from lessons.markdown.markers import END, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_CODE = re.compile(r"\{\{[<%][ \t]*/?[a-zA-Z]")
_BLOCK_ATTRIBUTES = re.compile(r"^[ \t]*\{[ \t]*(?:[.#][\w-]+|[\w-]+=)[^{}\n]{0,300}\}[ \t]*$")
_CONFIGURATIONS = ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml",
                   "config/_default/hugo.toml", "config/_default/hugo.yaml",
                   "config/_default/config.toml", "config/_default/config.yaml")  # fmt: skip
_SURE = word_set("baseurl languagecode defaultcontentlanguage theme params menu markup module")
_BOXED = word_set("objectives prerequisites keypoints")
_INDEX = ("_index.md", "index.md")


class Hugo(Dialect):
    """Pages of Hugo."""

    name = "hugo"
    title = "Hugo"
    keys = word_set(
        "title linkTitle description weight date lastmod draft type layout tags categories menu "
        "aliases slug url summary author authors keywords series toc math katex cascade params "
        "outputs resources featured image images publishDate expiryDate headless build _build "
        "bookToc bookCollapseSection bookFlatSection bookHidden pre post chapter hidden time "
        "objectives slides reveal_hugo disableToc simple_list icon"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 88
        if _CODE.search(mask_code(sample.text)):
            return 76
        return 30 if "linkTitle" in sample.front else 0

    def read(self, source: Source, context: Context) -> Reading:
        title = as_text(context.front.get("title"))
        deck = _is_deck(context.front)
        if deck:
            rules = list(find_rules(scan_lines(source.text)))
            source = separate_slides(source, rules)
        source = rewrite_short_codes(source, context, deck=deck)
        source = rewrite_backslash_maths(source, single=True)
        source = _rewrite_fences(source)
        source = rewrite_diagrams(source)
        source = rewrite_definition_lists(source, context)
        source = rewrite_attributes(source, context)
        source = source.edit(
            Edit(line.start, line.end)
            for line in scan_lines(source.text)
            if line.kind == "text" and _BLOCK_ATTRIBUTES.match(line.text)
        )
        if deck:
            source = rewrite_deck_comments(source, context)
        source = rewrite_common(source, context)
        if deck:
            return Reading(source, "deck", title, comments_are_notes=True)
        return Reading(source, "script", title)

    def find_project(self, root: Path) -> Project | None:
        values: Mapping[str, object] | None = None
        for name in _CONFIGURATIONS:
            read = read_toml if name.endswith(".toml") else read_yaml
            values = read(root / name)
            if values is not None:
                sure = {key.lower() for key in values} & _SURE
                if name.rpartition("/")[2].startswith("hugo.") or sure:
                    break
                values = None
        if values is None:
            return None
        folder = as_text(values.get("contentDir")) or "content"
        language = _find_language(values)
        media = ("static", "assets", folder)
        return Project(
            root, self.name, as_text(values.get("title")), language,
            tuple(_find_lessons(root, folder)), media, values=values,
        )  # fmt: skip


def _is_deck(front: Mapping[str, object]) -> bool:
    outputs = front.get("outputs")
    named = [as_text(x).lower() for x in outputs] if isinstance(outputs, list) else []
    kind = as_text(front.get("type")).lower()
    return kind == "slides" or "slides" in front or "reveal" in named or "reveal_hugo" in front


def _rewrite_fences(source: Source) -> Source:
    """Boxes and formulas that are written as code blocks, as render hooks of sites have them."""
    edits: list[Edit] = []
    for fence in find_fences(scan_lines(source.text)):
        if fence.closing is None or fence.head:
            continue
        if fence.info in _BOXED:
            edits.append(
                Edit(fence.opening.start, fence.opening.end + 1, make_marker("box", fence.info))
            )
            edits.append(Edit(fence.closing.start, fence.closing.end, ("\n", *END)))
        elif fence.info == "math":
            edits.append(Edit(fence.opening.start, fence.opening.end, ("$$",)))
            edits.append(Edit(fence.closing.start, fence.closing.end, ("$$",)))
    return source.edit(edits)


def _find_language(values: Mapping[str, object]) -> str:
    language = as_text(values.get("languageCode")) or as_text(values.get("locale"))
    if language:
        return language
    default = as_text(values.get("defaultContentLanguage"))
    return as_text(get_mapping(get_mapping(values, "languages"), default).get("languageCode")) or (
        default
    )


def _find_lessons(root: Path, folder: str) -> list[str]:
    """The pages in the order of their weights, each section after its own page."""
    pages = list_pages(root, folder, (".md", ".markdown"))
    pages += [name for name in _list_sections(root, folder) if name not in pages]
    fronts = {name: read_page_front(root / name) for name in pages}

    def weigh(path: str) -> tuple[object, ...]:
        if path.endswith("/"):
            index = next((path + name for name in _INDEX if path + name in fronts), "")
            front: Mapping[str, object] = fronts.get(index, {})
        else:
            front = fronts.get(path, {})
        own = path.endswith(_INDEX)
        weight = read_number(front.get("weight"))
        # A page without a weight, or with that of 0, comes after those that have one.
        key = as_text(front.get("title")).lower() or path.lower()
        return (not own, weight is None or weight == 0, weight or 0.0, path.lower(), key)

    ordered = order_tree(pages, weigh)
    return [
        name for name in ordered if fronts[name].get("draft") is not True and has_text(root / name)
    ]


def _list_sections(root: Path, folder: str) -> list[str]:
    """The pages of sections, whose names begin with `_`."""
    found: list[str] = []
    try:
        for number, path in enumerate((root / folder).rglob("_index.md")):
            if number >= 1000:
                break
            if not path.is_symlink():
                found.append(path.relative_to(root).as_posix())
    except (OSError, ValueError):
        return found
    return found
