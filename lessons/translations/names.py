"""Finds translations by their names: `01-light.fr.md` beside `01-light.md`.

Hugo, MkDocs and many repositories name translations so. A name such as `intro.py.md` or
`notes.old.md` is none: what stands before the suffix must be the tag of a language that courses are
written in, and there must be an original beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from foundation.languages import normalize_tag, same_language
from lessons.course.language_recognition import LANGUAGES
from lessons.wordset import word_set

_TAG = re.compile(
    r"([a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_](?:[a-z]{2}|[0-9]{3}))?", re.IGNORECASE | re.ASCII
)
_ALSO_PROGRAMS = word_set("cs ml pl")
"""Languages whose tags are suffixes of programs too (C#, OCaml, Perl): the text decides."""


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """A file that is one language of a lesson: the path of the original, which may be the file's
    own, and the language that its name gives, as a tag."""

    original: str
    language: str


def split_name(path: str) -> tuple[str, str] | None:
    """The path without the language in its name, and the language as a tag; None if there is
    none: `a/01-light.pt-br.md` gives `a/01-light.md` and `pt-BR`."""
    pure = PurePosixPath(path)
    stem, dot, tag = pure.stem.rpartition(".")
    found = _TAG.fullmatch(tag) if dot and stem.strip(".") else None
    if found is None or found[1].lower() not in LANGUAGES:
        return None
    try:
        return pure.with_name(stem + pure.suffix).as_posix(), normalize_tag(tag)
    except ValueError:
        return None


def find_tracks(
    paths: Iterable[str], usual: str = "", recognise: Callable[[str], str] | None = None
) -> dict[str, NamedTrack]:
    """The lessons among these paths that are a language of another one.

    The original is the file without a language in its name. Where all files have one, as
    `index.en.md` and `index.fr.md`, it is the one in the `usual` language of the course, or the
    first. `recognise` tells the language of the text at a path, for names that may be those of
    programs; it may be empty.
    """
    listed = dict.fromkeys(paths)
    groups: dict[str, dict[str, str]] = {}
    for path in listed:
        named = split_name(path)
        if named is None or not _is_language(path, named[1], recognise):
            continue
        groups.setdefault(named[0], {}).setdefault(named[1], path)
    tracks: dict[str, NamedTrack] = {}
    for base, languages in groups.items():
        if base in listed:
            original = base
        elif len(languages) > 1:
            original = _choose_original(languages, usual)
        else:
            continue
        tracks.update((path, NamedTrack(original, tag)) for tag, path in languages.items())
    return tracks


def find_repeated(paths: Iterable[str], tracks: Mapping[str, NamedTrack]) -> dict[str, str]:
    """The files that are named as a translation for which another file counts, each with that
    file: `01.FR.md` with `01.fr.md`."""
    counted = {split_name(path): path for path in tracks}
    named = ((path, split_name(path)) for path in dict.fromkeys(paths) if path not in tracks)
    return {path: counted[name] for path, name in named if name in counted}


def order_tracks(paths: Iterable[str], tracks: Mapping[str, NamedTrack]) -> tuple[str, ...]:
    """The paths with each translation behind its original, in the order of their tags."""
    listed = list(dict.fromkeys(paths))
    translations: dict[str, list[str]] = {}
    for path in listed:
        if path in tracks and tracks[path].original != path:
            translations.setdefault(tracks[path].original, []).append(path)
    known = set(listed)
    ordered: list[str] = []
    for path in listed:
        if path in tracks and tracks[path].original != path and tracks[path].original in known:
            continue
        mine = translations.get(path, [])
        ordered += [path, *sorted(mine, key=lambda p: tracks[p].language)]
    return tuple(ordered)


def make_track_ids(ids: Mapping[str, str], tracks: Mapping[str, NamedTrack]) -> dict[str, str]:
    """The ids of all lessons, with those of translations made of their originals' ids: `01-light`
    has the translation `01-light.fr`."""
    named = dict(ids)
    used = {
        name.casefold()
        for path, name in ids.items()
        if path not in tracks or tracks[path].original == path
    }
    for path, track in tracks.items():  # of index.en.md, with index.fr.md beside it: "index"
        plain = ids.get(path, "").removesuffix(PurePosixPath(path).stem[-len(track.language) - 1 :])
        if track.original == path and plain and plain.casefold() not in used:
            used.add(plain.casefold())
            named[path] = plain
    for path, track in tracks.items():
        if track.original == path or track.original not in ids or path not in ids:
            continue
        name = first = f"{named[track.original]}.{track.language}"
        number = 2
        while name.casefold() in used:
            name, number = f"{first}-{number}", number + 1
        used.add(name.casefold())
        named[path] = name
    return named


def _is_language(path: str, tag: str, recognise: Callable[[str], str] | None) -> bool:
    """Whether the tag in a name is meant as a language."""
    if tag not in _ALSO_PROGRAMS or recognise is None:
        return True
    found = recognise(path)
    return not found or same_language(found, tag)


def _choose_original(languages: Mapping[str, str], usual: str) -> str:
    alike = [path for tag, path in languages.items() if usual and same_language(tag, usual)]
    return alike[0] if alike else min(languages.items())[1]
