"""Finds the lessons in a folder that has no list of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from lessons.course.text_files import is_file, read_text
from lessons.dialects import DIALECTS
from lessons.dialects.base import Sample
from lessons.errors import LessonError
from lessons.translations.names import split_name
from lessons.wordset import word_set

MOST_LESSONS = 1000
MOST_DEPTH = 6
MOST_ENTRIES = 50_000
"""Files and folders that are looked at. It keeps a folder of data from being read for minutes."""

MOST_PAGES = 500  # web pages that are read to see whether they are decks

_ABOUT = word_set(
    "readme license licence contributing changelog notes history news code_of_conduct "
    "code-of-conduct conduct security support governance maintainers authors contributors credits "
    "citation notice todo roadmap pull_request_template issue_template agents claude summary 404 "
    "development hacking releasing architecture disclaimer privacy terms"
)
"""Stems of files that are about a repository."""
_ABOUT_IN_ANOTHER_LANGUAGE = re.compile(r"(?:readme|license|contributing)[._-][a-z_-]{2,8}")
_NOT_SEARCHED = word_set(
    "node_modules bower_components build dist target out public site venv env vendor renv packrat"
)
_PAGES = (".html", ".htm")
_SOURCES_OF_RENDERINGS = (".rmd", ".qmd")

LESSON_SUFFIXES: frozenset[str] = frozenset(
    suffix.lower() for dialect in DIALECTS.values() for suffix in dialect.suffixes
)


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """Lessons of a folder, as paths relative to it, in order. `left_out` are files that might have
    been lessons: those that a tool made of some of them, and those about the repository. `more` is
    true if there were too many to look at."""

    paths: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    more: bool = False


@dataclass(slots=True)
class _Search:
    root: Path
    paths: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    readmes: list[str] = field(default_factory=list)  # of folders without any other lesson
    entries: int = 0
    pages: int = 0


def find_lesson_files(folder: Path, *, flat: bool = False) -> FoundFiles:
    """The lessons in a folder, or in those below it if it has none itself.

    Unless the folder is `flat`, which is how a course with a course.yaml is laid out, those below
    count too if most of the lessons are there: then what lies beside them in capital letters, such
    as SETUP.md, is about the repository. An index alone does not make the folder's own files its
    lessons. READMEs are lessons if there are more of them, each in its folder, than of others.
    Links that lead out of the folder are not followed.
    """
    search = _Search(folder.resolve())
    _list_lessons(search, "", 0)
    own = list(search.paths)
    left_out: list[str] = []
    if not flat or all(_plain_stem(path) == "index" for path in own):
        for name in _list_folders(search, ""):
            _search_folder(search, name, 1)
        if len(search.readmes) > len(search.paths):  # then that is what lessons are called here
            search.paths += search.readmes
        below = search.paths[len(own) :]
        if len(below) <= len(own):
            search.paths = own
        elif below:
            left_out = [path for path in own if PurePosixPath(path).stem.isupper()]
            search.paths = [path for path in search.paths if path not in left_out]
    paths = search.paths or search.about[:1]
    paths = _leave_out_links(search.root, sorted(paths, key=natural_key))
    kept, renderings = _leave_out_renderings(paths)
    more = len(kept) > MOST_LESSONS or search.entries > MOST_ENTRIES
    return FoundFiles(tuple(kept[:MOST_LESSONS]), (*left_out, *renderings), more)


def is_about_a_repository(path: str) -> bool:
    """Whether a file tells of a repository rather than being a lesson in it."""
    named = split_name(path)
    stem = PurePosixPath(named[0] if named else path).stem.lower()
    return stem in _ABOUT or bool(_ABOUT_IN_ANOTHER_LANGUAGE.fullmatch(stem))


def natural_key(path: str) -> tuple[object, ...]:
    """Sorts paths as people count: `2-b.md` before `10-a.md`, an index before all others."""
    *folders, name = path.split("/")
    first = _plain_stem(name) not in ("index", "readme")
    keys = [(True, _split_numbers(folder)) for folder in folders]
    return (*keys, (first, _split_numbers(name))), path


def _plain_stem(path: str) -> str:
    """The stem of a file in small letters, without the language of a translation."""
    named = split_name(path)
    return PurePosixPath(named[0] if named else path).stem.lower()


def _split_numbers(name: str) -> tuple[tuple[int, str], ...]:
    """The parts of a name, so that digits compare as numbers and come before letters."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", name.casefold())
    return tuple((int(p), "") if p.isdecimal() and p.isascii() else (1 << 62, p) for p in parts)


