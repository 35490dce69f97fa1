"""Tasks on a Ray cluster, which is this machine alone."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from trial_step import Notebook, leave, make_task, open_plain_store

from foundation.problem import Problem
from narrate.errors import RunnerError, StoreError, WorkerError
from narrate.pipeline.runners import here, ray_node
from narrate.pipeline.runners.base import Failure, OpenStore
from narrate.pipeline.runners.ray import Ray, start
from narrate.pipeline.runners.ray_driver import fit_needs, read_answer
from narrate.pipeline.schedule import Quiet, run_graph
from narrate.pipeline.step import Needs, Step, Task

ray = pytest.importorskip("ray")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the store."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def runner(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ray]:
    """One cluster for all tests, started in a folder from which nothing may be imported."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("course"))
        patch.delenv("RAY_ADDRESS", raising=False)
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))  # of trial_step
        runner = start(partial(open_plain_store, str(folder)), jobs=2)
    yield runner
    runner.close()
    runner.close()


@pytest.fixture
def store(tmp_path: Path) -> OpenStore:
    return partial(open_plain_store, str(tmp_path))


def test_the_results_are_those_of_one_process(
    runner: Ray, folder: Path, store: OpenStore, tmp_path: Path
) -> None:
    slides = [make_task(f"slide {n}") for n in range(40)]
    lessons = [make_task(f"lesson {n}", *slides[n * 10 : n * 10 + 10]) for n in range(4)]
    watcher = Notebook()
    assert run_graph([*lessons, *slides], runner, watcher) == []
    assert run_graph([*lessons, *slides], here.start(store), Quiet()) == []
    files = [task.made[0].name for task in (*slides, *lessons)]
    assert [(folder / file).read_bytes() for file in files] == [
        (tmp_path / file).read_bytes() for file in files
    ]
    assert len(watcher.names("started")) == len(watcher.names("ended")) == 44


def test_progress_comes_while_a_task_runs(runner: Ray, tmp_path: Path) -> None:
    class Releasing(Notebook):
        """Lets the task end when its progress has come."""

        def moved(self, task: Task, share: float) -> None:
            (tmp_path / "go").touch()
            super().moved(task, share)

    watcher = Releasing()
    task = make_task("long", what="tell and wait", notes=tmp_path)
    assert run_graph([task], runner, watcher) == []
    assert watcher.told[1:3] == [("started", "long"), ("moved 0.25", "long")]
    assert watcher.told[-1] == ("ended", "long")


