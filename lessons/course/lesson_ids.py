"""The ids of lessons, after which the folders of their outputs are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from lessons.wordset import word_set

TAKEN = word_set("draft manifest.json report.html report.json")
"""Names in the output folder that are not lessons' folders."""

_LONGEST = 120
_INDEXES = word_set("index readme _index")


def make_lesson_ids(paths: Iterable[str]) -> dict[str, str]:
    """The id of each lesson, by its path relative to the course folder.

    It is the stem of the file. Where several files have the same one, the folders go before it, and
    the suffix behind it if that is not enough. Case does not count: some file systems ignore it.
    """
    listed = list(paths)
    count = Counter(_stem(path).casefold() for path in listed)
    ids: dict[str, str] = {}
    used: set[str] = set()
    for path in sorted(listed, key=lambda path: count[_stem(path).casefold()] > 1):
        ids[path] = _choose(path, used, unique=count[_stem(path).casefold()] == 1)
        used.add(ids[path].casefold())
    return {path: ids[path] for path in listed}


def _choose(path: str, used: set[str], *, unique: bool) -> str:
    stem, suffix = _stem(path), PurePosixPath(path).suffix.lstrip(".").lower()
    folders = [part for part in PurePosixPath(path).parts[:-1] if part not in ("..", "/")]
    names = [stem]
    if not unique and folders:
        around = "-".join(folders)
        whole = _make_fit(around if stem.lower() in _INDEXES else f"{around}-{stem}")
        names = [whole[-_LONGEST:].lstrip("-.") or stem]
    names.append(f"{names[0]}-{suffix}")
    for name in names:
        if name.casefold() not in used:
            return name
    number = 2
    while f"{names[0]}-{number}".casefold() in used:
        number += 1
    return f"{names[0]}-{number}"


def _stem(path: str) -> str:
    return _make_fit(PurePosixPath(path).stem)


def _make_fit(name: str) -> str:
    """The name, if it can be the name of a folder in the output; else one like it."""
    name = name.lstrip(".") or "lesson"
    return f"{name}-lesson" if name.casefold() in TAKEN else name
