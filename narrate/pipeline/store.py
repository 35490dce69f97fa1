"""Stores artefacts under their keys.

An artefact is a file. It is written to a temporary file, flushed and renamed, so that nobody sees
half of it. A seal beside it, written last, has its size and its SHA-256. An artefact without a
seal, or of another size, counts as missing. `find_verified` also compares the digest, and drops a
damaged artefact so that it is made again.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import json
import os
import platform
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.files import FULL, file_digest, write_whole
from foundation.json_text import read_object
from foundation.problem import Place
from narrate.errors import StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

_UNWRITABLE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
    | {errno.ELOOP, errno.ENAMETOOLONG, errno.EIO, errno.EBUSY, errno.ENOTEMPTY}
)
LARGEST_SEAL = 10_000  # bytes
DROPPED_AFTER = 14 * 86_400  # seconds; artefacts that no build used for two weeks are deleted


@dataclass(frozen=True, slots=True)
class Artefact:
    """`key` is the digest of what it is made from; `suffix` (with its dot) is its kind."""

    key: str
    suffix: str

    @property
    def name(self) -> str:
        return self.key + self.suffix


class Store:
    """The artefacts in a folder. Any number of processes may use it at once."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, artefact: Artefact) -> Path:
        """The path of the artefact, whether or not it exists."""
        return self.root / artefact.key[:2] / artefact.name

    def has(self, artefact: Artefact) -> bool:
        """Whether the artefact exists and has the right size."""
        seal = self._seal(artefact)
        try:
            return seal is not None and self.path(artefact).stat().st_size == seal[0]
        except OSError:
            return False

    def find_verified(self, artefact: Artefact) -> Path | None:
        """The artefact's path if its bytes are those that were stored. If not, the artefact is
        dropped and the result is None."""
        path, seal = self.path(artefact), self._seal(artefact)
        try:
            right = seal is not None and file_digest(path) == seal[1]
        except FileNotFoundError:
            return None
        if right:
            return path
        self.drop(artefact)
        return None

    @contextlib.contextmanager
    def writing(self, *artefacts: Artefact) -> Iterator[tuple[Path, ...]]:
        """Paths to write to. If the block ends without an error, the files become the artefacts.

        Raises StoreError if the folder cannot be written to or the disk is full.
        """
        with storing(self.root):
            temporaries = tuple(self.temporary(a.name) for a in artefacts)
            try:
                yield temporaries
                for artefact, temporary in zip(artefacts, temporaries, strict=True):
                    self._keep(artefact, temporary)
            finally:
                for temporary in temporaries:
                    temporary.unlink(missing_ok=True)

    def temporary(self, name: str) -> Path:
        """A new path to write to before renaming. `sweep` deletes it if this process is killed."""
        folder = self.root / "new"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{_machine_id()}-{os.getpid()}-{time.monotonic_ns():x}-{name}"

    def publish(self, path: Path, data: bytes) -> None:
        """Write a file outside of the store. At any moment it is the old file or the new one."""
        write_whole(path, data, temporary=self.temporary(path.name))

    def lock(self, artefact: Artefact) -> BaseFileLock:
        """A lock to hold while an artefact is made, so that two builds do not both make it."""
        return self.named_lock(artefact.key[:16])

    def named_lock(self, name: str) -> BaseFileLock:
        from filelock import FileLock

        folder = self.root / "locks"
        with storing(self.root):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except FileNotFoundError as error:  # where no folder can be made, as in /proc
                raise PermissionError(errno.EACCES, error.strerror, error.filename) from error
            return FileLock(folder / f"{name}.lock")

    def drop(self, artefact: Artefact) -> None:
        # The seal goes first: without it the artefact does not exist.
        self._seal_path(artefact).unlink(missing_ok=True)
        self.path(artefact).unlink(missing_ok=True)

    def touch(self, artefacts: Iterable[Artefact]) -> None:
        """Note that artefacts are in use, so that `sweep` keeps them."""
        for artefact in artefacts:
            with contextlib.suppress(OSError):
                os.utime(self._seal_path(artefact))

    def sweep(self) -> int:
        """Delete artefacts that were not used for long, and files that killed builds left behind.

        Returns the number of bytes that were freed.
        """
        now, freed = time.time(), 0
        with contextlib.suppress(OSError):  # somebody else's folder, or none at all
            for path in self.root.glob("new/*"):
                left = now - _modified(path, now) > 86_400 or _is_abandoned(path.name)
                freed += _remove(path) if left else 0
            for path in self.root.glob("locks/*.lock"):
                _remove(path) if now - _modified(path, now) > 86_400 else 0
            for seal in self.root.glob("??/*.seal"):
                if now - _modified(seal, now) > DROPPED_AFTER:
                    freed += _remove(seal)
                    freed += _remove(seal.with_suffix(""))
        return freed

    def _seal_path(self, artefact: Artefact) -> Path:
        path = self.path(artefact)
        return path.with_name(path.name + ".seal")

    def _seal(self, artefact: Artefact) -> tuple[int, str] | None:
        try:
            seal = read_object(self._seal_path(artefact), LARGEST_SEAL)
            return int(str(seal["bytes"])), str(seal["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, artefact: Artefact, temporary: Path) -> None:
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        seal = {"bytes": temporary.stat().st_size, "sha256": file_digest(temporary)}
        place = self.path(artefact)
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.replace(place)
        self.publish(self._seal_path(artefact), json.dumps(seal).encode())


@contextlib.contextmanager
def storing(folder: Path, instead: str = "choose another folder with --out") -> Iterator[None]:
    """Turn the system's refusal to write into a StoreError. Other OSErrors pass through. `instead`
    is what else a person can do."""
    try:
        yield
    except OSError as error:
        target = error.filename2 or error.filename or folder  # of a rename, the second
        file = Path(os.fsdecode(target))
        where = str(file.parent if file.suffix == ".part" else file)  # as `write_whole` calls it
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
                remedy=f"Check its permissions and what is there, or {instead}.",
                place=Place(where),
            ) from error
        raise


@functools.cache
def _machine_id() -> str:
    """A name of this machine, since several machines may share a store."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _is_abandoned(name: str) -> bool:
    """Whether a temporary file belongs to a process of this machine that has ended."""
    found = re.match(r"\.?([0-9a-f]{8})-(\d+)-", name)
    if found is None or found[1] != _machine_id():
        return False
    try:
        os.kill(int(found[2]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


def _modified(path: Path, default: float) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return default


def _remove(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except OSError:
        return 0
    return size
