from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from build_trials import build_here

SAMPLE = Path(__file__).resolve().parents[3] / "samples" / "course"


@pytest.fixture
def built(small_course: Path) -> Path:
    """The small course with all of its outputs."""
    result = build_here(small_course)
    assert not result.failures
    return small_course


@pytest.fixture
def presented_course(
    tmp_path: Path, settings_elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the sample course, which has a presenter with consent."""
    monkeypatch.delenv("NARRATE_KEYS", raising=False)
    ignored = shutil.ignore_patterns("build")
    return Path(shutil.copytree(SAMPLE, tmp_path / "presented", ignore=ignored))
