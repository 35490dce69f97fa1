"""The example of a voice plug-in installs, passes the conformance test, and speaks a lesson."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from narrate.cli.exit_status import DONE

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples/voice-plugin"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the example is installed, by pip and without a network."""
    pytest.importorskip("setuptools")
    folder = tmp_path_factory.mktemp("plugin")
    source, target = folder / "source", folder / "site"
    shutil.copytree(SAMPLE, source)
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--no-build-isolation", "--no-cache-dir", "--disable-pip-version-check",
         "--root-user-action=ignore", "--target", str(target), str(source)],
        check=True, capture_output=True,
    )  # fmt: skip
    return target


def run(site: Path | None, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command, with the plug-in on the path or without."""
    settings = folder / "settings.yaml"
    settings.write_text("")
    path = [str(ROOT), *([str(site)] if site else [])]
    environment = {
        **os.environ,
        "NARRATE_SETTINGS": str(settings),
        "PYTHONPATH": os.pathsep.join(path),
        "COLUMNS": "240",
    }
    code = "import sys; from narrate.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.yaml").write_text(
        "title: Small\nid: small\nvoice: formant/low\nvideo: {size: 640x360, rate: 10}\n"
    )
    (root / "01-a.md").write_text("# A\n\nLight bends in water.\n\n## B\n\nSo does sound.\n")
    return root


def test_it_passes_the_conformance_test(site: Path, tmp_path: Path) -> None:
    done = run(site, "voices", "--test", "formant", folder=tmp_path)
    assert done.returncode == DONE, done.stdout + done.stderr
    assert "All checks passed." in done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_lesson_is_built_with_it(jobs: str, site: Path, course: Path, tmp_path: Path) -> None:
    arguments = ("build", str(course), "--only", "lecture,captions", "--jobs", jobs)
    done = run(site, *arguments, folder=tmp_path)
    assert done.returncode == DONE, done.stdout + done.stderr
    made = course / "build/01-a"
    assert (made / "lecture.mp4").stat().st_size > 1000
    assert "Light bends in water." in (made / "captions.vtt").read_text()


def test_without_it_the_voice_is_unknown(course: Path, tmp_path: Path) -> None:
    done = run(None, "build", str(course), "--only", "captions", folder=tmp_path)
    assert done.returncode != DONE
    assert "There is no voice engine 'formant'." in done.stderr


def test_the_example_is_short_enough_to_be_read() -> None:
    lines = (SAMPLE / "formant_voice.py").read_text().splitlines()
    assert len(lines) < 150