def _search_folder(search: _Search, folder: str, depth: int) -> None:
    if depth > MOST_DEPTH or len(search.paths) > MOST_LESSONS:
        return
    before, about = len(search.paths), len(search.about)
    _list_lessons(search, folder, depth)
    own = search.about[about:]
    del search.about[about:]
    for name in _list_folders(search, folder):
        _search_folder(search, f"{folder}/{name}", depth + 1)
    if len(search.paths) == before:
        search.readmes += own


def _scan(search: _Search, folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(search.root / folder) as entries:
            for entry in entries:
                search.entries += 1
                if search.entries > MOST_ENTRIES:
                    return
                if not entry.name.startswith((".", "_")):
                    yield entry
    except OSError:
        return


def _list_folders(search: _Search, folder: str) -> list[str]:
    found = [
        entry.name
        for entry in _scan(search, folder)
        if entry.name.lower() not in _NOT_SEARCHED and entry.is_dir(follow_symlinks=False)
    ]
    return sorted(found, key=natural_key)


def _list_lessons(search: _Search, folder: str, depth: int) -> None:
    for entry in _scan(search, folder):
        suffix = PurePosixPath(entry.name).suffix.lower()
        if suffix not in LESSON_SUFFIXES:
            continue
        path = f"{folder}/{entry.name}" if folder else entry.name
        if _is_folder(entry) or (depth and not is_file(search.root / path)):
            continue  # in the folder itself, what is no file is told when it is read
        if suffix in _PAGES:
            search.pages += 1
            if search.pages > MOST_PAGES or not is_deck_page(search.root / path):
                continue
        if is_about_a_repository(path):
            if PurePosixPath(path).stem.lower() == "readme":
                search.about.append(path)
            continue
        search.paths.append(path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def is_deck_page(path: Path) -> bool:
    """Whether a web page is a deck: most are not lessons."""
    try:
        text = read_text(path, path.name, LessonError)
    except LessonError:
        return False
    sample = Sample(path.name, text)
    suffix = path.suffix.lower()
    return any(d.score(sample) > 1 for d in DIALECTS.values() if suffix in d.suffixes)


def _leave_out_links(root: Path, paths: list[str]) -> list[str]:
    """The paths without links to others of them, which would be the same lesson again."""
    links = {path for path in paths if (root / path).is_symlink()}
    seen = {os.path.realpath(root / path) for path in paths if path not in links}
    kept: list[str] = []
    for path in paths:
        real = os.path.realpath(root / path)
        if path in links and real in seen:
            continue
        seen.add(real)
        kept.append(path)
    return kept


def _leave_out_renderings(paths: list[str]) -> tuple[list[str], list[str]]:
    """The paths without files that a tool made of others: a web page of the name of a lesson, and
    the Markdown beside the file from which it was computed."""
    stems = {PurePosixPath(p).stem for p in paths if not p.lower().endswith(_PAGES)}
    computed = {str(PurePosixPath(p).with_suffix("")) for p in paths
                if p.lower().endswith(_SOURCES_OF_RENDERINGS)}  # fmt: skip
    kept: list[str] = []
    renderings: list[str] = []
    for path in paths:
        pure = PurePosixPath(path)
        page = pure.suffix.lower() in _PAGES and pure.stem in stems
        beside = pure.suffix.lower() == ".md" and str(pure.with_suffix("")) in computed
        (renderings if page or beside else kept).append(path)
    return kept, renderings
