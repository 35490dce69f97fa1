"""The outline of a lesson file, found line by line before Markdown is parsed.

Front matter, comments, separators and speaker notes are not Markdown's business: they are cut out
here. What is cut out is masked with characters that take the same room, so that every offset in
the masked text is an offset in the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from foundation.problem import Place
from lessons.errors import LessonError

FILLER = "\ue000"
"""Stands for a masked character beside text; Markdown takes it for a letter, readers drop it."""

CommentKind = Literal["comment", "note"]

_FENCE = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
_RULE = re.compile(r"^(?:-{3,}|--)[ \t]*$")
_NOTE = re.compile(r"[ \t]*notes?:[ \t]*", re.IGNORECASE)
_KEY = re.compile(r"^[A-Za-z_$][\w.$-]*[ \t]*:(?:[ \t]|$)")
_BLOCK = re.compile(r"[ \t]*(?:#{1,6}[ \t]|`{3}|~{3}|[-*+][ \t]|\d{1,9}[.)][ \t]|>|<|\||-{3,}\s*$)")
_SLOT = re.compile(r"^[ \t]*::[\w-]+::[ \t]*$")
_VUE = re.compile(
    r"<(?!phoneme\b|sub\b|say-as\b)[A-Za-z][\w.:-]*(?=[^<>\n]*\s[@:#][\w-])(?:\"[^\"\n]*\"|[^<>\"\n])*>"
)
_FOOTNOTE_TEXT = re.compile(r"^ {0,3}\[\^[^\]\s]{1,40}\]:")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A stretch of the file: `text` is `file[start:start + len(text)]`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Comment:
    """An HTML comment (its inside) or reveal.js notes; `start` to `end` is what was masked."""

    kind: CommentKind
    inside: SourceSpan
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """`masked` is as long as the file. `separators` are the offsets of slide separators, `headers`
    the per-slide front matter of Slidev that follows a separator, by the separator's offset."""

    text: str
    masked: str
    front_matter: SourceSpan | None
    comments: tuple[Comment, ...]
    separators: tuple[int, ...]
    headers: dict[int, SourceSpan]
    has_notes: bool


def read_outline(
    text: str, *, path: str, as_deck: bool | None = None, rules_part_text: bool = False
) -> Outline:
    """Raises LessonError for front matter or a comment that is not closed.

    `as_deck` says whether `---` separates slides; None lets the file's own habit decide. With
    `rules_part_text` a `---` right under text separates too (Slidev), where Markdown and Marp
    take it for the underline of a heading.
    """
    clean = _normalize_line_ends(text)
    lines = _split_lines(clean)
    front, first = _find_front_matter(clean, lines, path)
    if as_deck is None:
        as_deck = _looks_like_deck(lines[first:])
    return _scan(text, clean, lines, first, front, path, as_deck, rules_part_text)


def find_front_matter(text: str, *, path: str) -> SourceSpan | None:
    """The YAML between the first two `---` lines, if the file begins with one."""
    clean = _normalize_line_ends(text)
    return _find_front_matter(clean, _split_lines(clean), path)[0]


def _normalize_line_ends(text: str) -> str:
    """Line ends and NUL as Markdown sees them, every character in its place."""
    return text.replace("\r\n", " \n").replace("\r", "\n").replace("\0", "\ufffd")


def _split_lines(text: str) -> list[SourceSpan]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(SourceSpan(line, start))
        start += len(line) + 1
    return lines


def _find_front_matter(
    text: str, lines: list[SourceSpan], path: str
) -> tuple[SourceSpan | None, int]:
    opening = lines[0].text.removeprefix("\ufeff").rstrip()
    if opening != "---" or len(lines) < 2 or not lines[1].text.strip():
        return None, 0  # an empty first line: a deck that opens with a separator
    for number, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() in ("---", "..."):
            start = lines[1].start
            return SourceSpan(text[start : line.start], start), number + 1
    if not _KEY.match(lines[1].text):
        return None, 0
    raise LessonError(
        "The front matter that begins here is not closed.",
        remedy="End it with a line that holds only '---'.",
        place=Place(path, 1),
    )


