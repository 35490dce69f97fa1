"""Tutorials of the Galaxy Training Network: Jekyll with boxes in block quotes, and its slides."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.bibliography import Work, read_works
from lessons.dialects.configuration import is_page, list_pages, read_yaml
from lessons.dialects.remark.dialect import Remark
from lessons.dialects.syntax.citations import name_work
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.embeds import escape_inline
from lessons.dialects.syntax.kramdown import rewrite_kramdown
from lessons.dialects.syntax.languages import get_words
from lessons.dialects.syntax.liquid import Liquid, TagHandler
from lessons.dialects.syntax.liquid_parser import LiquidTag
from lessons.dialects.syntax.scan import scan_lines
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_TITLE = re.compile(r"<([a-z-]+)-title(?:[ \t][^<>\n]*)?>(.{0,400}?)</\1-title>")
_CALL = re.compile(r"<(?:hands-on|question|tip|comment|details|agenda|solution|code-in|code-out|"
                   r"warning|feedback)-title")  # fmt: skip
_LINKED = re.compile(r"\[([^\[\]\n]{0,300})\]\(([^()\n]{0,300})\)")
_LARGEST_BIBLIOGRAPHY = 1_000_000  # bytes
_SHOWN = (
    ("questions", "questions"),
    ("objectives", "objectives"),
    ("requirements", "requirements"),
)


class Galaxy(Dialect):
    """Tutorials of the Galaxy Training Network."""

    name = "galaxy"
    title = "Galaxy Training"
    suffixes = (".md", ".markdown", ".html")
    keys = word_set(
        "layout title subtopic priority questions objectives time_estimation key_points "
        "contributors contributions zenodo_link level requirements follow_up_training tags "
        "abbreviations edam_ontology draft answer_histories recordings lang translations logo "
        "video subtitle notebook gitter voice redirect_from type hands_on slides workflows "
        "galaxy_tour"
    )

    def score(self, sample: Sample) -> int:
        layout = as_text(sample.front.get("layout"))
        if layout in ("tutorial_hands_on", "tutorial_slides", "introduction_slides", "base_slides"):
            return 96
        if sample.in_project(self.name):
            return 89
        return 87 if _CALL.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        layout = as_text(context.front.get("layout"))
        title = as_text(context.front.get("title"))
        liquid = Liquid(context, tags=_TAGS)
        if "slides" in layout:
            return _read_slides(liquid.rewrite(source), context, title)
        source = liquid.rewrite(source)
        source = _rewrite_titles(source)
        source = rewrite_kramdown(source, context)
        source = _add_lists(source, context.front)
        return Reading(rewrite_common(source, context), "script", title)

    def find_project(self, root: Path) -> Project | None:
        values = read_yaml(root / "_config.yml")
        try:
            if values is None or not (root / "topics").is_dir():
                return None
        except OSError:
            return None
        pages = [
            name
            for name in list_pages(root, "topics", (".md",))
            if name.rpartition("/")[2] == "tutorial.md"
        ]
        title = as_text(values.get("title"))
        return Project(root, self.name, title, "en", tuple(pages), ("shared",), values=values)


def _read_slides(source: Source, context: Context, title: str) -> Reading:
    """Slides, which are those of remark."""
    reading = Remark().read(source, context)
    return replace(reading, title=title or reading.title)


def _rewrite_titles(source: Source) -> Source:
    """Make the title of each box a heading, from which the box takes it."""
    edits: list[Edit] = []
    for line in scan_lines(source.text):
        found = _TITLE.search(line.text) if line.kind == "text" else None
        if found is None:
            continue
        start, end = line.start + found.start(), line.start + found.end()
        if found[2].strip():
            title = source[line.start + found.start(2) : line.start + found.end(2)]
            edits.append(Edit(start, end, ("### ", title)))
        else:
            edits.append(Edit(start, end))
    return source.edit(edits)


def _add_lists(source: Source, front: Mapping[str, object]) -> Source:
    """Show the questions, objectives and key points of the front matter where the site does."""
    before: list[str | Source] = []
    for key, kind in _SHOWN:
        before += _make_list(front, key, kind)
    if time := _read_time(as_text(front.get("time_estimation"))):
        before += ["\n", *make_marker("unread"), f"Time estimation: {time}\n", *END, "\n"]
    edits = [Edit(0, 0, tuple(before))] if before else []
    after = _make_list(front, "key_points", "keypoints")
    if after:
        edits.append(Edit(len(source), len(source), ("\n\n", *after)))
    return source.edit(edits)


def _make_list(front: Mapping[str, object], key: str, kind: str) -> list[str | Source]:
    points = front.get(key)
    if not isinstance(points, list):
        return []
    texts = [" ".join(text.split()) for text in map(_name_point, points[:60]) if text]
    items = "".join(f"- {text}\n" for text in texts)
    return [*make_marker("box", kind), items, *END, "\n"] if items else []


def _name_point(point: object) -> str:
    if isinstance(point, Mapping):
        return as_text(point.get("title"))
    return as_text(point)


def _read_time(text: str) -> str:
    """`1H30M` in words."""
    found = re.fullmatch(r"(?:(\d{1,2})[Hh])?(?:(\d{1,3})[Mm])?", text)
    if not text or found is None:
        return ""
    hours, minutes = found[1], found[2]
    parts = [f"{int(hours)} h" if hours else "", f"{int(minutes)} min" if minutes else ""]
    return " ".join(part for part in parts if part)


# Tags of the site


def _snippet(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    name = tag.words.split()[0] if tag.words.split() else ""
    if not name:
        return ()
    return liquid.include(tag, source, name, "")


def _tool(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    linked = _LINKED.search(tag.words)
    text = linked[1] if linked else tag.words
    return (f"**{text.strip()}**",) if text.strip() else ()


def _cite(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    """A citation: its authors and year, if the tutorial's bibliography has the work."""
    key = (tag.words.split() or [""])[0]
    work = _read_works(liquid.context).get(key)
    if work is None:
        return ()
    return (escape_inline(name_work(work, get_words(liquid.context))),)


def _read_works(context: Context) -> Mapping[str, Work]:
    """The works in the bibliography beside the tutorial."""
    path = context.folder / "tutorial.bib"
    if not is_page(context.root, path.relative_to(context.root).as_posix(), (".bib",)):
        return {}
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    return _parse_works(path.resolve(), size) if 0 < size < _LARGEST_BIBLIOGRAPHY else {}


@functools.lru_cache(maxsize=8)
def _parse_works(path: Path, size: int) -> Mapping[str, Work]:
    return read_works(path.name, path.read_text("utf-8", "replace"))


def _words(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    return ()


_TAGS: Mapping[str, TagHandler] = {
    "snippet": _snippet, "tool": _tool, "workflow": _tool, "cite": _cite, "icon": _words,
    "color_picker": _words, "cite_url": _words, "bibliography": _words, "assign_meta": _words,
    "citation": _words,
}  # fmt: skip
