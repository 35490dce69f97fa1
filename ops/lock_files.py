"""Reads lock files: requirements files in which every release has its hashes.

A lock of an extra holds what the extra adds, and names the lock that it adds to with `-r`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

LOCKS = Path(__file__).parent / "locks"
CORE = "narrate"
"""The lock of what every installation needs."""
BUILD = "build"
"""The lock of what builds wheels from sources."""

_RELEASE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(?!via\b)(\w[\w.-]*)", re.M)

PYTHONS = ("3.11", "3.12")
SYSTEMS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
}
"""The systems that the README names, by the names that Python has for them. The face tracker has no
wheels for others."""


@dataclass(frozen=True, slots=True)
class Locked:
    """One release. `marker` says where it is needed, and is empty for everywhere; `hashes` are the
    SHA-256 of its files, and `via` are the packages that require it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]

    def is_needed(self, python: str, system: str) -> bool:
        """Whether it is needed by a Python, such as 3.12, on one of SYSTEMS."""
        return not self.marker or Marker(self.marker).evaluate(make_environment(python, system))

    def write(self, *, marked: bool = True) -> str:
        """Its lines in a lock file, with its marker or without it."""
        condition = f" ; {self.marker}" if self.marker and marked else ""
        parts = [f"{self.name}=={self.version}{condition}"]
        parts += [f"--hash=sha256:{digest}" for digest in self.hashes]
        lines = " \\\n    ".join(parts)
        return "\n".join([lines, *(f"    # via {name}" for name in self.via), ""])


def make_environment(python: str, system: str) -> dict[str, str]:
    """What the markers of requirements are compared with."""
    return {
        **SYSTEMS[system],
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.9",
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.9",
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }


def lock_path(name: str) -> Path:
    """The lock of the core or of an extra."""
    return LOCKS / f"{name}.txt"


def list_extras() -> list[str]:
    """The extras that have a lock."""
    return sorted(p.stem for p in LOCKS.glob("*.txt") if p.stem not in (CORE, BUILD))


def read_locks(names: Iterable[str]) -> list[Locked]:
    """The releases of some locks and of those that they add to, each once.

    Raises OSError, and ValueError for what is no lock.
    """
    found: dict[tuple[str, str, str], Locked] = {}
    for name in names:
        for locked in _read(lock_path(name)):
            found[locked.name, locked.version, locked.marker] = locked
    return [found[key] for key in sorted(found)]


def _read(path: Path) -> Iterator[Locked]:
    text = path.read_text("utf-8")
    for more in re.findall(r"^-r (\S+)$", text, re.M):
        yield from _read(path.with_name(more))
    yield from parse_lock(text)


def parse_lock(text: str) -> Iterator[Locked]:
    """The releases in the text of a lock, without those of locks that it names. Raises ValueError
    for a line that is none, and for a release without a hash."""
    for block in re.split(r"\n(?=\S)", text):
        if not block.strip() or block.startswith(("#", "-r ")):
            continue
        release = _RELEASE.match(block)
        hashes = tuple(_HASH.findall(block))
        if release is None or not hashes:
            raise ValueError(f"This is no locked release with hashes: {block.splitlines()[0]}")
        yield Locked(
            canonicalize_name(release["name"]),
            release["version"],
            (release["marker"] or "").strip(),
            hashes,
            tuple(dict.fromkeys(_VIA.findall(block))),
        )
