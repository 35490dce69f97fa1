"""Reads a lesson file, which is a script or a deck, into a `Lesson`.

A lesson is a deck if its front matter has `marp: true` or another key of Marp or Slidev, if a line
`---` follows a blank line (or opens a Slidev header), or if it has reveal.js notes (`Note:`).
Otherwise it is a script. `shape: script` or `shape: deck` in the front matter overrides this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import get_args

from foundation.problem import Place
from lessons.course.setting_layers import merge, read_layer
from lessons.course.settings import DEFAULTS, Layer, LessonKeys, Settings, ThemeName
from lessons.course.voice_map import NameVoice, VoiceMap, keep_name
from lessons.course.yaml_mapping import LARGEST_SETTINGS, YamlMapping, read_mapping
from lessons.directives.comments import Directive, read_directive
from lessons.errors import LessonError
from lessons.markdown.blocks import Block, find_line, read_blocks
from lessons.markdown.deck import DeckHabits, read_deck
from lessons.markdown.inline import make_plain_text
from lessons.markdown.outline import Outline, SourceSpan, find_front_matter, read_outline
from lessons.markdown.script import find_lesson_heading, read_script
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.model import Finding, Lesson, Shape
from lessons.speakable import Lexicon, LexiconEntry
from lessons.wordset import word_set

LARGEST_CHARACTERS = 2_000_000

_TOOL_KEYS = word_set(  # Marp
    "marp headingDivider size math paginate header footer class style backgroundColor "
    "backgroundImage backgroundPosition backgroundRepeat backgroundSize color transition url image "
    "keywords description "
    # Slidev
    "titleTemplate info highlighter lineNumbers drawings mdc fonts layout background colorSchema "
    "routerMode aspectRatio canvasWidth themeConfig defaults download exportFilename selectable "
    "record css favicon monaco twoslash plantUmlServer htmlAttrs addons presenter seoMeta "
    "hideInToc level clicks duration timer remote browserExporter overviewSnapshots "
    # reveal-md and others
    "revealOptions separator verticalSeparator notesSeparator highlightTheme scripts preprocessor "
    "subtitle author authors date lang tags draft output format institute options"
)
_SURE_KEYS = _TOOL_KEYS - word_set("author authors date description keywords tags draft")
"""Keys that occur only in decks for other tools."""

_SLIDEV_KEYS = ("layout", "drawings", "highlighter", "mdc", "colorSchema", "addons", "themeConfig")
_OWN_THEMES = get_args(ThemeName)
_TOOL_THEMES = ("default", "gaia", "uncover", "seriph", "apple-basic", "none", "bricks")


@dataclass(frozen=True, slots=True)
class _FrontMatter:
    """`written` is the whole front matter; `keys` are the settings in it that are ours. `foreign`
    means that it was written for another tool."""

    written: YamlMapping
    keys: LessonKeys
    foreign: bool

    @property
    def slidev(self) -> bool:
        return any(key in self.written for key in _SLIDEV_KEYS)

    @property
    def is_deck(self) -> bool | None:
        """Whether the lesson is a deck; None if only its text can tell."""
        if self.keys.shape is not None:
            return self.keys.shape == "deck"
        return True if self.foreign else None


def parse_lesson(
    text: str,
    *,
    path: str,
    root: Path,
    settings: Settings = DEFAULTS,
    lexicon: Lexicon | None = None,
) -> Lesson:
    """The lesson in a file's text; see `read_lesson`."""
    return read_lesson(text, path=path, root=root, settings=settings, lexicon=lexicon)[0]


def read_lesson(
    text: str,
    *,
    path: str,
    root: Path,
    settings: Settings = DEFAULTS,
    flags: Settings = DEFAULTS,
    lexicon: Lexicon | None = None,
    name_voice: NameVoice = keep_name,
    used: set[LexiconEntry] | None = None,
) -> tuple[Lesson, tuple[Finding, ...]]:
    """The lesson in a file's text, and the findings made while it was read.

    `path` is the file's path relative to the course folder `root`. The lesson's settings override
    `settings`, and `flags` override the lesson's. The entries of the lexicon that were used are
    added to `used`. Raises LessonError and MediaError.
    """
    if len(text) > LARGEST_CHARACTERS:
        raise LessonError(
            f"The lesson is too long: it has {len(text)} characters.",
            remedy=f"Split it into lessons of less than {LARGEST_CHARACTERS} characters.",
            place=Place(path),
        )
    front = _read_front_matter(text, path)
    outline = read_outline(text, path=path, as_deck=front.is_deck, split_at_underlines=front.slidev)
    own = merge(settings, front.keys, flags)
    context = LessonContext(
        path=path,
        root=root,
        line_starts=[0, *(at + 1 for at, char in enumerate(outline.masked) if char == "\n")],
        pauses=own.pause,
        lexicon=lexicon or Lexicon(),
        voice_map=VoiceMap.of(own, name_voice),
    )
    shape, title, builders = _read_slides(front, outline, context)
    if not builders:
        raise LessonError(
            "The lesson is empty: it has no slides.",
            remedy="Write a heading and a few sentences under it, or remove the file from the "
            "course.",
            place=Place(path, 1),
        )
    if used is not None:
        used.update(context.entries.values())
    slides = tuple(builder.build() for builder in builders)
    lesson = Lesson(PurePosixPath(path).stem, title, path, shape, slides, own)
    return lesson, tuple(context.findings)


