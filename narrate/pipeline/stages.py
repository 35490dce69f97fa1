"""The stages of a build, as workers run them. Each makes the artefacts that are missing."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.json_text import parse_object, read_json, read_object
from foundation.problem import Place
from lessons.model import Course, Finding, Slide, Utterance
from narrate import captions
from narrate.clock import (
    SAMPLE_RATE,
    frames_covering,
    samples_to_frame,
    samples_to_seconds,
)
from narrate.errors import DamagedError, DecodingError
from narrate.pipeline.media_digests import digest_media
from narrate.pipeline.plan import Plan, Portrayed, SlidePlan
from narrate.pipeline.planner import choose_layouts, make_provenance_line
from narrate.pipeline.store import Artefact, Store
from narrate.vocabulary import Cue, Narration, Pixels, Word

if TYPE_CHECKING:
    from avatar.consent import ApprovedPortrait
    from avatar.performance import Performance
    from narrate.align import Checked
    from narrate.speech import Voice

LIPS_APART = 0.03  # share of the mouth's width; a smaller gap is the shadow between closed lips

Progress = Callable[[float], None]
"""Is called with the share of a task that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What a worker needs to know: the store, the course, and the presenter if there is one.
    `opened` is the folder out of which nothing is read."""

    store: Path
    course_root: Path
    opened: Path
    course_id: str
    course_title: str
    portrayed: Portrayed | None
    portrait: tuple[int, int] | None
    rig: Artefact | None

    @classmethod
    def of(cls, plan: Plan, store: Path) -> WorkerContext:
        course: Course = plan.course
        return cls(
            store,
            course.root,
            course.opened or course.root,
            course.id,
            course.title,
            plan.portrayed,
            plan.portrait,
            plan.rig,
        )


def make_rig(context: WorkerContext) -> None:
    """Prepare the portrait for the size of this course's videos."""
    import avatar.rig

    assert context.rig is not None and context.portrait is not None
    store = Store(context.store)
    with store.lock(context.rig):
        if store.has(context.rig):
            return
        rig = avatar.rig.prepare(_approve(context), size=context.portrait)
        with store.writing(context.rig) as (path,):
            avatar.rig.save(rig, path)


def speak(context: WorkerContext, part: SlidePlan) -> None:
    """Speak a slide, find the times of its words, and check that they can be heard."""
    from narrate.align import check_narration
    from narrate.speech import narrate_slide, voice_map_of
    from narrate.speech.narration_file import load_narration, save_narration

    store = Store(context.store)
    settings = part.settings
    with store.lock(part.narration):
        if part.listening is not None:
            require_artefacts(store, part.listening.artefacts)
        elif store.find_verified(part.narration) is None:
            voice_map = voice_map_of(settings)

            def voice_for(utterance: Utterance) -> Voice:
                language = utterance.language or settings.language
                return _open_voice(voice_map.speaker(language, utterance.voice), language)

            spoken = narrate_slide(part.slide, voice_for, speed=settings.speed)
            with store.writing(part.narration) as (path,):
                save_narration(spoken, path)
        if store.find_verified(part.checked) is None:
            narration = load_narration(store.path(part.narration))
            checked = check_narration(
                part.slide,
                narration,
                language=settings.language,
                model=settings.whisper or None,
                recorded=part.listening is not None,
            )
            if part.listening is not None:
                own = read_listening_findings(store, part)
                checked = replace(checked, findings=(*own, *checked.findings))
            with store.writing(part.checked) as (path,):
                path.write_bytes(_dump_checked(checked, part.slide))


def draw(context: WorkerContext, part: SlidePlan) -> None:
    """Draw the missing pictures of a slide, for each video."""
    from narrate.video.slides import SlideLook, draw_slide
    from narrate.video.themes import find_theme

    store = Store(context.store)
    names = [name for name, artefact in part.pictures if not store.has(artefact)]
    layouts = choose_layouts(
        part.settings, [n for n, _ in part.pictures], context.portrayed is not None
    )
    for name in names:
        artefact = dict(part.pictures)[name]
        with store.lock(artefact):
            look = SlideLook(
                layouts[name],
                find_theme(part.settings.theme),
                part.settings.language,
                footer=context.course_title,
                provenance=make_provenance_line(part.settings, context.portrayed),
            )
            drawn = draw_slide(
                part.slide,
                look,
                course_root=context.course_root,
                opened=context.opened,
                path=part.lesson.path,
            )
            if digest_media(context.course_root, part.slide, opened=context.opened) != part.media:
                raise make_changed_error(
                    "A picture of this slide", part.lesson.path, part.slide.number
                )
            with store.writing(artefact) as (path,):
                path.write_bytes(_dump_pages(drawn.pictures, drawn.findings))


