"""Writes the files of consent: with advice if they cannot be written, and locked while they change.

Reading them is `foundation.files.read_bounded`.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from avatar.errors import ConsentError
from foundation.files import FULL, write_whole
from foundation.problem import Place


def write(path: Path, data: bytes, *, mode: int = 0o644, overwrite: bool = True) -> None:
    """Write a file, and its folder if need be, so that a half-written file is never seen.

    Without `overwrite` an existing file is kept and FileExistsError raised, even in a race.
    Raises ConsentError (unwritable) with what to do.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o777)
        write_whole(path, data, mode=mode, overwrite=overwrite)
    except FileExistsError:
        raise
    except OSError as error:
        raise _make_unwritable_error(path, error) from error


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file's folder while the file is read, changed and written back.

    The folder itself is locked, so that no lock file is left in a course. Windows cannot do that:
    there, one of two commands that run at once may lose its change.
    Raises ConsentError (unwritable).
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise _make_unwritable_error(path, error) from error
    try:
        # A file system without locks (some network ones) is no reason to refuse.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_unwritable_error(path: Path, error: OSError) -> ConsentError:
    if error.errno in FULL:
        problem, remedy = "The disk is full.", "Free some space and run the command again."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        problem = f"The folder {path.parent} cannot be written to."
        remedy = "Give yourself write permission there, or name another place."
    else:
        problem = f"The file cannot be written ({error.strerror or type(error).__name__})."
        remedy = "Check that the folder exists and can be written to."
    return ConsentError(problem, remedy=remedy, code="unwritable", place=Place(str(path)))