def _looks_like_deck(lines: list[SourceSpan]) -> bool:
    """Whether a `---` between blank lines, or reveal.js notes, stand outside code and comments."""
    fence, comment, blank = "", False, True
    for number, line in enumerate(lines):
        if fence:
            fence = "" if _closes(line.text, fence) else fence
        elif comment:
            comment = "-->" not in line.text
        elif opened := _FENCE.match(line.text):
            fence = opened[1]
        else:
            comment = line.text.rfind("<!--") > line.text.rfind("-->")
            if line.text.rstrip() == "---" and (blank or _opens_header(lines, number)):
                return True
            if _NOTE.match(line.text) and blank and line.text.lower().startswith("note"):
                return True
        blank = _ends_block(line.text)
    return False


def _ends_block(line: str) -> bool:
    """Whether a rule under this line is a rule, and not the underline of a heading."""
    return not line.strip() or _BLOCK.match(line) is not None or line.rstrip().endswith("-->")


def _closes(line: str, fence: str) -> bool:
    bare = line.strip().lstrip("> \t")
    return bare.startswith(fence) and not bare.strip(fence[0])


def _opens_header(lines: list[SourceSpan], number: int) -> bool:
    """Whether a Slidev header follows line `number`: keys at once, then `---`, no blank line."""
    return _find_header_end(lines, number) is not None


def _find_header_end(lines: list[SourceSpan], number: int) -> int | None:
    if number + 1 >= len(lines) or not _KEY.match(lines[number + 1].text):
        return None
    if _NOTE.match(lines[number + 1].text):
        return None
    for last in range(number + 1, min(number + 60, len(lines))):
        line = lines[last].text
        if line.rstrip() == "---":
            return last
        if not line.strip():
            return None
    return None


def _scan(
    text: str,
    clean: str,
    lines: list[SourceSpan],
    first: int,
    front: SourceSpan | None,
    path: str,
    as_deck: bool,
    rules_part_text: bool,
) -> Outline:
    parts: list[str] = [_blank_out(clean[: lines[first].start])] if first < len(lines) else []
    if first >= len(lines):
        parts = [_blank_out(clean)]
    comments: list[Comment] = []
    separators: list[int] = []
    headers: dict[int, SourceSpan] = {}
    fence = ""
    note: int | None = None  # where the speaker notes that are being read begin
    number, blank = first, True

    def end_note(at: int) -> None:
        nonlocal note
        if note is not None:
            head = _NOTE.match(clean, note)
            inside = head.end() if head else note
            comments.append(Comment("note", SourceSpan(clean[inside:at], inside), note, at))
            note = None

    while number < len(lines):
        line = lines[number]
        newline = "\n" if number + 1 < len(lines) else ""
        if fence:
            fence = "" if _closes(line.text, fence) else fence
            parts.append((line.text if note is None else " " * len(line.text)) + newline)
        elif opened := _FENCE.match(line.text):
            fence = opened[1]
            parts.append((line.text if note is None else " " * len(line.text)) + newline)
        elif (
            as_deck and _RULE.match(line.text) and _separates(lines, number, blank, rules_part_text)
        ):
            end_note(line.start)
            separators.append(line.start)
            size = len(line.text)
            parts.append(("***" if size > 2 else "  ").ljust(size) + newline)
            if (last := _find_header_end(lines, number)) is not None:
                start, stop = lines[number + 1].start, lines[last].start
                headers[line.start] = SourceSpan(clean[start:stop], start)
                close = lines[last]
                finish = close.end + (1 if last + 1 < len(lines) else 0)
                parts.append(_blank_out(clean[start:finish]))
                number = last
        elif as_deck and _SLOT.match(line.text):
            parts.append(" " * len(line.text) + newline)
        else:
            if as_deck and note is None and _opens_notes(line.text, blank):
                note = line.start
            if note is not None:
                parts.append(" " * len(line.text) + newline)
            else:
                masked, number = _mask_comments(clean, lines, number, comments, path)
                newline = "\n" if number + 1 < len(lines) else ""
                parts.append(masked + newline)
        blank = _ends_block(lines[number].text)
        number += 1
    end_note(len(clean))
    masked = "".join(parts)
    has_notes = any(c.kind == "note" for c in comments)
    return Outline(text, masked, front, tuple(comments), tuple(separators), headers, has_notes)


