"""The artefacts in an object store that machines share.

An artefact is one object, and its seal is part of the object's name:

    a/abcdef….png/SHA256.CONSENT.MAC

So an artefact and its seal are written in one request that succeeds or fails as a whole, and a
listing, which tells names and sizes, is all that is needed to find out what is missing under a true
seal: some fifty requests for 40,000 artefacts, and nothing has to be read. What another secret
sealed has another name, so that two organisations can use one bucket and are not in each other's
way. The bytes are compared with the digest in the name whenever they are fetched.

Object stores do not keep when an object was last read. Each build writes one more object below
`used/` with the names of all artefacts that it uses; retention reads these.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from foundation.problem import Problem
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.notes import Notes
from narrate.pipeline.store.object_calls import PATIENCE, Listed, ObjectCalls
from narrate.pipeline.store.seals import Fault, Seal, make_seal
from narrate.pipeline.store.secret import Secret

USED = "used"
_NAME = re.compile(r"([0-9a-f])/(\1[^/]*)/([0-9a-f]{64})\.([\w-]{0,64})\.([0-9a-f]{64})")
_PLAIN = re.compile(r"[A-Za-z0-9-]{0,64}")
_AT_ONCE = 16  # listings; they wait for the store most of the time
_ONE_BY_ONE = 8  # artefacts of a folder for which its whole listing is not worth it
_ATTEMPTS = 3  # to find an artefact that others drop at the same time
_LISTED_AT_ONCE = 100_000  # names in one list of used artefacts
_LARGEST_LIST = 16_000_000  # bytes, compressed or not; such a list has a third of them


@dataclass(frozen=True, slots=True)
class Sealed:
    """An object that has the name of a sealed artefact, whoever sealed it."""

    listed: Listed
    name: str
    seal: Seal


class ObjectStore:
    """Artefacts in an object store. `CachedStore` makes a whole store of it."""

    def __init__(self, url: str, secret: Secret, *, patience: float = PATIENCE) -> None:
        self.url = url
        self.secret = secret
        self._calls = ObjectCalls(url, patience=patience)
        self._notes = Notes()
        self._known: dict[Artefact, Sealed] = {}

    def find(self, artefacts: Collection[Artefact]) -> set[Artefact]:
        """Those artefacts that are there under a true seal and in the right size."""
        folders: dict[str, list[Artefact]] = defaultdict(list)
        for artefact in artefacts:
            folders[artefact.key[0]].append(artefact)
        asked: list[tuple[str, list[Artefact]]] = []
        for folder, those in folders.items():
            if len(those) > _ONE_BY_ONE:
                asked.append((folder, those))
            else:
                asked += [(_folder_of(artefact), [artefact]) for artefact in those]
        found: set[Artefact] = set()
        listings = _map(self._list_sealed, [prefix for prefix, _ in asked])
        for (_, those), sealed in zip(asked, listings, strict=True):
            found.update(artefact for artefact in those if self._choose(artefact, sealed))
        return found

    def fetch(self, artefact: Artefact, target: BinaryIO) -> Seal | None:
        """Write an artefact's bytes to a file, and give their seal. None if it is missing; one
        whose bytes are not those that were sealed is dropped, and another's is looked for."""
        for _ in range(_ATTEMPTS):
            if artefact not in self._known and not self.find([artefact]):
                return None
            sealed = self._known[artefact]
            target.seek(0)
            target.truncate()
            try:
                if self._read(sealed, target):
                    return sealed.seal
            except FileNotFoundError:  # somebody dropped it meanwhile
                del self._known[artefact]
                continue
            self._notes.add(artefact, Fault.DAMAGED)
            del self._known[artefact]
            self._calls.delete(sealed.listed.path)
        return None

    def put(self, artefact: Artefact, file: Path, size: int, sha256: str) -> None:
        """Store a file of this size and digest."""
        seal = make_seal(self.secret, _encode(artefact), size, sha256)
        name = f"{seal.sha256}.{seal.consent}.{seal.mac}"
        self._calls.write(f"{_folder_of(artefact)}/{name}", file)

    def drop(self, artefact: Artefact) -> None:
        """Delete an artefact."""
        self._known.pop(artefact, None)
        encoded = _encode(artefact)
        for sealed in self._list_sealed(_folder_of(artefact))[artefact.name]:
            if sealed.seal.find_fault(self.secret, encoded) is None:
                self._calls.delete(sealed.listed.path)

    def touch(self, artefacts: Iterable[Artefact]) -> None:
        """Note that artefacts are in use, in one object for all of them."""
        names = sorted({artefact.name for artefact in artefacts})
        for first in range(0, len(names), _LISTED_AT_ONCE):
            text = "\n".join(names[first : first + _LISTED_AT_ONCE]).encode()
            # The same build writes the same list again, and so tells when it was used last.
            name = hashlib.sha256(text).hexdigest()[:40]
            self._calls.write(f"{USED}/{name}", zlib.compress(text))

    def take_notes(self) -> tuple[Problem, ...]:
        """What was found that does not count, and was not told yet."""
        return self._notes.take()

    def list_all(self) -> Iterator[Sealed]:
        """Everything that has the name of a sealed artefact."""
        for sealed in _map(self._list_sealed, list("0123456789abcdef")):
            for those in sealed.values():
                yield from those

    def list_uses(self) -> Iterator[tuple[Listed, frozenset[str]]]:
        """The lists of artefacts that builds used; each was written when they did."""
        for listed in self._calls.list(USED):
            if listed.size <= _LARGEST_LIST:
                yield listed, self._read_names(listed)

    def forget_uses(self, before: float) -> None:
        """Delete the lists of artefacts that builds used before this time."""
        for listed in self._calls.list(USED):
            if listed.written < before:
                self._calls.delete(listed.path)

    def delete(self, listed: Listed) -> None:
        """Delete an object that a listing gave."""
        self._calls.delete(listed.path)

    def examine(self, sealed: Sealed) -> Fault | None:
        """Read an object, and give why it does not count, if it does not."""
        if not sealed.seal.is_by(self.secret, sealed.name):
            return Fault.FOREIGN
        return None if self._read(sealed, None) else Fault.DAMAGED

    def _list_sealed(self, prefix: str) -> dict[str, list[Sealed]]:
        """The objects below a path that have the names of sealed artefacts, by these."""
        found: dict[str, list[Sealed]] = defaultdict(list)
        for listed in self._calls.list(prefix):
            if parts := _NAME.fullmatch(listed.path):
                _, name, sha256, consent, mac = parts.groups()
                sealed = Sealed(listed, name, Seal(listed.size, sha256, consent, mac))
                found[name].append(sealed)
        return found

    def _choose(self, artefact: Artefact, listing: dict[str, list[Sealed]]) -> bool:
        """Whether an artefact is in a listing. Which object it is, is remembered."""
        self._known.pop(artefact, None)
        encoded, fault = _encode(artefact), None
        for sealed in listing.get(artefact.name, ()):
            fault = sealed.seal.find_fault(self.secret, encoded)
            if fault is None:
                self._known[artefact] = sealed
                return True
        if fault:
            self._notes.add(artefact, fault)
        return False

    def _read(self, sealed: Sealed, target: BinaryIO | None) -> bool:
        """Read an object, into a file if one is given, and tell whether it is what was sealed."""
        digest = hashlib.sha256()
        for part in self._calls.read(sealed.listed.path, sealed.seal.size):
            digest.update(part)
            if target:
                target.write(part)
        return digest.hexdigest() == sealed.seal.sha256

    def _read_names(self, listed: Listed) -> frozenset[str]:
        """The names in a list of used artefacts; none if it is damaged."""
        try:
            data = b"".join(self._calls.read(listed.path, listed.size))
            text = zlib.decompressobj().decompress(data, _LARGEST_LIST)
        except (FileNotFoundError, zlib.error):
            return frozenset()
        return frozenset(text.decode("ascii", "replace").split("\n"))


def _folder_of(artefact: Artefact) -> str:
    """Where all objects of an artefact lie. Listings run side by side for each first digit."""
    return f"{artefact.key[0]}/{artefact.name}"


def _encode(artefact: Artefact) -> Artefact:
    """The artefact with a consent id that can be part of an object's name."""
    consent = artefact.consent
    if _PLAIN.fullmatch(consent):
        return artefact
    digest = hashlib.sha256(consent.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(artefact, consent=f"_{digest[:40]}")


def _map(
    call: Callable[[str], dict[str, list[Sealed]]], prefixes: list[str]
) -> Iterator[dict[str, list[Sealed]]]:
    """The listings of some prefixes, several at once."""
    if len(prefixes) < 2:
        yield from map(call, prefixes)
        return
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        yield from pool.map(call, prefixes)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
