"""Inline signs of Python-Markdown's extensions: keys, insertions, edits, icons, annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.dialects.base import Context
from lessons.dialects.syntax.abbreviations import remove_abbreviations
from lessons.dialects.syntax.code_fences import escape
from lessons.dialects.syntax.scan import mask_code, remove_in_prose, replace_in_prose, scan_lines
from lessons.markdown.markers import HIGHLIGHT, Parts
from lessons.markdown.source import Edit, Source

_ICON = re.compile(
    r"(?:(?<=\S)[ \t]+(?=:[\w-]+(?:/[\w-]+)*:[ \t]*(?:[\])]|$)))?"
    r":(?:material|fontawesome|octicons|simple|custom|icons|theme|bootstrap)-[\w/+-]{1,80}:"
    r"(?:\{[^{}\n]{0,200}\})?(?:[ \t]|(?=\W|$))?",
    re.MULTILINE,
)
_KEYS = re.compile(
    r"(?<![\w+])\+\+((?:[\w-]+|\"[^\"\n+]{1,40}\")(?:\+(?:[\w-]+|\"[^\"\n]{1,40}\"))*)\+\+(?!\+)"
)
_HIGHLIGHT = re.compile(r"(?<![=<>!\w])==(?![=\s>])([^=\n]{1,500})(?<!\s)==(?!=)")
_INSERTED = re.compile(r"(?<![\^\w])\^\^(?![\^\s])([^\^\n]{1,500})(?<!\s)\^\^(?!\^)")
_EDITED = re.compile(
    r"\{\+\+([^{}]{0,2000}?)\+\+[ \t]*\}|\{--([^{}]{0,2000}?)--[ \t]*\}"
    r"|\{~~([^{}]{0,1000}?)~>([^{}]{0,1000}?)~~[ \t]*\}|\{==([^{}]{0,2000}?)==[ \t]*\}"
    r"|\{>>([^{}]{0,2000}?)<<[ \t]*\}"
)
_CONTENTS = re.compile(r"^[ ]{0,3}\[TOC\][ \t]*$", re.MULTILINE)
_CODE_NUMBER = re.compile(r"\(\d{1,3}\)!")
_NUMBER = re.compile(r"[ \t]?(?<![\w\])])\(\d{1,3}\)(?=[\s.,;:!?]|$)")
_ANNOTATED = re.compile(r"^[ \t]*\{[^{}\n]*\.annotate\b[^{}\n]*\}[ \t]*$")
_SIGN = re.compile(r"\{[^{}\n]*\.annotate\b")
_NAMES = {
    "cmd": "Cmd", "ctrl": "Ctrl", "esc": "Esc", "del": "Del", "ins": "Ins", "alt-gr": "AltGr",
    "altgr": "AltGr", "win": "Win", "page-up": "Page Up", "page-down": "Page Down", "plus": "+",
    "minus": "-", "equal": "=", "slash": "/", "backslash": "\\", "comma": ",", "period": ".",
    "arrow-up": "Up", "arrow-down": "Down", "arrow-left": "Left", "arrow-right": "Right",
    "semicolon": ";", "colon": ":", "tilde": "~", "grave": "`", "hash": "#", "pipe": "|",
}  # fmt: skip


def rewrite_python_marks(source: Source, context: Context) -> Source:
    """Keep the words of these signs, with the look that slides can show."""
    text = source.text
    if "{" in text:
        source = _rewrite_annotations(source)
        source = replace_in_prose(source, _EDITED, _keep_edited)
    if "+" in text:
        source = replace_in_prose(source, _KEYS, _name_keys)
    if "==" in text:
        source = replace_in_prose(source, _HIGHLIGHT, _highlight)
    if "^^" in text:
        source = remove_in_prose(source, _INSERTED)
    for pattern in (_ICON, _CONTENTS):
        source = remove_in_prose(source, pattern)
    source = remove_abbreviations(source)
    if ")!" in text:
        source = source.edit(_clean_code_numbers(source))
    return source


def _name_keys(match: re.Match[str], source: Source) -> Parts:
    """`ctrl+c` as "Ctrl+C". A name in quotes stays as it is."""
    names = re.findall(r"\"[^\"]*\"|[^+\"]+", match[1])
    return (escape("+".join(map(_name_key, names))),)


def _name_key(name: str) -> str:
    if name.startswith('"'):
        return name.strip('"')
    if name in _NAMES:
        return _NAMES[name]
    return " ".join(part[:1].upper() + part[1:] for part in name.split("-"))


def _highlight(match: re.Match[str], source: Source) -> Parts:
    return (HIGHLIGHT[0], source[match.start(1) : match.end(1)], HIGHLIGHT[1])


def _keep_edited(match: re.Match[str], source: Source) -> Parts:
    """What a text with marks of an editor says once they are accepted."""
    if match[5] is not None:
        return (HIGHLIGHT[0], source[match.start(5) : match.end(5)], HIGHLIGHT[1])
    group = 1 if match[1] is not None else 4
    if match[group] is None:
        return ()
    return (source[match.start(group) : match.end(group)],)


def _clean_code_numbers(source: Source) -> Iterator[Edit]:
    """The marks of annotations in code (`(1)!`) as plain numbers."""
    for line in scan_lines(source.text):
        if line.kind == "code":
            for found in _CODE_NUMBER.finditer(line.text):
                yield Edit(line.start + found.end() - 1, line.start + found.end())


def _rewrite_annotations(source: Source) -> Source:
    """Take the numbers that stand for annotations out of the paragraphs that have any. The
    annotations themselves are a list below."""
    if not _SIGN.search(source.text):
        return source
    masked = mask_code(source.text).split("\n")
    edits: list[Edit] = []
    starts = [line.start for line in scan_lines(source.text)]
    for number, line in enumerate(masked):
        if not _ANNOTATED.match(line):
            continue
        above = number - 1
        while above >= 0 and masked[above].strip():
            edits += [
                Edit(starts[above] + found.start(), starts[above] + found.end())
                for found in _NUMBER.finditer(masked[above])
            ]
            above -= 1
        edits.append(Edit(starts[number], starts[number] + len(line)))
    return source.edit(edits)
