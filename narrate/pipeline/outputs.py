"""The output folder: it gets the files for people out of the store, and lists them.

`manifest.json` describes every output: its digest, its consent record, and what is synthetic in it.
`.store/published.json` remembers what each output was made from, its digest, size and time, so that
the next build knows whether the file was changed. Each entry has an HMAC, so that nothing that came
with a course is taken for a file of ours; and since a file's size and time can be put back, every
build reads some of the files in turn.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import narrate
from foundation.files import file_digest
from foundation.json_text import read_object
from foundation.problem import Place, Problem
from foundation.shortening import brief
from narrate.errors import StoreError, UsageError
from narrate.pipeline.plan import Output, Plan
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.refusals import storing
from narrate.pipeline.store.secret import Secret
from narrate.pipeline.upgrade import Versions, add_versions, read_versions, write_versions

MANIFEST = "manifest.json"
STORE = ".store"
SAMPLE_BYTES = 64 << 20
"""How much a build reads of the outputs that look unchanged: about 0.1 s of digests."""
LEDGER_SECONDS = 2.0  # between two writings of the ledger, which is written whole
_PURPOSE = "output"


@dataclass(frozen=True, slots=True)
class Published:
    """A file as it was when it was published. `looked` is the turn in which its bytes were read
    last, so that each build reads other files. `voiced` is whether a synthetic voice speaks in it.
    """

    key: str
    kind: str
    lesson: str
    consent: str
    bytes: int
    mtime_ns: int
    sha256: str
    duration_ms: int | None
    voiced: bool = False
    looked: int = 0
    mac: str = ""
    language: str = ""
    group: str = ""

    def facts(self, path: str) -> tuple[str | int, ...]:
        """What the HMAC is over."""
        return (
            path, self.key, self.kind, self.lesson, self.consent, self.bytes, self.mtime_ns,
            self.sha256, -1 if self.duration_ms is None else self.duration_ms, self.voiced,
            self.looked, self.language, self.group,
        )  # fmt: skip

    @property
    def synthetic(self) -> list[str]:
        """What a machine made in it and a viewer could take for a person."""
        return [*(["voice"] if self.voiced else []), *(["presenter"] if self.consent else [])]


class OutputFolder:
    """The folder that a build writes to. `secret` seals what it remembers."""

    def __init__(self, out: Path, secret: Secret) -> None:
        self.out = out
        self.own = FolderStore(out / STORE, secret)
        self.notes: list[Problem] = []
        self._pending: dict[str, Published] = {}
        self._turn = 0
        self._written = time.monotonic()
        self._secret = secret
        self._ledger = out / STORE / "published.json"
        self._versions = out / STORE / "steps.json"

    def require_inside(self, home: Path, outputs: Iterable[Output]) -> None:
        """Raise StoreError if a link would make the build write outside of `home`."""
        folders = {(self.out / o.path).parent for o in outputs}
        home = home.resolve()
        for folder in sorted({self.out, self.own.root, *folders}):
            try:
                inside = folder.resolve().is_relative_to(home)
            except (OSError, RuntimeError):  # a link to itself
                inside = False
            if not inside:
                raise StoreError(
                    "A link in the output folder leads out of it.",
                    remedy="Remove the link, or name another output folder with --out.",
                    place=Place(str(folder)),
                )

    def require_own(self, course: str) -> None:
        """Raise UsageError if the folder holds another course, whose files the manifest would no
        longer list."""
        try:
            found = read_object(self.out / MANIFEST)
        except (OSError, ValueError):
            return
        if found.get("course") not in (course, None) and found.get("outputs"):
            raise UsageError(
                f"The folder holds what was made of the course {brief(str(found['course']))}.",
                remedy="Name another one with --out, or delete what is there.",
                place=Place(str(self.out)),
            )

    def find_current(self, outputs: Iterable[Output], *, sample: int = 0) -> set[str]:
        """The paths of those outputs that are up to date.

        A file whose size and time are as they were is not read, but for a sample of about so many
        bytes: those files that were not looked at for longest.
        """
        known = self._read_ledger()
        self._turn = 1 + max((entry.looked for entry in known.values()), default=0)
        same: list[tuple[int, str]] = []
        current: set[str] = set()
        for output in outputs:
            entry = known.get(output.path)
            if entry is None or (entry.key, entry.consent) != (
                output.key,
                output.artefact.consent,
            ):
                continue
            found = self._compare(output.path, entry)
            if found is not None:
                current.add(output.path)
                if found:
                    same.append((entry.looked, output.path))
        return current - self._look_at_some(sorted(same), known, sample)

    def _compare(self, path: str, entry: Published) -> bool | None:
        """None if a file is not what it was; True if only its size and time were compared."""
        file = self.out / path
        try:
            facts = file.lstat()
            if file.is_symlink() or facts.st_size != entry.bytes:
                return None
            if facts.st_mtime_ns == entry.mtime_ns:
                return True
            # The time changes when a file is copied back or touched; then its bytes decide.
            return False if file_digest(file) == entry.sha256 else None
        except OSError:
            return None

    def _look_at_some(
        self, same: list[tuple[int, str]], known: Mapping[str, Published], sample: int
    ) -> set[str]:
        """Read some files that look unchanged. Gives the paths of those that are not."""
        changed: set[str] = set()
        looked: dict[str, Published] = {}
        left = sample
        for _, path in same:
            if left <= 0:
                break
            entry = known[path]
            left -= entry.bytes
            with contextlib.suppress(OSError):
                if file_digest(self.out / path) == entry.sha256:
                    looked[path] = replace(entry, looked=self._turn)
                    continue
            changed.add(path)
        if looked:
            with contextlib.suppress(StoreError):  # a folder that can only be read
                self._update_ledger(looked)
        return changed

    def find_changed(self) -> tuple[int, tuple[str, ...]]:
        """Read every file that was published and is there, and give their number and the paths of
        those that have other bytes now."""
        number, changed = 0, []
        for path, entry in self._read_ledger().items():
            file = self.out / path
            if file.is_symlink() or file.exists():
                number += 1
                if self._compare(path, entry) is None or file_digest(file) != entry.sha256:
                    changed.append(path)
        return number, tuple(changed)

    def forget(self, paths: Iterable[str]) -> None:
        """Forget that files were published, so that the next build publishes them again."""
        with storing(self.out), self.own.named_lock("published"):
            known = self._read_ledger()
            for path in paths:
                known.pop(path, None)
            self._write_ledger(known)

    def publish(self, output: Output, file: Path, duration_ms: int | None) -> None:
        """Put a file of the store in its place. At any moment it is the old file or the new one."""
        path = self.out / output.path
        with storing(self.out):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._make_room(path)
            temporary = self.own.temporary(path.name)
            try:
                self._copy(file, temporary)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            facts = path.stat()
        if duration_ms is None:  # the store has forgotten it, but perhaps not we
            known = self._read_ledger().get(output.path)
            duration_ms = known.duration_ms if known and known.key == output.key else None
        entry = Published(
            output.key, output.kind, output.lesson, output.artefact.consent, facts.st_size,
            facts.st_mtime_ns, file_digest(path), duration_ms, output.voiced, self._turn,
            language=output.language, group=output.group,
        )  # fmt: skip
        self._pending[output.path] = entry
        if time.monotonic() - self._written > LEDGER_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Remember on disk what was published. What a killed build forgets is published again."""
        if self._pending:
            self._update_ledger(self._pending)
            self._pending = {}

    def _make_room(self, path: Path) -> None:
        """Move aside what stands in a file's place and is no file."""
        if path.is_dir() and not path.is_symlink():
            aside = path.with_name(f"{path.name}-aside-{secrets.token_hex(4)}")
            path.rename(aside)
            self.notes.append(
                Problem(
                    f"A folder was in the place of the file {path.name!r}; it was moved aside.",
                    remedy="Delete it, unless you want to keep it.",
                    place=Place(str(aside)),
                )
            )

    def _copy(self, file: Path, target: Path) -> None:
        """The same bytes at another path, without using the disk twice where that can be."""
        try:
            os.link(file, target)
        except OSError:  # another file system, or one without hard links
            shutil.copyfile(file, target)

    def _read_ledger(self) -> dict[str, Published]:
        """What is known of the files, by their paths relative to the folder. An entry that another
        secret sealed counts as none: nothing is lost, since its file is made again."""
        try:
            raw: dict[str, Any] = read_object(self._ledger)
        except (OSError, ValueError):
            return {}
        found: dict[str, Published] = {}
        for path, entry in raw.items():
            with contextlib.suppress(TypeError):
                read = _read_entry(entry)
                if self._secret.confirms(read.mac, _PURPOSE, *read.facts(path)):
                    found[path] = read
        return found

    def _update_ledger(self, entries: Mapping[str, Published]) -> None:
        with storing(self.out), self.own.named_lock("published"):
            self._make_room(self._ledger)
            known = self._read_ledger()
            for path, entry in entries.items():
                mac = self._secret.authenticate(_PURPOSE, *entry.facts(path))
                known[path] = replace(entry, mac=mac)
            self._write_ledger(known)
        self._written = time.monotonic()

    def _write_ledger(self, entries: Mapping[str, Published]) -> None:
        data = {path: asdict(entry) for path, entry in sorted(entries.items())}
        self.own.publish(self._ledger, json.dumps(data, indent=1).encode())

    def write_manifest(self, plan: Plan) -> bool:
        """Update manifest.json with those files of the course's lessons that exist.

        It contains no dates, so the same build gives the same bytes. Returns whether it changed.
        """
        with storing(self.out), self.own.named_lock("manifest"):
            consent: dict[str, Any] | None = None
            if plan.portrayed:
                consent = dict(plan.portrayed.metadata)
                consent.update(record=plan.portrayed.record_id, notice=plan.portrayed.statement)
            document = {
                "narrate": narrate.__version__,
                "course": plan.course.id,
                "title": plan.course.title,
                "consent": consent,
                "outputs": list(self._describe_outputs(plan)),
            }
            data = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
            return self._write_if_changed(self.out / MANIFEST, data)

    def read_versions(self) -> dict[str, Versions]:
        """The versions of the steps that made each lesson."""
        return read_versions(self._versions)

    def remember_versions(self, plan: Plan) -> None:
        """Remember the versions of the steps that made the plan's lessons."""
        with storing(self.out), self.own.named_lock("steps"):
            data = write_versions(add_versions(self.read_versions(), plan))
            self._write_if_changed(self._versions, data)

    def _describe_outputs(self, plan: Plan) -> Iterator[dict[str, object]]:
        """The manifest's entries, out of the ledger, whose entries are sealed: what lies in the old
        manifest is not believed."""
        lessons = {lesson.id for lesson in plan.course.lessons} | plan.course.ids
        for path, entry in sorted(self._read_ledger().items()):
            if entry.lesson not in lessons or not (self.out / path).is_file():
                continue
            yield {
                "path": path,
                "kind": entry.kind,
                "lesson": entry.group or entry.lesson,
                "language": entry.language or None,
                "bytes": entry.bytes,
                "sha256": entry.sha256,
                "duration_ms": entry.duration_ms,
                "consent_record": entry.consent or None,
                "synthetic": entry.synthetic,
            }

    def _write_if_changed(self, path: Path, data: bytes) -> bool:
        """Write a file unless it has these bytes already. Returns whether it was written."""
        with contextlib.suppress(OSError):
            if path.read_bytes() == data:
                return False
        self._make_room(path)
        self.own.publish(path, data)
        return True


def _read_entry(entry: dict[str, Any]) -> Published:
    """An entry of the ledger. Raises TypeError for anything else."""
    if not isinstance(entry, dict):
        raise TypeError
    found = Published(**entry)
    texts = (
        found.key, found.kind, found.lesson, found.consent, found.sha256, found.mac,
        found.language, found.group,
    )  # fmt: skip
    numbers = (found.bytes, found.mtime_ns, found.looked, found.duration_ms or 0)
    if not all(isinstance(x, str) for x in texts) or not all(type(x) is int for x in numbers):
        raise TypeError
    if type(found.voiced) is not bool:
        raise TypeError
    return found
