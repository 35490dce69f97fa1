"""A store in a folder.

An artefact lies in a folder named after the first two digits of its key. It is written to a
temporary file, flushed and renamed, so that nobody sees half of it; its seal is written last. Links
in the store are not followed, and what is in the way is moved aside.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from foundation.files import write_whole
from foundation.problem import Problem
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.aside import Clearance, is_file, is_folder
from narrate.pipeline.store.base import StoreAddress
from narrate.pipeline.store.course_files import copy_file
from narrate.pipeline.store.leftovers import is_abandoned, make_temporary_name
from narrate.pipeline.store.notes import Notes
from narrate.pipeline.store.refusals import storing
from narrate.pipeline.store.seals import LARGEST_SEAL, Fault, Seal, make_seal, parse_seal
from narrate.pipeline.store.secret import Secret

SEAL = ".seal"
DROPPED_AFTER = 14 * 86_400  # seconds; artefacts that no build used for two weeks are deleted
_LEFT_AFTER = 86_400  # seconds; nothing takes a day to be written
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe must not hang us
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)
_NOT_ITS_FAULT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""Errors of reading that say nothing of the file that is read."""


class FolderStore:
    """The artefacts in a folder. Any number of processes may use it at once."""

    def __init__(self, root: Path, secret: Secret) -> None:
        self.root = root
        self.secret = secret
        self._notes = Notes()
        self._clearance = Clearance(root)

    @property
    def address(self) -> StoreAddress:
        return StoreAddress(str(self.root.absolute()), self.secret.id)

    def path(self, artefact: Artefact) -> Path:
        """The path of the artefact, whether or not it exists."""
        return self.root / artefact.key[:2] / artefact.name

    def find_missing(self, artefacts: Collection[Artefact]) -> set[Artefact]:
        """Those artefacts that the store does not have under a true seal and in the right size."""
        folders: dict[str, list[Artefact]] = defaultdict(list)
        for artefact in artefacts:
            folders[artefact.key[:2]].append(artefact)
        missing: set[Artefact] = set()
        for name, asked in folders.items():
            folder = str(self.root / name)
            if not is_folder(folder):
                missing.update(asked)
                continue
            for artefact in asked:
                found = self._look(artefact, f"{folder}{os.sep}{artefact.name}")
                if isinstance(found, Seal):
                    continue
                missing.add(artefact)
                if found is not Fault.INCOMPLETE:
                    self._notes.add(artefact, found)
        return missing

    def fetch(self, artefact: Artefact) -> Path | None:
        """The artefact's path, whose digest was compared; see `Store.fetch`."""
        path = self.path(artefact)
        if not is_folder(path.parent):
            return None
        fault = self._compare(artefact, path)
        if fault and fault is not Fault.INCOMPLETE:
            # Another process may have found the same, and made it anew meanwhile.
            fault = self._compare(artefact, path)
        if fault is None:
            return path
        if fault is not Fault.INCOMPLETE:
            self._notes.add(artefact, fault)
            self.drop(artefact)
        return None

    @contextmanager
    def writing(self, artefacts: Collection[Artefact]) -> Iterator[tuple[Path, ...]]:
        """Paths to write to; see `Store.writing`."""
        with storing(self.root):
            temporaries = tuple(self.temporary(a.name) for a in artefacts)
            try:
                yield temporaries
                for artefact, temporary in zip(artefacts, temporaries, strict=True):
                    self.keep(artefact, temporary, *measure_file(temporary))
            finally:
                _delete(temporaries)

    def add_file(self, path: Path, artefact: Artefact) -> None:
        """Take in a file of the course; see `Store.add_file`."""
        with storing(self.root):
            temporary = self.temporary(artefact.name)
            try:
                self.keep(artefact, temporary, *copy_file(path, temporary, artefact))
            finally:
                _delete((temporary,))

    def keep(self, artefact: Artefact, temporary: Path, size: int, sha256: str) -> Seal:
        """Move a file that was flushed to its place, and seal it with its size and digest."""
        seal = make_seal(self.secret, artefact, size, sha256)
        place = self.path(artefact)
        self._clearance.make_folder(place.parent)
        self._clearance.free(place)
        # An older seal must not stand beside the new bytes, even for a moment.
        self._clearance.free(_seal_path(place))
        _seal_path(place).unlink(missing_ok=True)
        temporary.replace(place)
        self.publish(_seal_path(place), seal.encode())
        return seal

    def temporary(self, name: str) -> Path:
        """A new path to write to before renaming. `sweep` deletes it if this process is killed."""
        return self._clearance.make_folder(self.root / "new") / make_temporary_name(name)

    def publish(self, path: Path, data: bytes) -> None:
        """Write a file anywhere. At any moment it is the old file or the whole new one."""
        write_whole(path, data, temporary=self.temporary(path.name))

    @contextmanager
    def lock(self, artefacts: Iterable[Artefact]) -> Iterator[None]:
        """Held while artefacts are made, so that two builds do not both make them."""
        with ExitStack() as stack:
            # Always in the same order, so that no two processes wait for each other.
            for name in sorted({artefact.key[:16] for artefact in artefacts}):
                stack.enter_context(self.named_lock(name))
            yield

    def named_lock(self, name: str) -> AbstractContextManager[None]:
        """A lock that one process at a time holds, under a name of one's choice."""
        return self._hold(self.root / "locks" / f"{name}.lock")

    @contextmanager
    def _hold(self, path: Path) -> Iterator[None]:
        from filelock import FileLock

        with storing(self.root):
            self._clearance.make_folder(path.parent)
            self._clearance.free(path, written=True)
            lock = FileLock(path)
            # On a file system without locks two processes may make the same: it does no harm.
            with contextlib.suppress(NotImplementedError):
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def drop(self, artefact: Artefact) -> None:
        """Delete an artefact."""
        self.drop_path(self.path(artefact))

    def drop_path(self, path: Path) -> None:
        """Delete the artefact at a path. What is no file is moved aside."""
        if is_folder(path.parent):
            with storing(self.root):
                # The seal goes first: without it the artefact does not exist.
                for each in (_seal_path(path), path):
                    self._clearance.free(each)
                    each.unlink(missing_ok=True)

    def touch(self, artefacts: Iterable[Artefact]) -> None:
        """Note that artefacts are in use, so that retention keeps them."""
        root, follow = str(self.root), os.utime not in os.supports_follow_symlinks
        for artefact in artefacts:
            with contextlib.suppress(OSError):
                path = f"{root}{os.sep}{artefact.key[:2]}{os.sep}{artefact.name}{SEAL}"
                os.utime(path, follow_symlinks=follow)

    def take_notes(self) -> tuple[Problem, ...]:
        """What was found in the store that does not count, and was not told yet."""
        return (*self._clearance.take_notes(), *self._notes.take())

    def sweep(self) -> int:
        """Delete artefacts that were not used for long, and files that killed builds left behind.

        Returns the number of bytes that were freed.
        """
        now, freed = time.time(), 0
        for path in self._list("new"):
            if is_abandoned(path.name) or _age(path, now) > _LEFT_AFTER:
                freed += _remove(path)
        for path in self._list("locks"):
            if _age(path, now) > _LEFT_AFTER:
                _remove(path)
        for folder in self._list("", "??"):
            for path in self._list(folder.name):
                # An artefact is as old as its seal, or as itself if it has none.
                seal = path if path.name.endswith(SEAL) else _seal_path(path)
                if _age(seal if is_file(seal) else path, now) > DROPPED_AFTER:
                    freed += _remove(path)
        return freed

    def list_all(self) -> Iterator[tuple[Path, int, float]]:
        """The path of each artefact, its size with its seal, and when it was last used, in seconds
        since the epoch. What lies in the place of an artefact is listed too."""
        for folder in filter(is_folder, self._list("", "??")):
            sizes: dict[str, int] = defaultdict(int)
            used: dict[str, float] = {}
            with os.scandir(folder) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        status, name = entry.stat(follow_symlinks=False), entry.name
                        sizes[name.removesuffix(SEAL)] += status.st_size
                        used[name] = status.st_mtime
            for name, size in sizes.items():
                # `touch` is for the seal; what has none was last used when it was written.
                yield folder / name, size, used[name + SEAL if name + SEAL in used else name]

    def examine(self, path: Path) -> Fault | None:
        """Read the artefact at a path, and give why it does not count, if it does not."""
        try:
            seal = _read_seal(str(_seal_path(path)))
        except FileNotFoundError:
            return Fault.INCOMPLETE
        except (OSError, ValueError):
            return Fault.UNREADABLE
        if path.parent.name != path.name[:2] or not seal.is_by(self.secret, path.name):
            return Fault.FOREIGN
        if not os.path.lexists(path):
            return Fault.INCOMPLETE
        return None if _has_digest(path, seal) else Fault.DAMAGED

    def _list(self, folder: str, pattern: str = "*") -> list[Path]:
        """What is in a folder of the store, if that is a folder and no link to one."""
        place = self.root / folder
        if not is_folder(place) and place != self.root:
            return []
        with contextlib.suppress(OSError):  # somebody else's folder, or none at all
            return sorted(place.glob(pattern))
        return []

    def _compare(self, artefact: Artefact, path: Path) -> Fault | None:
        """Why an artefact does not count, if it does not, with its digest compared."""
        found = self._look(artefact, str(path))
        if isinstance(found, Fault):
            return found
        return None if _has_digest(path, found) else Fault.DAMAGED

    def _look(self, artefact: Artefact, path: str) -> Seal | Fault:
        """The seal of an artefact whose file has the right size, or why it does not count."""
        try:
            seal = _read_seal(path + SEAL)
            status = os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return Fault.INCOMPLETE  # nothing; or somebody is writing, or was killed
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in _NOT_ITS_FAULT:
                raise
            return Fault.UNREADABLE
        if fault := seal.find_fault(self.secret, artefact):
            return fault
        whole = stat.S_ISREG(status.st_mode) and status.st_size == seal.size
        return seal if whole else Fault.DAMAGED


def measure_file(path: Path) -> tuple[int, str]:
    """The size and SHA-256 of a file that was just written, once it is safely on the disk."""
    with path.open("r+b") as file:  # Windows syncs only what is open for writing
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _seal_path(path: Path) -> Path:
    return path.with_name(path.name + SEAL)


def _read_seal(path: str) -> Seal:
    """Raises OSError and ValueError. As few calls as possible: a course has ten thousands."""
    descriptor = os.open(path, _READ)
    try:
        return parse_seal(os.read(descriptor, LARGEST_SEAL + 1))
    finally:
        os.close(descriptor)


def _has_digest(path: Path, seal: Seal) -> bool:
    """Whether a file has the bytes that were sealed. One that cannot be read has not."""
    try:
        with os.fdopen(os.open(path, _READ), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size != seal.size:
                return False
            return hashlib.file_digest(file, "sha256").hexdigest() == seal.sha256
    except OSError as error:
        if error.errno in _NOT_ITS_FAULT:
            raise
        return False


def _age(path: Path, now: float) -> float:
    try:
        return now - path.lstat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> int:
    """Delete a file, and give its size. What is none, or stays, has none."""
    try:
        size = path.lstat().st_size
        path.unlink()
    except OSError:
        return 0
    return size


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
