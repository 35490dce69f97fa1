"""Docusaurus, and other sites of MDX: JSX components, boxes between `:::`, ordered sidebars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import list_pages, read_file, read_json, read_yaml
from lessons.dialects.docusaurus.mdx import rewrite_mdx
from lessons.dialects.page_order import order_tree, read_number, read_page_front
from lessons.dialects.syntax.code_fences import (
    find_fences,
    find_language,
    make_code_title,
    rewrite_diagrams,
    set_info,
)
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.fenced_divs import rewrite_fenced_divs
from lessons.dialects.syntax.scan import mask_code, scan_lines
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_CONFIGURATIONS = tuple(
    f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts")
)
_IMPORT = re.compile(
    r"^import\s+[^\n]{1,300}\sfrom\s+['\"]@?(?:theme|site|docusaurus|[\w./-]+)", re.M
)
_COMPONENT = re.compile(r"<(?:Tabs|TabItem|CodeBlock|Admonition)\b|\{/\*")
_DIVISION = re.compile(
    r"^:::(?:note|tip|info|caution|danger|warning|important)"
    r"(?:\[[^\n]*\]|[ \t][^{\n][^\n]*)?[ \t]*$",
    re.MULTILINE,
)
_TITLE = re.compile(r"^[ \t]*title:[ \t]*(?:\"([^\"\n]+)\"|'([^'\n]+)'|`([^`$\n]+)`)", re.MULTILINE)
_LOCALE = re.compile(r"\bdefaultLocale:[ \t]*[\"'`]([\w-]+)[\"'`]")
_PATH = re.compile(r"^[ \t]*path:[ \t]*[\"'`](?:\./)?([\w./-]+)[\"'`]", re.MULTILINE)
_QUOTED = re.compile(r"[\"'`]([^\"'`\n]{1,200})[\"'`]")
_CODE_TITLE = re.compile(r"\btitle=(?:\"([^\"]*)\"|'([^']*)')")
_HIGHLIGHT = re.compile(r"^[ \t]*(?://|#|/\*|<!--|--|\{/\*|;|%)[ \t]*This (?:will|is) error\b.*$")
_SUFFIXES = (".md", ".mdx")


class Docusaurus(Dialect):
    """Pages of Docusaurus."""

    name = "docusaurus"
    title = "Docusaurus"
    suffixes = _SUFFIXES
    keys = word_set(
        "id title title_meta hide_title hide_table_of_contents toc_min_heading_level "
        "toc_max_heading_level pagination_label pagination_next pagination_prev sidebar_label "
        "sidebar_position sidebar_class_name sidebar_custom_props displayed_sidebar "
        "custom_edit_url keywords description image slug tags draft unlisted last_update "
        "parse_number_prefixes authors author date hide_reading_time sidebar"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 90
        masked = mask_code(sample.text)
        if _IMPORT.search(masked) or _COMPONENT.search(masked):
            return 82 if "sidebar_position" in sample.front or sample.path.endswith(".mdx") else 72
        if "sidebar_position" in sample.front or "sidebar_label" in sample.front:
            return 69
        return 52 if sample.path.endswith(".mdx") or _DIVISION.search(masked) else 0

    def read(self, source: Source, context: Context) -> Reading:
        source = _rewrite_code(source)
        source = rewrite_mdx(source, context)
        source = rewrite_diagrams(source)
        source = rewrite_fenced_divs(source, context)
        source = rewrite_common(source, context)
        title = as_text(context.front.get("title")) or as_text(context.front.get("sidebar_label"))
        has_heading = re.search(r"^#[ \t]", source.text, re.MULTILINE) is not None
        return Reading(source, "script", "" if has_heading else title)

    def find_project(self, root: Path) -> Project | None:
        text = next(
            (t for name in _CONFIGURATIONS if (t := read_file(root / name)) is not None), None
        )
        if text is None:
            return None
        title, locale = _TITLE.search(text), _LOCALE.search(text)
        folder = next((f for m in _PATH.finditer(text) if (root / (f := m[1])).is_dir()), "docs")
        named = next((g for g in title.groups() if g), "") if title else ""
        return Project(
            root, self.name, named, locale[1] if locale else "",
            tuple(_find_lessons(root, folder)), ("static", folder),
        )  # fmt: skip


def _rewrite_code(source: Source) -> Source:
    """Show the titles of code blocks, and take out the comments that mark lines."""
    edits: list[Edit] = []
    for fence in find_fences(scan_lines(source.text)):
        words = fence.info.split()
        title = _CODE_TITLE.search(fence.info)
        if len(words) > 1:
            marks = read_line_marks(fence.info)
            edits.append(set_info(fence, find_language(words[:1]) + marks.write()))
        if title is not None and fence.closing is not None:
            shown = make_code_title(title[1] or title[2] or "", fence.indent)
            if shown and not fence.head.strip():
                edits.append(Edit(fence.opening.start, fence.opening.start, ("\n", *shown)))
        edits += [
            Edit(line.start, min(line.end + 1, len(source)))
            for line in fence.content
            if _HIGHLIGHT.match(line.text)
        ]
    return source.edit(edits)


def _find_lessons(root: Path, folder: str) -> list[str]:
    """The pages in the order of the sidebar: as it lists them, or by position, then by name."""
    pages = list_pages(root, folder, _SUFFIXES)
    if listed := _find_listed(root, folder, pages):
        return listed
    fronts = {name: read_page_front(root / name) for name in pages}

    def weigh(path: str) -> tuple[object, ...]:
        if path.endswith("/"):
            category: Mapping[str, object] = (
                read_json(root / path / "_category_.json")
                or read_yaml(root / path / "_category_.yml")
                or {}
            )
            position = read_number(category.get("position"))
        else:
            position = read_number(fronts.get(path, {}).get("sidebar_position"))
        name = path.strip("/").rpartition("/")[2]
        first = Path(name).stem.lower() in ("index", "readme")
        number = re.match(r"(\d{1,6})[-_. ]", name)
        if position is None and number:
            position = float(number[1])
        return (not first, position is None, position or 0.0, name.lower())

    ordered = order_tree(pages, weigh)
    return [name for name in ordered if fronts[name].get("draft") is not True]


def _find_listed(root: Path, folder: str, pages: list[str]) -> list[str]:
    """The pages whose ids a sidebar file lists, in its order. The file is searched, not run."""
    known = {page.removeprefix(f"{folder}/").rpartition(".")[0]: page for page in pages}
    for suffix in ("js", "ts", "json"):
        text = read_file(root / f"sidebars.{suffix}")
        if text is not None:
            ids = (match[1] for match in _QUOTED.finditer(text))
            found = list(dict.fromkeys(known[name] for name in ids if name in known))
            return found if len(found) > 1 else []
    return []
