"""The progress of a build: how much of the work is done, and how long the rest will take."""

from __future__ import annotations

import pytest
from counted_lines import count_lines
from trial_step import make_task

from foundation.problem import Problem
from narrate.errors import RenderError
from narrate.pipeline.runners.base import Failure
from narrate.progress import Progress, ProgressMeter, ReadingMeter

SHORT, LONG = make_task("a", cost=1), make_task("b", cost=3)


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


def test_the_work_is_linear_in_the_tasks() -> None:
    def count(number: int) -> int:
        tasks = [make_task(str(n), cost=0.1) for n in range(number)]
        told: list[Progress] = []
        meter = ProgressMeter(told.append)

        def build() -> None:
            meter.begin(tasks)
            for task in tasks:
                meter.started(task)
                meter.moved(task, 0.7)
                meter.ended(task, None)

        lines = count_lines(build, "progress.py")
        assert told[-1].share == 1.0 and told[-1].done == number
        return lines

    few, many = count(100), count(1_000)
    assert few > 1_000
    assert many < 10.5 * few


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


def test_reading_is_told_once_it_takes_long(clock: list[float]) -> None:
    told: list[Progress] = []
    meter = ReadingMeter(told.append, weight=1.0)
    for done in range(1, 5):
        clock[0] += 0.9
        meter.read(done, 4)
    assert told == [Progress(0.75, ("reading lesson 4 of 4",), None)]
    meter.finish()
    assert told[1:] == [Progress(1.0, (), 0.0)]


def test_quick_reading_is_not_worth_a_word() -> None:
    told: list[Progress] = []
    meter = ReadingMeter(told.append)
    meter.read(1, 2)
    meter.finish()
    assert told == []
