"""mdBook: pages in the order of SUMMARY.md, includes, and code whose dull lines are hidden.

Books that are taught from (with the preprocessor of Comprehensive Rust) are decks: a page is a
slide, and what stands in `<details>` is said by the speaker.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from lessons.dialects.base import Context, Dialect, Project, Reading, Sample, as_text
from lessons.dialects.configuration import get_mapping, is_page, read_file, read_toml
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.syntax.admonitions import make_box
from lessons.dialects.syntax.code_fences import (
    Fence,
    find_fences,
    find_language,
    make_code,
    make_code_title,
    rewrite_diagrams,
    set_info,
)
from lessons.dialects.syntax.common import rewrite_common
from lessons.dialects.syntax.dollars import escape_dollars, rewrite_backslash_maths
from lessons.dialects.syntax.file_parts import drop_lines, parse_range, take_anchor, take_lines
from lessons.dialects.syntax.indented_code import fence_indented_code
from lessons.dialects.syntax.scan import mask_code, remove_in_prose, replace_in_prose, scan_lines
from lessons.markdown.inline import parse_tag
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source, SourceFile
from lessons.wordset import word_set

_LINK = re.compile(r"(\\)?\{\{[ \t]*#[ \t]*([A-Za-z_-]{1,40})(?:[ \t]+([^{}\n]{0,500}))?\}\}")
_DIRECTIVE = re.compile(r"^[ \t]*\{\{%[ \t]*[a-z][^{}%\n]{0,200}\}\}[ \t]*$\n?", re.MULTILINE)
_SIGN = re.compile(
    r"\{\{#(?:include|rustdoc_include|playground|playpen|title)\b|^```admonish\b", re.M
)
_ANCHORS = re.compile(r"ANCHOR(?:_END)?:\s*[\w-]+")
_PAGE = re.compile(r"^[ \t]*(?:[-*+][ \t]+)?\[.*?\]\([ \t]*<?([^()<>\n]*+)>?[ \t]*+\)[ \t]*$", re.M)
_DETAILS = re.compile(r"^[ \t]*<(/?)details\b[^<>\n]*>[ \t]*$", re.MULTILINE | re.IGNORECASE)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*\S[^\n]*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,2}[ \t]", re.MULTILINE)
_LISTING = re.compile(
    r"^[ \t]*(?:<Listing\b((?:[^<>\"\n]|\"[^\"\n]*\")*)>|</Listing>)[ \t]*$", re.M
)
_ADMONISH = re.compile(r"admonish\b[ \t]*([\w-]*)[.\w-]*[ \t]*(.*)")
_TITLE = re.compile(r"title[ \t]*=[ \t]*\"((?:[^\"\\]|\\.)*)\"|^\"((?:[^\"\\]|\\.)*)\"")
_HEADING_ATTRIBUTES = re.compile(r"(?<=\S)[ \t]*\{[ \t]*[#.][^{}\n]*\}[ \t]*$", re.MULTILINE)
_EMPTY = re.compile(r"^[ \t]*+(`{3,}+|~{3,}+)[^`\n]*+\n(?:[ \t]*+\n)*+[ \t]*+\1[ \t]*$\n?", re.M)
_RUST = word_set(
    "rust editable ignore noplayground should_panic no_run compile_fail mdbook-runnable"
)
_MOST_NESTED = 8


class MdBook(Dialect):
    """Books of mdBook."""

    name = "mdbook"
    title = "mdBook"
    keys = word_set("minutes title description course session target_minutes")

    def score(self, sample: Sample) -> int:
        if sample.in_project(self.name):
            return 90
        return 70 if _SIGN.search(sample.text) or _DIRECTIVE.search(sample.text) else 0

    def read(self, source: Source, context: Context) -> Reading:
        source = _bring_in(source, context, context.folder, 0)
        source = fence_indented_code(remove_in_prose(source, _DIRECTIVE), context)
        source = _rewrite_admonish(source)
        source = _rewrite_code(source)
        source = rewrite_diagrams(source)
        source = replace_in_prose(source, _LISTING, _Listings().replace)
        source = replace_in_prose(source, _HEADING_ATTRIBUTES, lambda match, source: ())
        source = _rewrite_maths(source, context.project)
        deck = _is_course(context)
        if deck:
            source = _mark_speech(source)
        source = rewrite_common(source, context)
        return Reading(source, "deck" if deck else "script")

    def find_project(self, root: Path) -> Project | None:
        values = read_toml(root / "book.toml")
        if values is None:
            return None
        book = get_mapping(values, "book")
        folder = as_text(book.get("src")) or "src"
        summary = read_file(root / folder / "SUMMARY.md") or ""
        names = (posixpath.normpath(f"{folder}/{m[1].strip()}") for m in _PAGE.finditer(summary))
        lessons = tuple(name for name in dict.fromkeys(names) if is_page(root, name))
        return Project(
            root, self.name, as_text(book.get("title")), as_text(book.get("language")),
            lessons, (folder,), values=values,
        )  # fmt: skip


def _is_course(context: Context) -> bool:
    project = context.project
    if project is None:
        return False
    return "course" in get_mapping(project.values, "preprocessor")


def _rewrite_maths(source: Source, project: Project | None) -> Source:
    """Make dollar signs text where the book has no formulas, or writes them with backslashes."""
    if project is None or project.dialect != MdBook.name:
        return source
    if any("katex" in name for name in get_mapping(project.values, "preprocessor")):
        return source
    html = get_mapping(get_mapping(project.values, "output"), "html")
    if html.get("mathjax-support") is not True:
        return escape_dollars(source)
    return rewrite_backslash_maths(escape_dollars(source, double=False))


def _bring_in(source: Source, context: Context, folder: Path, depth: int) -> Source:
    """Put the files that the lesson includes in their places, in code and in prose."""
    edits: list[Edit] = []
    for match in _LINK.finditer(source.text):
        if match[1]:
            edits.append(Edit(match.start(), match.start() + 1))
            continue
        parts = _read_link(match, source, context, folder, depth)
        edits.append(Edit(match.start(), match.end(), parts))
    return source.edit(edits)


def _read_link(
    match: re.Match[str], source: Source, context: Context, folder: Path, depth: int
) -> Parts:
    words = (match[3] or "").split()
    name = match[2].lower()
    place = source.find_place(match.start())
    if name in ("include", "rustdoc_include", "shiftinclude", "playground", "playpen") and words:
        path, _, part = words[0].partition(":")
        if name == "shiftinclude":  # its words begin with how far it moves the text
            path, _, part = part.partition(":")
        file = read_included(context, path, place, beside=folder) if depth < MOST_DEPTH else None
        if file is None:
            return ()
        text = _take_part(file, part)
        if name.startswith("play"):
            code = make_code(text, "rust", text, 0)
            return (source.insert_file(code, match.start()),)
        inner = (context.root / file.path).parent
        text = _bring_in(text, context, inner, depth + 1)
        return (source.insert_file(text, match.start()),)
    if name == "quiz":
        context.report(
            "embed-placeholder", "A quiz is shown as a placeholder.",
            "Ask its questions in the text.", place,
        )  # fmt: skip
        return make_marker("placeholder", "Quiz")
    return ()


def _take_part(file: SourceFile, part: str) -> Source:
    """The lines or the anchor of a file that an include names, without the marks of anchors."""
    text = Source.of(file.path, file.text)
    if part and (lines := parse_range(part)) is not None:
        text = take_lines(text, *lines)
    elif part:
        name = re.escape(part.strip())
        opening = re.compile(rf"ANCHOR:\s*{name}(?![\w-])")
        text = take_anchor(text, opening, re.compile(rf"ANCHOR_END:\s*{name}(?![\w-])"))
    text = drop_lines(text, _ANCHORS)
    end = len(text.text.rstrip("\n"))
    return text[0:end]


def _rewrite_admonish(source: Source) -> Source:
    """Turn the code blocks of mdbook-admonish, whose content is Markdown, into boxes."""
    for _ in range(_MOST_NESTED):
        edits: list[Edit] = []
        for fence in find_fences(scan_lines(source.text)):
            if (opened := _ADMONISH.match(fence.info)) is None:
                continue
            edits.append(_replace_line(source, fence.opening.start, _open_box(fence, opened)))
            at = fence.closing.start if fence.closing else len(source)
            end = (fence.indent, *END) if fence.closing else ("\n", *END)
            edits.append(_replace_line(source, at, end))
        if not edits:
            break
        source = source.edit(edits)
    return source


def _replace_line(source: Source, start: int, parts: Parts) -> Edit:
    end = source.text.find("\n", start)
    return Edit(start, len(source) if end < 0 else end + 1, parts)


def _open_box(fence: Fence, opened: re.Match[str]) -> Parts:
    found = _TITLE.search(opened[2])
    title = None
    if found is not None:
        title = re.sub(r"\\(.)", r"\1", found[1] if found[1] is not None else found[2])
    return (fence.indent, *make_box([opened[1] or "note"], title))


def _rewrite_code(source: Source) -> Source:
    """Name the language alone, and take out what is hidden."""
    edits: list[Edit] = []
    for fence in find_fences(scan_lines(source.text)):
        words = re.split(r"[,\s]+", fence.info.split("{")[0])
        language = find_language(words).lower()
        if language in _RUST:
            language = "rust"
        if fence.info != language:
            edits.append(set_info(fence, language))
        if language == "rust":
            edits += _hide_lines(fence)
    source = source.edit(edits)
    return source.edit(Edit(m.start(), m.end()) for m in _EMPTY.finditer(source.text))


def _hide_lines(fence: Fence) -> Iterator[Edit]:
    for line in fence.content:
        bare = line.text.lstrip(" \t>")
        if bare.startswith("##"):
            at = line.end - len(bare)
            yield Edit(at, at + 1)
        elif bare.startswith("#") and bare[1:2] not in ("!", "["):
            yield Edit(line.start, line.end + 1)


class _Listings:
    """Shows the listings of the Rust book: a file name above, and a caption below."""

    def __init__(self) -> None:
        self.captions: list[str] = []

    def replace(self, match: re.Match[str], source: Source) -> Parts:
        if match[1] is None:
            return ("\n", self.captions.pop(), "\n") if self.captions else ()
        tag = parse_tag(source.text[match.start() : match.end()].strip())
        values = tag.attributes if tag else {}
        number, caption = values.get("number", ""), values.get("caption", "")
        label = f"Listing {number}" if number else ""
        self.captions.append(": ".join(filter(None, (label, caption))))
        name = values.get("file-name", "")
        return make_code_title(f"Filename: {name}" if name else "")


def _mark_speech(source: Source) -> Source:
    """Make a page a deck: what stands in `<details>` is spoken, and a heading after it begins a
    slide. Definitions of links hold in the whole page."""
    masked = mask_code(source.text)
    definitions = [source[m.start() : m.end()] for m in _DEFINITION.finditer(masked)]
    shared: list[str | Source] = ["\n"]
    for definition in definitions:
        shared += ["\n", definition]
    shared.append("\n")
    edits: list[Edit] = []
    depth, done = 0, 0
    for match in _DETAILS.finditer(masked):
        depth += -1 if match[1] else 1
        if not match[1] and depth == 1:
            edits += _begin_slides(masked, done, match.start(), first=done == 0)
            edits.append(Edit(match.start(), match.end(), make_marker("notes")))
        elif match[1] and depth == 0:
            edits.append(Edit(match.start(), match.end(), (*shared, *END)))
            done = match.end()
        else:
            edits.append(Edit(match.start(), match.end()))
        depth = max(depth, 0)
    if depth:
        edits.append(Edit(len(source), len(source), (*shared, *END, *shared)))
    else:
        edits += _begin_slides(masked, done, len(source), first=done == 0)
        edits.append(Edit(len(source), len(source), tuple(shared)))
    return source.edit(edits)


def _begin_slides(text: str, start: int, end: int, *, first: bool) -> Iterator[Edit]:
    """A slide at the first heading after notes."""
    heading = None if first else _HEADING.search(text, start, end)
    if heading is not None:
        yield Edit(heading.start(), heading.start(), make_marker("slide"))
