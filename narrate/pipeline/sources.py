"""Digests of our own sources, so that a result is made again when the code that makes it changed.

No version is raised by hand: a step names the packages that its result depends on, and the digest
of their files is part of its keys. `tests/narrate/pipeline/test_sources.py` proves that no step
forgets one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from narrate.templating import find_templates_folder

FACE = "narrate"
_PASSED_OVER = frozenset({"__pycache__"})
_COMPILED = frozenset({".pyc", ".pyo", ".md"})


@cache
def digest_sources(packages: tuple[str, ...], templates: tuple[str, ...] = ()) -> str:
    """The digest of the files of some packages or modules and of some parts of the templates."""
    digest = hashlib.sha256()
    for package in packages:
        digest.update(f"{package} {digest_package(package)}\n".encode())
    parents = {parent for package in packages for parent in find_parents(package)}
    for parent in sorted(parents):
        digest.update(f"{parent} {_digest_files(_find_origin(parent))}\n".encode())
    folder = find_templates_folder() if templates else Path()
    for part in templates:
        digest.update(f"templates {part} {_digest_files(folder / part)}\n".encode())
    return digest.hexdigest()


@cache
def digest_package(name: str) -> str:
    """The digest of the files of a package, with its data and the packages inside it, or of a
    module. Raises ModuleNotFoundError."""
    origin = _find_origin(name)
    return _digest_files(origin.parent if origin.name == "__init__.py" else origin)


def find_parents(name: str) -> list[str]:
    """The packages that a module is in, whose own files run when it is imported. The public face
    is none of them: it only loads names that are asked for."""
    parts = name.split(".")
    parents = [".".join(parts[:n]) for n in range(1, len(parts))]
    return [parent for parent in parents if parent != FACE]


def _find_origin(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin)


def _digest_files(place: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(_find_files(place)):
        # Line ends differ where a checkout translates them.
        data = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(place).as_posix()
        digest.update(f"{name} {len(data)} {hashlib.sha256(data).hexdigest()}\n".encode())
    return digest.hexdigest()


def _find_files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for path in place.iterdir():
        if path.is_dir() and path.name not in _PASSED_OVER:
            yield from _find_files(path)
        elif path.is_file() and path.suffix not in _COMPILED and not path.name.startswith("."):
            yield path
