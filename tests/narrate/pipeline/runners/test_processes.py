"""Tasks in worker processes, which die in every way that there is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from trial_step import Notebook, PlainStore, make_task, open_plain_store, refuse_store

from foundation.problem import Place
from narrate.errors import RunnerError, StoreError, WorkerError
from narrate.pipeline.runners.base import OpenStore
from narrate.pipeline.runners.processes import Processes
from narrate.pipeline.schedule import Quiet, run_graph
from narrate.pipeline.step import Step, Task

PATIENCE = 60.0  # seconds; nothing waits so long unless it hangs

posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")


@pytest.fixture
def store(tmp_path: Path) -> OpenStore:
    (tmp_path / "store").mkdir()
    return partial(open_plain_store, str(tmp_path / "store"))


@pytest.fixture
def pool(store: OpenStore) -> Iterator[Processes]:
    with closing(Processes(store, 2)) as runner:
        yield runner


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


def read(store: OpenStore, task: Task) -> str:
    path = store().fetch(task.made[0])
    return path.read_text() if path else ""


def find_workers(notes: Path, number: int) -> dict[str, int]:
    """Wait for so many tasks that wait, and return the ids of their processes."""
    late = time.monotonic() + PATIENCE
    while len(found := list(notes.glob("*.*"))) < number:
        assert time.monotonic() < late
        time.sleep(0.01)
    return {path.stem: int(path.suffix[1:]) for path in found}


def in_background(function: object, *given: object) -> threading.Thread:
    thread = threading.Thread(target=function, args=given, daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def test_results_come_and_workers_are_kept(pool: Processes, store: OpenStore, notes: Path) -> None:
    (notes / "go").touch()
    watcher = Notebook()
    for round in range(2):
        first = make_task(f"first {round}", what="wait", notes=notes)
        second = make_task(f"second {round}", first, what="wait", notes=notes)
        assert run_graph([first, second], pool, watcher) == []
        assert read(store, second) == f"second {round} (first {round})"
    assert len(set(find_workers(notes, 4).values())) == 1  # a second one was never needed


def test_progress_and_starts_are_told(pool: Processes) -> None:
    watcher = Notebook()
    run_graph([make_task("long", what="tell")], pool, watcher)
    assert watcher.told[1] == ("started", "long") and watcher.told[-1] == ("ended", "long")
    assert ("moved 0.25", "long") in watcher.told


@posix
def test_only_the_task_of_a_killed_worker_is_done_again(
    pool: Processes, store: OpenStore, notes: Path
) -> None:
    tasks = [make_task("one", what="wait", notes=notes), make_task("two", what="wait", notes=notes)]

    def kill_one() -> None:
        os.kill(find_workers(notes, 2)["one"], signal.SIGKILL)
        find_workers(notes, 3)
        (notes / "go").touch()

    thread = in_background(kill_one)
    watcher = Notebook()
    assert run_graph(tasks, pool, watcher) == []
    thread.join()
    assert [read(store, task) for task in tasks] == ["one", "two"]
    assert sorted(watcher.names("started")) == ["one", "one", "two"]
    assert len(list(notes.glob("two.*"))) == 1


@posix
def test_a_task_may_lose_two_workers_but_not_three(
    pool: Processes, store: OpenStore, notes: Path
) -> None:
    hardy = make_task("hardy", what="die", notes=notes, often=2)
    deadly = make_task("deadly", what="die", notes=notes, often=9)
    plain = [make_task(f"plain {n}") for n in range(5)]
    (why,) = run_graph([hardy, deadly, make_task("later", deadly), *plain], pool, Quiet())
    assert why.kind is WorkerError
    assert why.problem.message == "A worker process died 3 times while making deadly."
    assert "--jobs 1" in why.problem.remedy and why.problem.place == Place()
    assert read(store, hardy) == "hardy" and all(read(store, task) for task in plain)
    assert len(list(notes.glob("deadly-*"))) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="finds the pipe in /proc")
def test_a_death_in_the_middle_of_a_message_does_not_hang(
    pool: Processes, store: OpenStore, notes: Path
) -> None:
    task = make_task("mute", what="die speaking", notes=notes)
    assert run_graph([task, make_task("other")], pool, Quiet()) == []
    assert read(store, task) == "mute" and (notes / "mute").exists()


@posix
def test_idle_workers_that_die_are_replaced(pool: Processes, notes: Path) -> None:
    (notes / "go").touch()
    assert run_graph([make_task("a", what="wait", notes=notes)], pool, Quiet()) == []
    os.kill(find_workers(notes, 1)["a"], signal.SIGKILL)
    assert run_graph([make_task("b", what="wait", notes=notes)], pool, Quiet()) == []


def test_an_exit_is_a_death(pool: Processes) -> None:
    (why,) = run_graph([make_task("leaver", what="exit")], pool, Quiet())
    assert why.kind is WorkerError


def test_failures_come_back_even_if_they_cannot_be_sent(pool: Processes) -> None:
    tasks = [make_task("bad", what="fail"), make_task("own", what="fail oddly"),
             make_task("broken", what="break"), make_task("good")]  # fmt: skip
    watcher = Notebook()
    failures = run_graph(tasks, pool, watcher)
    texts = {str(why) for why in failures}
    assert "It cannot be drawn. Draw it by hand." in texts
    (own,) = [why for why in failures if "Own. None." in str(why)]
    assert own.kind is RuntimeError and "OwnError" in own.details
    assert any("OddError" in why.details for why in failures)
    assert watcher.names("ended") == ["good"]


def test_a_task_that_cannot_be_sent_is_a_failure(pool: Processes) -> None:
    task = replace(make_task("closed"), settings=lambda: None)
    (why,) = run_graph([task], pool, Quiet())
    assert why.kind is RuntimeError and "lambda" in str(why)


def test_a_store_that_cannot_be_opened_is_a_failure() -> None:
    with closing(Processes(refuse_store, 1)) as runner:
        (why,) = run_graph([make_task("a"), make_task("b")], runner, Quiet())
    assert why.kind is StoreError


def test_another_version_of_the_program_is_refused(
    pool: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task("a")
    monkeypatch.setattr(Step, "version", ("trial_step", "of another program"))
    (why,) = run_graph([task, make_task("b")], pool, Quiet())
    assert why.kind is RunnerError
    assert "another version of the step trial_step" in why.problem.message
    assert "Install the same version" in why.problem.remedy


def test_a_watcher_that_raises_ends_all_workers(store: OpenStore, notes: Path) -> None:
    class Refusing(Notebook):
        def ended(self, task: Task, failure: object) -> None:
            raise KeyError("mine")

    runner = Processes(store, 2)
    tasks = [make_task("stuck", what="wait", notes=notes, cost=2), make_task("quick")]
    with pytest.raises(KeyError, match="mine"):
        run_graph(tasks, runner, Refusing())
    for pid in [int(path.suffix[1:]) for path in notes.glob("stuck.*")]:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_three_thousand_tiny_tasks_are_done(pool: Processes, store: OpenStore) -> None:
    tasks = [make_task(f"tiny {n}") for n in range(2_000)]
    ends = [make_task(f"end {n}", tasks[2 * n], tasks[2 * n + 1]) for n in range(1_000)]
    watcher = Notebook()
    assert run_graph([*ends, *tasks], pool, watcher) == []
    assert len(watcher.names("ended")) == 3_000
    plain = store()
    assert isinstance(plain, PlainStore) and len(list(plain.folder.iterdir())) == 3_000


SCRIPT = """
import sys
from functools import partial
from trial_step import Notebook, make_task, open_plain_store
from narrate.pipeline.runners.processes import Processes
from narrate.pipeline.schedule import run_graph
{guard}
    class Loud(Notebook):
        def started(self, task):
            print("started", flush=True)
    tasks = [make_task(name, what="wait", notes={notes!r}) for name in ("one", "two")]
    run_graph(tasks, Processes(partial(open_plain_store, {folder!r}), 2), Loud())
