"""What a store is: a place for artefacts under their keys, in a folder or shared by machines.

Nothing in a store is believed because it lies there. With an artefact lies its seal, in a file
beside it or in an object's name: the size and the SHA-256 of the bytes, the consent record under
which they were made, and an HMAC over all of it and the artefact's name, by a secret that the store
itself does not hold. An artefact without a seal by this secret counts as missing, and is made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from foundation.problem import Problem
from narrate.pipeline.step import Artefact


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where a store is, in a form that can be sent to another process or machine.

    `url` is a folder's path or the address of an object store, such as s3://bucket/prefix. `cache`
    is the folder of the local cache in front of an object store; each machine uses its own where it
    is empty. `secret_id` tells which secret seals it, without telling the secret.
    """

    url: str
    secret_id: str
    cache: str = ""


class Store(Protocol):
    """A store of artefacts. Any number of processes, on any number of machines, may use it at once.

    All methods raise StoreError if the store cannot be reached, read or written; its message says
    what to do.
    """

    @property
    def address(self) -> StoreAddress: ...

    def find_missing(self, artefacts: Collection[Artefact]) -> set[Artefact]:
        """Those artefacts that the store does not have under a true seal and in the right size."""

    def fetch(self, artefact: Artefact) -> Path | None:
        """A local file with the artefact's bytes, whose digest was compared.

        Gives None if it is missing. One that is damaged is dropped first, so that it is made again,
        and so is one that was sealed by another secret or under another consent record, where it
        is in the way of ours.
        """

    def writing(self, artefacts: Collection[Artefact]) -> AbstractContextManager[tuple[Path, ...]]:
        """Paths to write to. If the block ends without an error, the files become the artefacts,
        each whole or not at all."""

    def add_file(self, path: Path, artefact: Artefact) -> None:
        """Take in a file of the course. Raises ChangedError if its bytes no longer have the digest
        that is the artefact's key."""

    def lock(self, artefacts: Iterable[Artefact]) -> AbstractContextManager[object]:
        """Held while artefacts are made, so that two builds on one machine do not both make
        them. On a shared store two machines may: they write the same bytes."""

    def drop(self, artefact: Artefact) -> None:
        """Delete an artefact, so that it is made anew."""

    def touch(self, artefacts: Iterable[Artefact]) -> None:
        """Note that artefacts are in use, so that retention keeps them. A build calls this once,
        with all that it uses: on a shared store each call is a request."""

    def take_notes(self) -> tuple[Problem, ...]:
        """What was found in the store that does not count, or was moved aside, and was not told
        yet: a build tells it once."""

    def sweep(self) -> int:
        """Delete what killed builds left behind, and from the build's own folder what no build has
        used for two weeks. Returns the number of bytes that were freed."""
