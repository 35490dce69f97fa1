"""Lessons of The Carpentries: those of the Workbench (sandpaper), and the older ones for Jekyll."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import is_page, list_pages, read_file, read_yaml
from lessons.dialects.includes import read_included
from lessons.dialects.syntax.abbreviations import remove_abbreviations
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.code_fences import find_fences, set_info
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.dollars import escape_dollars, rewrite_backslash_maths
from lessons.dialects.syntax.fenced_divs import rewrite_fenced_divs
from lessons.dialects.syntax.figures import rewrite_figures
from lessons.dialects.syntax.knitr import rewrite_knitr
from lessons.dialects.syntax.kramdown_tables import rewrite_kramdown_tables
from lessons.dialects.syntax.liquid import Liquid, TagHandler, show_parameters
from lessons.dialects.syntax.liquid_parser import LiquidTag
from lessons.dialects.syntax.named_links import rewrite_named_links
from lessons.dialects.syntax.quote_boxes import rewrite_quote_boxes
from lessons.dialects.syntax.scan import (
    mask_code,
    remove_in_prose,
    scan_lines,
)
from lessons.dialects.syntax.superscripts import rewrite_superscripts
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_DIVISION = re.compile(
    r"^[ \t]*:{3,}[ \t]*\{?\.?(?:questions|objectives|keypoints|challenge|prereq|testimonial)\b",
    re.MULTILINE,
)
_BOX_CLASS = re.compile(
    r"^[> \t]*\{:[ \t]*\.(?:challenge|callout|prereq|solution|discussion|checklist|testimonial|"
    r"keypoints|objectives)[ \t]*\}",
    re.MULTILINE,
)
_TABS = re.compile(r"^([ \t]*:{3,}[ \t]*)\{?\.?(?:group-tab|tab)\}?[ \t]*:*[ \t]*$", re.MULTILINE)
_CODE_CLASS = re.compile(r"^[> \t]*\{:[ \t]*\.((?:language-)?[\w+-]+)[^{}\n]*\}[ \t]*$")
_KNITR = re.compile(r"^[ \t]*`{3,}\{[a-zA-Z]|`r ", re.MULTILINE)
_ALTERNATIVE = re.compile(
    r"(?<=[{\s])alt=(?:'((?:[^'\\{}]|\\.){0,4000})'|\"((?:[^\"\\{}]|\\.){0,4000})\")", re.S
)
_AWKWARD = re.compile(r"\\([^A-Za-z0-9\s])|[$`]|(?:(?<![ \t])[ \t]+)?\n[ \t]*")
_TEXTS = (".md", ".snip", ".txt")
_OUTPUT = re.compile(r"\{\{([^{}\n]{0,300})\}\}")
_ATTRIBUTES = re.compile(r"\{:[^{}\n]{0,300}\}")
_EPISODE_KEYS = ("teaching", "exercises", "questions", "objectives", "keypoints")
_LANGUAGES = {"source": "", "output": "output", "error": "error", "bash": "bash"}
_MOST_POINTS = 60


class Carpentries(Dialect):
    """Episodes of lessons of The Carpentries."""

    name = "carpentries"
    title = "The Carpentries"
    suffixes = (".md", ".markdown", ".rmd")
    keys = word_set(
        "title teaching exercises questions objectives keypoints start editor_options source "
        "episode_order break root permalink day slug reading order"
    )

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 91  # the older template has the configuration of Jekyll too
        if "teaching" in sample.front and "exercises" in sample.front:
            return 88
        points = sum(isinstance(sample.front.get(key), list) for key in _EPISODE_KEYS)
        if points >= 2:
            return 86
        if _BOX_CLASS.search(sample.text):
            return 72
        return 55 if _DIVISION.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        if _is_old(source.text, context):
            source = _read_old(source, context)
        else:
            source = _read_new(source, context)
        source = rewrite_common(source, context)
        return Reading(source, "script", as_text(context.front.get("title")))

    def find_project(self, root: Path) -> Project | None:
        values = read_yaml(root / "config.yaml")
        if values is not None and ("carpentry" in values or "life_cycle" in values):
            return _find_workbench(root, values)
        values = read_yaml(root / "_config.yml")
        if values is not None and "carpentry" in values:
            return _find_jekyll(root, values)
        return None


def _find_workbench(root: Path, values: Mapping[str, object]) -> Project:
    listed = values.get("episodes")
    names = [as_text(name) for name in listed] if isinstance(listed, list) else []
    lessons = [f"episodes/{name}" for name in names if name]
    suffixes = (".md", ".rmd")
    lessons = [name for name in lessons if is_page(root, name, suffixes)]
    return Project(
        root, Carpentries.name, as_text(values.get("title")), as_text(values.get("lang")),
        tuple(lessons) or tuple(list_pages(root, "episodes", suffixes)), ("episodes",),
        values=values,
    )  # fmt: skip


def _find_jekyll(root: Path, values: Mapping[str, object]) -> Project:
    suffixes = (".md", ".rmd")
    found = {Path(n).stem: n for n in reversed(list_pages(root, "_episodes_rmd", suffixes))}
    for name in list_pages(root, "_episodes", suffixes):
        found[Path(name).stem] = name
    ordered = values.get("episode_order")
    stems = [as_text(name) for name in ordered] if isinstance(ordered, list) else []
    lessons = [found[stem] for stem in stems if stem in found] or [found[s] for s in sorted(found)]
    return Project(
        root, Carpentries.name, as_text(values.get("title")), as_text(values.get("lang")),
        tuple(lessons), ("_episodes", "_episodes_rmd"), values=values,
    )  # fmt: skip


def _is_old(text: str, context: Context) -> bool:
    """Whether an episode is written for the older template."""
    lists = any(isinstance(context.front.get(key), list) for key in _EPISODE_KEYS)
    return lists or (_BOX_CLASS.search(text) is not None and not _DIVISION.search(text))


def _read_new(source: Source, context: Context) -> Source:
    """An episode of the Workbench, which is pandoc's Markdown."""
    if _KNITR.search(source.text):
        source = rewrite_knitr(source, context)
    source = _append_links(source, context)
    source = source.edit(_clean_alternatives(source.text))
    source = _rewrite_liquid(source, context)
    source = source.edit(
        Edit(m.end(1), m.end(), ("panel-tabset",)) for m in _TABS.finditer(mask_code(source.text))
    )
    source = _name_languages(source)
    source = rewrite_figures(source, context)
    source = rewrite_fenced_divs(source, context)
    source = rewrite_definition_lists(source, context)
    source = rewrite_attributes(source, context)
    source = rewrite_named_links(source)
    return rewrite_superscripts(source, context)


