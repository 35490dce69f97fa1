"""Finds characters of markup in what a lesson says and shows.

Code and formulas may hold any character. Where a text does not tell what was code, the source does:
what it has between backticks, in `<code>`, as a formula or as escaped characters is masked before a
text is read. What Markdown alone decides, such as an asterisk between spaces or a backtick without
a partner, is not a hit where the tool's own rendering has the same characters between the same
words; nor is it one in what is said of a sentence that has no such sign. A key of front matter is
none if the source has it only in bold or as code. A formula that is read aloud may have bars and
brackets.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lessons.model import (
    Box,
    Code,
    Formula,
    Inline,
    ItemList,
    Lesson,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Slide,
    Table,
    Visual,
    walk_visuals,
)
from lessons.speakable.formula_text import show_formula
from lessons.wordset import word_set

from .patterns import PATTERNS

_CODE = re.compile(
    r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)|<(?:code|kbd|samp)\b[^>]*>(.*?)</", re.DOTALL
)
_FORMULA = re.compile(r"(?<![\\$])(\${1,2})(?=[^\s$]|\s*\\)(?=(.{1,2000}?)\1(?![$\d]))", re.DOTALL)
_LITERAL = re.compile(
    r"(\{\{[<%])/\*(.{0,500}?)\*/([%>]\}\})|\{%-? *raw *-?%\}(.{0,2000}?)\{%-? *endraw", re.DOTALL
)
"""Signs of a template that are written so that the template shows them."""
_ESCAPED = re.compile(
    r"&lt;[^&\n]{1,80}&gt;|\\<[^<>\n]{1,80}>|(?:\\[*_#\[\]{}<>$~`|!@])+(?:\w+(?:\\[*_\]}>])+)?"
)
_FIXED_SPACE = re.compile("[\u00a0\u202f]")
_MASK = "x"
_AROUND = 25
_KEY = re.compile(r"[\w-]+:")
_REWORDED = ("speech",)
_DECIDED = word_set(
    "code emphasis escape formula heading latex link list quote script strong highlight wiki"
) | {"note marker"}
"""Kinds of markup that pandoc understands, so that what its rendering has of them is text. Markers
of notes are taken out of what it reads, for the tools that have them."""
_IN_FORMULAS = word_set("table wiki")
"""Kinds that a formula in plain characters may look like: `P(A | B) = P(B | A) …`."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Markup that was found. `where` says what holds it, such as "caption" or "slide"."""

    slide: int
    where: str
    kind: str
    excerpt: str


def find_markup(text: str) -> Iterator[tuple[str, str]]:
    """The kinds of markup in a text, each once, with an excerpt."""
    for kind, pattern in PATTERNS.items():
        if found := pattern.search(text):
            start, end = max(found.start() - _AROUND, 0), found.end() + _AROUND
            yield kind, text[start:end].replace("\n", "⏎")


def scan_lesson(lesson: Lesson, source: str = "", reference: str = "") -> tuple[Hit, ...]:
    """All markup in a lesson. `source` is the text that it was read from, and `reference` what its
    tool shows of it."""
    spans = find_code(source)
    shown = f" {' '.join(reference.split())} "
    hits: dict[Hit, None] = {}
    for slide in lesson.slides:
        written: set[str] = set()  # the kinds of markup in the sentence before it was reworded
        formulas = find_formulas(slide)
        for where, text in slide_texts(slide):
            text = _FIXED_SPACE.sub(" ", text)
            text = mask_code(text, formulas) if where == "caption" else text
            found = dict(find_markup(mask_code(text, spans)))
            if where in _REWORDED:
                found = {kind: found[kind] for kind in found if kind not in _DECIDED - written}
            else:
                written = set(found)
            if "front matter" in found and _is_set_off(text, source):
                del found["front matter"]
            for kind, excerpt in found.items():
                if where in _REWORDED or not _is_shown(kind, text, spans, shown):
                    hits[Hit(slide.number, where, kind, excerpt)] = None
    for kind, excerpt in find_markup(mask_code(lesson.title, spans)):
        hits[Hit(0, "title", kind, excerpt)] = None
    return tuple(hits)


