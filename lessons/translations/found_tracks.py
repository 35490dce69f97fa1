"""Finds the translations among the lessons of a course, and those that lie beside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from foundation.languages import name_language
from foundation.problem import Place, Problem
from lessons.course.discovery import LessonList, Location, project_language
from lessons.course.found_files import MOST_ENTRIES, MOST_LESSONS
from lessons.course.language_recognition import recognise_language
from lessons.course.text_files import is_file, read_text
from lessons.errors import LessonError
from lessons.model import Finding
from lessons.translations.names import (
    NamedTrack,
    find_repeated,
    find_tracks,
    order_tracks,
    split_name,
)


def add_tracks(lessons: LessonList, location: Location, language: str) -> LessonList:
    """The lessons with their translations, each behind its original.

    A course need not list translations: those beside a lesson belong to it. If one file was asked
    for, it stays the only one. `language` is the course's own, as a tag.
    """
    root = location.root
    every = tuple(dict.fromkeys((*lessons.every, *lessons.paths)))
    beside = tuple(_find_beside(root, every))
    tracks = find_tracks(
        (*every, *beside),
        language or project_language(location.project),
        lambda path: _recognise(root, path),
    )
    added = tuple(path for path in beside if path in tracks)
    whole = order_tracks((*every, *added), tracks)
    asked_file = (root / location.within).is_file() if location.within else False
    paths = lessons.paths
    if not asked_file:
        wanted = {*paths, *(path for path in added if tracks[path].original in paths)}
        paths = tuple(path for path in whole if path in wanted)
    return replace(
        lessons,
        paths=paths[: max(MOST_LESSONS, len(lessons.paths))],
        every=whole,
        tracks=tracks,
        findings=(*lessons.findings, *_tell_of_repeated((*every, *beside), tracks)),
    )


def _tell_of_repeated(
    paths: tuple[str, ...], tracks: Mapping[str, NamedTrack]
) -> Iterator[Finding]:
    for path, first in find_repeated(paths, tracks).items():
        track = tracks[first]
        message = (
            f"{first!r} and {path!r} are both named as the {name_language(track.language)} of "
            f"{track.original!r}; only {first!r} counts."
        )
        remedy = f"Join them in one file, or give {path!r} another name."
        yield Finding("translation-repeated", "warning", Problem(message, remedy, Place(path)))


def _find_beside(root: Path, paths: tuple[str, ...]) -> Iterator[str]:
    """Files that are named as translations of some of these lessons, or as their originals."""
    known = set(paths)
    bases = {named[0] if (named := split_name(path)) else path for path in paths}
    for folder in dict.fromkeys(PurePosixPath(path).parent.as_posix() for path in paths):
        for name in _list_names(root / folder):
            path = name if folder == "." else f"{folder}/{name}"
            named = split_name(path)
            if path in known or (named[0] if named else path) not in bases:
                continue
            if is_file(root / path) and (root / path).resolve().is_relative_to(root):
                yield path


def _list_names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for _, entry in zip(range(MOST_ENTRIES), entries, strict=False)]
    except (OSError, ValueError):
        return []
    return sorted(name for name in names if name.isprintable())


def _recognise(root: Path, path: str) -> str:
    """The language of the text of a file; empty if that is not sure."""
    try:
        return recognise_language(read_text(root / path, path, LessonError))
    except LessonError:
        return ""
