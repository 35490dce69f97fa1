"""The tasks of a build, and what each depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from narrate.pipeline import outputs, recorded, stages
from narrate.pipeline.outputs import OutputFolder
from narrate.pipeline.plan import LessonPlan, Output, Plan, SlidePlan
from narrate.pipeline.stages import Progress, WorkerContext
from narrate.pipeline.store import Artefact, Store
from narrate.video.layout import LayoutName

Kind = Literal["portrait", "listen", "voice", "slide", "video", "join", "text"]

# Seconds of work per second of speech, or per task, on one core of a laptop of the 2020s. They only
# serve to estimate the time left, which is corrected during the build.
SECONDS_A_WORD = 0.4
COST: dict[Kind, float] = {
    "portrait": 6.0,
    "listen": 0.1,
    "voice": 0.15,
    "slide": 1.0,
    "video": 1.3,
    "join": 0.05,
    "text": 0.3,
}


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work for one worker. `needs` are the ids of the tasks that must be done first;
    `cost` is an estimate in seconds; `label` describes the task for people."""

    id: str
    kind: Kind
    label: str
    cost: float
    needs: frozenset[str] = frozenset()
    part: SlidePlan | None = None
    lesson: LessonPlan | None = None
    outputs: tuple[Output, ...] = ()
    path: str = ""
    slide: int | None = None


def find_tasks(plan: Plan, folder: OutputFolder) -> tuple[Task, ...]:
    """The tasks of a plan that remain, in a possible order."""
    store = folder.store
    current = folder.find_current(o for lesson in plan.lessons for o in lesson.outputs)
    tasks: list[Task] = []
    for lesson in plan.lessons:
        wanted = [o for o in lesson.outputs if o.path not in current]
        if not wanted:
            continue
        videos = [o for o in wanted if o.kind in ("lecture", "lipreadable")]
        texts = [o for o in wanted if o not in videos]
        spoken: set[str] = set()
        shown: set[str] = set()
        for part in lesson.slides:
            spoken |= _add_voice(part, store, tasks)
            if videos:
                kinds = {o.kind for o in videos}
                shown |= _add_video(plan, part, folder, kinds, tasks)
        for output in videos:
            tasks.append(
                Task(
                    f"join {output.path}",
                    "join",
                    f"joining {output.path}",
                    COST["join"] * _estimate_seconds(lesson.slides) + 0.5,
                    frozenset(spoken | shown),
                    lesson=lesson,
                    outputs=(output,),
                    path=lesson.lesson.path,
                )
            )
        if texts:
            tasks.append(
                Task(
                    f"text {lesson.lesson.id}",
                    "text",
                    f"writing captions and transcript of {lesson.lesson.id}",
                    COST["text"],
                    frozenset(spoken),
                    lesson=lesson,
                    outputs=tuple(texts),
                    path=lesson.lesson.path,
                )
            )
    if any("portrait" in t.needs for t in tasks):
        assert plan.portrayed is not None
        photo = plan.portrayed.presenter.photo
        tasks.insert(
            0,
            Task("portrait", "portrait", "preparing the portrait", COST["portrait"], path=photo),
        )
    return tuple(tasks)


def find_missing_voices(plan: Plan, folder: OutputFolder) -> tuple[Task, ...]:
    """The tasks for narrations that the report needs and the store has dropped, though all outputs
    exist."""
    tasks: list[Task] = []
    for part in plan.slides:
        _add_voice(part, folder.store, tasks)
    return tuple(tasks)


def _add_voice(part: SlidePlan, store: Store, tasks: list[Task]) -> set[str]:
    """Add the task that makes and checks a slide's narration, and the one before it, if needed.

    Returns the ids of the tasks to wait for.
    """
    needs = _add_listening(part, store, tasks)
    if not needs and store.has(part.narration) and store.has(part.checked):
        return set()
    id = f"voice {part.checked.key}"
    if all(t.id != id for t in tasks):
        tasks.append(
            Task(
                id,
                "voice",
                f"{'checking' if part.listening else 'speaking'} {part.name}",
                COST["voice"] * _estimate_seconds([part]) + 0.2,
                frozenset(needs),
                part=part,
                path=part.lesson.path,
                slide=part.slide.number,
            )
        )
    return {id}


