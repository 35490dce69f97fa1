"""Moves aside what is in the way in a store's folder: a folder, a link or a pipe where a file shall
be, or a file or a link where a folder shall be.

Nothing is deleted, since somebody may want it back, and a link is not followed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from foundation.problem import Place, Problem

ASIDE = "aside"
_ATTEMPTS = 3  # to make a folder where others move things aside at the same time


def is_folder(path: str | Path) -> bool:
    """Whether a folder is here, and not a link to one."""
    return stat.S_ISDIR(_mode(path))


def is_file(path: str | Path) -> bool:
    """Whether a regular file is here, and not a link to one."""
    return stat.S_ISREG(_mode(path))


@dataclass(slots=True)
class Clearance:
    """Makes room in the store's folder at `root`."""

    root: Path
    _known: set[str] = field(default_factory=set)
    _notes: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = self._list()

    def make_folder(self, path: Path) -> Path:
        """Make the root, or a folder in it. What is in its place is moved aside."""
        if path != self.root and not is_folder(path):
            self.make_folder(self.root)
        for _ in range(_ATTEMPTS):
            # The root itself may be a link that its owner made, to a larger disk.
            if is_folder(path) or (path == self.root and path.is_dir()):
                break
            try:
                path.mkdir(parents=True)
            except FileExistsError:  # perhaps another process has just made the folder
                if not is_folder(path):
                    self.move(path)
            except FileNotFoundError as error:  # where no folder can be made, as in /proc
                raise PermissionError(errno.EACCES, error.strerror, error.filename) from error
        return path

    def free(self, path: Path, *, written: bool = False) -> None:
        """Make sure that nothing is at this path but a regular file. If it is to be `written` to
        and not replaced, it must not be another file's second name either."""
        mode = _mode(path)
        if not mode:
            return
        if not stat.S_ISREG(mode) or (written and path.lstat().st_nlink > 1):
            self.move(path)

    def move(self, path: Path) -> None:
        """Move aside what is at this path."""
        token = secrets.token_hex(4)
        folder = self.root / ASIDE
        if path in (self.root, folder):  # it cannot go where the others go
            target = path.with_name(f"{path.name}-{ASIDE}-{token}")
            self._notes.append(_describe(str(path), str(target)))
        else:
            name = str(path.relative_to(self.root)).replace(os.sep, "_")
            target = self.make_folder(folder) / f"{name}-{token}"
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            path.rename(target)

    def take_notes(self) -> tuple[Problem, ...]:
        """What was moved aside by any process of this machine since this was asked last."""
        found = self._list()
        new = sorted(found - self._known)
        self._known |= found
        notes, self._notes = self._notes, []
        folder = self.root / ASIDE
        told = [_describe(name.rpartition("-")[0], str(folder / name)) for name in new]
        return (*notes, *told)

    def _list(self) -> set[str]:
        folder = self.root / ASIDE
        return set(os.listdir(folder)) if is_folder(folder) else set()  # noqa: PTH208


def _describe(name: str, target: str) -> Problem:
    return Problem(
        f"Something was in the place of {name!r} in the store. It was moved aside, and what "
        "belongs there is made anew.",
        remedy="Delete it, unless you want to keep it.",
        place=Place(target),
    )


def _mode(path: str | Path) -> int:
    """What is here, without following a link; 0 if it is nothing."""
    try:
        return os.lstat(path).st_mode
    except (OSError, ValueError):
        return 0