def _append_links(source: Source, context: Context) -> Source:
    """The page with the definitions of links that the Workbench puts under every page."""
    project = context.project
    if project is None or read_file(project.root / "links.md") is None:
        return source
    file = read_included(context, "links.md", source.find_place(0), beside=project.root)
    if file is None:
        return source
    links = source.insert_file(Source.of(file.path, file.text), len(source))
    return source.edit([Edit(len(source), len(source), ("\n\n", links, "\n"))])


def _read_old(source: Source, context: Context) -> Source:
    """An episode for Jekyll, whose points stand in the front matter."""
    if _KNITR.search(source.text):
        source = rewrite_knitr(source, context)
    source = _name_languages(source)
    source = rewrite_quote_boxes(source)
    source = _rewrite_liquid(source, context)
    source = rewrite_backslash_maths(escape_dollars(source, double=False))
    source = rewrite_kramdown_tables(remove_abbreviations(source))
    source = rewrite_named_links(source)
    front = context.front
    before = (*_list_points(front, "questions"), *_list_points(front, "objectives"))
    after = _list_points(front, "keypoints")
    edits = [Edit(0, 0, before)] if before else []
    if after:
        edits.append(Edit(len(source), len(source), ("\n\n", *after)))
    return source.edit(edits)


def _name_languages(source: Source) -> Source:
    """Give each code block the language that the line under it names, and take that line out."""
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    for fence in find_fences(lines):
        number = fence.closing.number + 1 if fence.closing else len(lines)
        named = _CODE_CLASS.match(lines[number].text) if number < len(lines) else None
        if named is None:
            continue
        word = named[1].removeprefix("language-").lower()
        language = fence.info or _LANGUAGES.get(word, word)
        if fence.info != language:
            edits.append(set_info(fence, language))
        line = lines[number]
        edits.append(Edit(line.start, line.end, (fence.indent.rstrip(" "),)))
    return source.edit(edits)


def _clean_alternatives(text: str) -> Iterator[Edit]:
    """Write alternative texts in one line, without the signs of code, and so that nothing in them
    looks like a formula."""
    for found in _ALTERNATIVE.finditer(text):
        group = 1 if found[1] is not None else 2
        for sign in _AWKWARD.finditer(text, found.start(group), found.end(group)):
            if "\n" in sign[0]:
                yield Edit(sign.start(), sign.end(), (" ",))
            elif sign[0] == "`":
                yield Edit(sign.start(), sign.end())
            elif sign[1] is not None and sign[1] not in "'\"$`":
                yield Edit(sign.start(), sign.start() + 1)
            else:
                yield Edit(sign.start(), sign.end(), (f"&#{ord(sign[1] or sign[0])};",))


def _rewrite_liquid(source: Source, context: Context) -> Source:
    """Put in what Jekyll would, and take out its attribute lists."""
    source = Liquid(context, tags=_TAGS).rewrite(source)
    return remove_in_prose(source, _ATTRIBUTES)


def _include(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    """A text that the lesson brings in; other includes are those of the site's looks."""
    name = _OUTPUT.sub(lambda found: liquid.find_value(found[1]), tag.words)
    name = (name.split() or [""])[0].lstrip("/")
    stem = name.rpartition("/")[2].partition(".")[0].lower()
    values = liquid.read_words(tag.words)
    shown = show_parameters(liquid.context, source, tag, stem, values)
    if shown is not None or not name.endswith(_TEXTS):
        return shown or ()
    root = liquid.context.project.root if liquid.context.project else liquid.context.root
    if name == "links.md" and read_file(root / "_includes" / name) is None:
        return ()  # every page brings it in, and a site may have none
    return liquid.include(tag, source, name, "_includes")


_TAGS: Mapping[str, TagHandler] = {"include": _include, "include_relative": _include}


def _list_points(front: Mapping[str, object], key: str) -> Parts:
    """The box with the questions, objectives or key points of the front matter."""
    points = front.get(key)
    if not isinstance(points, list):
        return ()
    texts = [" ".join(str(point).split()) for point in points[:_MOST_POINTS] if point is not None]
    items = "".join(f"- {text}\n" for text in texts if text)
    return (*make_marker("box", key), items, *END, "\n") if items else ()