def test_workers_have_one_thread_and_nothing_of_the_drivers_folder(
    runner: Ray, tmp_path: Path
) -> None:
    assert run_graph([make_task("where", what="look", notes=tmp_path)], runner, Quiet()) == []
    seen = json.loads((tmp_path / "where.json").read_text())
    assert not any("course" in path for path in [*seen["path"], seen["folder"]])
    assert seen["environment"]["OPENCV_FOR_THREADS_NUM"] == "1"
    assert seen["environment"]["OMP_NUM_THREADS"] == "1"
    assert seen["environment"]["RAY_USAGE_STATS_ENABLED"] == "0"  # nothing is told to its makers


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
def test_a_task_may_lose_two_workers_but_not_three(
    runner: Ray, folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hardy = make_task("hardy", what="die", notes=tmp_path, often=2)
    deadly = make_task("deadly", what="die", notes=tmp_path, often=9)
    (why,) = run_graph([hardy, deadly, make_task("later", deadly)], runner, Quiet())
    assert why.kind is WorkerError
    assert why.problem.message == "A worker process died 3 times while making deadly."
    assert "give the nodes more" in why.problem.remedy
    assert (folder / hardy.made[0].name).read_text() == "hardy"
    assert len(list(tmp_path.glob("deadly-*"))) == 3
    assert capfd.readouterr() == ("", "")  # Ray tells of deaths on the standard output


def test_failures_come_back_even_if_they_cannot_be_sent(runner: Ray) -> None:
    unsendable = replace(make_task("closed"), settings=lambda: None)
    tasks = [make_task("bad", what="fail"), make_task("own", what="fail oddly"), unsendable]
    texts = {str(why) for why in run_graph(tasks, runner, Quiet())}
    assert len(texts) == 3 and "It cannot be drawn. Draw it by hand." in texts


def test_a_full_disk_on_a_node_stops_the_build(runner: Ray) -> None:
    first = make_task("first", what="fail disk")
    watcher = Notebook()
    (why,) = run_graph([first, make_task("second", first)], runner, watcher)
    assert why.kind is StoreError


def test_another_version_on_a_node_is_refused(runner: Ray, monkeypatch: pytest.MonkeyPatch) -> None:
    task = make_task("of another version")
    monkeypatch.setattr(Step, "version", ("trial_step", "of another program"))
    (why,) = run_graph([task], runner, Quiet())
    assert why.kind is RunnerError and "Install the same version" in why.problem.remedy


def test_a_step_that_a_node_does_not_have_is_named(
    runner: Ray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("from trial_step import STEP\n")
    monkeypatch.syspath_prepend(tmp_path)
    (why,) = run_graph([replace(make_task("lone"), step="only_here")], runner, Quiet())
    assert why.kind is RunnerError and "has no only_here." in why.problem.message


def test_a_node_without_the_program_says_so() -> None:
    sent = ray.cloudpickle
    sent.register_pickle_by_value(ray_node)
    code = """
        import pickle, sys
        sys.modules["narrate"] = None
        work, news = pickle.loads(sys.stdin.buffer.read())
        print(*work("id", b"", b"", None), news)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        input=sent.dumps((ray_node.work, ray_node.News)),
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"missing ") and b" has no narrate" in done.stdout
    failure = pickle.loads(read_answer(ray_node.MISSING, "node-7 has no narrate"))
    assert failure == Failure(
        RunnerError,
        Problem(
            "A node of the cluster lacks this program: node-7 has no narrate.",
            "Install narrate with the extra cluster on every node.",
        ),
    )


def test_a_cluster_that_does_not_answer_is_an_error(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(RunnerError, match=f"The cluster {address} cannot be reached"):
            start(store, address=address)
        monkeypatch.setenv("RAY_ADDRESS", address)
        with pytest.raises(RunnerError, match="ray status"):
            start(store)


def test_a_refused_address_is_an_error(store: OpenStore) -> None:
    with pytest.raises(RunnerError, match=r"The cluster no/address cannot be reached: .*\w\. "):
        start(store, address="no/address")


@pytest.mark.parametrize(
    ("room", "message"),
    [(3, "The connection to the cluster was lost"), (0, "connects to the cluster ended at once")],
)
def test_a_lost_driver_is_an_error(room: int, message: str) -> None:
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    driver = spawning.Process(target=leave, args=(theirs, room))
    driver.start()
    theirs.close()
    runner = Ray(driver, ours)
    with pytest.raises(RunnerError, match=message):
        runner.connect()
        assert runner.free == room
        run_graph([make_task("a")], runner, Quiet())
    runner.close()
    with pytest.raises(ValueError, match="closed"):
        driver.is_alive()


def test_without_the_extra_it_is_named(store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RunnerError, match=r"pip install 'narrate-lectures\[cluster\]'"):
        start(store)


@pytest.mark.parametrize(
    ("asked", "nodes", "given"),
    [
        (Needs(1, 8, 0), [], Needs(1, 8, 0)),
        (Needs(1, 8, 0), [Needs(4, 64, 0)], Needs(1, 8, 0)),
        (Needs(8, 99, 0), [Needs(2, 99, 0), Needs(4, 64, 0)], Needs(4, 64, 0)),
        (Needs(1, 8, 0.5), [Needs(4, 64, 0)], Needs(1, 8, 0)),
        (Needs(8, 8, 0.5), [Needs(16, 64, 0), Needs(4, 64, 1)], Needs(4, 8, 0.5)),
    ],
)
def test_no_more_is_asked_than_a_node_has(asked: Needs, nodes: list[Needs], given: Needs) -> None:
    assert fit_needs(asked, nodes) == given


def test_more_memory_is_asked_after_a_death() -> None:
    assert fit_needs(Needs(1, 8), [Needs(4, 64)], deaths=2) == Needs(1, 32)


def test_this_process_is_left_as_it_was(runner: Ray) -> None:
    assert "RAY_USAGE_STATS_ENABLED" not in os.environ and not ray.is_initialized()
