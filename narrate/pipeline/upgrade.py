"""Tells what an upgrade makes again, before it is made.

After a build the output folder remembers, for each lesson, the versions of the steps that made it.
Where a step has another version now, all its tasks have other keys, and so have those that take
what it makes. What of these remains to be done is what the upgrade costs, whatever else was edited.
The memory is only for this note: what is out of date, the keys alone decide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from foundation.json_text import read_object
from foundation.problem import Problem
from narrate.clock import format_clock
from narrate.pipeline.keys import make_key
from narrate.pipeline.plan import Plan
from narrate.pipeline.step import Artefact, Task, load_step

Version = tuple[str, ...]
"""A step's name, the digest of its sources, and the releases that it depends on."""
Versions = dict[str, Version]
"""Of the steps, by their names."""

_WORTH_TELLING = 60.0  # seconds; less is over before it is read
_COURSE = ""  # the tasks that belong to no lesson, in place of a lesson's id


@dataclass(frozen=True, slots=True)
class Upgrade:
    """`causes` are what changed, narrate or packages that it uses, and `tasks` what of its work
    remains, each with what it is about: a course, a lesson or a slide."""

    causes: tuple[str, ...]
    tasks: tuple[tuple[str, Task], ...]

    def describe(self) -> Problem:
        """A note for people."""
        places: dict[tuple[str, str], set[tuple[str, int | None]]] = {}
        for about, task in self.tasks:
            places.setdefault((about, task.kind), set()).add((task.path, task.slide))
        kinds: dict[tuple[str, int], list[str]] = {}
        for (about, kind), found in places.items():
            kinds.setdefault((about, len(found)), []).append(kind)
        again = [f"{_join(names)} of {_count(*what)}" for what, names in kinds.items()]
        seconds = sum(task.cost for _, task in self.tasks)
        takes = f"It takes about {format_clock(seconds)} on one processor. "
        return Problem(
            f"{_join(self.causes)} {'has' if len(self.causes) == 1 else 'have'} changed since "
            f"the last build. This is made again: {'; '.join(again)}.",
            remedy=(takes if seconds >= _WORTH_TELLING else "")
            + "To keep what is there, use the release that made it.",
        )


def find_upgrade(
    plan: Plan, remaining: Iterable[Task], known: Mapping[str, Versions]
) -> Upgrade | None:
    """What remains to be done because steps have changed since the lessons were made. `known` is
    what `read_versions` gives; of a lesson that is not in it, nothing is told."""
    left = {artefact for task in remaining for artefact in task.made}
    stale: set[Artefact] = set()
    causes: dict[str, None] = {}
    found: dict[str, tuple[str, Task]] = {}
    for lesson, about, task in _walk(plan) if left else ():
        before = known.get(lesson, {}).get(task.kind)
        now = load_step(task.step).version
        if before is not None and before != now:
            causes.update(dict.fromkeys(_compare(before, now)))
        elif stale.isdisjoint(task.taken):
            continue
        stale.update(task.made)
        if not left.isdisjoint(task.made):
            found.setdefault(task.id, (about, task))
    return Upgrade(tuple(causes), tuple(found.values())) if found else None


def read_versions(path: Path) -> dict[str, Versions]:
    """The versions of the steps that made each lesson, by its id; none if there is no such file,
    or if it is damaged."""
    try:
        raw = read_object(path)
        tables = {
            name: {step: tuple(map(str, version)) for step, version in table.items()}
            for name, table in raw["versions"].items()
        }
        return {str(lesson): tables[name] for lesson, name in raw["lessons"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def add_versions(known: Mapping[str, Versions], plan: Plan) -> dict[str, Versions]:
    """What is known once the plan was built. Lessons and steps that it does not have stay."""
    versions = {lesson: dict(table) for lesson, table in known.items()}
    for lesson, _, task in _walk(plan):
        versions.setdefault(lesson, {})[task.kind] = load_step(task.step).version
    return versions


def write_versions(known: Mapping[str, Versions]) -> bytes:
    """The text of the file. Most lessons were made by the same steps, which are written once."""
    names = {lesson: make_key(table) for lesson, table in known.items()}
    tables = {names[lesson]: table for lesson, table in known.items()}
    return json.dumps({"lessons": names, "versions": tables}, indent=1, sort_keys=True).encode()


def _walk(plan: Plan) -> Iterable[tuple[str, str, Task]]:
    """Each task, in a possible order, with its lesson's id and what it is about."""
    if plan.portrait:
        yield _COURSE, "course", plan.portrait
    for lesson in plan.lessons:
        for slide in lesson.slides:
            for task in slide.tasks:
                yield lesson.lesson.id, "slide", task
        for task in lesson.tasks:
            yield lesson.lesson.id, "lesson", task
    yield _COURSE, "course", plan.report


def _compare(before: Version, now: Version) -> Iterable[str]:
    """What of a step's version has changed."""
    if before[1:2] != now[1:2]:
        yield "narrate"
    for release in now[2:]:
        if release not in before[2:]:
            yield release.rpartition(" ")[0]


def _join(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _count(about: str, number: int) -> str:
    if about == "course":
        return "the course"
    return f"{number} {about}{'' if number == 1 else 's'}"
