"""Reads a lesson file, which is a script or a deck, into a `Lesson`.

The dialect rewrites the text into plain Markdown with markers; then it is parsed, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from foundation.languages import is_english, is_tag, name_language, normalize_tag
from foundation.near_words import find_near
from foundation.problem import Place, Problem
from foundation.shortening import shorten
from lessons.box_labels import add_labels
from lessons.course.language_recognition import recognise_language
from lessons.course.media import MediaFolders
from lessons.course.setting_layers import FittingKeys, allowed_keys, merge, read_what_fits
from lessons.course.setting_types import Layer
from lessons.course.settings import DEFAULTS, LessonKeys, Settings
from lessons.course.speakers import Speakers
from lessons.course.voice_map import NameVoice, VoiceMap, keep_name
from lessons.dialects import DIALECTS, find_dialect, unpack_file
from lessons.dialects.base import METADATA_KEYS, Context, Project, Reading, Sample
from lessons.directives.comments import Directive, read_directive
from lessons.errors import LessonError
from lessons.markdown.blocks import Block, read_blocks
from lessons.markdown.deck import DeckNotes, read_deck
from lessons.markdown.dialogue import find_undeclared_names
from lessons.markdown.framing import add_framing
from lessons.markdown.front_matter import FrontMatter, read_front_matter
from lessons.markdown.inline import make_plain_text
from lessons.markdown.outline import SourceSpan, clean_text, read_outline
from lessons.markdown.script import find_lesson_heading, read_script
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.markdown.source import Source
from lessons.markdown.titles import make_plain_title
from lessons.model import Finding, Lesson, Severity
from lessons.speakable import Lexicon, LexiconEntry

LARGEST_CHARACTERS = 2_000_000

MOST_SLIDES = 2_000
"""About a week of lectures; a file that holds more was not written by a teacher."""

NEAREST_KEY = 0.75
"""How alike a key must be to one of ours to be a mistyped one: `vioce` is, and `time`, which many
tools have, is not `title`."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a lesson needs to know of its course. `flags` override the lesson's own settings.

    `opened` is the folder out of which no picture is shown, and `texts` the one out of which no
    text is brought in; by default, both are the course folder `root`. Neither is below it.
    `original` is what the front matter of the lesson sets that this one translates.
    """

    root: Path
    settings: Settings = DEFAULTS
    flags: Settings = DEFAULTS
    lexicon: Lexicon | None = None
    name_voice: NameVoice = keep_name
    project: Project | None = None
    opened: Path | None = None
    texts: Path | None = None
    original: LessonKeys | None = None

    @property
    def shared(self) -> Settings:
        """The settings above those of the lesson itself."""
        return merge(self.settings, self.original) if self.original else self.settings


def parse_lesson(
    text: str,
    *,
    path: str,
    root: Path,
    settings: Settings = DEFAULTS,
    lexicon: Lexicon | None = None,
) -> Lesson:
    """The lesson in a file's text; see `read_lesson`."""
    return read_lesson(text, path, Surroundings(root, settings, lexicon=lexicon))[0]


