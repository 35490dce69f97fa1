"""Slides of a deck: where they are cut, and notes that begin with `Note:`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from lessons.dialects.syntax.scan import Line, find_open, mask_code, scan_lines
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source, join_sources

RULE = re.compile(r"^-{3,}[ \t]*$")
ANY_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_BLOCK = re.compile(r"[ \t]*(?:#{1,6}[ \t]|`{3}|~{3}|[-*+][ \t]|\d{1,9}[.)][ \t]|>|<|\||-{3,}\s*$)")
NOTE = re.compile(r"[ \t]*notes?:[ \t]*", re.IGNORECASE)
_RAW = re.compile(r"<(/?)(script|style|pre|textarea)(?=[\s>])", re.IGNORECASE)
"""HTML elements that Markdown reads to their end tag, over blank lines and markers."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A slide of a deck, as its tool cuts it out of the text.

    `words` and `title` are those of the slide marker, and `before` are lines that come in front of
    the slide's `text`.
    """

    text: Source
    words: tuple[str, ...] = ()
    title: str | Source = ""
    before: Parts = field(default=())


def join_slides(cuts: Iterable[Cut], like: Source) -> Source:
    """The slides in a row, each behind its marker. What a slide leaves open (code, a comment) is
    closed at its end, because tools read each slide for itself."""
    slides: list[Source] = []
    for cut in cuts:
        parts = (
            *make_marker("slide", *cut.words, title=cut.title),
            *cut.before,
            cut.text,
            "\n",
            close_open(cut.text.text),
            "\n",
        )
        begin = len(cut.text) - len(cut.text.text.lstrip())
        slides.append(join_sources(parts, cut.text, min(begin, max(len(cut.text) - 1, 0))))
    return join_sources(slides, like)


def close_open(text: str) -> str:
    """The lines that close what is still open at the end of a text."""
    closing: list[str] = []
    if any(sign in text for sign in ("```", "~~~", "<!--", "$$")) and (opened := find_open(text)):
        closing.append(opened)
    if "<" in text:
        masked = mask_code(text)
        last = {found[2].lower(): found[1] for found in _RAW.finditer(masked)}
        closing += [f"</{name}>" for name, slash in last.items() if not slash]
    return "".join(line + "\n" for line in closing)


def has_carriage_returns(text: str) -> bool:
    """Whether the lines of a file ended with a carriage return, for which a cleaned text has a
    space (`lessons.markdown.outline.clean_text`)."""
    head = text[:20_000]
    return "\n" in head and head.count("\n") == head.count(" \n")


def ends_block(line: str) -> bool:
    """Whether a `---` under this line is a rule, and not the underline of a heading."""
    return not line.strip() or _BLOCK.match(line) is not None or line.rstrip().endswith("-->")


def find_rules(lines: Sequence[Line], pattern: re.Pattern[str] = RULE) -> Iterator[Line]:
    """The rules between blocks: those that are not the underline of a heading."""
    for line in lines:
        if line.kind == "text" and pattern.match(line.text):
            above = lines[line.number - 1].text if line.number else ""
            if ends_block(above) or "-" not in line.text:
                yield line


def separate_slides(source: Source, rules: Sequence[Line]) -> Source:
    """Put a slide marker in the place of each of these lines."""
    return source.edit(
        Edit(x.start, min(x.end + 1, len(source)), make_marker("slide")) for x in rules
    )


def find_note_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines that open notes with `Note:`. Such a line follows a blank line or holds nothing
    else, since a sentence may begin with the word too."""
    for line in lines:
        if line.kind != "text":
            continue
        head = NOTE.match(line.text)
        above = lines[line.number - 1].text if line.number else ""
        if head is not None and (ends_block(above) or not line.text[head.end() :].strip()):
            yield line


def mark_notes(source: Source, ends: Callable[[Line], bool]) -> Source:
    """Put the text after `Note:` up to the end of the slide between notes markers. `ends` tells
    whether a line ends a slide."""
    lines = scan_lines(source.text)
    openings = {line.number for line in find_note_lines(lines)}
    edits: list[Edit] = []
    opened = False
    for line in lines:
        if opened and ends(line):
            edits.append(Edit(line.start, line.start, END))
            opened = False
        if line.number in openings and not opened:
            head = NOTE.match(line.text)
            assert head is not None
            stop = line.start + head.end()
            edits.append(Edit(line.start, stop, make_marker("notes")))
            opened = True
    if opened:
        edits.append(Edit(len(source), len(source), ("\n", *END)))
    return source.edit(edits)


def make_picture(name: str) -> str:
    """A picture that a setting names, in a paragraph of its own."""
    return f"\n\n![]({quote(unquote(name.strip()), safe='/:@~+,;=!$*')})\n\n"


def make_notes(text: Source) -> Parts:
    """Notes: what is spoken on the slide."""
    if not text.text.strip():
        return ()
    return ("\n\n", *make_marker("notes"), text, "\n", close_open(text.text), *END)
