"""A store that machines share, with a cache of it on this machine.

The cache is a store in a folder of its own, so that what comes from there is compared with its seal
like everything else. Whether an artefact is missing, the shared store alone decides: other machines
will ask it for the artefact.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from foundation.byte_sizes import parse_size
from foundation.problem import Problem
from narrate.errors import SettingsError
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.base import StoreAddress
from narrate.pipeline.store.course_files import copy_file
from narrate.pipeline.store.folder import FolderStore, measure_file
from narrate.pipeline.store.objects import ObjectStore
from narrate.pipeline.store.refusals import storing
from narrate.pipeline.store.retention import FolderArtefacts, prune

FOLDER_VARIABLE = "NARRATE_STORE_CACHE"
SIZE_VARIABLE = "NARRATE_STORE_CACHE_SIZE"
DEFAULT_SIZE = 20_000_000_000  # bytes: the segments of some forty hours of lectures
IN_USE = 3600.0  # seconds; a running task may still need what was fetched within the last hour
_TRIMMED_TO = 0.9  # of the bound, so that not every new artefact needs a trim
_LOOKED_AFTER = 0.005  # of the bound; what a process adds before it looks at the cache's size


class CachedStore:
    """The artefacts of an object store, of which those last used lie on this machine too."""

    def __init__(
        self,
        objects: ObjectStore,
        cache: FolderStore,
        *,
        bound: int = DEFAULT_SIZE,
        in_use: float = IN_USE,
    ) -> None:
        self.objects = objects
        self.cache = cache
        self._bound = bound
        self._in_use = in_use
        self._added: float = bound  # unknown: others may have filled it

    @property
    def address(self) -> StoreAddress:
        return StoreAddress(self.objects.url, self.objects.secret.id)

    def find_missing(self, artefacts: Collection[Artefact]) -> set[Artefact]:
        """Those artefacts that the shared store does not have; see `Store.find_missing`."""
        return set(artefacts) - self.objects.find(artefacts)

    def fetch(self, artefact: Artefact) -> Path | None:
        """A file in the cache with the artefact's bytes; see `Store.fetch`."""
        if path := self.cache.fetch(artefact):
            self.cache.touch((artefact,))
            return path
        with self._storing():
            temporary = self.cache.temporary(artefact.name)
            try:
                with temporary.open("x+b") as file:
                    seal = self.objects.fetch(artefact, file)
                if seal is None:
                    return None
                self.cache.keep(artefact, temporary, seal.size, seal.sha256)
            finally:
                temporary.unlink(missing_ok=True)
            self._trim(seal.size)
        return self.cache.path(artefact)

    @contextmanager
    def writing(self, artefacts: Collection[Artefact]) -> Iterator[tuple[Path, ...]]:
        """Paths to write to; see `Store.writing`."""
        with self._storing():
            temporaries = tuple(self.cache.temporary(a.name) for a in artefacts)
            try:
                yield temporaries
                for artefact, temporary in zip(artefacts, temporaries, strict=True):
                    self._keep(artefact, temporary, *measure_file(temporary))
            finally:
                for temporary in temporaries:
                    temporary.unlink(missing_ok=True)

    def add_file(self, path: Path, artefact: Artefact) -> None:
        """Take in a file of the course; see `Store.add_file`."""
        with self._storing():
            temporary = self.cache.temporary(artefact.name)
            try:
                self._keep(artefact, temporary, *copy_file(path, temporary, artefact))
            finally:
                temporary.unlink(missing_ok=True)

    def lock(self, artefacts: Iterable[Artefact]) -> AbstractContextManager[None]:
        """A lock against other processes of this machine; see `Store.lock`."""
        return self.cache.lock(artefacts)

    def drop(self, artefact: Artefact) -> None:
        """Delete an artefact, here and in the shared store."""
        self.objects.drop(artefact)
        self.cache.drop(artefact)

    def touch(self, artefacts: Iterable[Artefact]) -> None:
        """Note that artefacts are in use; see `Store.touch`."""
        used = tuple(artefacts)
        self.cache.touch(used)
        self.objects.touch(used)

    def take_notes(self) -> tuple[Problem, ...]:
        """What does not count in the shared store, and was not told yet. What happens to the cache
        concerns nobody."""
        self.cache.take_notes()
        return self.objects.take_notes()

    def sweep(self) -> int:
        """Sweep the cache. The shared store is pruned by command, since other builds use it."""
        freed = self.cache.sweep()
        self._added = self._bound
        self._trim(0)
        return freed

    def _keep(self, artefact: Artefact, temporary: Path, size: int, sha256: str) -> None:
        self.objects.put(artefact, temporary, size, sha256)
        self.cache.keep(artefact, temporary, size, sha256)
        self._trim(size)

    def _trim(self, added: int) -> None:
        """Keep the cache within its bound. Those last used stay, and all that may be in use."""
        self._added += added
        if self._added <= _LOOKED_AFTER * self._bound:
            return
        self._added = 0
        artefacts = FolderArtefacts(self.cache)
        if sum(entry.size for entry in artefacts.list_entries()) > self._bound:
            with self.cache.named_lock("trim"):
                within = int(_TRIMMED_TO * self._bound)
                prune(artefacts, larger_than=within, unless_used_within=self._in_use)

    def _storing(self) -> AbstractContextManager[None]:
        return storing(
            self.cache.root,
            elsewhere=f"move the cache with {FOLDER_VARIABLE}, or make it smaller with "
            f"{SIZE_VARIABLE}",
        )


def cache_folder() -> Path:
    """Where the caches of stores are on this machine."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("narrate", appauthor=False) / "store"


def cache_size() -> int:
    """How many bytes a cache may have. Raises SettingsError."""
    text = os.environ.get(SIZE_VARIABLE, "")
    if not text:
        return DEFAULT_SIZE
    try:
        return parse_size(text)
    except ValueError:
        raise SettingsError(
            f"{SIZE_VARIABLE} is not a size.", remedy="Write a number and a unit, such as 20 GB."
        ) from None
