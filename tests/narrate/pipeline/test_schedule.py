"""The scheduler: what starts when, what is skipped, and how much work that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from graphlib import CycleError

import pytest
from counted_lines import count_lines
from trial_step import Notebook, make_task

from foundation.problem import Problem
from narrate.errors import DamagedError, RenderError, RunnerError, StoreError
from narrate.pipeline.runners.base import Ended, Event, Failure, Moved, Started, Tell
from narrate.pipeline.schedule import Graph, Quiet, run_graph
from narrate.pipeline.step import Artefact, Task


class Pretended:
    """A runner that does nothing, `jobs` tasks at once, and ends the oldest one at each wait."""

    def __init__(self, jobs: int = 1, failing: dict[str, Failure] | None = None) -> None:
        self.jobs = jobs
        self.failing = failing or {}
        self.order: list[str] = []
        self.running: list[Task] = []
        self.closed = False

    @property
    def free(self) -> int:
        return self.jobs - len(self.running)

    def submit(self, task: Task) -> None:
        self.order.append(task.settings.name)
        self.running.append(task)

    def wait(self, tell: Tell) -> None:
        task = self.running.pop(0)
        for event in self.events(task):
            tell(event)

    def events(self, task: Task) -> Sequence[Event]:
        return [Started(task.id), Ended(task.id, self.failing.get(task.settings.name))]

    def close(self) -> None:
        self.closed = True


def failure(kind: type[BaseException]) -> Failure:
    return Failure(kind, Problem("It is so.", "Change it."))


def test_a_task_starts_when_those_that_make_its_inputs_are_done() -> None:
    first = make_task("first")
    second = make_task("second", first)
    third = make_task("third", first, second)
    runner, watcher = Pretended(jobs=3), Notebook()
    assert run_graph([third, second, first], runner, watcher) == []
    assert runner.order == ["first", "second", "third"]
    assert watcher.told[0] == ("begin", "3")
    assert watcher.told[1:3] == [("started", "first"), ("ended", "first")]
    assert not runner.closed


def test_the_longest_way_to_the_end_starts_first() -> None:
    short, long = make_task("short", cost=5), make_task("long", cost=1)
    end = make_task("end", make_task("absent"), long, cost=9)
    tasks = [short, make_task("middle", cost=7), long, end]
    runner = Pretended()
    run_graph(tasks, runner, Quiet())
    assert runner.order == ["long", "end", "middle", "short"]
    ways = Graph(tasks).measure_ways()
    assert [ways[task.id] for task in tasks] == [5, 7, 10, 9]


def test_tasks_of_equal_length_start_in_their_order() -> None:
    runner = Pretended()
    run_graph([make_task(name) for name in "dacb"], runner, Quiet())
    assert runner.order == list("dacb")


def test_what_needs_a_failed_task_is_skipped_and_all_else_is_done() -> None:
    bad = make_task("bad", cost=9)
    after = make_task("after", make_task("later", bad))
    good = make_task("good")
    runner, watcher = Pretended(failing={"bad": failure(RenderError)}), Notebook()
    (why,) = run_graph([bad, make_task("later", bad), after, good], runner, watcher)
    assert why.kind is RenderError
    assert runner.order == ["bad", "good"]
    assert watcher.names("failed") == ["bad"] and watcher.names("ended") == ["good"]


def test_equal_failures_are_told_once() -> None:
    same = failure(RenderError)
    runner = Pretended(failing={"a": same, "b": same, "c": failure(ValueError)})
    failures = run_graph([make_task(name) for name in "abc"], runner, Quiet())
    assert [why.kind for why in failures] == [RenderError, ValueError]


@pytest.mark.parametrize(
    ("kind", "begun"), [(StoreError, "ab"), (RunnerError, "ab"), (DamagedError, "abcd")]
)
def test_no_task_is_begun_after_a_failure_that_all_would_share(
    kind: type[BaseException], begun: str
) -> None:
    tasks = [make_task("a", cost=4), make_task("b", cost=3), make_task("c"), make_task("d")]
    runner, watcher = Pretended(jobs=2, failing={"a": failure(kind)}), Notebook()
    assert len(run_graph(tasks, runner, watcher)) == 1
    assert "".join(runner.order) == begun  # what was running is finished
    assert "b" in watcher.names("ended")


def test_a_task_of_two_courses_is_done_once() -> None:
    runner = Pretended()
    run_graph([make_task("same"), make_task("same")], runner, Quiet())
    assert runner.order == ["same"]


def test_a_circle_is_refused() -> None:
    one, other = Artefact("1" * 40, ".txt"), Artefact("2" * 40, ".txt")
    task = make_task("any")
    first = replace(task, inputs=(("in", (other,)),), outputs=(("out", one),))
    second = replace(task, inputs=(("in", (one,)),), outputs=(("out", other),))
    runner, watcher = Pretended(), Notebook()
    with pytest.raises(CycleError):
        run_graph([first, second], runner, watcher)
    assert runner.closed and not watcher.told


def test_the_courses_files_are_brought_before_a_task_is_given_away() -> None:
    runner = Pretended()
    brought: list[tuple[str, int]] = []

    def bring(task: Task) -> None:
        brought.append((task.settings.name, len(runner.order)))

    first = make_task("first")
    run_graph([first, make_task("second", first)], runner, Quiet(), before=bring)
    assert brought == [("first", 0), ("second", 1)]


def test_what_cannot_be_brought_is_a_failure_of_the_task() -> None:
    def bring(task: Task) -> None:
        if task.settings.name == "bad":
            raise RenderError("The picture is gone.", remedy="Put it back.")

    bad = make_task("bad", cost=9)
    runner, watcher = Pretended(), Notebook()
    tasks = [bad, make_task("later", bad), make_task("good")]
    (why,) = run_graph(tasks, runner, watcher, before=bring)
    assert str(why) == "The picture is gone. Put it back."
    assert runner.order == ["good"]
    assert watcher.told[1:3] == [("started", "bad"), ("failed", "bad")]


def test_a_late_event_and_one_without_a_start_are_taken() -> None:
    class Careless(Pretended):
        def events(self, task: Task) -> Sequence[Event]:
            return [Moved(task.id, 0.5), Ended(task.id), Moved(task.id, 0.7), Started(task.id)]

    watcher = Notebook()
    run_graph([make_task("a")], Careless(), watcher)
    assert watcher.told[1:] == [("started", "a"), ("moved 0.5", "a"), ("ended", "a")]


@pytest.mark.parametrize("error", [KeyError("mine"), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["begin", "started", "moved", "ended"])
def test_what_the_watcher_raises_closes_the_runner_and_is_raised_unchanged(
    where: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Moving(Pretended):
        def events(self, task: Task) -> Sequence[Event]:
            return [Started(task.id), Moved(task.id, 0.5), Ended(task.id)]

    def raise_it(*given: object) -> None:
        raise error

    runner, watcher = Moving(), Notebook()
    monkeypatch.setattr(watcher, where, raise_it)
    with pytest.raises(type(error)) as raised:
        run_graph([make_task("a"), make_task("b")], runner, watcher)
    assert raised.value is error
    assert runner.closed and len(runner.order) < 2


def test_an_error_of_the_runner_closes_it() -> None:
    class Lost(Pretended):
        def wait(self, tell: Tell) -> None:
            raise RunnerError("The cluster is gone.", remedy="Start it.")

    runner = Lost()
    with pytest.raises(RunnerError):
        run_graph([make_task("a")], runner, Quiet())
    assert runner.closed


FILES = ("schedule.py", "graphlib.py")


def course_like(slides: int) -> list[Task]:
    """Four tasks a slide, and one that needs all of them."""
    tasks = []
    segments = []
    for n in range(slides):
        speech = make_task(f"speech {n}", cost=1 + n % 7)
        picture = make_task(f"picture {n}")
        segments.append(make_task(f"segment {n}", speech, picture))
        tasks += [speech, picture, make_task(f"check {n}", speech), segments[-1]]
    return [*tasks, make_task("lecture", *segments)]


@pytest.mark.parametrize("fails", [False, True])
def test_the_work_is_linear_in_the_tasks(fails: bool) -> None:
    work = []
    for slides in (250, 2500):
        tasks = course_like(slides)
        failing = {f"speech {n}": failure(RenderError) for n in range(slides)} if fails else {}
        runner = Pretended(8, failing)
        work.append(count_lines(lambda: run_graph(tasks, runner, Quiet()), *FILES))  # noqa: B023
        assert len(runner.order) == (2 * slides if fails else len(tasks))
    assert work[0] > 10_000
    assert work[1] < 10.5 * work[0]
