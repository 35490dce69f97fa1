"""Slidev: slides with headers of their own, pages from other files, slots, and Vue components.

Slides are cut as `@slidev/parser` cuts them, with its titles and notes: only the last comment of a
slide is its note. It differs in this: slides without any content are left out, any heading can be a
title, and text that Slidev takes for a header and so loses (`---` directly above a heading, or
below keys that are not closed) stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.dialects.base import NOTHING, Context, Dialect, Reading, Sample, as_text
from lessons.dialects.configuration import get_mapping, read_json
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.slidev.code import rewrite_slidev_code
from lessons.dialects.slidev.contents import Entry, read_entry, rewrite_contents
from lessons.dialects.slidev.cutting import cut_slides, find_keys
from lessons.dialects.slidev.vue import SHOWN_OTHERWISE, rewrite_vue
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.deck_comments import (
    find_comments,
    is_column_comment,
    is_spoken,
    rewrite_deck_comments,
)
from lessons.dialects.syntax.scan import scan_lines
from lessons.dialects.syntax.separators import Cut, join_slides, make_notes, make_picture
from lessons.directives.comments import read_directive
from lessons.errors import LessonError
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Piece, Source, join_sources
from lessons.wordset import word_set

_KEYS = word_set(
    "theme titleTemplate info highlighter lineNumbers drawings mdc fonts layout background "
    "colorSchema routerMode aspectRatio canvasWidth themeConfig defaults download exportFilename "
    "selectable record css favicon monaco twoslash plantUmlServer htmlAttrs addons presenter "
    "seoMeta hideInToc level clicks duration timer remote browserExporter overviewSnapshots "
    "class transition title author description keywords date src hide disabled image name"
)
_SURE = word_set(
    "drawings highlighter mdc colorSchema addons themeConfig routerMode canvasWidth aspectRatio "
    "titleTemplate exportFilename plantUmlServer monaco twoslash seoMeta htmlAttrs"
)
_SLIDE_KEYS = word_set("layout clicks transition class image background src hide disabled level")
_LAYOUTS = word_set(
    "cover intro center statement fact quote two-cols two-cols-header image image-left image-right "
    "iframe iframe-left iframe-right end"
)
_SIGN = re.compile(
    r"^<v-?clicks?\b|\sv-(?:click|motion|mark)\b|^::[\w-]+::[ \t]*$|^<<<[ \t]|\[click(?::\d+)?\]"
    r"|^```[\w-]+[ \t]+\{(?:all|monaco|[\d,*-]{1,60}\|)", re.MULTILINE
)  # fmt: skip
_YAML_BLOCK = re.compile(r"\s*```ya?ml\b[^\n]*\n")
_SLOT = re.compile(r"^::[ \t]*([\w.:-]+?)[ \t]*::[ \t]*$")
_SLIDES_FILE = re.compile(r"[^\s#]{1,1000}\.md(?:#\S{0,100})?$")
_COMPONENT = re.compile(r"<([A-Z][\w.-]{0,60})(?=[\s/>])")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_UNSHOWN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL)
_LONGEST_LONE = 5000  # characters of a slide that is taken for a component alone
_STACKED = word_set("header top title heading default bottom footer content note")
_PICTURE_PATH = re.compile(r"(?!https?:|data:)\S+\.(?:png|jpe?g|gif|svg|webp|avif)$", re.IGNORECASE)


class Slidev(Dialect):
    """Slidev decks."""

    name = "slidev"
    title = "Slidev"
    keys = _KEYS

    def is_workspace(self, folder: Path) -> bool:
        package = read_json(folder / "package.json") or {}
        kinds = ("dependencies", "devDependencies")
        return any("@slidev/cli" in get_mapping(package, kind) for kind in kinds)

    def score(self, sample: Sample) -> int:
        if "marp" in sample.front:
            return 0
        if _SURE & sample.front.keys() or {"theme", "layout"} <= sample.front.keys():
            return 86
        if _SLIDES_FILE.match(as_text(sample.front.get("src"))):
            return 86
        layout = as_text(sample.front.get("layout"))  # pages of Jekyll have one too
        if layout and _SIGN.search(sample.text):
            return 85
        if "---" not in sample.text:
            return 0
        if layout in _LAYOUTS and "\n---\n" in sample.text:
            return 70
        whole = Source.of(sample.path, sample.text)
        raws = cut_slides(whole, opened=False)
        names = (key for raw in raws if raw.header for key in find_keys(whole, raw.header))
        return 73 if any(name in _SLIDE_KEYS for name in names) else 0

    def read(self, source: Source, context: Context) -> Reading:
        context.deck = True
        deck = _Deck(context)
        pages = deck.load(source, context.folder, context.front)
        entries = [page.entry for page in pages]
        cuts = (
            replace(page.cut, text=rewrite_contents(page.cut.text, entries, number))
            for number, page in enumerate(pages)
        )
        source = join_slides(cuts, source)
        source = rewrite_slidev_code(source, context)
        source = rewrite_vue(source, context)
        source = rewrite_deck_comments(source, context)
        return Reading(rewrite_common(source, context), "deck")


@dataclass(frozen=True, slots=True)
class _Page:
    """A slide, and its entry in tables of contents."""

    cut: Cut
    entry: Entry


@dataclass(slots=True)
class _Deck:
    """Loads the slides of a deck, and those of the files that it brings in."""

    context: Context
    above: list[Path] = field(default_factory=list)  # the files that are being read

    def load(
        self,
        source: Source,
        folder: Path,
        first: Mapping[str, object] | None = None,
        over: Mapping[str, object] = NOTHING,
        wanted: str = "",
    ) -> list[_Page]:
        """The slides of a file. `first` is the header of the first one, if it has been read.
        `over` are the keys of the slide that brings the file in, and `wanted` its range."""
        raws = cut_slides(source, opened=bool(first))
        numbers = parse_range(wanted, len(raws))
        pages: list[_Page] = []
        for number in numbers:
            raw = raws[number - 1]
            header = first if number == 1 and first else NOTHING
            text = source[raw.start : raw.end]
            if raw.header is not None:
                header = _read_header(source, *raw.header, self.context)
                if raw.unclosed:
                    self._report_unclosed(source, raw.header[1])
            elif not header and (block := _find_yaml_block(text.text)):
                header = _read_header(text, *block[:2], self.context)
                text = text[block[2] :]
            if header.get("hide") or header.get("disabled"):
                continue
            title = as_text(header.get("title")) or as_text(header.get("name"))
            if name := as_text(header.get("src")):
                at = raw.header[0] if raw.header else raw.start
                pages += self._bring_in(source, at, folder, name, {**header, **over})
                continue
            pages.append(self._make_page(text, title, {**header, **over}))
        return pages

    def _bring_in(
        self, source: Source, at: int, folder: Path, name: str, over: Mapping[str, object]
    ) -> list[_Page]:
        path, _, wanted = name.partition("#")
        rooted = path.startswith(("/", "@/"))
        beside = self.context.folder if rooted else folder
        place = source.find_place(min(at, max(len(source) - 1, 0)))
        file = read_included(self.context, path.removeprefix("@").lstrip("/"), place, beside=beside)
        if file is None:
            return []
        target = self.context.root / file.path
        if target in self.above or len(self.above) >= MOST_DEPTH:
            self.context.report(
                "include-missing",
                f"{file.path!r} is not brought in, because it brings itself in.",
                "Take out one of the two 'src:' lines.",
                place,
            )
            return []
        self.above.append(target)
        included = Source(file.text, [Piece(0, 0)], file)
        rest = {key: value for key, value in over.items() if key != "src"}
        pages = self.load(included, target.parent, None, rest, wanted)
        self.above.pop()
        return [
            replace(p, cut=replace(p.cut, text=source.insert_file(p.cut.text, at))) for p in pages
        ]

    def _report_unclosed(self, source: Source, at: int) -> None:
        self.context.report(
            "setting-unusable",
            "No line of three dashes closes the keys of this slide, so they are taken to end here. "
            "Slidev would not show the text below them.",
            "Write '---' between the keys and the text.",
            source.find_place(min(at, len(source) - 1)),
        )

    def _make_page(self, text: Source, title: str, header: Mapping[str, object]) -> _Page:
        content, note = _take_note(text)
        shown = _find_lone_component(content.text)
        parts = (*_lay_out(content, header), *shown, *(make_notes(note) if note else ()))
        entry = read_entry(title, content.text, header)
        words = ("named",) if title else ()  # a heading on the slide is stronger than its name
        return _Page(Cut(join_sources(parts, text), words, title), entry)


def parse_range(text: str, total: int) -> list[int]:
    """The numbers of the slides that `#1,3-5` names, in order."""
    text = text.strip()
    if text in ("", "all", "*"):
        return list(range(1, total + 1))
    found: set[int] = set()
    for part in re.split("[,;]", text)[:1000]:
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if first.isdecimal() and len(first) < 7:
            end = int(last) if last.isdecimal() and len(last) < 7 else total
            found.update(range(int(first), min(end if dash else int(first), total) + 1))
    return sorted(number for number in found if 0 < number <= total)


def _find_yaml_block(text: str) -> tuple[int, int, int] | None:
    """Where the keys begin and end in a code block that is the header, and where it ends."""
    found = _YAML_BLOCK.match(text)
    end = text.find("```", found.end()) if found else -1
    return (found.end(), end, end + 3) if found and end >= 0 else None


def _read_header(source: Source, start: int, stop: int, context: Context) -> Mapping[str, object]:
    place = source.find_place(start)
    try:
        return read_mapping(
            source.text[start:stop], path=place.path, error=LessonError,
            first_line=place.line or 1, limit=LARGEST_SETTINGS, keep_problems=True,
        ).values  # fmt: skip
    except LessonError as error:
        context.report("setting-unusable", error.message, error.remedy, error.problem.place)
        return {}


def _take_note(text: Source) -> tuple[Source, Source | None]:
    """The content of a slide without its note, and without its other comments; and the note."""
    edits: list[Edit] = []
    note: Source | None = None
    end = len(text.text.rstrip())
    for comment in find_comments(text) if "<!--" in text.text else ():
        if read_directive(comment).kind != "note" or is_column_comment(comment):
            continue
        if comment.end >= end:
            if is_spoken(comment):
                note = text[comment.inside.start : comment.inside.end]
                edits.append(Edit(comment.start, comment.end))
        else:
            edits.append(Edit(comment.start, comment.end))
    return text.edit(edits), note


def _find_lone_component(text: str) -> Parts:
    """A placeholder for the component of a slide that shows nothing else."""
    if len(text) >= _LONGEST_LONE:
        return ()
    text = _UNSHOWN.sub("", text)
    found = _COMPONENT.search(text)
    if found is None or "<img" in text or _ANY_TAG.sub("", text).strip():
        return ()
    if found[1].lower() in SHOWN_OTHERWISE:
        return ()
    return ("\n\n", *make_marker("placeholder", "Component", title=found[1]))


def _lay_out(text: Source, header: Mapping[str, object]) -> Parts:
    """The content of a slide as its layout shows it: slots side by side, pictures beside text."""
    layout = as_text(header.get("layout"))
    parts = _arrange_slots(text, layout)
    image = as_text(header.get("image"))
    if not image:
        background = as_text(header.get("background"))
        image = background if _PICTURE_PATH.match(background) else ""
    if url := as_text(header.get("url")) if layout.startswith("iframe") else "":
        page: Parts = ("\n\n", *make_marker("placeholder", "Web-page", title=url))
        return _put_beside(parts, page, layout)
    if not image:
        return parts
    return _put_beside(parts, (make_picture(image),), layout)


def _put_beside(parts: Parts, shown: Parts, layout: str) -> Parts:
    if not layout.endswith(("-left", "-right")):
        return (*parts, *shown)
    text, other = (*make_marker("column"), *parts, "\n"), (*make_marker("column"), *shown)
    inside = (*other, *text) if layout.endswith("-left") else (*text, *other)
    return (*make_marker("columns"), *inside, *END)


def _arrange_slots(text: Source, layout: str) -> Parts:
    """The slots of a slide: those that a layout stacks below each other, and others in columns."""
    lines = scan_lines(text.text) if "::" in text.text else []
    signs = [x for x in lines if x.kind == "text" and _SLOT.match(x.text)]
    if not signs:
        return (text,)
    names = ["", *(_name_slot(line.text) for line in signs)]
    begins = [0, *(min(line.end + 1, len(text)) for line in signs)]
    ends = [*(line.start for line in signs), len(text)]
    slots = [(n, text[b:e]) for n, b, e in zip(names, begins, ends, strict=True)]
    if "left" not in names and (layout == "two-cols" or "right" in names):
        slots[0] = ("left", slots[0][1])
    parts: list[str | Source] = []
    side_by_side = [name for name, _ in slots if name and name not in _STACKED]
    inside = False
    for name, content in slots:
        column = len(side_by_side) > 1 and name != "" and name not in _STACKED
        if column:
            parts += ["\n\n", *(() if inside else make_marker("columns")), *make_marker("column")]
        elif inside:
            parts += ["\n\n", *END]
        inside = column
        parts += [content, "\n"]
    return (*parts, *(END if inside else ()))


def _name_slot(line: str) -> str:
    found = _SLOT.match(line)
    return found[1].lower() if found else ""
