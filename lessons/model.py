"""The parts of a script, from `Course` to `Token`, as frozen values.

Offsets count characters of the lesson file; lines count from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from foundation.cjk import join_texts
from foundation.languages import same_language
from foundation.problem import NOWHERE, Place, Problem
from lessons.course.settings import DEFAULTS, Settings

RunStyle = Literal[
    "plain", "strong", "emphasis", "code", "formula", "link", "highlight", "smallcaps"
]
Shape = Literal["script", "deck"]
Severity = Literal["error", "warning", "note"]
Emphasis = Literal["", "strong", "moderate", "reduced"]


class _Sent:
    """A value of which a course has thousands. Between processes, it is sent as its fields alone:
    the usual way takes as long as reading the script again."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


@dataclass(frozen=True, slots=True)
class Run(_Sent):
    """Inline text in one style. The text of a formula is its LaTeX source."""

    text: str
    style: RunStyle = "plain"


Inline = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph(_Sent):
    """A paragraph that the slide shows (a deck's own text, or the bold words of a script)."""

    content: Inline
    step: int = 0


@dataclass(frozen=True, slots=True)
class ListItem(_Sent):
    content: Inline
    level: int = 0
    step: int = 0
    number: int | None = None  # None: a bullet


@dataclass(frozen=True, slots=True)
class ItemList(_Sent):
    """`chosen` says that the items are phrases chosen from what is spoken, and not a list of the
    script."""

    items: tuple[ListItem, ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Picture(_Sent):
    """A picture of the course. `path` is relative to the course folder and known to be in it.

    `part` names a picture inside that file, as a notebook holds them; empty: the file itself.
    `share` is the width that the script asks for, as a share of the room; 0 asks for none.
    `borrowed` is the lesson file that the picture stands in, if that is not the slide's own.
    """

    path: str
    alt: str
    title: str = ""
    step: int = 0
    line: int = 0
    part: str = ""
    share: float = 0.0
    borrowed: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder(_Sent):
    """Stands for something that cannot be shown, such as a picture that is missing or a video of
    another site. `what` says what it is ("Picture", "Video"), `name` what the script calls it, and
    `alt` is the text that describes it."""

    what: str
    name: str
    alt: str = ""
    step: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Code(_Sent):
    """`marked` are the numbers, from 1, of the lines that the script sets off. `first` is the
    number that is written beside the first line; 0: the lines are not numbered."""

    text: str
    language: str = ""
    step: int = 0
    marked: tuple[int, ...] = ()
    first: int = 0


DiagramKind = Literal["mermaid", "dot", "plantuml"]


@dataclass(frozen=True, slots=True)
class Diagram(_Sent):
    """A drawing that is written in a language for diagrams. `alt` says what it shows, and `title`
    stands below it; either may be empty."""

    text: str
    kind: DiagramKind
    alt: str = ""
    title: str = ""
    step: int = 0
    line: int = 0

    @property
    def language(self) -> str:
        """That of its text, where it is shown as code."""
        return self.kind


@dataclass(frozen=True, slots=True)
class Table(_Sent):
    header: tuple[Inline, ...]
    rows: tuple[tuple[Inline, ...], ...]
    align: tuple[Literal["left", "center", "right"], ...]
    step: int = 0


@dataclass(frozen=True, slots=True)
class Formula(_Sent):
    """A display formula; `latex` has no delimiters."""

    latex: str
    step: int = 0


@dataclass(frozen=True, slots=True)
class Quote(_Sent):
    content: Inline
    step: int = 0


@dataclass(frozen=True, slots=True)
class Box(_Sent):
    """A part of the slide that is set apart, such as a note, a challenge or its solution.

    `kind` is one of `lessons.box_kinds.BOX_KINDS`. `label` is what stands before the title,
    such as "Challenge"; either may be empty.
    """

    kind: str
    label: str
    title: Inline
    content: tuple[Visual, ...]
    step: int = 0


@dataclass(frozen=True, slots=True)
class Columns(_Sent):
    """Parts of the slide side by side. `widths` are shares of the width, which add up to 1."""

    columns: tuple[tuple[Visual, ...], ...]
    widths: tuple[float, ...]
    step: int = 0


Visual = (
    Paragraph
    | ItemList
    | Picture
    | Placeholder
    | Code
    | Diagram
    | Table
    | Formula
    | Quote
    | Box
    | Columns
)


def walk_visuals(visuals: Iterable[Visual]) -> Iterator[Visual]:
    """The visuals and those inside them, in reading order; a box comes before its content."""
    for visual in visuals:
        yield visual
        match visual:
            case Box(content=content):
                yield from walk_visuals(content)
            case Columns(columns=columns):
                for column in columns:
                    yield from walk_visuals(column)
            case _:
                pass


@dataclass(frozen=True, slots=True)
class Token(_Sent):
    """A word of the script and how it is spoken.

    `written` is what captions show: one word with its punctuation. `spoken` is what the voice says:
    any number of words separated by spaces, with the same punctuation; empty if the word is not
    spoken. `start` and `end` are its offsets in the lesson file. `phones` overrides the
    pronunciation, in IPA; it comes from the lexicon or the script. SSML can set the last three for
    a few words of a sentence: `rate` is a factor on the utterance's rate, `emphasis` is how
    strongly the word is stressed, and `language` overrides the utterance's language.
    """

    written: str
    spoken: str
    start: int
    end: int
    phones: str | None = None
    rate: float = 1.0
    emphasis: Emphasis = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Utterance(_Sent):
    """One sentence. `pause_ms` is the silence after it; `step` is the reveal step it belongs to.

    `voice` and `language` override the lesson's; `rate` is a factor on the lesson's speed.
    `speaker` is the name of who says it, as people see it; None for the lesson's own voice.
    `ends_paragraph` is true for the last sentence of a paragraph, list item or note.
    """

    tokens: tuple[Token, ...]
    pause_ms: int
    line: int
    step: int = 0
    voice: str | None = None
    language: str | None = None
    rate: float = 1.0
    ends_paragraph: bool = False
    speaker: str | None = None

    @property
    def written(self) -> str:
        return join_texts(token.written for token in self.tokens)

    @property
    def spoken(self) -> str:
        return " ".join(token.spoken for token in self.tokens if token.spoken)


@dataclass(frozen=True, slots=True)
class Slide(_Sent):
    """`number` counts from 1 in the lesson. `steps` is the number of reveal steps (at least 1).

    A slide without speech is shown for `hold_ms`. `anchors` has, for each visual, the number of the
    utterance (from 0) with which the paragraph begins that introduces it; it is empty if the script
    does not tell, as in a deck, where notes belong to the whole slide.
    """

    number: int
    title: str
    visuals: tuple[Visual, ...]
    utterances: tuple[Utterance, ...]
    line: int
    steps: int = 1
    hold_ms: int = 4000
    anchors: tuple[int, ...] = ()

    @property
    def written(self) -> str:
        """The text of all sentences, as written, with the spaces that their script has."""
        return join_texts(u.written for u in self.utterances)


@dataclass(frozen=True, slots=True)
class Recording:
    """The teacher's own voice: a file (`path` is relative to the course folder and known to be in
    it) and the numbers of the slides that it contains, in order."""

    path: str
    slides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours, as `#rrggbb` or empty, that the tool of a lesson gives it. `name` says what they are
    from, such as "Marp's theme gaia"."""

    name: str
    background: str = ""
    text: str = ""
    title: str = ""
    accent: str = ""
    place: Place = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lesson:
    """`id` is the file's stem, or longer if several files have the same one; `path` is relative to
    the course folder.

    `settings` are merged from all layers. `dialect` is the name of the tool for which it was
    written, as `lessons.dialects` has them. `original` is the id of the lesson that it translates,
    with which its own id then begins; empty if it translates none. `palette` is used if no setting
    names a theme.
    """

    id: str
    title: str
    path: str
    shape: Shape
    slides: tuple[Slide, ...]
    settings: Settings = DEFAULTS
    dialect: str = "markdown"
    original: str = ""
    palette: Palette | None = None

    @property
    def group(self) -> str:
        """The id that the lesson has in common with its translations."""
        return self.original or self.id

    @property
    def mark(self) -> str:
        """What tells its files from those of the original, such as `.fr`; empty for an original."""
        return self.id[len(self.original) :] if self.original else ""


@dataclass(frozen=True, slots=True)
class Track:
    """One language of a lesson that has several: the lesson's id and path, and its language."""

    id: str
    path: str
    language: str


@dataclass(frozen=True, slots=True)
class Presenter:
    """Paths are relative to the course folder and known to be in it. `engine` is the name of what
    animates the photo; empty means the default. `engine_place` is where it is named. `speaker` is
    the one of `speakers` whose lines are the presenter's; empty means the first of them."""

    photo: str
    consent: str
    name: str = ""
    engine: str = ""
    engine_place: Place = field(default=NOWHERE, compare=False, repr=False)
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """`root` is the course folder. `settings` are merged from all layers except the lessons';
    `flags` are those of them that override the lessons'.

    `opened` is the folder out of which nothing is read: `root` (None), or one above it. `within` is
    the lesson's file or the folder in the course that alone was asked for; empty if that is the
    course. `ids` are those of all its lessons, those included that were not asked for. `listed` are
    the paths of the lessons that were, in order, and `lost` those of them that somebody named and
    that could not be read. `tracks` has the languages of each lesson that has several, the original
    first; those that were not asked for are among them. `titles` are the course's titles in further
    languages.
    """

    root: Path
    id: str
    title: str
    lessons: tuple[Lesson, ...]
    presenter: Presenter | None = None
    settings: Settings = DEFAULTS
    flags: Settings = DEFAULTS
    opened: Path | None = None
    within: str = ""
    ids: frozenset[str] = frozenset()
    listed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    tracks: tuple[tuple[Track, ...], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def find_title(self, language: str) -> str:
        """The course's title in a language, if it is known, or else its title."""
        if language in self.titles:
            return self.titles[language]
        near = (title for tag, title in self.titles.items() if same_language(tag, language))
        return next(near, self.title)

    def find_title_language(self, lesson: Lesson) -> str:
        """The language of the title that `find_title` gives for a lesson's language: that one, the
        course's if it is named, or else that of the lesson's original."""
        own = lesson.settings.language
        if any(same_language(tag, own) for tag in self.titles):
            return own
        if "language" in self.settings.model_fields_set:
            return self.settings.language
        tracks = self.find_tracks(lesson.id)
        return tracks[0].language if tracks and tracks[0].language else own

    def find_tracks(self, id: str) -> tuple[Track, ...]:
        """The languages of the lesson with this id; empty if it has only one."""
        found = (group for group in self.tracks if any(track.id == id for track in group))
        return next(found, ())


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a person should look at. `rule` is a name that does not change."""

    rule: str
    severity: Severity
    problem: Problem

    @property
    def message(self) -> str:
        return self.problem.message

    @property
    def remedy(self) -> str:
        return self.problem.remedy

    @property
    def place(self) -> Place:
        return self.problem.place

    def at(self, place: Place) -> Finding:
        """The same finding at another place."""
        return replace(self, problem=replace(self.problem, place=place))

    def as_data(self) -> dict[str, object]:
        """Plain values, as reports and `--json` hold them."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "remedy": self.remedy,
            "path": self.place.path,
            "line": self.place.line,
            "slide": self.place.slide,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Finding:
        """The finding of `as_data`. Raises KeyError and TypeError for anything else."""
        place = Place(data["path"], data["line"], data["slide"])
        return cls(data["rule"], data["severity"], Problem(data["message"], data["remedy"], place))