def _is_shown(kind: str, text: str, spans: Iterable[str], shown: str) -> bool:
    """Whether all markup of a kind in a text is between the same words in what a tool shows."""
    if kind not in _DECIDED:
        return False
    masked = mask_code(text, spans)
    return all(
        " ".join(_widen(text, found.start(), found.end()).split()) in shown
        for found in PATTERNS[kind].finditer(masked)
    )


def _is_set_off(text: str, source: str) -> bool:
    """Whether all keys of front matter in a text are words that the source has in bold or as code,
    and nowhere as a key."""
    keys = [key for m in PATTERNS["front matter"].finditer(text) for key in _KEY.findall(m[0])]
    return bool(keys) and all(
        re.search(rf"[*_`]{re.escape(key[:-1])}(?:\(\))?(?::[*_`]|[*_`]+ ?:)", source)
        and not re.search(rf"(?<![*_`\w]){re.escape(key)}", source)
        for key in keys
    )


def _widen(text: str, start: int, end: int) -> str:
    """A stretch of a text with the rest of the words at its ends, and the next word."""
    before = re.search(r"\S*\s*$", text[:start])
    after = re.match(r"\S*(?:\s+\S+)?", text[end:])
    return text[before.start() if before else start : end + (after.end() if after else 0)]


def slide_texts(slide: Slide) -> Iterator[tuple[str, str]]:
    """The texts of a slide, with what holds each. Code and formulas are masked."""
    yield "title", slide.title
    for utterance in slide.utterances:
        yield "caption", utterance.written
        if utterance.spoken != utterance.written:
            yield "speech", utterance.spoken
    for visual in walk_visuals(slide.visuals):
        for text in visual_texts(visual):
            yield "slide", text


def visual_texts(visual: Visual) -> Iterator[str]:
    """The texts of a visual itself, without those of visuals inside it."""
    match visual:
        case Paragraph(content=content) | Quote(content=content):
            yield show(content)
        case ItemList(items=items):
            yield from (show(item.content) for item in items)
        case Table(header=header, rows=rows):
            yield from (show(cell) for row in (header, *rows) for cell in row)
        case Picture(alt=alt, title=title):
            yield from (alt, title)
        case Placeholder(what=what, name=name, alt=alt):
            yield from (what, name, alt)
        case Box(label=label, title=title):
            yield from (label, show(title))
        case Code(language=language):
            yield language  # a directive that was taken for code has its name here
        case _:
            pass


def show(content: Inline) -> str:
    """Inline text with its code and formulas masked."""
    return "".join(
        _MASK * max(len(run.text), 1) if run.style in ("code", "formula") else run.text
        for run in content
    )


def find_formulas(slide: Slide) -> tuple[str, ...]:
    """The formulas of a slide in plain characters, as captions have them, that could be taken for
    tables or links. One that is still written in LaTeX is none of them."""
    formulas = (x.latex for x in walk_visuals(slide.visuals) if isinstance(x, Formula))
    texts = {_FIXED_SPACE.sub(" ", show_formula(latex)) for latex in formulas}
    texts = {text for text in texts if {kind for kind, _ in find_markup(text)} <= _IN_FORMULAS}
    return tuple(sorted(filter(_may_mislead, texts), key=len, reverse=True))


def find_code(source: str) -> tuple[str, ...]:
    """What a source marks as code or as plain characters and could be taken for markup; the longest
    first."""
    spans = {" ".join((m[2] or m[3] or "").split()) for m in _CODE.finditer(source)}
    spans |= {html.unescape(span) for span in spans}
    for found in _LITERAL.finditer(source):
        spans.add(" ".join(("".join(found.group(1, 2, 3)) if found[1] else found[4]).split()))
    formulas = {found[2] for found in _FORMULA.finditer(source) if "^" in found[2]}
    spans |= {show_formula(formula) for formula in formulas}
    escaped = {m[0] for m in _ESCAPED.finditer(source)}
    spans |= {re.sub(r"\\(.)", r"\1", html.unescape(text)) for text in escaped}
    return tuple(sorted(filter(_may_mislead, spans), key=len, reverse=True))


def mask_code(text: str, spans: Iterable[str]) -> str:
    """A text with all that the source marks as code replaced."""
    for span in spans:
        if span in text:
            text = text.replace(span, _MASK * len(span))
    return text


def _may_mislead(span: str) -> bool:
    """A lone character such as `*` would hide markup that is left everywhere."""
    return len(span) > 1 and any(pattern.search(span) for pattern in PATTERNS.values())
