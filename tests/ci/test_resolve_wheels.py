"""Which packages keep the project from installing without a compiler, on tiny packages and without
a network; and that the README names the systems that are asked about."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINUX = "manylinux_2_28_x86_64"
BACKEND = """\
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        for path, text in {contents!r}.items():
            wheel.writestr(path, text)
    return name
"""


def _script() -> ModuleType:
    """.ci is no package."""
    name = "resolve_wheels"
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


script = _script()


def _metadata(name: str, version: str, needs: tuple[str, ...]) -> str:
    lines = ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}"]
    return "\n".join([*lines, *(f"Requires-Dist: {need}" for need in needs), ""])


class Shop:
    """A folder of packages, and a project that requires some of them."""

    def __init__(self, folder: Path) -> None:
        self.packages = folder / "packages"
        self.packages.mkdir()
        self.project = folder / "project"
        self.project.mkdir()

    def wheel(self, name: str, version: str, tag: str, *needs: str) -> None:
        with zipfile.ZipFile(self.packages / f"{name}-{version}-{tag}.whl", "w") as wheel:
            for path, text in _contents(name, version, tag, needs).items():
                wheel.writestr(path, text)

    def source(self, name: str, version: str, builds: str) -> None:
        """A source release that builds a wheel with the tag `builds`."""
        contents = _contents(name, version, builds, ())
        files = {
            "PKG-INFO": _metadata(name, version, ()),
            "pyproject.toml": "[build-system]\nrequires = []\n"
            'build-backend = "backend"\nbackend-path = ["."]\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\n',
            "backend.py": BACKEND.format(name=name, version=version, tag=builds, contents=contents),
        }
        with tarfile.open(self.packages / f"{name}-{version}.tar.gz", "w:gz") as archive:
            for path, text in files.items():
                entry = tarfile.TarInfo(f"{name}-{version}/{path}")
                entry.size = len(text.encode())
                archive.addfile(entry, io.BytesIO(text.encode()))

    def requires(self, *requirements: str, test: tuple[str, ...] = ()) -> None:
        (self.project / "pyproject.toml").write_text(
            f"[project]\ndependencies = {list(requirements)}\n"
            f"[project.optional-dependencies]\ntest = {list(test)}\n"
        )

    def resolve(self, *options: str) -> int:
        where = ["--project", str(self.project), "--find-links", str(self.packages), "--no-index"]
        return int(script.main([*where, *options]))


def _contents(name: str, version: str, tag: str, needs: tuple[str, ...]) -> dict[str, str]:
    inside = f"{name}-{version}.dist-info"
    return {
        f"{inside}/METADATA": _metadata(name, version, needs),
        f"{inside}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{inside}/RECORD": "",
    }


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    return Shop(tmp_path)


def test_plain_python_passes_everywhere(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.wheel("outer", "1.0", "py3-none-any", "inner>=2")
    shop.wheel("inner", "2.0", "py3-none-any")
    shop.requires("outer")
    assert shop.resolve() == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(script.PYTHONS) * len(script.SYSTEMS)
    assert all(line.startswith("ok ") and "2 packages" in line for line in told)


def test_what_a_package_needs_blocks_too(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.wheel("outer", "1.0", "py3-none-any", "inner>=2")
    shop.wheel("inner", "2.0", f"cp311-cp311-{LINUX}")
    shop.requires("outer")
    assert shop.resolve("--system", "linux") == 1
    passes, blocked = capsys.readouterr().out.splitlines()
    assert passes.startswith("ok ") and "Python 3.11" in passes
    assert blocked.startswith("BLOCKED") and "Python 3.12" in blocked and "inner" in blocked


def test_a_newer_release_that_must_be_compiled_blocks(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.wheel("fast", "1.0", f"cp312-cp312-{LINUX}")
    shop.source("fast", "1.1", builds=f"cp312-cp312-{LINUX}")
    shop.requires("fast")
    assert shop.resolve("--python", "3.12", "--system", "linux") == 1
    assert "fast==1.1 has no usable wheels" in capsys.readouterr().out
    shop.requires("fast<1.1")
    assert shop.resolve("--python", "3.12", "--system", "linux") == 0


def test_a_requirement_can_be_put_in_the_place_of_the_projects_own(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.wheel("My_Fast", "1.0", "py3-none-any")
    shop.wheel("My_Fast", "1.1", "cp311-cp311-win_amd64")
    shop.requires("my-fast==1.0")
    cell = ("--python", "3.12", "--system", "windows")
    assert shop.resolve(*cell) == 0
    assert shop.resolve(*cell, "--require", "My.Fast==1.1") == 1
    assert "my-fast==1.1" in capsys.readouterr().out


def test_markers_are_those_of_the_system_that_is_asked_about(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.wheel("glass", "1.0", "cp311-cp311-win_amd64")
    shop.requires("glass; sys_platform == 'win32' and python_version >= '3.12'")
    assert shop.resolve() == 1
    blocked = [line for line in capsys.readouterr().out.splitlines() if "BLOCKED" in line]
    assert len(blocked) == 1 and "Python 3.12, Windows" in blocked[0] and "glass" in blocked[0]


def test_a_wheel_for_a_newer_macos_does_not_count(shop: Shop) -> None:
    shop.wheel("apple", "1.0", "py3-none-macosx_15_0_arm64")
    shop.requires("apple")
    assert shop.resolve("--system", "macos") == 0
    shop.wheel("apple", "1.1", "py3-none-macosx_16_0_arm64")
    shop.requires("apple==1.1")
    assert shop.resolve("--system", "macos") == 1


def test_extras_count_where_they_are_asked_for(shop: Shop) -> None:
    shop.wheel("tool", "1.0", "py3-none-win_amd64")
    shop.requires(test=("tool",))
    assert shop.resolve("--system", "linux") == 0
    assert shop.resolve("--system", "linux", "--extra", "test") == 1


@pytest.mark.parametrize(
    ("builds", "code"), [("py3-none-any", 0), (f"cp311-cp311-{LINUX}", 1)], ids=["plain", "native"]
)
def test_a_source_that_is_said_to_be_plain_python_must_be(
    shop: Shop, capsys: pytest.CaptureFixture[str], builds: str, code: int
) -> None:
    shop.source(script.PURE_SOURCES[0], "0.6.2", builds=builds)
    shop.requires(script.PURE_SOURCES[0])
    assert shop.resolve("--python", "3.11", "--system", "linux") == code
    assert ("is not plain Python" in capsys.readouterr().out) == bool(code)


def test_no_verdict_where_nothing_could_be_found_out(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.requires("this is no requirement")
    assert shop.resolve("--system", "linux") == 2
    told = capsys.readouterr()
    assert not told.out and "uv could not resolve" in told.err


def test_the_readme_names_what_is_asked_about() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    named = re.search(r"No compiler is needed with Python (.+?) on (.+?): whatever", readme)
    assert named is not None
    assert tuple(named[1].split(" or ")) == script.PYTHONS
    names = [system.name for system in script.SYSTEMS.values()]
    assert named[2] == f"{', '.join(names[:-1])} or {names[-1]}"


def test_every_python_that_the_project_allows_is_asked_about() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    classified = [c.rpartition(" ")[2] for c in project["classifiers"] if "Python :: 3." in c]
    assert tuple(classified) == script.PYTHONS
    last = int(script.PYTHONS[-1].partition(".")[2])
    assert project["requires-python"] == f">={script.PYTHONS[0]},<3.{last + 1}"
