"""The lessons of others that benchmarks/foreign.toml names, and where they are checked out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

Use = Literal["choose", "mend", "report"]
"""The reader's rules were chosen on the first; the second were reported on first, and what they
showed was mended afterwards; the third are only measured."""
USES: tuple[Use, ...] = get_args(Use)
CORPUS = Path(__file__).resolve().parents[1] / "foreign.toml"


@dataclass(frozen=True, slots=True)
class Repository:
    """A public repository at one commit, and the lessons in it.

    `folders` are what is taken from a large one; empty means everything. `commits` are the commits
    of single files that are not taken from `commit`.
    """

    name: str
    commit: str
    tool: str
    use: Use
    lessons: tuple[str, ...]
    folders: tuple[str, ...] = ()
    commits: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

    @property
    def folder(self) -> str:
        """The name of its folder in a checkout."""
        return self.name.replace("/", "+")


@dataclass(frozen=True, slots=True)
class ForeignLesson:
    """A lesson in a checkout. `path` is relative to the repository's folder `root`."""

    repository: Repository
    path: str
    root: Path

    @property
    def file(self) -> Path:
        return self.root / self.path

    @property
    def tool(self) -> str:
        return self.repository.tool


def read_corpus(path: Path = CORPUS) -> tuple[Repository, ...]:
    """The repositories of the list. Raises KeyError for one that lacks something."""
    with path.open("rb") as file:
        entries = tomllib.load(file)["repository"]
    return tuple(
        Repository(
            name=entry["name"],
            commit=entry["commit"],
            tool=entry["tool"],
            use=entry["use"],
            lessons=tuple(entry["lessons"]),
            folders=tuple(entry.get("folders", ())),
            commits=entry.get("commits", {}),
            language=entry.get("language", "en"),
        )
        for entry in entries
    )


def find_lessons(
    checkout: Path,
    *,
    use: str = "",
    tool: str = "",
    repository: str = "",
    corpus: Path = CORPUS,
) -> Iterator[ForeignLesson]:
    """The lessons that fit all of the given names; an empty one fits all. `repository` may be a
    part of the repository's name."""
    for entry in read_corpus(corpus):
        fits = (not use or entry.use == use) and (not tool or entry.tool == tool)
        if fits and repository.lower() in entry.name.lower():
            for path in entry.lessons:
                yield ForeignLesson(entry, path, checkout / entry.folder)