def read_lesson(
    text: str, path: str, around: Surroundings, used: set[LexiconEntry] | None = None
) -> tuple[Lesson, tuple[Finding, ...]]:
    """The lesson in a file's text, and the findings made while it was read.

    `path` is the file's path relative to the course folder. The lesson's settings override those of
    the course. The entries of the lexicon that were used are added to `used`. Raises LessonError
    for a lesson that is too long or has no slides.
    """
    whole, noticed = _open_text(text, path)
    front = read_front_matter(whole.text, path)
    named = merge(around.shared, around.flags).dialect or _named_dialect(front)
    sample = Sample(path, whole.text[front.end :], front.values.values, around.project)
    dialect = find_dialect(sample, named)
    texts = around.texts or around.root
    context = Context(_find_path(path, around.root, texts), texts, front.values.values)
    context.project = around.project
    reading = dialect.read(whole[front.end :], context)
    fitting = read_what_fits(
        front.values, foreign=METADATA_KEYS | dialect.keys | reading.foreign_keys
    )
    own = merge(around.shared, fitting.keys, around.flags)
    language, recognised = _find_language(reading, own, fitting, path)
    if language:
        own = merge(own, Settings(language=language))
    findings = [
        *noticed,
        *recognised,
        *_find_unknown_dialect(named, path),
        *_find_front_matter_problems(front, fitting),
        *context.findings,
    ]
    lesson_context = LessonContext(
        source=reading.source,
        folders=_find_folders(path, around),
        pauses=own.pause,
        lexicon=around.lexicon or Lexicon(),
        voice_map=VoiceMap.of(own, around.name_voice),
        speakers=_find_speakers(reading.source.text, own),
        boxes=add_labels(own.boxes, own.language),
        key_phrases=own.key_phrases,
        findings=findings,
    )
    shape = fitting.keys.shape or (around.original and around.original.shape) or reading.shape
    given = make_plain_title(fitting.keys.title or reading.title)
    reading = replace(reading, shape=shape, title=given)
    title, builders = _read_slides(reading, lesson_context)
    if not builders:
        raise LessonError(
            "The lesson is empty: it has no slides.",
            remedy="Write a heading and a few sentences under it, or remove the file from the "
            "course.",
            place=Place(path, 1),
        )
    builders = _bound_slides(add_framing(builders, lesson_context, own))
    if used is not None:
        used.update(lesson_context.entries.values())
    slides = tuple(builder.build(anchored=shape == "script") for builder in builders)
    stem = PurePosixPath(path).stem
    lesson = Lesson(stem, title, path, shape, slides, own, dialect.name, palette=reading.palette)
    return lesson, tuple(lesson_context.findings)


def _open_text(text: str, path: str) -> tuple[Source, tuple[Finding, ...]]:
    """The text of a file, of which a notebook is only a part, and what was noticed."""
    whole, noticed = unpack_file(path, text) or (Source.of(path, clean_text(text)), ())
    if len(whole) > LARGEST_CHARACTERS:
        raise LessonError(
            f"The lesson is too long: it has {len(whole)} characters.",
            remedy=f"Split it into lessons of less than {LARGEST_CHARACTERS} characters.",
            place=Place(path),
        )
    return whole, noticed


def _find_language(
    reading: Reading, own: Settings, fitting: FittingKeys, path: str
) -> tuple[str, tuple[Finding, ...]]:
    """The language of a lesson where its settings do not decide it: what its metadata says, or else
    what its text tells. Empty if the settings hold."""
    if "language" in fitting.keys.model_fields_set:
        return "", ()
    if is_tag(reading.language):
        return normalize_tag(reading.language), ()
    if "language" in own.model_fields_set:
        return "", ()
    language = recognise_language(reading.source.text)
    if not language or is_english(language):
        return "", ()
    problem = Problem(
        f"The lesson does not say its language; its text looks like {name_language(language)}.",
        f"If that is right, write 'language: {language}' in its front matter or in course.yaml.",
        Place(path, 1),
    )
    return language, (Finding("language-recognised", "note", problem),)


def _find_speakers(text: str, own: Settings) -> Speakers:
    """The speakers of a lesson: those that are declared, and those whose names take turns in the
    text unless `speakers` is empty on purpose."""
    declared = Speakers.of(own)
    if "speakers" in own.model_fields_set and not own.speakers:
        return declared
    return Speakers.of(own, find_undeclared_names(text, declared))


def _bound_slides(builders: list[SlideBuilder]) -> list[SlideBuilder]:
    if len(builders) > MOST_SLIDES:
        builders[MOST_SLIDES].add_finding(
            "lesson-long",
            f"The lesson has {len(builders)} slides, so those after slide {MOST_SLIDES} are left "
            "out.",
            "Split it into several lessons.",
            builders[MOST_SLIDES].start,
            severity="error",
        )
    return builders[:MOST_SLIDES]