def _opens_notes(line: str, blank: bool) -> bool:
    """reveal.js takes `Note:` at the start of any line; ours must follow a blank line or say
    nothing else on its line, so that a sentence about notes stays a sentence."""
    head = _NOTE.match(line)
    return head is not None and (blank or not line[head.end() :].strip())


def _separates(lines: list[SourceSpan], number: int, blank: bool, always: bool) -> bool:
    """A rule separates slides after a blank line (else it underlines a heading), or before a
    Slidev header; `--` (reveal.js's vertical slides) needs blank lines on both sides."""
    if lines[number].text.rstrip() == "--":
        after = lines[number + 1].text if number + 1 < len(lines) else ""
        return blank and not after.strip()
    return blank or always or _find_header_end(lines, number) is not None


def _mask_comments(
    clean: str, lines: list[SourceSpan], number: int, comments: list[Comment], path: str
) -> tuple[str, int]:
    """Mask the comments that begin in line `number`; returns the masked text of the lines that
    were read and the number of the last of them."""
    parts: list[str] = []
    at = lines[number].start
    stop = lines[number].end
    while (begin := _find_comment(clean, at, stop)) is not None:
        close = clean.find("-->", begin + 4)
        if close < 0:
            raise LessonError(
                "The comment that begins here is not closed.",
                remedy="End it with '-->'.",
                place=Place(path, number + 1),
            )
        end = close + 3
        while lines[number].end < end:
            number += 1
        stop = lines[number].end
        comments.append(
            Comment("comment", SourceSpan(clean[begin + 4 : close], begin + 4), begin, end)
        )
        line_start = clean.rfind("\n", 0, begin) + 1
        alone = not clean[line_start:begin].strip() and not clean[end:stop].strip()
        parts.append(_mask_unread(clean[at:begin]))
        parts.append(_fill_with(clean[begin:end], " " if alone else FILLER))
        at = end
    parts.append(_mask_unread(clean[at:stop]))
    return "".join(parts), number


def _find_comment(text: str, at: int, stop: int) -> int | None:
    """The next `<!--` in the line that is not inside a code span."""
    while True:
        begin = text.find("<!--", at, stop)
        if begin < 0:
            return None
        ticks = text.find("`", at, begin)
        if ticks < 0:
            return begin
        run = len(text[ticks:stop]) - len(text[ticks:stop].lstrip("`"))
        close = re.compile(rf"(?<!`)`{{{run}}}(?!`)").search(text, ticks + run, stop)
        at = close.end() if close else ticks + run


def _mask_unread(text: str) -> str:
    """Footnotes and their marks are neither shown nor spoken, nor are Vue's tags (Slidev), whose
    attributes Markdown does not know."""
    if "<" in text:
        text = _VUE.sub(lambda tag: FILLER * len(tag[0]), text)
    if "[^" not in text:
        return text
    if _FOOTNOTE_TEXT.match(text):
        return _blank_out(text)
    return _FOOTNOTE.sub(lambda mark: FILLER * len(mark[0]), text)


def _fill_with(text: str, filler: str) -> str:
    return "".join(c if c == "\n" else filler for c in text)


def _blank_out(text: str) -> str:
    return _fill_with(text, " ")