def _add_listening(part: SlidePlan, store: Store, tasks: list[Task]) -> set[str]:
    """Add the task that finds a recording's words and cuts it into slides, if needed."""
    listening = part.listening
    if listening is None or all(store.has(a) for a in listening.artefacts):
        return set()
    id = f"listen {listening.findings.key}"
    if all(t.id != id for t in tasks):
        words = sum(len(u.tokens) for s in listening.slides for u in s.utterances)
        tasks.append(
            Task(
                id,
                "listen",
                f"listening to {listening.recording.path}",
                COST["listen"] * SECONDS_A_WORD * words + 1.0,
                part=part,
                path=listening.recording.path,
            )
        )
    return {id}


def _add_video(
    plan: Plan, part: SlidePlan, folder: OutputFolder, kinds: set[str], tasks: list[Task]
) -> set[str]:
    """Add the tasks that make a slide's missing segments, and those before them."""
    segments = tuple((n, a) for n, a in part.segments if n in kinds and not folder.store.has(a))
    if not segments:
        return set()
    names = {name for name, _ in segments}
    pictures = tuple((n, a) for n, a in part.pictures if n in names)
    id = "video " + "+".join(a.key for _, a in segments)
    if any(t.id == id for t in tasks):
        return {id}
    needs = _add_voice(part, folder.store, tasks)
    if not all(folder.store.has(a) for _, a in pictures):
        draw = "slide " + "+".join(a.key for _, a in pictures)
        needs.add(draw)
        if all(t.id != draw for t in tasks):
            drawn = _narrow(part, pictures, ())
            tasks.append(
                Task(
                    draw,
                    "slide",
                    f"drawing {part.name}",
                    COST["slide"],
                    part=drawn,
                    path=part.lesson.path,
                    slide=part.slide.number,
                )
            )
    if plan.rig and not folder.store.has(plan.rig):
        needs.add("portrait")
    cost = COST["video"] * _estimate_seconds([part]) * (1 if plan.portrayed else 0.3)
    tasks.append(
        Task(
            id,
            "video",
            f"rendering {part.name}",
            cost,
            frozenset(needs),
            part=_narrow(part, pictures, segments),
            path=part.lesson.path,
            slide=part.slide.number,
        )
    )
    return {id}


_Made = tuple[tuple[LayoutName, Artefact], ...]


def _narrow(part: SlidePlan, pictures: _Made, segments: _Made) -> SlidePlan:
    return replace(part, pictures=pictures, segments=segments)


def _estimate_seconds(parts: Iterable[SlidePlan]) -> float:
    """An estimate of the slides' duration in seconds."""
    total = 0.0
    for part in parts:
        words = sum(len(t.spoken.split()) for u in part.slide.utterances for t in u.tokens)
        total += 2 + words * SECONDS_A_WORD if words else part.slide.hold_ms / 1000
    return total


def run_task(task: Task, context: WorkerContext, out: Path, progress: Progress) -> None:
    """Do a task. What exists already is not made again."""
    if task.kind == "portrait":
        stages.make_rig(context)
    elif task.kind == "join":
        assert task.lesson is not None
        outputs.write_video(context, out, task.lesson, task.outputs[0])
    elif task.kind == "text":
        assert task.lesson is not None
        outputs.write_texts(context, out, task.lesson, task.outputs)
    else:
        assert task.part is not None
        if task.kind == "listen":
            recorded.listen(context, task.part)
        elif task.kind == "voice":
            stages.speak(context, task.part)
        elif task.kind == "slide":
            stages.draw(context, task.part)
        else:
            stages.render(context, task.part, progress)