def render(context: WorkerContext, part: SlidePlan, progress: Progress) -> None:
    """Render the missing segments of a slide, animating the presenter once for all of them."""
    from narrate.video.encode import View, render_slide
    from narrate.video.themes import find_theme

    store = Store(context.store)
    settings = part.settings
    missing = [(name, a) for name, a in part.segments if not store.has(a)]
    if not missing:
        return
    with contextlib.ExitStack() as held:
        # Lock in the order of the keys, so that two builds cannot wait for each other.
        for _, artefact in sorted(missing, key=lambda m: m[1].key):
            held.enter_context(store.lock(artefact))
        missing = [(name, a) for name, a in missing if not store.has(a)]
        if not missing:
            return
        narration, checked = load_slide(store, part)
        frames = frames_covering(len(narration.samples), settings.video.rate)
        steps = [min(samples_to_frame(s, settings.video.rate), frames - 1) for s in narration.steps]
        layouts = choose_layouts(
            settings, [name for name, _ in missing], context.portrayed is not None
        )
        cues = make_slide_cues(part, checked.words, len(narration.samples))
        portrait = None
        if context.portrayed:
            portrait = _render_portrait(context, part, narration, frames, progress)
        with store.writing(*(a for _, a in missing)) as paths:
            views = [
                View(
                    layouts[name],
                    load_pages(store, dict(part.pictures)[name])[0],
                    path,
                    find_theme(settings.theme),
                )
                for (name, _), path in zip(missing, paths, strict=True)
            ]
            render_slide(
                views,
                step_frames=steps,
                frames=frames,
                rate=settings.video.rate,
                portrait=portrait,
                cues=cues,
                language=settings.language,
            )


def make_slide_cues(part: SlidePlan, words: tuple[Word, ...], samples: int) -> tuple[Cue, ...]:
    """The captions of a slide. Their times count from the start of the slide."""
    return captions.make_cues(
        part.slide,
        words,
        profile=captions.find_profile(part.settings.captions),
        total=samples,
        language=part.settings.language,
    )


def load_slide(store: Store, part: SlidePlan) -> tuple[Narration, Checked]:
    """The sound of a slide and its checked words. Raises DamagedError if either is missing."""
    from narrate.align import Checked
    from narrate.speech.narration_file import load_narration

    narration = load_narration(require_artefact(store, part.narration))
    raw = read_object(require_artefact(store, part.checked))
    words = tuple(Word(*w) for w in raw["words"])
    findings = tuple(
        Finding.from_data(f).at(_find_place(part, f["line"], part.lesson.path))
        for f in raw["findings"]
    )
    return narration, Checked(words, findings)


def read_listening_findings(store: Store, part: SlidePlan) -> tuple[Finding, ...]:
    """The findings about a slide from the listening to its recording."""
    assert part.listening is not None
    rows = read_json(require_artefact(store, part.listening.findings))
    here = part.listening.slides.index(part.slide)
    return tuple(
        Finding.from_data(row).at(_find_place(part, row["line"], row["path"]))
        for row in rows
        if row["slide"] == here
    )


def _find_place(part: SlidePlan, sentence: int | None, path: str) -> Place:
    """The present place of a sentence of a slide; the slide's own place for None."""
    line = None if sentence is None else part.slide.utterances[sentence].line
    return Place(path, line, part.slide.number)


def load_pages(store: Store, artefact: Artefact) -> tuple[tuple[bytes, ...], tuple[Finding, ...]]:
    """A slide's pictures, one PNG per reveal step, and the findings from drawing them."""
    raw = require_artefact(store, artefact).read_bytes()
    head, _, rest = raw.partition(b"\n")
    facts = parse_object(head)
    pages: list[bytes] = []
    for size in facts["sizes"]:
        pages.append(rest[:size])
        rest = rest[size:]
    return tuple(pages), tuple(Finding.from_data(f) for f in facts["findings"])


def require_artefact(store: Store, artefact: Artefact) -> Path:
    """The path of an artefact that was made before. Raises as `require_artefacts` does."""
    return require_artefacts(store, [artefact])[0]


def require_artefacts(store: Store, artefacts: Iterable[Artefact]) -> list[Path]:
    """The paths of artefacts that were made before, after their digests are checked.

    Raises DamagedError if any are missing or damaged. All of these are dropped first, so that they
    are made again.
    """
    paths: list[Path] = []
    damaged: list[Path] = []
    for artefact in artefacts:
        path = store.find_verified(artefact)
        if path is None:
            damaged.append(store.path(artefact))
        else:
            paths.append(path)
    if damaged:
        raise DamagedError(
            f"Files in the build's store are damaged or missing ({len(damaged)}).",
            remedy="Build again: they will be made again.",
            place=Place(str(damaged[0])),
        )
    return paths


