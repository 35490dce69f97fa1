"""The step that renders a slide: narration, pictures and rig -> the pictures of its videos.

The presenter is animated once for all videos that show the slide, so one task has an output for
each of them. Each output has its own key, and only those that are missing are made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.problem import Place
from lessons.course.settings import Portrait
from lessons.model import Slide
from narrate.captions.profiles import Profile
from narrate.captions.speakers import NOBODY, CaptionSpeakers
from narrate.clock import SAMPLE_RATE, frames_covering, samples_to_frame, samples_to_seconds
from narrate.errors import WorkerError
from narrate.layout import Layout, LayoutName
from narrate.pipeline.approval import PHOTO, approve_photo
from narrate.pipeline.frame_files import load_frames
from narrate.pipeline.keys import Keyed
from narrate.pipeline.slide_files import load_checked
from narrate.pipeline.step import (
    Artefact,
    Artefacts,
    Gate,
    Job,
    Needs,
    Progress,
    Step,
    Task,
)
from narrate.slides.frames import SlideFrame, find_utterance_starts, schedule_frames
from narrate.slides.script_fonts import DISTRIBUTIONS
from narrate.slides.themes import Theme
from narrate.vocabulary import Cue, Narration, Pixels

if TYPE_CHECKING:
    from avatar.performance import Performance
    from narrate.video.encode import View

NARRATION, CHECKED, RIG = "narration", "checked", "rig"
GPU_SHARE = 0.25
"""Four tasks may use one GPU at once. This is a choice; it was not measured on a cluster."""
Span = tuple[float, float]
"""A start and an end in seconds."""
LIPS_APART = 0.03  # share of the mouth's width; a smaller gap is the shadow between closed lips


@dataclass(frozen=True, slots=True)
class Face:
    """How the presenter is animated. `version` is the engine's, `seed` makes the small motions
    differ from slide to slide. `others` are the numbers of the slide's utterances that somebody
    else says, while the presenter listens."""

    engine: str
    version: str
    seed: int
    portrait: Portrait
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """What one video needs. `captions` is the profile of the captions in the picture, if there are
    any, and `slide` then what they say, and `speakers` how they name who speaks."""

    layout: Layout
    theme: Theme
    rate: Fraction
    language: str
    face: Face | None
    captions: Profile | None
    slide: Keyed[Slide]
    speakers: CaptionSpeakers = NOBODY


@dataclass(frozen=True, slots=True)
class SegmentSettings:
    views: tuple[tuple[LayoutName, ViewSettings], ...]

    @property
    def any(self) -> ViewSettings:
        """What all views have in common."""
        return self.views[0][1]


@dataclass(frozen=True, slots=True)
class SlideArtefacts:
    """What a slide's segments are made of. `rig` and `photo` are None without a presenter."""

    narration: Artefact
    checked: Artefact
    pages: Mapping[LayoutName, Artefact]
    rig: Artefact | None = None
    photo: Artefact | None = None


def plan_segment(
    settings: SegmentSettings,
    made: SlideArtefacts,
    gate: Gate | None,
    name: str,
    place: Place,
    seconds: float,
) -> Task:
    """Render the slide with this name, which takes about so many seconds."""
    consent = gate.record_id if gate else ""
    outputs = tuple(
        (view, Artefact(_make_key(view, wanted, made), ".mp4", consent))
        for view, wanted in settings.views
    )
    inputs: dict[str, Artefacts] = {NARRATION: (made.narration,), CHECKED: (made.checked,)}
    inputs |= {view: (made.pages[view],) for view, _ in settings.views}
    if made.rig and made.photo:
        inputs |= {RIG: (made.rig,), PHOTO: (made.photo,)}
    return Task(
        STEP.module,
        settings,
        tuple(inputs.items()),
        outputs,
        f"rendering {name}",
        1.3 * seconds * (1 if gate else 0.3),
        place,
        Needs(memory=1536 << 20, gpu=_find_gpu_share(settings.any.face)),
        gate,
    )


def _find_gpu_share(face: Face | None) -> float:
    """The share of a GPU that rendering uses: none if the engine draws on the processor."""
    return GPU_SHARE if face and "cuda" in face.version else 0.0


def _make_key(view: LayoutName, wanted: ViewSettings, made: SlideArtefacts) -> str:
    used: dict[str, Artefacts] = {NARRATION: (made.narration,), view: (made.pages[view],)}
    if wanted.face and made.rig:
        used[RIG] = (made.rig,)
    said: object = None
    if wanted.captions:
        used[CHECKED] = (made.checked,)
        said = (wanted.slide, wanted.speakers)
    look = (wanted.layout, wanted.theme, wanted.rate, wanted.language, wanted.captions, said)
    face = wanted.face and (
        wanted.face.engine, wanted.face.version, wanted.face.seed,
        wanted.face.portrait.model_dump(), wanted.face.others,
    )  # fmt: skip
    return STEP.key((look, face), used, view)


def _run(job: Job) -> None:
    from narrate.narration_file import load_narration
    from narrate.video.encode import render_slide

    settings: SegmentSettings = job.settings
    common = settings.any
    narration = load_narration(job.input(NARRATION))
    frames = frames_covering(len(narration.samples), common.rate)
    views = [
        _make_view(wanted, load_frames(job.input(view)), job.outputs[view], narration)
        for view, wanted in settings.views
        if view in job.outputs
    ]
    render_slide(
        views,
        frames=frames,
        rate=common.rate,
        portrait=_render_portrait(job, narration, frames) if common.face else None,
        cues=_make_cues(job, settings, narration),
        language=common.language,
    )


