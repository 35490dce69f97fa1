"""Markdown as reveal.js reads it: separators, notes, and comments with attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lessons.dialects.base import Context
from lessons.dialects.reveal.separator_patterns import translate
from lessons.dialects.syntax.deck_comments import find_comments
from lessons.dialects.syntax.dollars import tighten_dollars
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.dialects.syntax.separators import Cut, has_carriage_returns, make_notes, make_picture
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.outline import Comment
from lessons.markdown.source import Edit, Source, join_sources

HORIZONTAL = r"\r?\n---\r?\n"
NOTES = r"^s*notes?:"
_USUAL_VERTICAL = r"\n(?:----|---[vV]|--[vV]|-v-)RETURN\n|\n[ \t]{0,8}\n--RETURN\n(?=[ \t]{0,8}\n)"
"""The signs of vertical slides in decks that do not say what theirs is. `RETURN` stands for a
carriage return, if there are any."""

_ATTRIBUTE = re.compile(r"([^\"'= \n]+)=\"([^\"\n]*)\"|(data-[^\"= \n]+)(?=[\" \n]|$)")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_LOOSE_HEADING = re.compile(r"^(#{1,6})(?=[A-Za-z])")
_PICTURE = re.compile(
    r"(?!https?:|data:|//|#)[^\s\"'<>]+\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Separators:
    """The regular expressions that cut a deck, as it gives them; None for what it does not give."""

    horizontal: str | None = None
    vertical: str | None = None
    notes: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Separators:
        """Those in front matter or in the settings of reveal-md."""
        found = (values.get(k) for k in ("separator", "verticalSeparator", "notesSeparator"))
        return cls(*(x if isinstance(x, str) and x else None for x in found))

    def or_else(self, other: Separators) -> Separators:
        return Separators(
            self.horizontal or other.horizontal,
            self.vertical or other.vertical,
            self.notes or other.notes,
        )


def cut_markdown(
    source: Source, separators: Separators, context: Context, *, guess: bool = False
) -> Iterator[Cut]:
    """The slides of Markdown. `guess` tells that vertical slides may have one of the usual signs
    where the deck does not give its own."""
    returns = has_carriage_returns(source.text)
    source = tighten_dollars(source, prices=True)  # as MathJax and KaTeX read a page
    slides = _compile(separators, source, context, returns=returns, guess=guess)
    notes = translate(separators.notes or NOTES, carriage_returns=returns) or NOTES
    notes_sign = re.compile(notes, re.MULTILINE | re.IGNORECASE)
    at = 0
    for found in slides.finditer(source.text):
        if found.end() > found.start():
            yield _read_slide(source[at : found.start()], notes_sign)
            at = found.end()
    yield _read_slide(source[at:], notes_sign)


def _compile(
    separators: Separators, source: Source, context: Context, *, returns: bool, guess: bool
) -> re.Pattern[str]:
    parts: list[str] = []
    given = False  # whether a separator of vertical slides is given and understood
    for written, usual in ((separators.horizontal, HORIZONTAL), (separators.vertical, None)):
        made = translate(written, carriage_returns=returns) if written else None
        if written and made is None:
            context.report(
                "setting-unusable",
                f"The separator {written[:60]!r} is not understood, so the usual one is used.",
                "Write it as one line of plain signs, such as ^---$.",
                source.find_place(0),
            )
        if made is None and usual:
            made = translate(usual, carriage_returns=returns)
        if made is not None:
            parts.append(made)
            given = usual is None
    if not given and (guess or separators.vertical):
        parts.append(_USUAL_VERTICAL.replace("RETURN", "[ ]?" if returns else ""))
    return re.compile("|".join(parts), re.MULTILINE)


def _read_slide(text: Source, notes_sign: re.Pattern[str]) -> Cut:
    """A slide with its notes, and what its comments say of it and of its elements."""
    signs = list(notes_sign.finditer(text.text))
    notes: Parts = ()
    if len(signs) == 1:  # with more of them reveal.js takes none for notes
        notes = make_notes(text[signs[0].end() :])
        text = text[: signs[0].start()]
    cut = read_attributes(text, _find_attributes(text))
    content = _space_headings(_mark_fragments(cut.text))
    return replace(cut, text=join_sources([content, *notes], text))


def read_attributes(text: Source, attributes: Mapping[str, str]) -> Cut:
    """A slide with what its attributes ask for: to be hidden, notes, a picture behind it."""
    words = ("hidden",) if attributes.get("data-visibility") == "hidden" else ()
    before: list[str | Source] = []
    notes = attributes.get("data-notes", "").strip()
    if notes:
        before += [*make_marker("notes"), notes, "\n", *END]
    picture = attributes.get("data-background-image") or attributes.get("data-background", "")
    parts: list[str | Source] = [text]
    if _PICTURE.match(picture):
        parts.append(make_picture(picture))
    return Cut(join_sources(parts, text), words, before=tuple(before))


def parse_attributes(text: str) -> dict[str, str]:
    return {m[1] or m[3]: m[2] or "" for m in _ATTRIBUTE.finditer(text)}


def _find_attributes(text: Source) -> dict[str, str]:
    found: dict[str, str] = {}
    for comment in find_comments(text) if ".slide:" in text.text else ():
        inside = comment.inside.text.strip()
        if comment.kind == "comment" and inside.startswith(".slide:"):
            found.update(parse_attributes(inside))
    return found


def _space_headings(text: Source) -> Source:
    """Headings without a space after their signs, as older versions of reveal.js read them."""
    if "#" not in text.text:
        return text
    edits: list[Edit] = []
    for line in scan_lines(text.text):
        if line.kind == "text" and (found := _LOOSE_HEADING.match(line.text)):
            edits.append(Edit(line.start + found.end(), line.start + found.end(), (" ",)))
    return text.edit(edits)


def _mark_fragments(text: Source) -> Source:
    """Put step markers before what `.element: class="fragment"` says appears later."""
    if ".element" not in text.text:
        return text
    comments = [c for c in find_comments(text) if _is_fragment(c)]
    lines = scan_lines(text.text) if comments else []
    edits: list[Edit] = []
    done = -1  # the last line of the list that has been marked
    position = 0
    for comment in comments:
        while position + 1 < len(lines) and lines[position + 1].start <= comment.start:
            position += 1
        first = _find_block(lines, position, comment, done)
        if first <= done:
            done = max(done, position - 1)
            continue
        if _LIST_ITEM.match(lines[first].text):
            begin, done = _find_list(lines, first)
            edits.append(Edit(lines[begin].start, lines[begin].start, make_marker("steps")))
            end = min(lines[done].end + 1, len(text))
            edits.append(Edit(end, end, ("\n\n", *END)))
        else:
            edits.append(Edit(lines[first].start, lines[first].start, make_marker("step")))
            done = position
    return text.edit(edits)


def _is_fragment(comment: Comment) -> bool:
    inside = comment.inside.text.strip()
    return inside.startswith(".element") and "fragment" in inside


def _find_block(lines: Sequence[Line], number: int, comment: Comment, done: int) -> int:
    """The first line of the block before a comment: its list item, or its paragraph. Lines up to
    `done` have been marked."""
    if not lines[number].text[: comment.start - lines[number].start].strip():
        number -= 1
        while number > max(done, 0) and not lines[number].text.strip():
            number -= 1
    number = max(number, 0)
    while number > max(done, 0) and not _LIST_ITEM.match(lines[number].text):
        above = lines[number - 1]
        if not above.text.strip() or (lines[number].kind == above.kind == "fence"):
            break
        number -= 1
    return number


def _find_list(lines: Sequence[Line], number: int) -> tuple[int, int]:
    """The first and the last line of the list around a line."""
    first = last = number
    while first > 0 and _is_in_list(lines[first - 1].text):
        first -= 1
    while last + 1 < len(lines) and (
        _is_in_list(lines[last + 1].text) or lines[last + 1].kind != "text"
    ):
        last += 1
    while not _LIST_ITEM.match(lines[first].text):
        first += 1
    return first, last


def _is_in_list(text: str) -> bool:
    return bool(_LIST_ITEM.match(text)) or (text.startswith(("  ", "\t")) and bool(text.strip()))
