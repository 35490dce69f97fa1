"""What a person is told when the system refuses to write."""

from __future__ import annotations

import errno
import os
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
def storing(folder: Path, *, elsewhere: str = "choose another folder with --out") -> Iterator[None]:
    """Turn the system's refusal to write into a StoreError. Other OSErrors pass through.

    `elsewhere` is what a person can do instead of making room or mending the place.
    """
    try:
        yield
    except OSError as error:
        target = error.filename2 or error.filename or folder  # of a rename, the second
        file = Path(os.fsdecode(target))
        where = str(file.parent if file.suffix == ".part" else file)  # as `write_whole` calls it
        if error.errno in FULL:
            raise StoreError(
                "The disk is full.",
                remedy=f"Free some space, or {elsewhere}. What is finished is kept, and the next "
                "build continues from there.",
                place=Place(where),
            ) from error
        if error.errno in _UNWRITABLE:
            raise StoreError(
                f"This place cannot be written to ({error.strerror}).",
                remedy=f"Check its permissions and what is there, or {elsewhere}.",
                place=Place(where),
            ) from error
        raise
