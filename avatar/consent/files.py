"""Files of the consent room: read once and bounded, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from avatar.errors import ConsentError
from foundation.problem import Place

_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # a named pipe must not hang us; Windows has none
_BINARY = getattr(os, "O_BINARY", 0)
_CLOEXEC = getattr(os, "O_CLOEXEC", 0)


class NotRegularError(OSError):
    """A folder, pipe or device where a file was expected."""


class TooLargeError(OSError):
    """More bytes than the limit."""


def read(path: Path, limit: int, *, private: bool = False) -> bytes:
    """The bytes of a regular file, from one opening, at most `limit`.

    With `private`, a file that others than its owner may read or write is refused
    (PermissionError). Raises OSError; NotRegularError and TooLargeError are kinds of it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _NONBLOCK | _BINARY | _CLOEXEC)
    except ValueError:  # a NUL in the name
        raise NotRegularError(errno.EINVAL, "not a file's name", str(path)) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotRegularError(errno.EINVAL, "not a regular file", str(path))
        if private and os.name == "posix" and status.st_mode & 0o077:
            raise PermissionError(errno.EPERM, "others than its owner can reach it", str(path))
        # One more than the limit, since the file may grow while it is read.
        data = file.read(limit + 1) if status.st_size <= limit else b""
        if status.st_size > limit or len(data) > limit:
            raise TooLargeError(errno.EFBIG, f"larger than {limit} bytes", str(path))
        return data


def write(path: Path, data: bytes, *, mode: int = 0o644, replace: bool = True) -> None:
    """Write beside the place and rename, so that a half-written file is never seen.

    Without `replace` an existing file is kept and FileExistsError raised, even in a race.
    Raises ConsentError (code unwritable) that says what to do.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o777)
        # Created with its mode: a private key is at no moment open to others.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _CLOEXEC
        descriptor = os.open(temporary, flags, mode)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                temporary.replace(path)
            else:
                _rename_to_new(temporary, path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error


def _rename_to_new(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)  # fails if it exists, in one step; rename would overwrite
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "exists", str(path)) from None
        temporary.replace(path)


def unwritable(path: Path, error: OSError) -> ConsentError:
    """What to do when a file cannot be written."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        problem, remedy = "The disk is full.", "Make room on it and run the command again."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        problem = f"The folder {path.parent} cannot be written to."
        remedy = "Give yourself write permission there, or name another place."
    else:
        problem = f"It cannot be written ({error.strerror or type(error).__name__})."
        remedy = "Check that the folder exists and can be written to."
    return ConsentError(problem, remedy=remedy, code="unwritable", place=Place(str(path)))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file's folder while it is read, changed and written back.

    The folder itself is locked, so that no lock file is left in a course. Windows cannot do
    that and goes without: there two commands at once may lose one's change.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY | _CLOEXEC)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        # A file system without locks (some network ones) is no reason to refuse.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
