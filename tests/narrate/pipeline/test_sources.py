"""What a step depends on: no module that it can reach is left out of its keys."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from import_closure import find_forgotten, reach

from narrate.pipeline import steps
from narrate.pipeline.sources import digest_package, digest_sources
from narrate.pipeline.step import Job, Step, load_step

STEPS = [f"{steps.__name__}.{m.name}" for m in pkgutil.iter_modules(steps.__path__)]


@pytest.mark.parametrize("module", STEPS)
def test_every_module_that_a_step_reaches_is_in_its_keys(module: str) -> None:
    assert find_forgotten(load_step(module)) == []


def test_a_step_that_forgets_a_package_is_found() -> None:
    whole = load_step("narrate.pipeline.steps.speech")
    without = tuple(p for p in whole.packages if p != "narrate.speech")
    forgotten = find_forgotten(Step(whole.module, whole.run, without))
    # One is imported inside a function, one is loaded by its name.
    assert {"narrate.speech.narration", "narrate.speech.kokoro.engine"} <= set(forgotten)


def test_a_step_depends_on_nothing_that_it_cannot_reach() -> None:
    """Whoever changes the reader of Markdown does not make every video again."""
    for module in STEPS:
        reached = reach(module)
        for package in load_step(module).packages:
            assert any(m == package or m.startswith(f"{package}.") for m in reached), package
    video = reach("narrate.pipeline.steps.segment")
    assert not [m for m in video if m.startswith(("lessons.markdown", "narrate.speech"))]


@pytest.fixture
def make_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "probed"]:
        monkeypatch.delitem(sys.modules, name)

    def make(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / "probed" / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "probed/__init__.py").touch()
        if (tmp_path / "probed/deep").exists():
            (tmp_path / "probed/deep/__init__.py").touch()
        return tmp_path / "probed"

    return make


def digest(*packages: str) -> str:
    digest_package.cache_clear()
    digest_sources.cache_clear()
    return digest_sources(packages)


def test_any_file_of_a_package_and_of_those_around_it_changes_the_digest(
    make_package: Callable[..., Path],
) -> None:
    root = make_package(a_py="A = 1", deep__b_py="B = 1", deep__c_toml="c = 1")
    deep = digest("probed.deep")
    assert digest("probed.deep") == deep
    (root / "a.py").write_text("A = 2")  # beside it
    assert digest("probed.deep") == deep
    seen = {deep}
    for name in ("deep/b.py", "deep/c.toml", "deep/__init__.py", "__init__.py"):
        (root / name).write_text("changed = 1")
        seen.add(digest("probed.deep"))
    (root / "deep/new.py").touch()
    seen.add(digest("probed.deep"))
    (root / "deep/b.py").rename(root / "deep/d.py")
    seen.add(digest("probed.deep"))
    assert len(seen) == 7
    last = digest("probed.deep")
    (root / "deep/__pycache__").mkdir()
    (root / "deep/__pycache__/b.pyc").write_bytes(b"compiled")
    (root / "deep/README.md").write_text("prose")
    (root / "deep/d.py").write_bytes((root / "deep/d.py").read_bytes().replace(b"\n", b"\r\n"))
    assert digest("probed.deep") == last


def test_the_digest_is_in_every_key(make_package: Callable[..., Path]) -> None:
    root = make_package(a_py="A = 1")

    def run(job: Job) -> None:
        raise AssertionError

    step = Step("probed.a", run, packages=())
    before = step.key({"size": 3})
    (root / "a.py").write_text("A = 2")
    digest_package.cache_clear()
    digest_sources.cache_clear()
    assert step.key({"size": 3}) != before
    assert step.key({"size": 3}) != step.key({"size": 4})
    assert step.key({"size": 3}) != step.key({"size": 3}, output="other")
