"""The examples of the Python API run as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import narrate

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "samples/examples").glob("*.py"))


def run(example: Path, course: Path, out: Path) -> subprocess.CompletedProcess[str]:
    nothing = course / "no-settings.yaml"
    nothing.write_text("")
    environment = {
        **os.environ,
        "NARRATE_SETTINGS": str(nothing),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, str(example), str(course), str(out)],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.yaml").write_text("title: Small\nvoice: silent\n")
    (root / "01-a.md").write_text("# A\n\nOne sentence.\n\n## B\n\nAnother sentence.\n")
    return root


def test_there_are_two() -> None:
    assert [path.stem for path in EXAMPLES] == ["build_with_progress", "export_captions"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(example: Path, course: Path, tmp_path: Path) -> None:
    ended = run(example, course, tmp_path / "out")
    assert ended.returncode == 0, ended.stderr
    made = {path.name for path in (tmp_path / "out").rglob("captions.*")}
    assert made == {f"captions.{name}" for name in narrate.caption_formats()}
    if example.stem == "build_with_progress":
        assert "100%" in ended.stdout and "files made in" in ended.stdout
    else:
        assert "note: course.yaml: The course has no presenter" in ended.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_says_what_is_wrong(example: Path, tmp_path: Path) -> None:
    ended = run(example, tmp_path, tmp_path / "out")
    assert ended.returncode == 1
    assert "no lesson" in ended.stderr and "Traceback" not in ended.stderr
