#!/usr/bin/env python3
"""Make the lock files anew, from pyproject.toml and the newest releases that fit together.

    python ops/make_locks.py [--keep]

There is one lock for what every installation needs, one for each extra in EXTRAS, and one for what
builds wheels. They fit together, and hold for Python 3.11 and 3.12 on the systems that the README
names. With --keep, releases that are locked stay where pyproject.toml allows them. It needs uv (in
the extra `test`) and a package index.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lock_files import (
    BUILD,
    CORE,
    LOCKS,
    PYTHONS,
    SYSTEMS,
    Locked,
    list_extras,
    lock_path,
    parse_lock,
    read_locks,
)

ROOT = Path(__file__).resolve().parents[1]
EXTRAS = ("cluster", "diagrams", "fonts", "gpu", "piper", "voices", "voices-ja", "voices-zh")
"""Those extras that can be installed together. `coqui` cannot: it needs an older torch. `test` and
`foreign` are for those who work on narrate itself."""
BUILD_BACKENDS = ("setuptools",)  # for docopt, which is published as source alone
TESTED = ("torch",)  # of these the lock has the release that the tests use
_WHERE = (
    "python_full_version < '3.13' and platform_python_implementation == 'CPython' and "
    "sys_platform == '{sys_platform}' and platform_machine == '{platform_machine}'"
)
_HEADER = """\
# {what}
# Install it: pip install --require-hashes -r ops/locks/{name}.txt
# This file was made by ops/make_locks.py; do not edit it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--keep", action="store_true", help="keep the releases that are locked")
    keep = options.parse_args(arguments).keep
    try:
        write_locks(keep=keep)
    except subprocess.CalledProcessError as error:
        print(f"uv could not resolve the requirements:\n{error.stderr}", file=sys.stderr)
        return 1
    return 0


def write_locks(*, keep: bool) -> None:
    """Write all locks. Raises subprocess.CalledProcessError."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = pyproject["project"]
    own, extras = project["dependencies"], project["optional-dependencies"]
    tested = [r for r in extras["test"] if r.startswith(tuple(f"{name}==" for name in TESTED))]
    if keep:
        tested += [f"{r.name}=={r.version}" for r in _read_present() if not r.marker]
    everything = resolve([*own, *(r for e in EXTRAS for r in extras[e])], tested)
    pins = [_constrain(locked) for locked in everything]
    core = resolve(own, pins)
    build = resolve([*pyproject["build-system"]["requires"], *BUILD_BACKENDS], pins)
    LOCKS.mkdir(exist_ok=True)
    _write(CORE, "What every installation of narrate needs.", core)
    _write(BUILD, "What builds wheels from sources.", build)
    for extra in EXTRAS:
        more = resolve([*own, *extras[extra]], pins)
        known = {(r.name, r.version, r.marker) for r in core}
        added = [r for r in more if (r.name, r.version, r.marker) not in known]
        _write(extra, f"What the extra {extra} adds.", added, base=CORE)


def resolve(requirements: Iterable[str], constraints: Iterable[str]) -> list[Locked]:
    """The releases that would be installed, on any system."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "constraints.txt").write_text("\n".join(constraints))
        where = [_WHERE.format(**system) for system in SYSTEMS.values()]
        (folder / "pyproject.toml").write_text(f"[tool.uv]\nenvironments = {where}\n")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
        command += ["--universal", "--python-version=3.11", f"--python={sys.executable}"]
        command += ["--generate-hashes", "--constraints=constraints.txt", "-"]
        done = subprocess.run(
            command,
            cwd=folder,
            input="\n".join(requirements),
            capture_output=True,
            text=True,
            check=True,
        )
    found = [replace(r, marker=shorten_marker(r)) for r in parse_lock(done.stdout)]
    return sorted(found, key=lambda r: (r.name, r.version, r.marker))


def shorten_marker(release: Locked) -> str:
    """A marker that says the same of the Pythons and systems for which the locks are."""
    cells = {(p, s) for p in PYTHONS for s in SYSTEMS if release.is_needed(p, s)}
    pythons = [p for p in PYTHONS if any((p, s) in cells for s in SYSTEMS)]
    systems = [s for s in SYSTEMS if any((p, s) in cells for p in PYTHONS)]
    if len(cells) < len(pythons) * len(systems):  # not each Python on each of the systems
        return release.marker
    told = []
    if len(pythons) < len(PYTHONS):
        told.append(f"python_version == '{pythons[0]}'")
    if len(systems) < len(SYSTEMS):
        either = " or ".join(f"sys_platform == '{system}'" for system in systems)
        told.append(either if len(systems) == 1 or not told else f"({either})")
    return " and ".join(told)


def _constrain(locked: Locked) -> str:
    """A constraint to this release, where it is the one."""
    return f"{locked.name}=={locked.version}" + (f" ; {locked.marker}" if locked.marker else "")


def _read_present() -> list[Locked]:
    return read_locks([CORE, *list_extras()]) if lock_path(CORE).is_file() else []


def _write(name: str, what: str, releases: Iterable[Locked], base: str = "") -> None:
    more = f"-r {base}.txt\n" if base else ""
    blocks = "".join(locked.write() for locked in releases)
    lock_path(name).write_text(_HEADER.format(what=what, name=name) + more + blocks, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
