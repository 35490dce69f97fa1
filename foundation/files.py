"""Reads files up to a limit, writes them whole or not at all, and computes their digests."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # a named pipe must not hang us; Windows has none
_BINARY = getattr(os, "O_BINARY", 0)
_CLOEXEC = getattr(os, "O_CLOEXEC", 0)

FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG})
"""The error numbers for a disk without free space."""


class NotRegularError(OSError):
    """A folder, pipe or device was found instead of a file."""


class TooLargeError(OSError):
    """The file has more bytes than the limit."""


def read_bounded(path: Path, limit: int, *, private: bool = False) -> bytes:
    """The bytes of a regular file of at most `limit` bytes. The file is opened once.

    With `private`, a file that others than its owner may read or write is refused with
    PermissionError. Raises OSError, of which NotRegularError and TooLargeError are subclasses.
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
        # Read one byte more than the limit, since the file may grow while it is read.
        data = file.read(limit + 1) if status.st_size <= limit else b""
        if status.st_size > limit or len(data) > limit:
            raise TooLargeError(errno.EFBIG, f"larger than {limit} bytes", str(path))
        return data


@contextlib.contextmanager
def replacing_path(
    path: Path, *, temporary: Path | None = None, overwrite: bool = True
) -> Iterator[Path]:
    """As `replacing`, for writers that open a file themselves: gives the path to write to."""
    if temporary is None:
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        yield temporary
        with temporary.open("r+b") as written:  # Windows syncs only what is open for writing
            os.fsync(written.fileno())
        if overwrite:
            temporary.replace(path)
        else:
            _rename_to_new(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing(
    path: Path, *, temporary: Path | None = None, mode: int = 0o666, overwrite: bool = True
) -> Iterator[BinaryIO]:
    """Open a file for writing that replaces `path` if the block ends without an error.

    At any moment, `path` is the old file or the whole new one. The new file is written to
    `temporary` first, by default beside `path`. It is created with `mode` (less the process's
    umask), so others can never read a private file. Without `overwrite`, an existing file is kept
    and FileExistsError is raised, even if two processes write at once. Raises OSError.
    """
    with replacing_path(path, temporary=temporary, overwrite=overwrite) as written:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _CLOEXEC
        with os.fdopen(os.open(written, flags, mode), "wb") as file:
            yield file


def write_whole(
    path: Path,
    data: bytes,
    *,
    temporary: Path | None = None,
    mode: int = 0o666,
    overwrite: bool = True,
) -> None:
    """Write a file. At any moment it is the old one or the whole new one; see `replacing`."""
    with replacing(path, temporary=temporary, mode=mode, overwrite=overwrite) as file:
        file.write(data)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def bytes_digest(data: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _rename_to_new(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)  # fails if it exists, in one step; rename would overwrite
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "exists", str(path)) from None
        temporary.replace(path)