"""


def start_script(
    tmp_path: Path, notes: Path, *, guard: str = 'if __name__ == "__main__":'
) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(guard=guard, notes=str(notes), folder=str(tmp_path)))
    return subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
        preexec_fn=hear_interrupts if os.name == "posix" else None,
    )


def hear_interrupts() -> None:
    """What a shell starts in the background is deaf to Ctrl-C, and so would be what tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
@pytest.mark.parametrize("way", ["kill", "interrupt"])
def test_workers_end_with_the_command(way: str, tmp_path: Path, notes: Path) -> None:
    command = start_script(tmp_path, notes)
    try:
        assert command.stdout is not None
        assert command.stdout.readline() == command.stdout.readline() == "started\n"
        if way == "kill":
            command.kill()
        else:
            os.killpg(command.pid, signal.SIGINT)  # as Ctrl-C does
        # It returns when the workers have closed their end of the pipes too.
        _, said = command.communicate(timeout=PATIENCE)
    finally:
        if command.poll() is None or sys.exc_info()[0] is not None:
            os.killpg(command.pid, signal.SIGKILL)
    assert said.count("KeyboardInterrupt") == (way == "interrupt")  # of the command alone


def test_a_script_without_a_guard_is_told(tmp_path: Path, notes: Path) -> None:
    command = start_script(tmp_path, notes, guard="if True:")
    _, said = command.communicate(timeout=PATIENCE)
    assert command.returncode == 1
    assert "WorkerError: 3 worker processes ended before they had begun to work." in said
    assert "if __name__ == '__main__':" in said
