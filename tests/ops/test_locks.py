"""The lock files fit pyproject.toml and each other, on every system that the README names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from lock_files import (
    BUILD,
    CORE,
    LOCKS,
    PYTHONS,
    SYSTEMS,
    Locked,
    list_extras,
    lock_path,
    make_environment,
    parse_lock,
    read_locks,
)
from make_locks import EXTRAS, shorten_marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
NUMPY = Locked("numpy", "2.4.6", "", ("0" * 64,), ())


def find_misfits(requirements: Iterable[str], releases: Iterable[Locked]) -> list[str]:
    """The requirements that the releases do not satisfy, with the Python and system."""
    releases, misfits = list(releases), []
    for python, system in product(PYTHONS, SYSTEMS):
        here = {r.name: r.version for r in releases if r.is_needed(python, system)}
        for text in requirements:
            wanted = Requirement(text)
            if wanted.marker and not wanted.marker.evaluate(make_environment(python, system)):
                continue
            version = here.get(canonicalize_name(wanted.name))
            if version is None or version not in wanted.specifier:
                misfits.append(f"{text} is {version} on {system}, {python}")
    return misfits


def test_every_requirement_is_locked_at_a_version_that_it_allows() -> None:
    assert find_misfits(PROJECT["dependencies"], read_locks([CORE])) == []
    assert find_misfits(PYPROJECT["build-system"]["requires"], read_locks([BUILD])) == []
    for extra in EXTRAS:
        wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"][extra]]
        assert find_misfits(wanted, read_locks([extra])) == [], extra


@pytest.mark.parametrize("wanted", ["numpy>=3", "numpy==2.4.5", "absent"])
def test_a_requirement_that_is_not_locked_is_found(wanted: str) -> None:
    assert len(find_misfits([wanted], [NUMPY])) == len(PYTHONS) * len(SYSTEMS)
    assert find_misfits(["numpy>=2.0"], [NUMPY]) == []


def test_the_extras_that_are_locked_are_those_that_are_named() -> None:
    assert list_extras() == sorted(EXTRAS)


def test_all_locks_can_be_installed_together() -> None:
    releases = read_locks([CORE, BUILD, *EXTRAS])
    for python, system in product(PYTHONS, SYSTEMS):
        names = [r.name for r in releases if r.is_needed(python, system)]
        assert sorted(set(names)) == sorted(names), (python, system)


def test_the_release_of_torch_is_the_one_that_is_tested() -> None:
    (tested,) = (r for r in PROJECT["optional-dependencies"]["test"] if r.startswith("torch=="))
    assert find_misfits([tested], read_locks(["gpu"])) == []


@pytest.mark.parametrize("path", sorted(LOCKS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_lock_names_no_place(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert not [line for line in lines if "/" in line or line.startswith("--")]
    assert list(parse_lock(text))


@pytest.mark.parametrize("line", ["numpy==2.0", "numpy>=2.0 --hash=sha256:" + "0" * 64, "x @ y"])
def test_what_has_no_hash_or_no_version_is_no_lock(line: str) -> None:
    with pytest.raises(ValueError, match="no locked release"):
        list(parse_lock(f"# a lock\n{line}\n"))


def test_a_release_is_read_as_it_was_written() -> None:
    marked = Locked("a-b", "1", "sys_platform == 'linux'", ("0" * 64, "1" * 64), ("c", "d"))
    assert list(parse_lock("# a lock\n" + NUMPY.write() + marked.write())) == [NUMPY, marked]


@pytest.mark.parametrize(
    ("marker", "short"),
    [
        ("python_full_version < '3.13'", ""),
        ("python_full_version >= '3.12' and sys_platform != 'x'", "python_version == '3.12'"),
        ("platform_machine != 'arm64'", "sys_platform == 'linux' or sys_platform == 'win32'"),
        ("os_name == 'nt' or python_version == '3.11'", ""),
    ],
)
def test_a_shorter_marker_says_the_same(marker: str, short: str) -> None:
    long = Locked("a", "1", marker, ("0" * 64,), ())
    found = Locked("a", "1", shorten_marker(long), ("0" * 64,), ())
    assert found.marker == (short or found.marker)
    for python, system in product(PYTHONS, SYSTEMS):
        assert found.is_needed(python, system) == long.is_needed(python, system)


def test_a_lock_of_an_extra_adds_to_that_of_all() -> None:
    for extra in EXTRAS:
        assert f"\n-r {CORE}.txt\n" in lock_path(extra).read_text("utf-8")
