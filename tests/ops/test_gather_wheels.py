"""Gathering wheels for a machine without a network, on tiny packages and without a network."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from gather_wheels import GatherError, gather, write_texts
from lock_files import Locked


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages in the place of a package index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def make_wheel(folder: Path, name: str, tag: str = "py3-none-any", *needs: str) -> Locked:
    """A wheel of version 1.0, and the release as a lock has it."""
    path, info = folder / f"{name}-1.0-{tag}.whl", f"{name}-1.0.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        needed = [f"Requires-Dist: {need}" for need in needs]
        wheel.writestr(f"{info}/METADATA", "\n".join([*lines, *needed, ""]))
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Locked(name, "1.0", "", (digest,), ())


def test_what_is_gathered_installs_without_an_index(index: Path, tmp_path: Path) -> None:
    releases = [make_wheel(index, "thing"), make_wheel(index, "other")]
    own = tmp_path / "narrate_lectures-1.0-py3-none-any.whl"
    make_wheel(tmp_path, "narrate_lectures", "py3-none-any", "thing", "other")
    into = tmp_path / "wheels"
    into.mkdir()
    gather(releases, into, "3.12", "linux")
    write_texts(into, releases, own, "3.12", "linux")
    assert sorted(p.name for p in into.iterdir()) == [
        "INSTALL.txt",
        own.name,
        "other-1.0-py3-none-any.whl",
        "requirements.txt",
        "thing-1.0-py3-none-any.whl",
    ]
    for wheel in index.iterdir():
        wheel.unlink()
    told = (into / "INSTALL.txt").read_text()
    (command,) = re.findall(r"^ +(pip install .*)$", told, re.M)
    run = [sys.executable, "-m", *command.split(), f"--target={tmp_path / 'installed'}"]
    subprocess.run(run, cwd=into, check=True, capture_output=True)
    assert (tmp_path / "installed/narrate_lectures.py").is_file()


@pytest.mark.parametrize(
    ("system", "tag"),
    [
        ("linux", "cp312-cp312-manylinux_2_17_x86_64"),
        ("darwin", "cp312-cp312-macosx_11_0_arm64"),
        ("win32", "cp312-abi3-win_amd64"),
    ],
)
def test_another_machine_gets_its_own_wheels(
    system: str, tag: str, index: Path, tmp_path: Path
) -> None:
    release = make_wheel(index, "thing", tag)
    gather([release], tmp_path, "3.12", system)
    assert (tmp_path / f"thing-1.0-{tag}.whl").is_file()
    other = "win32" if system != "win32" else "linux"
    with pytest.raises(GatherError, match="thing"):
        gather([release], tmp_path, "3.12", other)


def test_a_file_that_is_not_the_locked_one_is_refused(index: Path, tmp_path: Path) -> None:
    release = make_wheel(index, "thing")
    (wheel,) = index.iterdir()
    wheel.write_bytes(wheel.read_bytes() + b"more")
    with pytest.raises(GatherError, match=r"(?i)hash"):
        gather([release], tmp_path, "3.12", "linux")


def test_a_wheel_that_is_missing_is_named(index: Path, tmp_path: Path) -> None:
    make_wheel(tmp_path, "own")
    missing = Locked("thing", "1.0", "", ("0" * 64,), ())
    with pytest.raises(GatherError, match=r"thing==1\.0"):
        write_texts(tmp_path, [missing], tmp_path / "own-1.0-py3-none-any.whl", "3.12", "linux")
