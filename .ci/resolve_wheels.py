#!/usr/bin/env python3
"""Whether the project installs without a compiler on every system that the README names.

    python .ci/resolve_wheels.py [--python 3.12] [--system windows] [--extra test]

For each Python and system the requirements are resolved twice. First freely: the newest releases
that fit together, which pip would take, even where one of them has no wheel for that system and
would be compiled from its source. Then exactly these releases, from wheels alone. What blocks is
named, and the exit code is 1; it is 2 where nothing could be found out.

uv resolves, since it evaluates environment markers for the system that is asked about, where pip
does so for the Python that runs it. Only `platform_release` and `platform_version` are unknown to
it. The package index is uv's default, or what uv's settings say.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12")
# Plain Python that is published as source alone; that its wheel fits every system is checked.
PURE_SOURCES = ("docopt", "jieba")
CELLS_AT_ONCE = 3  # they wait for the index most of the time


@dataclass(frozen=True, slots=True)
class System:
    """`name` is what the README calls it, `platform` what uv does."""

    name: str
    platform: str
    environment: dict[str, str] = field(default_factory=dict)


SYSTEMS = {
    "linux": System("Linux (x86_64, glibc 2.28 or newer)", "x86_64-manylinux_2_28"),
    "macos": System(
        "macOS 15 or newer (Apple silicon)",
        "aarch64-apple-darwin",
        {"MACOSX_DEPLOYMENT_TARGET": "15.0"},
    ),
    "windows": System("Windows (x86_64)", "x86_64-pc-windows-msvc"),
}


class BlockedError(Exception):
    """A package cannot be had, and the message names it."""


class UndecidedError(Exception):
    """Nothing could be found out, as without a network."""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _options(arguments)
    wanted = requirements(asked.project / "pyproject.toml", asked.extra, asked.require)
    sources = [f"--find-links={folder}" for folder in asked.find_links]
    if asked.no_index:
        sources.append("--no-index")
    cells = [
        (python, SYSTEMS[name])
        for python in asked.python or PYTHONS
        for name in asked.system or SYSTEMS
    ]
    with ThreadPoolExecutor(CELLS_AT_ONCE) as pool:
        verdicts = pool.map(lambda cell: verdict(wanted, cell[0], cell[1], sources), cells)
        try:
            passes = [_tell(*cell, *found) for cell, found in zip(cells, verdicts, strict=True)]
        except UndecidedError as problem:
            print(problem, file=sys.stderr)
            return 2
    return 0 if all(passes) else 1


def requirements(
    pyproject: Path, extras: Sequence[str] = (), instead: Sequence[str] = ()
) -> list[str]:
    """The project's requirements and those of its `extras`; one of `instead` takes the place of
    the project's own for the same package."""
    project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
    own = list(project.get("dependencies", ()))
    for extra in extras:
        own += project["optional-dependencies"][extra]
    replaced = {_package(requirement) for requirement in instead}
    return [r for r in own if _package(r) not in replaced] + list(instead)


def verdict(
    wanted: Sequence[str], python: str, system: System, sources: Sequence[str] = ()
) -> tuple[bool, str]:
    """Whether everything has a wheel, and what there is to say about it."""
    started = time.monotonic()
    try:
        count = len(resolve_from_wheels(wanted, python, system, sources))
    except BlockedError as blocked:
        return False, str(blocked)
    return True, f"{count} packages, {time.monotonic() - started:.0f} s"


def resolve_from_wheels(
    wanted: Sequence[str], python: str, system: System, sources: Sequence[str] = ()
) -> list[str]:
    """The releases that would be installed, each of which has a wheel; else `BlockedError`."""
    newest = resolve(wanted, python, system, sources)
    with tempfile.TemporaryDirectory() as folder:
        for release in newest:
            if _package(release) in PURE_SOURCES:
                build_pure_wheel(release, Path(folder), sources)
        wheels_alone = ["--no-deps", "--only-binary=:all:", f"--find-links={folder}"]
        return resolve(newest, python, system, [*sources, *wheels_alone])


def resolve(
    wanted: Sequence[str], python: str, system: System, options: Sequence[str]
) -> list[str]:
    """The newest releases that fit together, as `name==version`."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet"]
    command += ["--no-header", "--no-annotate", f"--python={sys.executable}"]
    command += [f"--python-version={python}", f"--python-platform={system.platform}"]
    done = subprocess.run(
        [*command, *options, "-"],
        input="\n".join(wanted),
        capture_output=True,
        text=True,
        env={**os.environ, **system.environment},
    )
    if done.returncode == 1:  # no solution; anything else is a failure of another kind
        raise BlockedError(_reason(done.stderr))
    if done.returncode:
        raise UndecidedError(f"uv could not resolve anything:\n{done.stderr}")
    return [line for line in done.stdout.splitlines() if "==" in line]


def build_pure_wheel(release: str, folder: Path, sources: Sequence[str] = ()) -> None:
    """Put the wheel of a source release into `folder`; `BlockedError` if it is not plain Python."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *sources]
    done = subprocess.run(
        [*command, f"--no-binary={_package(release)}", f"--wheel-dir={folder}", release],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UndecidedError(f"pip could not build {release}:\n{done.stderr}")
    name = _package(release).replace("-", "_")
    for wheel in folder.glob(f"{name}-*.whl"):
        if not wheel.name.endswith("-none-any.whl"):
            raise BlockedError(f"{release} is not plain Python: it builds {wheel.name}")


def _package(requirement: str) -> str:
    """The name of the package that a requirement is for, as indexes normalise it."""
    name = re.match(r"[\w.-]+", requirement)
    if name is None:
        raise ValueError(f"This is not a requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def _reason(complaint: str) -> str:
    """uv's explanation in one line, without its hints and its conclusion."""
    explained = " ".join(complaint.partition("hint:")[0].split())
    because = explained.partition("Because ")[2] or explained
    return because.removesuffix(", we can conclude that your requirements are unsatisfiable.")


def _tell(python: str, system: System, passes: bool, said: str) -> bool:
    print(f"{'ok' if passes else 'BLOCKED':7}  Python {python}, {system.name}: {said}", flush=True)
    return passes


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--python", action="append", choices=PYTHONS, help="all by default")
    options.add_argument("--system", action="append", choices=SYSTEMS, help="all by default")
    options.add_argument("--extra", action="append", default=[], help="an extra of the project")
    options.add_argument(
        "--require",
        action="append",
        default=[],
        metavar="NAME==VERSION",
        help="instead of what the project requires of this package",
    )
    options.add_argument("--project", type=Path, default=ROOT, help="where pyproject.toml is")
    options.add_argument("--find-links", action="append", default=[], help="a folder of packages")
    options.add_argument("--no-index", action="store_true", help="only the folders of packages")
    return options.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
