"""What a dialect is: how one tool writes lessons.

To add one, write `lessons/dialects/NAME.py` with a subclass of `Dialect` (copy `marp.py` for decks,
`jekyll.py` for sites), or a package of that name if it takes several files, and put it into
`lessons.dialects.DIALECTS`. It has up to five methods:

- `score` says how surely a text was written for the tool;
- `read` rewrites the text into plain Markdown and markers (`lessons.markdown.markers`), with rules
  of its own, those of `lessons.dialects.syntax`, and `rewrite_common` last, and says whether it is
  a deck or a script;
- `find_project` reads the tool's own configuration: title, language, and lessons in their order;
  `is_workspace` knows a folder of the tool's that has none;
- `unpack` gets the text out of files that hold more than text, such as notebooks.

What is not known stays as it is or costs a finding, whose rule stands in `narrate.rule_names`;
nothing is fatal, nothing is fetched and nothing runs. Other files are read by
`lessons.dialects.includes`. No other file names the tool. Tests of it stand in
`tests/lessons/dialects/test_NAME.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from foundation.frozen_mapping import FrozenMapping
from foundation.problem import Place, Problem
from lessons.markdown.outline import clean_text
from lessons.markdown.source import Source
from lessons.model import Finding, Palette, Severity, Shape
from lessons.wordset import word_set

METADATA_KEYS = word_set(
    "author authors date description summary keywords tags categories category draft subtitle lang "
    "slug image cover weight order aliases permalink layout lastmod updated"
)
"""Keys that so many tools have in front matter that they are not worth a word."""

NOTHING: Mapping[str, object] = FrozenMapping({})


@dataclass(frozen=True, slots=True)
class Project:
    """What a tool's own configuration says of the lessons in a folder.

    `dialect` is the name of the dialect whose configuration it is. `lessons` are paths relative to
    `root`, in the order in which they are taught; empty if the configuration does not say.
    `media` are folders, relative to `root`, in which the tool looks for pictures besides the
    lesson's own folder; a path that begins with `/` is looked for in `root` and in each of them.
    `values` is the configuration as it was read. `numbered` says that the tool numbers the lessons
    as chapters of a book. `score` says how surely the configuration is the tool's, from 0 to 100:
    it is low for a file that several tools have.
    """

    root: Path
    dialect: str = ""
    title: str = ""
    language: str = ""
    lessons: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    bibliography: tuple[str, ...] = ()
    values: Mapping[str, object] = NOTHING
    numbered: bool = False
    score: int = 90


@dataclass(frozen=True, slots=True)
class Sample:
    """What tells for which tool a lesson was written. `front` is its front matter."""

    path: str
    text: str
    front: Mapping[str, object] = NOTHING
    project: Project | None = None

    def in_project(self, dialect: str) -> bool:
        """Whether the configuration around the lesson is that of a dialect."""
        return self.project is not None and self.project.dialect == dialect


@dataclass(slots=True)
class Context:
    """What a dialect may use while it reads a lesson.

    `path` is the lesson's path relative to `root`, the folder out of which no text is read;
    pictures may come from further up. `front` is the lesson's front matter. `findings` grows. The
    rest counts the files that the lesson brings in, which `lessons.dialects.includes` bounds.
    """

    path: str
    root: Path
    front: Mapping[str, object] = NOTHING
    project: Project | None = None
    findings: list[Finding] = field(default_factory=list)
    files_read: int = 0
    characters_read: int = 0
    told_of_limit: bool = False
    deck: bool = False  # whether what stands side by side in HTML is put into columns

    @property
    def folder(self) -> Path:
        return (self.root / self.path).parent

    def report(
        self,
        rule: str,
        message: str,
        remedy: str,
        place: Place,
        severity: Severity = "warning",
    ) -> None:
        """Add a finding. Take the place from `Source.find_place`."""
        self.findings.append(Finding(rule, severity, Problem(message, remedy, place)))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a dialect made of a lesson.

    `source` is plain Markdown with markers. In a deck, `comments_are_notes` says that comments are
    spoken, and `last_note_only` that only the last comment of a slide is. `title` is the lesson's
    title if its metadata gives one, and `language` a language tag. `foreign_keys` are keys of the
    front matter that the tool uses; those that are also ours mean what the tool means. `palette`
    are the colours that the tool gives to the slides (`lessons.dialects.palettes`).
    """

    source: Source
    shape: Shape
    title: str = ""
    language: str = ""
    comments_are_notes: bool = False
    last_note_only: bool = False
    foreign_keys: frozenset[str] = frozenset()
    palette: Palette | None = None


class Dialect(ABC):
    """How one tool writes lessons.

    `suffixes`, in small letters, are those of the files that it reads: a lesson is read by the
    surest of the dialects that read such files.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown")
    keys: ClassVar[frozenset[str]] = frozenset()
    """Keys of the tool's front matter."""

    unpacks: ClassVar[tuple[str, ...]] = ()
    """Suffixes of files that are not text to be read as it is, such as notebooks."""

    @abstractmethod
    def score(self, sample: Sample) -> int:
        """How surely a lesson was written for the tool, from 0 (not at all) to 100.

        About 90: it lies in a project of the tool, or has the tool's own suffix or key. 70 to 85:
        it has signs that only this tool has. 50 to 60: it has signs that few others have. The
        surest dialect reads the lesson; the order of the dialects does not matter.
        """

    @abstractmethod
    def read(self, source: Source, context: Context) -> Reading:
        """The lesson in the form that the parser reads. `source` has no front matter."""

    def unpack(self, path: str, text: str) -> tuple[Source, tuple[Finding, ...]]:
        """The text that a file holds whose suffix is one of `unpacks`, and what was noticed.

        Raises LessonError for a file that cannot be read.
        """
        raise NotImplementedError

    def find_project(self, root: Path) -> Project | None:
        """What the tool's configuration in the folder says; None if there is none."""
        return None

    def is_workspace(self, folder: Path) -> bool:
        """Whether a file of the tool's makes the folder one in which lessons share texts, although
        it says nothing of the lessons."""
        return False


def as_text(value: object) -> str:
    """A value of front matter as one line of text; empty if it is not text or a number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        written = str(value)
    except ValueError:  # a number of thousands of digits
        return ""
    return " ".join(clean_text(written).split())
