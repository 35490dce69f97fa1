"""Which tasks remain, given what the store has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from counted_lines import count_lines
from trial_step import STEP, PlainStore, Settings, course_like, make_task

from narrate.pipeline.plan import Plan
from narrate.pipeline.remaining import find_remaining
from narrate.pipeline.request import Request, plan_request
from narrate.pipeline.step import Artefact, Task


@dataclass(frozen=True, slots=True)
class Tasks:
    """What of a plan is asked for."""

    tasks: Sequence[Task]

    def walk_tasks(self) -> Sequence[Task]:
        return self.tasks


@pytest.fixture
def store(tmp_path: Path) -> PlainStore:
    (tmp_path / "store").mkdir()
    return PlainStore(tmp_path / "store")


def put(store: PlainStore, *tasks: Task, only: str = "") -> None:
    for task in tasks:
        for name, artefact in task.outputs:
            if only in (name, ""):
                (store.folder / artefact.name).write_text("made")


def find(tasks: Sequence[Task], store: PlainStore, *wanted: Artefact) -> list[Task]:
    return list(find_remaining(cast(Plan, Tasks(tasks)), store, wanted))


def make_pair(name: str, *inputs: Task, outputs: tuple[str, ...] = ("one", "two")) -> Task:
    """A task with several outputs."""
    taken = {"all": tuple(artefact for task in inputs for artefact in task.made)}
    return STEP.task(
        Settings(name), taken, outputs=dict.fromkeys(outputs, ".txt"), label=name, cost=1
    )


A = make_task("a")
B = make_task("b", A)
OTHER = make_task("other")
C = make_task("c", B, OTHER)
ALL = (A, B, OTHER, C)


def test_of_an_empty_store_all_that_the_wanted_needs_remains_in_order(store: PlainStore) -> None:
    assert find(ALL, store, *C.made) == [A, B, OTHER, C]
    assert find(ALL, store, *B.made) == [A, B]
    assert find(ALL, store) == []


def test_what_the_store_has_is_not_made_again_nor_what_it_was_made_of(store: PlainStore) -> None:
    put(store, B)
    assert find(ALL, store, *C.made) == [OTHER, C]
    put(store, C)
    assert find(ALL, store, *C.made) == []
    assert find(ALL, store, *C.made, *A.made) == [A]


def test_what_was_lost_is_made_again_only_where_something_needs_it(store: PlainStore) -> None:
    put(store, A, B, OTHER)
    (store.folder / B.made[0].name).unlink()
    assert find(ALL, store, *C.made) == [B, C]
    put(store, C)
    assert find(ALL, store, *C.made) == []


def test_of_several_outputs_those_are_made_that_are_needed_and_missing(store: PlainStore) -> None:
    pair = make_pair("pair", A)
    one, two = pair.made
    [first, narrowed] = find([A, pair], store, two)
    assert first == A and narrowed.outputs == (("two", two),)
    assert find([A, pair], store, one, two) == [A, pair]
    put(store, pair, only="one")
    put(store, A)
    [narrowed] = find([A, pair], store, one, two)
    assert narrowed.made == (two,)
    assert (narrowed.settings, narrowed.inputs) == (pair.settings, pair.inputs)


def test_a_task_that_two_slides_share_remains_once(store: PlainStore) -> None:
    assert find([A, B, make_task("a"), make_task("b", A)], store, *B.made) == [A, B]


def test_tasks_that_share_an_output_are_not_taken_for_one(store: PlainStore) -> None:
    one, two, three = make_pair("pair", outputs=("one", "two", "three")).outputs

    def with_outputs(*outputs: tuple[str, Artefact]) -> Task:
        whole = make_pair("pair")
        return Task(whole.step, whole.settings, whole.inputs, outputs, whole.label, whole.cost)

    tasks = [with_outputs(one, two), with_outputs(one, three)]
    made = {a for task in find(tasks, store, two[1], three[1]) for a in task.made}
    assert made == {two[1], three[1]}


def test_every_artefact_that_a_task_takes_is_made_or_is_the_courses(
    presented_course: Path, store: PlainStore
) -> None:
    """Two lessons say the same, but their captions differ, and so do their lip-readable videos."""
    same = "# Light\n\nLight travels in straight lines.\n"
    (presented_course / "01-why-the-sky-is-blue.md").write_text(same)
    (presented_course / "02-how-an-eye-focuses.md").write_text(
        f"---\ncaptions: netflix\n---\n\n{same}"
    )
    planned = plan_request(Request(presented_course))
    outputs = [output.artefact for output in planned.plan.outputs]
    tasks = find_remaining(planned.plan, store, outputs)
    segments = [task for task in tasks if task.kind == "segment"]
    assert (
        len({task.output("lecture") for task in segments if "lecture" in dict(task.outputs)}) == 1
    )
    assert len({task.output("lipreadable") for task in segments}) == 2
    made = {artefact for task in tasks for artefact in task.made}
    assert made >= set(outputs)
    assert planned.plan.portrayed is not None
    photo = planned.plan.portrayed.photo
    media = {m.file for t in tasks if t.kind == "picture" for m in t.settings.media}
    assert {a for task in tasks for a in task.taken} - made <= {photo, *media}


def test_the_work_is_linear_in_the_tasks(tmp_path: Path) -> None:
    work = []
    store = PlainStore(tmp_path)
    for slides in (250, 2500):
        tasks = course_like(slides)
        wanted = tasks[-1].made
        lines = count_lines(lambda: find(tasks, store, *wanted), "remaining.py")  # noqa: B023
        work.append(lines)
        assert len(find(tasks, store, *wanted)) == 3 * slides + 1  # nothing needs the checks
    assert work[0] > 5_000
    assert work[1] < 10.5 * work[0]
