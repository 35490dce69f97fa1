"""The progress of a build: how much of the work is done, and how long the rest will take."""

from __future__ import annotations

import pytest
from trial_step import make_task

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
