"""The titles of pages and labels to which lessons in MyST refer without naming them."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path, PurePosixPath

from lessons.course.media import is_hidden
from lessons.course.text_files import read_text
from lessons.dialects.base import Context, Project
from lessons.dialects.configuration import is_page
from lessons.errors import LessonError

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCE = re.compile(
    r"^[ \t]*(?:`{3,}|~{3,})(?!\{)[^`\n]*\n.*?^[ \t]*(?:`{3,}|~{3,})[ \t]*$", re.M | re.S
)
_LABEL = re.compile(
    r"^[ \t]*\(([^()\n]{1,200})\)=[ \t]*\n(?:[ \t]*\n)*(?:#{1,6}[ \t]+([^\n]+))?", re.M
)
_NAMED = re.compile(
    r"^[ \t]*(?:`{3,}|:{3,})\{[\w:-]+\}[ \t]*([^\n`]*)\n(?:[ \t]*:[\w-]+:[^\n]*\n){0,20}?"
    r"[ \t]*:(?:name|label):[ \t]*(\S+)",
    re.MULTILINE,
)
_ROLE = re.compile(r"\{[\w:+-]{1,40}\}`([^`<>\n]{0,300}?)[ ]?(?:<[^`<>\n]*>)?`")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,300}\)")
_MOST_PAGES = 400
_MOST_TARGETS = 2000
_MOST_CHARACTERS = 6_000_000


class PageTitles:
    """Finds the title of a page by its path, and that of a heading by its label."""

    def __init__(self, context: Context, text: str) -> None:
        self.context = context
        self.own = find_titles(text)[1]
        self.found: dict[str, str] = {}

    def find(self, target: str) -> str:
        """The title as Markdown; empty if nothing tells it."""
        if target not in self.found:
            known = len(self.found) < _MOST_TARGETS
            self.found[target] = self._find(target) if known else ""
        return self.found[target]

    def _find(self, target: str) -> str:
        label = _normalize(target.partition("#")[2] or target)
        if label in self.own:
            return self.own[label]
        project = self.context.project
        if project is not None:
            labels, pages = _index_project(project)
            if label in labels:
                return labels[label]
            for page in self._name_pages(target, project):
                if page in pages:
                    return pages[page]
        return self._read_title(target)

    def _name_pages(self, target: str, project: Project) -> list[str]:
        """The paths, relative to the project, that a target may mean."""
        bare = target.partition("#")[0].strip()
        if bare.startswith("/"):
            return [bare.lstrip("/"), *(f"{f}/{bare.lstrip('/')}" for f in project.media)]
        try:
            beside = self.context.folder.resolve().relative_to(project.root.resolve()).as_posix()
        except (ValueError, OSError):
            beside = ""
        return [_join(beside, bare), bare]

    def _read_title(self, target: str) -> str:
        """The title of a page beside the lesson."""
        bare = target.partition("#")[0].strip().lstrip("/")
        if not bare or len(bare) > 300 or "\0" in bare:
            return ""
        root = self.context.root.resolve()
        for suffix in ("", ".md"):
            path = self.context.folder / (bare + suffix)
            try:
                inside = path.resolve().is_relative_to(root) and path.suffix == ".md"
                hidden = is_hidden(path.resolve(), self.context.folder)
                if inside and not hidden and path.is_file():
                    return find_titles(read_text(path, bare, LessonError))[0]
            except (OSError, ValueError, RuntimeError, LessonError):
                return ""
        return ""


def find_titles(text: str) -> tuple[str, dict[str, str]]:
    """The title of a page, and those of its labels."""
    bare = _FENCE.sub("", text)
    heading = _HEADING.search(bare)
    labels: dict[str, str] = {}
    for label in _LABEL.finditer(bare):
        if label[2]:
            labels.setdefault(_normalize(label[1]), _clean(label[2]))
    for found in _NAMED.finditer(text):
        if found[1].strip() and "/" not in found[1] and "." not in found[1].strip()[-5:]:
            labels.setdefault(_normalize(found[2]), _clean(found[1]))
    for found in _HEADING.finditer(bare):
        slug = re.sub(r"[^\w -]", "", found[1].lower()).replace(" ", "-")
        labels.setdefault(slug, _clean(found[1]))
    return _clean(heading[1]) if heading else "", labels


def _clean(title: str) -> str:
    return _LINK.sub(r"\1", _ROLE.sub(r"\1", title)).strip().rstrip("#").strip()


def _normalize(label: str) -> str:
    return " ".join(label.strip().lower().split())


def _join(folder: str, name: str) -> str:
    parts: list[str] = []
    for part in PurePosixPath(folder, name).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _index_project(project: Project) -> tuple[dict[str, str], dict[str, str]]:
    names = project.lessons[:_MOST_PAGES]
    return _index(project.root, names, tuple(_find_time(project.root / name) for name in names))


def _find_time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except (OSError, ValueError):
        return 0


@lru_cache(maxsize=4)
def _index(
    root: Path, names: tuple[str, ...], times: tuple[int, ...]
) -> tuple[dict[str, str], dict[str, str]]:
    """The titles of all labels and of all pages. `times` says when each file was changed."""
    labels: dict[str, str] = {}
    pages: dict[str, str] = {}
    read = 0
    for name in names:
        if read > _MOST_CHARACTERS or not is_page(root, name):
            continue
        try:
            text = read_text(root / name, name, LessonError)
        except LessonError:
            continue
        read += len(text)
        title, own = find_titles(text)
        for label, shown in own.items():
            labels.setdefault(label, shown)
        pages[name] = pages[name.removesuffix(".md")] = title
    return labels, pages