def _find_path(path: str, root: Path, texts: Path) -> str:
    """The path of a lesson relative to the folder of its texts, which is `root` or above it."""
    if texts == root:
        return path
    return (root.resolve() / path).relative_to(texts.resolve()).as_posix()


def _find_folders(path: str, around: Surroundings) -> MediaFolders:
    project = around.project
    others = tuple(project.root / name for name in project.media) if project else ()
    beside = (around.root / path).parent
    if project and project.root not in (around.root, beside):
        others = (*others, project.root)
    opened = around.opened or around.root
    return MediaFolders(around.root, opened, beside, others, around.root / path)


def _read_slides(reading: Reading, context: LessonContext) -> tuple[str, list[SlideBuilder]]:
    """The lesson's title and its slides."""

    def report_unclosed(at: int) -> None:
        message = "The comment that begins here is not closed, so it is read as text."
        problem = Problem(message, "End it with '-->'.", context.source.find_place(at))
        context.findings.append(Finding("comment-open", "warning", problem))

    outline = read_outline(reading.source.text, report_unclosed)
    blocks = read_blocks(SourceSpan(outline.masked, 0))
    directives = [read_directive(comment) for comment in outline.comments]
    identity = PurePosixPath(context.path).stem
    if reading.shape == "deck":
        title = reading.title or _first_heading(blocks) or identity
        return title, read_deck(blocks, directives, context, _find_notes(reading, directives))
    title_block = None if reading.title else find_lesson_heading(blocks)
    title = reading.title or (make_plain_text(title_block.bits) if title_block else "")
    title = title or _first_heading(blocks) or identity
    builders = read_script(blocks, directives, context, title=title, title_block=title_block)
    return title, builders


def _find_notes(reading: Reading, directives: Sequence[Directive]) -> DeckNotes:
    """What is spoken: once a deck has its tool's own signs for notes, its comments are comments."""
    marked = any(d.marked or d.kind in ("say", "silent") for d in directives)
    return DeckNotes(reading.comments_are_notes and not marked, reading.last_note_only)


def _first_heading(blocks: list[Block]) -> str:
    for block in blocks:
        begins = block.marker is not None and block.marker.name == "slide"
        if (block.kind == "heading" or begins) and (title := make_plain_text(block.bits)):
            return title
    return ""


def _named_dialect(front: FrontMatter) -> str:
    named = front.values.values.get("dialect")
    return named if isinstance(named, str) else ""


def _find_unknown_dialect(name: str, path: str) -> Iterator[Finding]:
    if name and name not in DIALECTS:
        near = find_near(name, DIALECTS)
        remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(DIALECTS)}."
        message = f"There is no dialect {shorten(name, 40)!r}."
        yield Finding("setting-unusable", "warning", Problem(message, remedy, Place(path, 1)))


def _find_front_matter_problems(front: FrontMatter, fitting: FittingKeys) -> Iterator[Finding]:
    """What cannot be used of the front matter. Nothing of it is fatal: much of it may be meant for
    other programs."""
    for problem in (*front.problems, *fitting.wrong):
        yield Finding("setting-unusable", "warning", problem)
    known = allowed_keys(LessonKeys, Layer.LESSON)
    path = front.values.path
    others: list[str] = []
    for name in fitting.unknown:
        near = find_near(name, known, nearest=NEAREST_KEY)
        if not near:
            others.append(name)
            continue
        place = Place(path, front.values.line_of(name), key=name)
        message = f"There is no setting {shorten(name, 60)!r}."
        problem = Problem(message, f"Did you mean {near!r}?", place)
        yield Finding("setting-unknown", "warning", problem)
    if others:
        names = ", ".join(shorten(name, 40) for name in others[:12])
        more = f" and {len(others) - 12} more" if len(others) > 12 else ""
        severity: Severity = "note"
        problem = Problem(
            f"The front matter has keys that are not settings: {names}{more}.",
            "They may stay: they change nothing here.",
            Place(path, front.values.line_of(others[0])),
        )
        yield Finding("setting-foreign", severity, problem)
