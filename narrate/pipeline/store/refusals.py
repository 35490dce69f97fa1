"""What a person is told when the system refuses to write."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.files import FULL
from foundation.problem import Place
from narrate.errors import StoreError

_UNWRITABLE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
    | {errno.ELOOP, errno.ENAMETOOLONG, errno.EIO, errno.EBUSY, errno.ENOTEMPTY}
)


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turn the system's refusal to write into a StoreError. Other OSErrors pass through."""
    try:
        yield
    except OSError as error:
        where = str(error.filename2 or error.filename or folder)  # of a rename, the target
        if error.errno in FULL:
            raise StoreError(
                "The disk is full.",
                remedy="Free some space, or choose another folder with --out. What is finished is "
                "kept, and the next build continues from there.",
                place=Place(where),
            ) from error
        if error.errno in _UNWRITABLE:
            raise StoreError(
                f"This place cannot be written to ({error.strerror}).",
                remedy="Check its permissions and what is there, or choose another folder with "
                "--out.",
                place=Place(where),
            ) from error
        raise
