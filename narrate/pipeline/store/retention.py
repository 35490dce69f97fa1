"""How long artefacts are kept: what is in a store, deleting what was not used for long or what is
too much, and comparing everything with its seal.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.objects import ObjectStore, Sealed
from narrate.pipeline.store.seals import Fault

Handle = TypeVar("Handle")

DAY = 86_400  # seconds
AGES = ((1, "today"), (7, "this week"), (30, "this month"))
"""The days since an artefact was used, up to which it counts as so old."""
OLDER = "longer ago"


@dataclass(frozen=True, slots=True)
class Entry:
    """An artefact in a store, or what lies in the place of one. `used` is when a build last used
    it, in seconds since the epoch; `handle` is for the store that it is in."""

    name: str
    size: int
    used: float
    handle: object = field(default=None, repr=False, compare=False)

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix


class Artefacts(Protocol):
    """The artefacts in a store, for those who look after it."""

    def list_entries(self) -> Iterator[Entry]:
        """All that are there."""

    def examine(self, entry: Entry) -> Fault | None:
        """Read one, and give why it does not count, if it does not."""

    def remove(self, entry: Entry) -> None:
        """Delete one, or move it aside if it is no file."""

    def forget_uses(self, before: float) -> None:
        """Delete the notes of uses before this time."""


@dataclass(frozen=True, slots=True)
class Total:
    """A number of artefacts and their bytes."""

    number: int = 0
    size: int = 0

    def __add__(self, entry: Entry) -> Total:
        return Total(self.number + 1, self.size + entry.size)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a store has: altogether, by suffix, and by when it was last used."""

    all: Total
    by_suffix: dict[str, Total]
    by_age: dict[str, Total]


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was deleted, or would be, and what is left."""

    deleted: Total
    left: Total


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was read, and what is wrong, each with its fault."""

    read: Total
    wrong: tuple[tuple[Entry, Fault], ...]


def count_artefacts(artefacts: Artefacts, *, now: float | None = None) -> Statistics:
    """Count what a store has."""
    now = time.time() if now is None else now
    total = Total()
    by_suffix: dict[str, Total] = {}
    by_age = {name: Total() for name in (*(name for _, name in AGES), OLDER)}
    for entry in artefacts.list_entries():
        total += entry
        by_suffix[entry.suffix] = by_suffix.get(entry.suffix, Total()) + entry
        days = (now - entry.used) / DAY
        by_age[next((name for limit, name in AGES if days < limit), OLDER)] += entry
    return Statistics(total, dict(sorted(by_suffix.items())), by_age)


def prune(
    artefacts: Artefacts,
    *,
    older_than: float | None = None,
    larger_than: int | None = None,
    unless_used_within: float = 0,
    dry_run: bool = False,
    now: float | None = None,
) -> Pruned:
    """Delete what no build has used for `older_than` days, and then, until the store has at most
    `larger_than` bytes, what was not used for longest. What was used within the last
    `unless_used_within` seconds is kept in any case."""
    now = time.time() if now is None else now
    entries = sorted(artefacts.list_entries(), key=lambda entry: (entry.used, entry.name))
    left = _add_up(entries)
    deleted = Total()
    for entry in entries:
        old = older_than is not None and now - entry.used >= older_than * DAY
        much = larger_than is not None and left.size > larger_than
        if not (old or much) or now - entry.used < unless_used_within:
            break  # they only get younger
        if not dry_run:
            artefacts.remove(entry)
        deleted += entry
        left = Total(left.number - 1, left.size - entry.size)
    if older_than is not None and not dry_run:
        artefacts.forget_uses(now - older_than * DAY)
    return Pruned(deleted, left)


def verify(artefacts: Artefacts, *, mend: bool = False) -> Verified:
    """Read everything and compare it with its seal. What is wrong is deleted only to `mend`."""
    read, wrong = Total(), []
    for entry in artefacts.list_entries():
        read += entry
        if fault := artefacts.examine(entry):
            wrong.append((entry, fault))
            if mend:
                artefacts.remove(entry)
    return Verified(read, tuple(wrong))


def _add_up(entries: Sequence[Entry]) -> Total:
    return Total(len(entries), sum(entry.size for entry in entries))


@dataclass(frozen=True, slots=True)
class FolderArtefacts:
    """The artefacts of a store in a folder."""

    store: FolderStore

    def list_entries(self) -> Iterator[Entry]:
        for path, size, used in self.store.list_all():
            yield Entry(path.name, size, used, path)

    def examine(self, entry: Entry) -> Fault | None:
        return self.store.examine(_handle(entry, Path))

    def remove(self, entry: Entry) -> None:
        self.store.drop_path(_handle(entry, Path))

    def forget_uses(self, before: float) -> None:
        """Nothing is noted but the time of each seal."""


@dataclass(frozen=True, slots=True)
class SharedArtefacts:
    """The artefacts of an object store."""

    store: ObjectStore

    def list_entries(self) -> Iterator[Entry]:
        used: dict[str, float] = {}
        for listed, names in self.store.list_uses():
            for name in names:
                used[name] = max(used.get(name, 0.0), listed.written)
        for sealed in self.store.list_all():
            written = sealed.listed.written
            last = max(written, used.get(sealed.name, written))
            yield Entry(sealed.name, sealed.listed.size, last, sealed)

    def examine(self, entry: Entry) -> Fault | None:
        return self.store.examine(_handle(entry, Sealed))

    def remove(self, entry: Entry) -> None:
        self.store.delete(_handle(entry, Sealed).listed)

    def forget_uses(self, before: float) -> None:
        self.store.forget_uses(before)


def _handle(entry: Entry, kind: type[Handle]) -> Handle:
    """What a store needs to find an entry of its own again."""
    assert isinstance(entry.handle, kind)
    return entry.handle
