"""The folders around a course: how far up anything is looked for, and where its repository is.

A course comes from anyone, so nothing is read from folders that do not belong to it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

MARK = ".git"
MOST_LEVELS = 12


def walk_up(folder: Path) -> Iterator[Path]:
    """A folder and those above it that may hold the configuration of what is in it.

    It ends with the root of the repository. Above a folder in no repository, it ends before the
    user's home, the root of the file system, and a folder in which anybody may write.
    """
    here = folder.resolve()
    top = find_repository(here)
    yield here
    for level, above in enumerate(here.parents):
        if top is None and (level >= MOST_LEVELS or _is_shared(above)):
            return
        if top is not None and not above.is_relative_to(top):
            return
        yield above


def find_repository(folder: Path) -> Path | None:
    """The nearest folder at or above one that is a repository. The user's home is none, whatever
    it holds."""
    here = folder.resolve()
    for level, candidate in enumerate((here, *here.parents)):
        if level > 2 * MOST_LEVELS or (candidate != here and _is_shared(candidate)):
            return None
        if os.path.lexists(candidate / MARK) and not _is_home(candidate):
            return candidate
    return None


def _is_home(folder: Path) -> bool:
    try:
        return folder == Path.home().resolve()
    except (OSError, RuntimeError):  # there is no home
        return False


def _is_shared(folder: Path) -> bool:
    """Whether what lies in a folder need not belong together."""
    if folder == folder.parent or _is_home(folder):
        return True
    try:
        return bool(folder.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return True
