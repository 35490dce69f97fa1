"""The portrait's engine is the course's to choose, and part of what its videos are kept under."""

from __future__ import annotations

from pathlib import Path

import pytest

from avatar.engines.warp import WarpEngine
from avatar.errors import RigError
from narrate.pipeline.plan import Plan
from narrate.pipeline.request import Request, plan_request


def plan(course: Path, *, draft: bool = False) -> Plan:
    return plan_request(Request(course, draft=draft)).plan


def segments(planned: Plan) -> set[str]:
    return {a.key for slide in planned.slides if slide.segment for a in slide.segment.made}


def choose(course: Path, engine: str) -> None:
    text = (course / "course.yaml").read_text()
    assert "presenter:\n" in text
    text = text.replace("presenter:\n", f"presenter:\n  engine: {engine}\n")
    (course / "course.yaml").write_text(text)


def test_another_engine_makes_other_videos_of_the_same_rig(presented_course: Path) -> None:
    usual = plan(presented_course)
    choose(presented_course, "still")
    still = plan(presented_course)
    assert still.portrayed is not None and still.portrayed.engine == "still"
    assert segments(usual) and not segments(usual) & segments(still)
    assert usual.portrait is not None and usual.portrait == still.portrait


def test_another_release_of_the_engine_makes_other_videos(
    presented_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = segments(plan(presented_course))
    assert segments(plan(presented_course)) == usual
    monkeypatch.setattr(WarpEngine, "version", classmethod(lambda cls: "of tomorrow"))
    assert not segments(plan(presented_course)) & usual


def test_an_engine_that_is_not_there_is_named_with_its_place(presented_course: Path) -> None:
    choose(presented_course, "stil")
    for draft in (False, True):
        with pytest.raises(RigError, match=r"'stil'.*Did you mean 'still'\?") as caught:
            plan(presented_course, draft=draft)
        place = caught.value.place
        assert (place.path, place.key) == ("course.yaml", "presenter.engine") and place.line
