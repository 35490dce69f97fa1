"""A lesson file to a `Lesson`, in either of its shapes.

A lesson is a deck if its front matter says `marp: true` or holds a key of Marp or Slidev, if a
line `---` stands after a blank line (or opens a Slidev header), or if reveal.js notes (`Note:`)
stand in it; otherwise it is a script. `shape: script` or `shape: deck` in the front matter decides
where that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import replace
from pathlib import Path, PurePosixPath

from foundation.problem import Place
from lessons import settings as settings_of
from lessons.blocks import Block, find_line, read_blocks
from lessons.deck import DeckHabits, read_deck
from lessons.directives import Directive, read_directive
from lessons.errors import LessonError
from lessons.inline import make_plain_text
from lessons.mapping import Mapping, read_mapping
from lessons.model import Finding, Lesson, Shape
from lessons.outline import Outline, SourceSpan, find_front_matter, read_outline
from lessons.prose import Pauses
from lessons.script import find_lesson_heading, read_script
from lessons.slide_builder import LessonContext, SlideBuilder
from lessons.speakable import Lexicon, LexiconEntry
from lessons.voice_map import VoiceMap
from lessons.wordset import word_set

LARGEST_CHARACTERS = 2_000_000

_OWN_KEYS = ("title", "shape", *settings_of.COMMON)
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
"""Keys that only a deck for another tool has."""

_SLIDEV_KEYS = ("layout", "drawings", "highlighter", "mdc", "colorSchema", "addons", "themeConfig")
_OWN_THEMES = frozenset({"light", "dark", "contrast", "high-contrast"})


def parse_lesson(
    text: str,
    *,
    path: str,
    root: Path,
    language: str = "en-US",
    pauses: Pauses | None = None,
    lexicon: Lexicon | None = None,
    voice_map: VoiceMap | None = None,
) -> Lesson:
    """`path` is the file's, relative to the course folder `root`; `language` (or the whole
    `voice_map`), `pauses` and `lexicon` are the course's. Raises LessonError and MediaError."""
    return read_lesson(
        text,
        path=path,
        root=root,
        pauses=pauses,
        lexicon=lexicon,
        voice_map=voice_map or VoiceMap(language=language),
    )[0]


def read_lesson(
    text: str,
    *,
    path: str,
    root: Path,
    pauses: Pauses | None = None,
    lexicon: Lexicon | None = None,
    voice_map: VoiceMap | None = None,
    used: set[LexiconEntry] | None = None,
) -> tuple[Lesson, tuple[Finding, ...]]:
    """As `parse_lesson`, with what was remarked on the way; `used` takes the lexicon's entries
    that were."""
    if len(text) > LARGEST_CHARACTERS:
        raise LessonError(
            f"The lesson has {len(text)} characters.",
            remedy=f"Split it into lessons of less than {LARGEST_CHARACTERS}.",
            place=Place(path),
        )
    front, foreign = _front_matter(text, path)
    forced = _shape(front)
    slidev = any(key in front for key in _SLIDEV_KEYS)
    outline = read_outline(
        text, path=path, as_deck=_as_deck(forced, foreign), split_at_underlines=slidev
    )
    shape: Shape = forced or (
        "deck" if foreign or outline.separators or outline.has_notes else "script"
    )
    settings = settings_of.read_settings(_own(front, foreign), settings_of.COMMON)
    starts = [0, *(at + 1 for at, char in enumerate(outline.masked) if char == "\n")]
    context = LessonContext(
        path=path,
        root=root,
        line_starts=starts,
        pauses=pauses or Pauses(),
        lexicon=lexicon or Lexicon(),
        voice_map=voice_map_of(voice_map or VoiceMap(), settings),
    )
    blocks = read_blocks(SourceSpan(outline.masked, 0))
    directives = [read_directive(comment) for comment in outline.comments]
    identity = PurePosixPath(path).stem
    written = settings_of.text(front, "title") if front.values.get("title") is not None else ""
    if shape == "script":
        title_block = None if written else find_lesson_heading(blocks)
        title = written or (make_plain_text(title_block.bits) if title_block else "")
        title = title or _first_heading(blocks) or identity
        builders = read_script(blocks, directives, context, title=title, title_block=title_block)
    else:
        title = written or _first_heading(blocks) or identity
        builders = _read_deck(blocks, directives, context, outline, front, foreign)
    if not builders:
        raise LessonError(
            "The lesson is empty: it has no slide.",
            remedy="Write a heading and a few sentences under it, or take the file out of the "
            "course.",
            place=Place(path, 1),
        )
    if used is not None:
        used.update(context.entries.values())
    lesson = Lesson(
        id=identity,
        title=title,
        path=path,
        shape=shape,
        slides=tuple(builder.build() for builder in builders),
        settings=settings,
    )
    return lesson, tuple(context.findings)


def voice_map_of(voice_map: VoiceMap, settings: MappingType[str, object]) -> VoiceMap:
    """The course's, with what the front matter changes."""
    own = settings.get("voices")
    voices = {**voice_map.voices, **own} if isinstance(own, dict) else voice_map.voices
    return replace(
        voice_map,
        voice=str(settings.get("voice", voice_map.voice)),
        language=str(settings.get("language", voice_map.language)),
        voices=voices,
    )


def _front_matter(text: str, path: str) -> tuple[Mapping, bool]:
    """The front matter, and whether it was written for another tool."""
    stretch = find_front_matter(text, path=path)
    if stretch is None:
        return Mapping(path, LessonError, 1), False
    front = read_mapping(stretch.text, path=path, error=LessonError, first_line=2)
    theme = front.values.get("theme")
    foreign = any(key in _SURE_KEYS for key in front) or (
        isinstance(theme, str) and theme not in _OWN_THEMES and _has_tool_theme(theme)
    )
    if not foreign:
        known = (*_OWN_KEYS, *(_TOOL_KEYS - _SURE_KEYS))
        front.check_keys(_OWN_KEYS if not all(key in known for key in front) else known, "A lesson")
    return front, foreign


def _has_tool_theme(theme: str) -> bool:
    return theme in ("default", "gaia", "uncover", "seriph", "apple-basic", "none", "bricks")


def _shape(front: Mapping) -> Shape | None:
    shape = front.values.get("shape")
    if shape is None:
        return None
    if shape == "script":
        return "script"
    if shape == "deck":
        return "deck"
    raise front.refuse("shape", f"There is no shape {shape!r}.", "Write 'script' or 'deck'.")


def _as_deck(forced: Shape | None, foreign: bool) -> bool | None:
    if forced is not None:
        return forced == "deck"
    return True if foreign else None


def _own(front: Mapping, foreign: bool) -> Mapping:
    """The front matter without what another tool means by keys that we have too."""
    if not foreign:
        return front
    values = {
        key: value
        for key, value in front.values.items()
        if key not in ("theme", "speed", "portrait", "captions")
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
    front: Mapping,
    foreign: bool,
) -> list[SlideBuilder]:
    headers: dict[int, MappingType[str, object]] = {}
    for separator, stretch in outline.headers.items():
        line = find_line(context.line_starts, stretch.start)
        headers[separator] = read_mapping(
            stretch.text, path=context.path, error=LessonError, first_line=line
        ).values
    marked = outline.has_notes or any(d.kind in ("say", "silent") for d in directives)
    slidev = bool(headers) or any(key in front for key in _SLIDEV_KEYS)
    divider = front.values.get("headingDivider") if foreign else None
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
