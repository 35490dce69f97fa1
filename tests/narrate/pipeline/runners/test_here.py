"""Tasks in this process."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest
from trial_step import Notebook, make_task, open_plain_store, refuse_store

from narrate.errors import RenderError, StoreError
from narrate.pipeline.runners.here import start
from narrate.pipeline.schedule import Quiet, run_graph
from narrate.pipeline.step import Task


def test_tasks_are_done_one_after_another(tmp_path: Path) -> None:
    runner = start(partial(open_plain_store, str(tmp_path)), jobs=8)
    first = make_task("first")
    second = make_task("second", first)
    watcher = Notebook()
    assert run_graph([second, first], runner, watcher) == []
    assert (tmp_path / second.made[0].name).read_text() == "second (first)"
    assert [said for said, _ in watcher.told] == ["begin", "started", "ended", "started", "ended"]


def test_progress_is_told_while_the_task_runs(tmp_path: Path) -> None:
    task = make_task("long", what="tell")
    there: list[bool] = []

    class Looking(Notebook):
        def moved(self, task: Task, share: float) -> None:
            there.append((tmp_path / task.made[0].name).exists())
            super().moved(task, share)

    watcher = Looking()
    run_graph([task], start(partial(open_plain_store, str(tmp_path))), watcher)
    assert [said for said, _ in watcher.told][2:-1] == ["moved 0.25", "moved 0.5", "moved 0.75"]
    assert there == [False] * 3 and (tmp_path / task.made[0].name).exists()


def test_what_a_watcher_raises_inside_a_step_is_no_failure_of_it(tmp_path: Path) -> None:
    class Refusing(Notebook):
        def moved(self, task: Task, share: float) -> None:
            raise RenderError("Mine.", remedy="Mine too.")

    watcher = Refusing()
    with pytest.raises(RenderError, match="Mine"):
        run_graph(
            [make_task("long", what="tell")],
            start(partial(open_plain_store, str(tmp_path))),
            watcher,
        )
    assert watcher.told[-1] == ("started", "long")
    assert not list(tmp_path.iterdir())  # and nothing half-made is left


def test_failures_have_the_place_and_the_remedy(tmp_path: Path) -> None:
    runner = start(partial(open_plain_store, str(tmp_path)))
    bad, broken = make_task("bad", what="fail"), make_task("broken", what="break")
    drawn, bug = run_graph([bad, broken], runner, Quiet())
    assert (drawn.kind, str(drawn)) == (RenderError, "It cannot be drawn. Draw it by hand.")
    assert bug.kind is RuntimeError and "OddError" in bug.details


def test_a_store_that_cannot_be_opened_ends_the_build(tmp_path: Path) -> None:
    watcher = Notebook()
    (why,) = run_graph([make_task("a"), make_task("b")], start(refuse_store), watcher)
    assert why.kind is StoreError
    assert watcher.names("failed") == ["a"] and watcher.names("started") == ["a"]


def test_the_environment_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    runner = start(partial(open_plain_store, str(tmp_path)))
    run_graph([make_task("a")], runner, Quiet())
    assert os.environ["OMP_NUM_THREADS"] == "7" and "MKL_NUM_THREADS" not in os.environ