def _read_slides(
    front: _FrontMatter, outline: Outline, context: LessonContext
) -> tuple[Shape, str, list[SlideBuilder]]:
    """The lesson's shape, its title and its slides."""
    blocks = read_blocks(SourceSpan(outline.masked, 0))
    directives = [read_directive(comment) for comment in outline.comments]
    identity = PurePosixPath(context.path).stem
    written = front.keys.title or ""
    deck = front.is_deck or (
        front.is_deck is None and bool(outline.separators or outline.has_notes)
    )
    if deck:
        title = written or _first_heading(blocks) or identity
        return "deck", title, _read_deck(blocks, directives, context, outline, front)
    title_block = None if written else find_lesson_heading(blocks)
    title = written or (make_plain_text(title_block.bits) if title_block else "")
    title = title or _first_heading(blocks) or identity
    builders = read_script(blocks, directives, context, title=title, title_block=title_block)
    return "script", title, builders


def _read_front_matter(text: str, path: str) -> _FrontMatter:
    stretch = find_front_matter(text, path=path)
    if stretch is None:
        return _FrontMatter(YamlMapping(path, LessonError, 1), LessonKeys(), foreign=False)
    front = read_mapping(
        stretch.text,
        path=path,
        error=LessonError,
        first_line=2,
        limit=LARGEST_SETTINGS,
        keep_problems=True,
    )
    theme = front.values.get("theme")
    foreign = any(key in _SURE_KEYS for key in front) or theme in _TOOL_THEMES
    own = _without_foreign(front) if foreign else front
    others = set(front) if foreign else _TOOL_KEYS
    keys = read_layer(own, LessonKeys, Layer.LESSON, foreign=others)
    return _FrontMatter(front, keys, foreign)


def _without_foreign(front: YamlMapping) -> YamlMapping:
    """The front matter without those keys that another tool uses with another meaning."""
    values = {
        key: value
        for key, value in front.values.items()
        if key not in ("theme", "speed", "portrait", "captions", "author")
        or (key == "theme" and value in _OWN_THEMES)
    }
    return replace(front, values=values)


def _first_heading(blocks: list[Block]) -> str:
    for block in blocks:
        if block.kind == "heading" and (title := make_plain_text(block.bits)):
            return title
    return ""


def _read_deck(
    blocks: list[Block],
    directives: list[Directive],
    context: LessonContext,
    outline: Outline,
    front: _FrontMatter,
) -> list[SlideBuilder]:
    headers: dict[int, Mapping[str, object]] = {}
    for separator, stretch in outline.headers.items():
        line = find_line(context.line_starts, stretch.start)
        headers[separator] = read_mapping(
            stretch.text,
            path=context.path,
            error=LessonError,
            first_line=line,
            limit=LARGEST_SETTINGS,
        ).values
    marked = outline.has_notes or any(d.kind in ("say", "silent") for d in directives)
    slidev = bool(headers) or front.slidev
    divider = front.written.values.get("headingDivider") if front.foreign else None
    levels: frozenset[int] = frozenset()
    if isinstance(divider, int):
        levels = frozenset(range(1, divider + 1))
    elif isinstance(divider, list):
        levels = frozenset(level for level in divider if isinstance(level, int))
    habits = DeckHabits(comments_are_notes=not marked, last_note_only=slidev, heading_levels=levels)
    rules = {block.start for block in blocks if block.kind == "rule"}
    breaks = [Block("rule", at, at) for at in outline.separators if at not in rules]
    ordered = sorted([*breaks, *blocks], key=lambda block: block.start)
    return read_deck(ordered, directives, context, headers=headers, habits=habits)
