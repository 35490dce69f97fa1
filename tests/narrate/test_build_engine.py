"""The portrait's engine is the course's to choose, and part of what its videos are kept under."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from avatar.engines.warp import WarpEngine
from avatar.errors import RigError
from narrate.pipeline import Prepared, Request, prepare

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "course"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NARRATE_TRUST", "NARRATE_KEYS", "NARRATE_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return Path(
        shutil.copytree(SAMPLE, tmp_path / "course", ignore=shutil.ignore_patterns("build"))
    )


def plan(course: Path) -> Prepared:
    return prepare(Request(course))


def segments(prepared: Prepared) -> set[str]:
    slides = [slide for lesson in prepared.plan.lessons for slide in lesson.slides]
    return {artefact.key for slide in slides for _, artefact in slide.segments}


def choose(course: Path, engine: str) -> None:
    text = (course / "course.yaml").read_text()
    assert "presenter:\n" in text
    text = text.replace("presenter:\n", f"presenter:\n  engine: {engine}\n")
    (course / "course.yaml").write_text(text)


def test_another_engine_makes_other_videos_of_the_same_rig(course: Path) -> None:
    usual = plan(course)
    choose(course, "still")
    still = plan(course)
    assert still.plan.portrayed is not None and still.plan.portrayed.face_engine == "still"
    assert not segments(usual) & segments(still)
    assert usual.plan.rig == still.plan.rig


def test_another_release_of_the_engine_makes_other_videos(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = segments(plan(course))
    assert segments(plan(course)) == usual
    monkeypatch.setattr(WarpEngine, "version", classmethod(lambda cls: "of tomorrow"))
    assert not segments(plan(course)) & usual


def test_an_engine_that_is_not_there_is_named_with_its_place(course: Path) -> None:
    choose(course, "stil")
    for draft in (False, True):
        with pytest.raises(RigError, match=r"'stil'.*Did you mean 'still'\?") as caught:
            prepare(Request(course, draft=draft))
        place = caught.value.place
        assert (place.path, place.key) == ("course.yaml", "presenter.engine") and place.line
