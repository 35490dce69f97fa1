"""Snippets of PyMdown (`--8<-- "file.md"`): text of other files, in prose and in code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from lessons.dialects.base import Context
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.syntax.file_parts import drop_lines, parse_range, take_anchor, take_lines
from lessons.markdown.source import Edit, Source, SourceFile, join_sources

_SNIPPET = re.compile(
    r"^(?P<indent>[ \t]*)(?P<escaped>;*)-{1,}8<-{1,}(?P<absent>!?)"
    r"(?:[ \t]+(?:\"(?P<name>(?:\\\"|[^\"\n])+)\"|'(?P<other>(?:\\'|[^'\n])+)'))?[ \t]*$",
    re.MULTILINE,
)
_SECTION = re.compile(r"-{1,}8<-{1,}[ \t]*\[[ \t]*(?:start|end)[ \t]*:")
_PART = re.compile(
    r"(?P<name>.*?)(?:(?P<lines>(?::-?\d*){1,2}(?:,\d*:\d*)*)|:(?P<section>[A-Za-z][\w-]*))?$"
)


def rewrite_snippets(source: Source, context: Context, folders: Sequence[Path]) -> Source:
    """Put files in the place of the lines that name them. They are looked for in `folders`."""
    return _bring_in(source, context, folders, 0)


def _bring_in(source: Source, context: Context, folders: Sequence[Path], depth: int) -> Source:
    if "8<" not in source.text:
        return source
    edits: list[Edit] = []
    block: tuple[int, str] | None = None  # where a block of names begins, and its indentation
    for match in _SNIPPET.finditer(source.text):
        if match["escaped"]:
            at = match.start("escaped")
            edits.append(Edit(at, at + 1))
            continue
        name = match["name"] or match["other"]
        whole = (match.start(), min(match.end() + 1, len(source)))
        if name:
            parts = [] if match["absent"] else [_read(source, context, folders, depth, match, name)]
            edits.append(Edit(*whole, tuple(filter(None, parts))))
        elif block is None:
            block = (match.start(), match["indent"])
        else:
            start = source.text.find("\n", block[0]) + 1
            names = source.text[start : match.start()].split("\n")
            found = [
                _read(source, context, folders, depth, match, n.strip())
                for n in names
                if n.strip() and not n.strip().startswith(";")
            ]
            edits.append(Edit(block[0], whole[1], tuple(f for f in found if f is not None)))
            block = None
    return source.edit(edits)


def _read(
    source: Source,
    context: Context,
    folders: Sequence[Path],
    depth: int,
    match: re.Match[str],
    name: str,
) -> Source | None:
    """The text of a file, indented as the line that names it."""
    part = _PART.match(name)
    if part is None or depth >= MOST_DEPTH:
        return None
    place = source.find_place(match.start())
    file = None
    kept = list(context.findings)
    for folder in folders:
        context.findings[:] = kept
        file = read_included(context, part["name"], place, beside=folder)
        if file is not None:
            break
    if file is None:
        return None
    text = _bring_in(_take(file, part), context, folders, depth + 1)
    indent = match["indent"]
    if indent:
        starts = [0, *(found.end() for found in re.finditer("\n", text.text))]
        text = text.edit(Edit(at, at, (indent,)) for at in starts if at < len(text))
    text = join_sources([text, "" if text.text.endswith("\n") else "\n"], text)
    return source.insert_file(text, match.start())


def _take(file: SourceFile, part: re.Match[str]) -> Source:
    text = Source.of(file.path, file.text)
    if part["lines"]:
        wanted = [parse_range(span) for span in part["lines"].removeprefix(":").split(",")[:20]]
        found = [take_lines(text, *span) for span in wanted if span is not None]
        text = join_sources(list(found), text) if found else text
    elif part["section"]:
        name = re.escape(part["section"])
        opening = re.compile(rf"-8<-+[ \t]*\[[ \t]*start[ \t]*:[ \t]*{name}[ \t]*\]")
        closing = re.compile(rf"-8<-+[ \t]*\[[ \t]*end[ \t]*:[ \t]*{name}[ \t]*\]")
        text = take_anchor(text, opening, closing)
    return drop_lines(text, _SECTION)
