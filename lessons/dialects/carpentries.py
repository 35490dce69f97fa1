"""Lessons of The Carpentries: those of the Workbench (sandpaper), and the older ones for Jekyll."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import is_page, list_pages, read_file, read_yaml
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.code_fences import escape, find_fences, set_info
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.dollars import escape_dollars
from lessons.dialects.syntax.fenced_divs import rewrite_fenced_divs
from lessons.dialects.syntax.figures import make_plain, rewrite_figures
from lessons.dialects.syntax.knitr import make_picture, rewrite_knitr
from lessons.dialects.syntax.named_links import rewrite_named_links
from lessons.dialects.syntax.quote_boxes import rewrite_quote_boxes
from lessons.dialects.syntax.scan import (
    HIDDEN,
    mask_code,
    remove_in_prose,
    replace_in_prose,
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
_RAW = re.compile(r"\{%-?[ \t]*(?:end)?raw[ \t]*-?%\}")
_RAW_BLOCK = re.compile(
    r"\{%-?[ \t]*raw[ \t]*-?%\}.{0,20000}?\{%-?[ \t]*endraw[ \t]*-?%\}", re.DOTALL
)
_COMMENT = re.compile(
    r"\{%-?[ \t]*comment[ \t]*-?%\}.{0,6000}?\{%-?[ \t]*endcomment[ \t]*-?%\}", re.S
)
_LINK_TAG = re.compile(r"\{%-?[ \t]*(?:link|post_url)[ \t]+([^%\s]{1,200})[ \t]*-?%\}")
_FIGURE = re.compile(
    r"\{%-?[ \t]*include[ \t]+[\w./-]*(?:fig|figure|image|img)[\w-]*\.html[ \t\n]+"
    r"((?:[^%\"']|\"[^\"]*\"|'[^']*'|%(?!\})){1,4000})%\}"
)
_TAG = re.compile(r"\{%(?:[^%]|%(?!\})){0,400}%\}")
_INCLUDE = re.compile(
    r"\{%-?[ \t]*include(?:_relative)?[ \t]+/?"
    r"((?:[^%\s{}]|\{\{[^{}\n]*\}\}){1,300})[^%\n]{0,300}%\}"
)
_TEXTS = (".md", ".snip", ".txt")
_OUTPUT = re.compile(r"\{\{([^{}\n]{0,300})\}\}")
_ATTRIBUTES = re.compile(r"\{:[^{}\n]{0,300}\}")
_PAIR = re.compile(r"(?<![\w-])([\w-]++)[ \t]*+=[ \t]*(?:\"([^\"]*)\"|'([^']*)')")
_EPISODE_KEYS = ("teaching", "exercises", "questions", "objectives", "keypoints")
_LANGUAGES = {"source": "", "output": "output", "error": "error", "bash": "bash"}
_MOST_POINTS = 60


class Carpentries(Dialect):
    """Episodes of lessons of The Carpentries."""

    name = "carpentries"
    title = "The Carpentries"
    suffixes = (".md", ".Rmd", ".rmd")
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
    source = _Liquid(context).rewrite(source)
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
    source = _Liquid(context).rewrite(source)
    source = escape_dollars(source, double=False)
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
    """Write alternative texts in one line, and so that nothing in them looks like code or a
    formula."""
    for found in _ALTERNATIVE.finditer(text):
        group = 1 if found[1] is not None else 2
        for sign in _AWKWARD.finditer(text, found.start(group), found.end(group)):
            if "\n" in sign[0]:
                yield Edit(sign.start(), sign.end(), (" ",))
            elif sign[1] is not None and sign[1] not in "'\"$`":
                yield Edit(sign.start(), sign.start() + 1)
            else:
                yield Edit(sign.start(), sign.end(), (f"&#{ord(sign[1] or sign[0])};",))


class _Liquid:
    """Takes out what Jekyll replaces in a page, and keeps the pictures that includes show."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.values = context.project.values if context.project else {}

    def rewrite(self, source: Source, depth: int = 0) -> Source:
        source = source.edit(self._fill_code(source.text))
        text = source.text
        if "{%" in text:
            source = source.edit(Edit(m.start(), m.end()) for m in _RAW.finditer(text))
            source = remove_in_prose(source, _COMMENT)
            source = replace_in_prose(source, _FIGURE, self._show_figure)
            source = source.edit(self._bring_in(source, depth))
            source = replace_in_prose(source, _LINK_TAG, lambda match, source: (match[1],))
            source = remove_in_prose(source, _TAG)
        if "{{" in text:
            source = replace_in_prose(source, _OUTPUT, self._write_value)
        return replace_in_prose(source, _ATTRIBUTES, lambda match, source: ())

    def _fill_code(self, text: str) -> Iterator[Edit]:
        """The values of the site's configuration in code, where Jekyll writes them too."""
        if "{{" not in text:
            return
        masked = mask_code(text)
        raw = [found.span() for found in _RAW_BLOCK.finditer(text)]
        position = 0
        for match in _OUTPUT.finditer(text):
            while position < len(raw) and raw[position][1] <= match.start():
                position += 1
            kept = position < len(raw) and raw[position][0] <= match.start()
            named = match[1].lstrip().startswith("site.")
            if not kept and named and masked[match.start()] == HIDDEN:
                yield Edit(match.start(), match.end(), (self._find_value(match[1]),))

    def _bring_in(self, source: Source, depth: int) -> Iterator[Edit]:
        """The texts that includes bring in; those of the site's looks are left out."""
        for match in _INCLUDE.finditer(source.text):
            name = _OUTPUT.sub(lambda found: self._find_value(found[1]), match[1])
            if not name.endswith(_TEXTS) or depth >= MOST_DEPTH:
                continue
            place = source.find_place(match.start())
            root = self.context.project.root if self.context.project else self.context.root
            usual = name == "links.md"  # every page brings it in, and a site may have none
            if usual and read_file(root / "_includes" / name) is None:
                continue
            file = read_included(self.context, name, place, beside=root / "_includes")
            if file is not None:
                text = self.rewrite(Source.of(file.path, file.text.rstrip("\n")), depth + 1)
                parts = (source.insert_file(text, match.start()),)
                yield Edit(match.start(), match.end(), parts)

    def _find_value(self, expression: str) -> str:
        """The value that the configuration of the site gives; empty if it gives none."""
        names = expression.split("|")[0].strip().split(".")
        value: object = self.values
        for name in names[1:] if names[0] == "site" else ():
            value = value.get(name) if isinstance(value, Mapping) else None
        return as_text(value)

    def _write_value(self, match: re.Match[str], source: Source) -> Parts:
        value = self._find_value(match[1])
        linked = source.text.endswith("](", 0, match.start())
        if linked or "://" in value:
            return (value.replace(" ", "%20") or "#",) if "://" in value else ()
        return (escape(value),)

    def _show_figure(self, match: re.Match[str], source: Source) -> Parts:
        values = {m[1]: m[2] if m[2] is not None else m[3] for m in _PAIR.finditer(match[1])}
        name = values.get("url") or values.get("src") or values.get("file") or ""
        name = _OUTPUT.sub("", name).strip()
        if not name:
            return ()
        caption = make_plain(values.get("caption") or values.get("title") or "")
        alt = make_plain(values.get("alt") or "") or caption
        return (f"\n\n{make_picture(name, alt, caption)}\n\n",)


def _list_points(front: Mapping[str, object], key: str) -> Parts:
    """The box with the questions, objectives or key points of the front matter."""
    points = front.get(key)
    if not isinstance(points, list):
        return ()
    texts = [" ".join(str(point).split()) for point in points[:_MOST_POINTS] if point is not None]
    items = "".join(f"- {text}\n" for text in texts if text)
    return (*make_marker("box", key), items, *END, "\n") if items else ()