def _dump_pages(pages: tuple[bytes, ...], findings: tuple[Finding, ...]) -> bytes:
    facts = {"sizes": [len(p) for p in pages], "findings": [f.as_data() for f in findings]}
    return json.dumps(facts).encode() + b"\n" + b"".join(pages)


def _dump_checked(checked: Checked, slide: Slide) -> bytes:
    # A sentence may move in its file, so a finding keeps the sentence's number, not its line.
    number = {u.line: n for n, u in enumerate(slide.utterances)}
    findings: list[dict[str, Any]] = []
    for finding in checked.findings:
        line = finding.place.line
        findings.append({**finding.as_data(), "line": None if line is None else number.get(line)})
    words = [
        [w.written, w.start, w.end, w.utterance, w.token, round(w.confidence, 4)]
        for w in checked.words
    ]
    return json.dumps({"words": words, "findings": findings}, ensure_ascii=False).encode()


@cache
def _open_voice(name: str, language: str) -> Voice:
    from narrate.speech import open_voice

    return open_voice(name, language)


def _approve(context: WorkerContext) -> ApprovedPortrait:
    """Check consent again, since an approval cannot be sent to another process."""
    from avatar.consent import approve, load_trust

    assert context.portrayed is not None
    presenter = context.portrayed.presenter
    approved = approve(
        context.course_root / presenter.photo,
        context.course_root / presenter.consent,
        course=context.course_id,
        trust=load_trust(context.course_root),
    )
    planned = context.portrayed.photo_sha256, context.portrayed.record_id
    if (approved.photo_sha256, approved.record_id) != planned:
        raise make_changed_error("The presenter's photo or its consent record", presenter.photo)
    return approved


def make_changed_error(what: str, path: str, slide: int | None = None) -> DecodingError:
    """The error for a file that changed after its key was made. Its result is not stored, since it
    would have a wrong key."""
    return DecodingError(
        f"{what} was changed during the build.",
        remedy="Build again.",
        place=Place(path, slide=slide),
    )


@cache
def _open_engine(context: WorkerContext, name: str) -> Any:
    import avatar.engines
    import avatar.rig

    assert context.rig is not None
    rig = avatar.rig.load(require_artefact(Store(context.store), context.rig), _approve(context))
    return avatar.engines.open_engine(name, rig)


def _render_portrait(
    context: WorkerContext, part: SlidePlan, narration: Narration, frames: int, progress: Progress
) -> Iterator[Pixels]:
    import numpy as np

    from avatar.performance import CHANNELS

    assert context.portrayed is not None
    engine = _open_engine(context, context.portrayed.face_engine)
    if not engine.channels:
        # A face that does not move is drawn once; the video repeats it.
        yield engine.render(np.zeros(len(CHANNELS), np.float32))
        return
    rest = np.zeros(len(CHANNELS), np.float32)
    # People close their lips while they are silent, even if they are open in the photo.
    parted = engine.opening(rest) > LIPS_APART * engine.width(rest)
    performance = perform_slide(part, narration, frames, rest_close=1.0 if parted else 0.0)
    every = max(1, frames // 50)
    for n, values in enumerate(performance.values):
        if n % every == 0:
            progress(n / frames)
        yield engine.render(values)


def perform_slide(
    part: SlidePlan, narration: Narration, frames: int, *, rest_close: float = 0.0
) -> Performance:
    """How the presenter's face moves during a slide."""
    from avatar.performance import Controls, measure_prosody, perform
    from avatar.phone import Phone

    rate: Fraction = part.settings.video.rate
    phones = [
        Phone(p.symbol, samples_to_seconds(p.start), samples_to_seconds(p.end), p.stress)
        for p in narration.phones
    ]
    portrait = part.settings.portrait
    controls = Controls(
        clarity=portrait.clarity,
        emotion=portrait.emotion,
        strength=portrait.strength,
        distance=portrait.distance,
        motion=portrait.motion,
        seed=part.seed if portrait.seed is None else portrait.seed,
        rest_close=rest_close,
    )
    prosody = None
    if narration.samples.any():
        prosody = measure_prosody(narration.samples, SAMPLE_RATE, rate, frames)
    return perform(phones, frames=frames, rate=rate, controls=controls, prosody=prosody)
