"""Several courses in one build, and what a build gives to its runner and its store."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from build_trials import Edit, build_here, digests

import narrate
from foundation.problem import ProblemError
from narrate.cli import main
from narrate.errors import RunnerError, UsageError
from narrate.pipeline.build import BuildResult, Means, build
from narrate.pipeline.request import Request
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import read_secret


@pytest.fixture
def two(small_course: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two courses that share most of their slides."""
    other = tmp_path / "other"
    shutil.copytree(small_course, other)
    text = (other / "course.yaml").read_text()
    (other / "course.yaml").write_text(text.replace("id: small", "id: other"))
    (other / "02-second.md").write_text("# Alone\n\nOnly here.\n")
    return small_course, other


def test_courses_share_a_store_and_what_they_have_in_common(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    alone = [build_here(course, out=tmp_path / f"alone-{course.name}") for course in two]
    told: list[narrate.Progress] = []
    results = narrate.build_all(
        dict.fromkeys(two), jobs=1, store=tmp_path / "store", progress=told.append
    )
    for course, result, before in zip(two, results, alone, strict=True):
        assert isinstance(result, BuildResult) and result.failures == ()
        assert result.out == course / "build"
        assert digests(result.out) == digests(before.out)
    # Less was done than for each of them: the slides of the first lesson are the same.
    apart = sum(len(narrate.plan(course, out=tmp_path / "none").tasks) for course in two)
    assert 0 < told[-1].tasks < apart
    assert not list(two[0].glob("build/.store/??"))
    again = narrate.build_all(dict.fromkeys(two), jobs=1, store=tmp_path / "store")
    assert [r.made for r in again if isinstance(r, BuildResult)] == [(), ()]


def test_a_course_that_cannot_be_read_does_not_stop_the_other(
    two: tuple[Path, Path], edit: Edit, tmp_path: Path
) -> None:
    edit(two[0] / "course.yaml", "title", "titel")
    first, second = narrate.build_all(dict.fromkeys(two), only=["captions"], jobs=1)
    assert isinstance(first, ProblemError) and "titel" in str(first)
    assert isinstance(second, BuildResult) and second.made and not second.failures
    # Without a name, the store that they share is the user's own.
    assert list(narrate.api.shared_store_path().glob("??/*.json"))


def test_the_command_gives_each_course_a_folder_of_its_own(
    two: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "all"
    asked = [*map(str, two), "--out", str(out), "--only", "captions", "--jobs", "1", "--json"]
    assert main(["build", *asked]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [course["out"] for course in printed["courses"]] == [
        str(out / course.name) for course in two
    ]
    assert (out / "course/01-first/captions.vtt").is_file()
    assert (out / "other/02-second/captions.vtt").is_file()
    assert main(["build", *asked, "--lesson", "1"]) == 2


def test_a_folder_of_another_course_is_not_taken(two: tuple[Path, Path], tmp_path: Path) -> None:
    build_here(two[0], out=tmp_path / "out")
    before = digests(tmp_path / "out")
    with pytest.raises(UsageError, match="--out"):
        build_here(two[1], out=tmp_path / "out")
    assert digests(tmp_path / "out") == before
    assert build_here(two[0], out=tmp_path / "out").made == ()


def test_what_a_build_uses_is_noted_so_that_retention_keeps_it(
    built: Path, edit: Edit, tmp_path: Path
) -> None:
    store = FolderStore(built / "build/.store", read_secret())
    seals = list(store.root.glob("??/*.seal"))
    old = seals[0].stat().st_mtime - 86_400
    for seal in seals:
        os.utime(seal, (old, old))
    edit(built / "01-first.md", "a second one", "another one")
    plan = build_here(built).plan
    used = {a for task in plan.walk_tasks() for a in (*task.made, *task.taken)}
    fresh = {s.name for s in store.root.glob("??/*.seal") if s.stat().st_mtime > old + 1}
    assert {f"{a.name}.seal" for a in used} <= fresh
    assert len(fresh) < len(list(store.root.glob("??/*.seal")))  # what is not used ages


@pytest.mark.parametrize(("means", "jobs"), [(Means(runner="ray"), 0), (Means(jobs=1), 1)])
def test_a_cluster_decides_itself_how_much_it_does_at_once(
    small_course: Path, monkeypatch: pytest.MonkeyPatch, means: Means, jobs: int
) -> None:
    asked: list[int] = []

    def start(*given: object, jobs: int, address: str) -> None:
        asked.append(jobs)
        raise RunnerError("It is not there.", remedy="Start it.")

    monkeypatch.setattr("narrate.pipeline.build.start_runner", start)
    with pytest.raises(RunnerError):
        build(Request(small_course), means=means)
    assert asked == [jobs]