def _make_view(
    wanted: ViewSettings, drawn: Sequence[SlideFrame], output: Path, narration: Narration
) -> View:
    """The slide's pictures for one video, with the frames at which each of them begins."""
    from narrate.video.encode import View

    starts = schedule_frames(
        drawn,
        steps=narration.steps,
        utterances=find_utterance_starts(narration.words),
        total=len(narration.samples),
    )
    last = frames_covering(len(narration.samples), wanted.rate) - 1
    begins = tuple(min(samples_to_frame(start, wanted.rate), last) for start in starts)
    pictures = tuple(frame.png for frame in drawn)
    return View(wanted.layout, pictures, output, begins, wanted.theme)


def _make_cues(job: Job, settings: SegmentSettings, narration: Narration) -> tuple[Cue, ...]:
    """The captions in the picture, from the start of the slide."""
    from narrate.captions import make_cues

    for view, wanted in settings.views:
        if view in job.outputs and wanted.captions:
            slide = wanted.slide.value
            checked = load_checked(job.input(CHECKED), slide, "")
            return make_cues(
                checked.slide,
                checked.words,
                profile=wanted.captions,
                total=len(narration.samples),
                language=wanted.language,
                speakers=wanted.speakers,
            )
    return ()


def _render_portrait(job: Job, narration: Narration, frames: int) -> Iterator[Pixels]:
    import numpy as np

    from avatar.performance import CHANNELS

    wanted = job.settings.any
    assert job.gate is not None
    engine = _open_engine(
        job.input(RIG), job.input(PHOTO), job.gate, wanted.face.engine, wanted.face.version
    )
    rest = np.zeros(len(CHANNELS), np.float32)
    if not engine.channels:
        # A face that does not move is drawn once; the video repeats it.
        yield engine.render(rest)
        return
    # People close their lips while they are silent, even if they are open in the photo.
    parted = engine.opening(rest) > LIPS_APART * engine.width(rest)
    performance = perform_slide(
        wanted.face, narration, wanted.rate, frames, rest_close=1.0 if parted else 0.0
    )
    yield from _render_frames(engine, performance, frames, job.progress)


def _render_frames(
    engine: Any, performance: Performance, frames: int, progress: Progress
) -> Iterator[Pixels]:
    every = max(1, frames // 50)
    for n, values in enumerate(performance.values):
        if n % every == 0:
            progress(n / frames)
        yield engine.render(values)


def _open_engine(rig: Path, photo: Path, gate: Gate, name: str, version: str) -> Any:
    """An engine for the presenter. The gate is asked for each slide, since consent may be withdrawn
    while a course is built; what was opened before is then kept."""
    import avatar.engines
    import avatar.rig

    approved = approve_photo(photo, gate)
    known = (rig, approved.photo_sha256, approved.record_id, name, version)
    if known in _engines:
        return _engines[known]
    here = avatar.engines.find_engine_class(name).version()
    if here != version:
        raise WorkerError(
            f"This machine draws faces with {here}, and the build was planned for {version}.",
            remedy="Give all machines the same packages, or set AVATAR_BACKEND=opencv on all.",
        )
    if len(_engines) > 1:  # courses that are built together take turns
        _engines.clear()
    _engines[known] = avatar.engines.open_engine(name, avatar.rig.load(rig, approved))
    return _engines[known]


_engines: dict[tuple[Path, str, str, str, str], Any] = {}


def perform_slide(
    face: Face, narration: Narration, rate: Fraction, frames: int, *, rest_close: float = 0.0
) -> Performance:
    """How the presenter's face moves during a slide."""
    from avatar.performance import Controls, measure_prosody, perform
    from avatar.phone import Phone

    phones = [
        Phone(p.symbol, samples_to_seconds(p.start), samples_to_seconds(p.end), p.stress)
        for p in narration.phones
    ]
    listening = find_listening(narration, face.others)
    portrait = face.portrait
    controls = Controls(
        clarity=portrait.clarity,
        emotion=portrait.emotion,
        strength=portrait.strength,
        distance=portrait.distance,
        motion=portrait.motion,
        seed=face.seed if portrait.seed is None else portrait.seed,
        rest_close=rest_close,
    )
    prosody = None
    if narration.samples.any():
        prosody = measure_prosody(narration.samples, SAMPLE_RATE, rate, frames)
    return perform(
        phones, frames=frames, rate=rate, controls=controls, prosody=prosody, listening=listening
    )


def find_listening(narration: Narration, others: Collection[int]) -> tuple[Span, ...]:
    """The spans in seconds in which the presenter listens: what the utterances with these numbers
    take, with the pauses between two of them."""
    spans: list[Span] = []
    spoken = sorted({w.utterance for w in narration.words if w.end > w.start})
    for number in spoken:
        if number not in others:
            continue
        words = [w for w in narration.words if w.utterance == number and w.end > w.start]
        start, end = samples_to_seconds(words[0].start), samples_to_seconds(words[-1].end)
        follows = spans and spoken.index(number) > 0 and spoken[spoken.index(number) - 1] in others
        if follows:
            start = spans.pop()[0]
        spans.append((start, end))
    return tuple(spans)


_RELEASES = ("av", "opencv-contrib-python", "numpy", "typst", "fontpkg-atkinson-hyperlegible")

STEP = Step(
    __name__,
    _run,
    packages=(
        "avatar",
        "lessons.course.setting_declarations",
        "narrate.captions",
        "narrate.clock",
        "narrate.narration_file",
        "narrate.pipeline.approval",
        "narrate.pipeline.frame_files",
        "narrate.pipeline.heard_slide",
        "narrate.pipeline.slide_files",
        "narrate.typography",
        "narrate.layout",
        "narrate.slides",
        "narrate.video",
        "narrate.vocabulary",
    ),
    releases=(*_RELEASES, *DISTRIBUTIONS),
)
