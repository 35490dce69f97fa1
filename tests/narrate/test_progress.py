"""The progress of a build: how much of the work is done, and how long the rest will take."""

from __future__ import annotations

import pytest
from line_counts import count_lines
from trial_step import make_task

from foundation.problem import Problem
from narrate.errors import RenderError
from narrate.pipeline.runners.base import Failure
from narrate.progress import Progress, ProgressMeter

SHORT = make_task("a", cost=1)
LONG = make_task("b", cost=3)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("narrate.progress.time.monotonic", lambda: now[0])
    return now


def test_tasks_count_by_their_cost_and_the_rest_is_estimated(clock: list[float]) -> None:
    told: list[Progress] = []
    meter = ProgressMeter(told.append)
    meter.begin([SHORT, LONG])
    meter.started(SHORT)
    clock[0] += 1
    meter.ended(SHORT, None)
    assert told[-1] == Progress(0.25, (), None, done=1, tasks=2)  # too early for an estimate
    meter.started(LONG)
    clock[0] += 9
    meter.moved(LONG, 0.2)
    assert told[-1].share == pytest.approx(0.4) and told[-1].doing == ("making b",)
    assert told[-1].seconds_left == pytest.approx(15.0)
    meter.ended(LONG, None)
    meter.finish()
    assert told[-2].share == told[-1].share == 1.0


def test_what_is_made_a_second_time_does_not_count_backwards(clock: list[float]) -> None:
    told: list[Progress] = []
    meter = ProgressMeter(told.append)
    meter.begin([SHORT, LONG])
    meter.moved(LONG, 0.9)
    meter.moved(LONG, 0.1)
    assert told[-1].share == told[-2].share == pytest.approx(0.675)


def test_what_has_ended_and_what_failed_is_counted_anew_for_each_round() -> None:
    told: list[Progress] = []
    meter = ProgressMeter(told.append)
    meter.begin([SHORT, LONG])
    meter.ended(SHORT, Failure(RenderError, Problem("It cannot be drawn.")))
    assert (told[-1].done, told[-1].failed, told[-1].tasks) == (1, 1, 2)
    meter.ended(LONG, None)
    assert (told[-1].done, told[-1].failed, told[-1].tasks) == (2, 1, 2)
    meter.begin([SHORT])
    assert (told[-1].done, told[-1].failed, told[-1].tasks) == (0, 0, 1)
    meter.ended(SHORT, None)
    meter.finish()
    assert (told[-1].done, told[-1].failed, told[-1].tasks) == (1, 0, 1)


def test_news_of_a_task_costs_the_same_however_many_there_are() -> None:
    work = []
    for number in (100, 1000):
        tasks = [make_task(f"task {n}", cost=1 + n % 7) for n in range(number)]
        meter = ProgressMeter(lambda progress: None)

        def watch(meter: ProgressMeter = meter) -> None:
            meter.begin(tasks)  # noqa: B023
            for task in tasks:  # noqa: B023
                meter.started(task)
                meter.moved(task, 0.5)
                meter.ended(task, None)

        work.append(count_lines(watch, "progress.py"))
    assert work[0] > 1000 and work[1] < 10.5 * work[0]
