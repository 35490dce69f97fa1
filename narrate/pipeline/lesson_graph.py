"""The part of the graph that one lesson is: the tasks of its slides, and those that join them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.problem import Place
from lessons.course.recordings import VOICE as RECORDING
from lessons.course.recordings import find_recordings
from lessons.course.settings import Settings
from lessons.course.speakers import find_presenter_name, is_presented, list_speakers
from lessons.course.voice_map import VoiceMap
from lessons.model import Course, Lesson, Slide, Utterance
from narrate import align, captions, speech
from narrate.captions.speakers import CaptionSpeakers
from narrate.errors import SettingsError, VoiceError
from narrate.layout import Layout, LayoutName
from narrate.pipeline.content import key_shown, key_spoken, key_whole
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.keys import Keyed, make_key
from narrate.pipeline.lesson_themes import LessonTheme
from narrate.pipeline.plan import VIDEOS, LessonPlan, Output, SlidePlan, Wanted
from narrate.pipeline.presenter import Portrayed
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.steps.captions import CaptionSettings, plan_captions
from narrate.pipeline.steps.chapters import CHAPTER_FORMATS, ChapterSettings, plan_chapters
from narrate.pipeline.steps.check import CheckSettings, plan_check
from narrate.pipeline.steps.picture import PAGES, PictureSettings, plan_picture
from narrate.pipeline.steps.recording import (
    FINDINGS,
    SECONDS_A_WORD,
    RecordingSettings,
    plan_recording,
)
from narrate.pipeline.steps.segment import (
    Face,
    SegmentSettings,
    SlideArtefacts,
    ViewSettings,
    plan_segment,
)
from narrate.pipeline.steps.speech import SpeechSettings, plan_speech
from narrate.pipeline.steps.timing import TimingSettings, plan_timing
from narrate.pipeline.steps.transcript import TranscriptSettings, plan_transcript
from narrate.pipeline.steps.video import (
    CHECKED,
    NARRATIONS,
    SEGMENTS,
    VideoSettings,
    plan_video,
)
from narrate.pipeline.timeline import TimedLesson
from narrate.speech.voice_fallback import SILENT
from narrate.words import ENGLISH, find_words


@dataclass(frozen=True, slots=True)
class Shared:
    """What all lessons of a plan share. `rig` is the prepared presenter."""

    course: Course
    wanted: Wanted
    portrayed: Portrayed | None
    rig: Artefact | None
    files: CourseFiles


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A slide that is cut from a recording: the task that listens to it, the slide's position in
    it, and its narration."""

    task: Task
    position: int
    narration: Artefact


@dataclass(frozen=True, slots=True)
class LessonPlanner:
    """Plans one lesson, whose videos have these layouts."""

    shared: Shared
    lesson: Lesson
    settings: Settings
    layouts: dict[LayoutName, Layout]
    look: LessonTheme

    def plan(self) -> LessonPlan:
        """Raises VoiceError, SettingsError, MediaError and PerformanceError."""
        recorded = self._plan_recordings()
        wanted = self.shared.wanted.slide
        slides = tuple(
            self._plan_slide(slide, recorded.get(slide.number))
            for slide in self.lesson.slides
            if wanted in (None, slide.number)
        )
        spoken = self._time(tuple(s.spoken for s in slides))
        timed = self._time(tuple(key_whole(s.spoken, s.shown) for s in slides))
        planned = [*self._plan_videos(slides, spoken), *self._plan_texts(slides, spoken, timed)]
        folder = self.lesson.group
        if wanted is not None:
            folder = f"{folder}/slide-{wanted:02d}"
        outputs = tuple(
            Output(
                f"{folder}/{kind}{self.lesson.mark}{artefact.suffix}",
                kind,
                artefact.suffix.removeprefix("."),
                self.lesson.id,
                artefact,
                voiced=kind in VIDEOS and self.settings.voice != RECORDING,
                language=self.settings.language,
                group=self.lesson.group,
            )
            for task in planned
            for kind, artefact in task.outputs
        )
        return LessonPlan(self.lesson, self.settings, slides, outputs, tuple(planned), timed)

    def _plan_recordings(self) -> dict[int, _Recorded]:
        """The recording of each slide, by its number; empty if the lesson's voice is synthetic."""
        settings, lesson, course = self.settings, self.lesson, self.shared.course
        if settings.voice != RECORDING:
            return {}
        speed = settings.place_of("speed")
        if speed.path == lesson.path:
            raise SettingsError(
                "A recording cannot be given another speed.",
                remedy="Remove 'speed' from the lesson's front matter.",
                place=speed,
            )
        found: dict[int, _Recorded] = {}
        for recording in find_recordings(course.root, lesson, settings.recording):
            slides = [s for s in lesson.slides if s.number in recording.slides]
            for slide in slides:
                self._refuse_voices(slide)
            asked = RecordingSettings(
                Keyed(recording.path, ""),
                tuple(key_spoken(s) for s in slides),
                settings.language,
                settings.video.rate,
                self._key_whisper(slides),
                align.phones_version(settings.language),
            )
            sound = self.shared.files.add(recording.path)
            task, narrations = plan_recording(sound, asked)
            for at, (slide, narration) in enumerate(zip(slides, narrations, strict=True)):
                found[slide.number] = _Recorded(task, at, narration)
        return found

    def _refuse_voices(self, slide: Slide) -> None:
        for utterance in slide.utterances:
            if utterance.voice and not utterance.speaker:
                raise VoiceError(
                    f"A note asks for the voice {utterance.voice!r} on a slide that is recorded.",
                    remedy="Remove the voice, or choose a synthetic voice for the lesson.",
                    place=Place(self.lesson.path, utterance.line, slide.number),
                )

    def _key_whisper(self, slides: Iterable[Slide]) -> Keyed[str]:
        """The recogniser, with all that decides what it makes of these slides."""
        path = self.settings.whisper
        spoken = {u.language for slide in slides for u in slide.utterances}
        languages = {self.settings.language, *(tag for tag in spoken if tag)}
        sounds = ", ".join(map(align.phones_version, sorted(languages)))
        return Keyed(path, f"{align.aligner_version(path or None)}, {sounds}")

    def _plan_slide(self, slide: Slide, recorded: _Recorded | None) -> SlidePlan:
        name = f"{self.lesson.id}, slide {slide.number}"
        place = Place(self.lesson.path, slide=slide.number)
        seconds = _estimate_seconds(slide)
        spoken, shown = key_spoken(slide), key_shown(slide)
        timing = None
        if recorded:
            speaks, narration = recorded.task, recorded.narration
        else:
            speaks = plan_speech(self._speech_settings(spoken), name, place, seconds)
            narration = speaks.made[0]
            timing = self._plan_timing(spoken, narration, name, place, seconds)
            narration = timing.made[0] if timing else narration
        check = plan_check(
            CheckSettings(
                spoken,
                self.settings.language,
                self._key_whisper((slide,)),
                recorded.position if recorded else None,
            ),
            narration,
            recorded.task.output(FINDINGS) if recorded else None,
            name,
            place,
            seconds,
        )
        pictures = self._plan_pictures(shown, name, place)
        segment = None
        if pictures:
            made = SlideArtefacts(
                narration,
                check.made[0],
                {view: task.output(PAGES) for view, task in pictures},
                self.shared.rig,
                self.shared.portrayed.photo if self.shared.portrayed else None,
            )
            segment = plan_segment(
                SegmentSettings(self._view_settings(spoken, narration)),
                made,
                self.shared.portrayed.gate if self.shared.portrayed else None,
                name,
                place,
                seconds,
            )
        return SlidePlan(
            self.lesson, spoken, shown, self.settings, speaks, narration, check, pictures, segment,
            timing,
        )  # fmt: skip

    def _plan_timing(
        self, spoken: Keyed[Slide], narration: Artefact, name: str, place: Place, seconds: float
    ) -> Task | None:
        """What times the slide's words, if one of its voices does not."""
        slide, settings = spoken.value, self.settings
        voices = speech.voice_map_of(settings)
        if not any(speech.lacks_times(u, voices) for u in slide.utterances):
            return None
        languages = [language for language, _ in self._find_voices(slide)]
        phones = tuple(align.phones_version(language) for language in languages)
        asked = TimingSettings(spoken, settings.language, self._key_whisper((slide,)), phones)
        return plan_timing(asked, narration, name, place, seconds)

    def _speech_settings(self, spoken: Keyed[Slide]) -> SpeechSettings:
        settings = self.settings
        return SpeechSettings(
            spoken,
            settings.voice,
            settings.language,
            self._find_voices(spoken.value),
            settings.speed,
            tuple(self._find_voice_versions(spoken.value, u) for u in spoken.value.utterances),
        )

    def _find_voices(self, slide: Slide) -> tuple[tuple[str, str], ...]:
        """The voice for each language in which the slide is spoken. Who speaks other languages does
        not matter to it."""
        voices = VoiceMap.of(self.settings)
        spoken = {self.settings.language}
        for utterance in slide.utterances:
            asked = {utterance.language, *(token.language for token in utterance.tokens)}
            spoken.update(language for language in asked if language)
        return tuple((language, voices.speaker(language)) for language in sorted(spoken))

    def _find_voice_versions(self, slide: Slide, utterance: Utterance) -> tuple[str, ...]:
        voices = speech.voice_map_of(self.settings)
        try:
            return speech.versions_for(utterance, voices, self.settings.speed)
        except VoiceError as error:  # of a voice in a note: the lesson's own was checked before
            error.within(Place(self.lesson.path, utterance.line, slide.number))
            raise

    def _plan_pictures(
        self, shown: Keyed[Slide], name: str, place: Place
    ) -> tuple[tuple[LayoutName, Task], ...]:
        if not self.layouts:
            return ()
        media = self.shared.files.add_pictures(shown.value)
        if self.look.logo:
            media = (*media, self.look.logo)
        return tuple(
            (
                view,
                plan_picture(
                    PictureSettings(
                        shown,
                        shown.value.number == 1,
                        layout,
                        self.look.theme,
                        self.settings.language,
                        self._course_title,
                        make_provenance_line(self.settings, self.shared.portrayed),
                        media,
                        self.look.templates,
                    ),
                    self.look.fonts,
                    name,
                    place,
                ),
            )
            for view, layout in self.layouts.items()
        )

    def _view_settings(
        self, spoken: Keyed[Slide], narration: Artefact
    ) -> tuple[tuple[LayoutName, ViewSettings], ...]:
        settings, portrayed = self.settings, self.shared.portrayed
        face = None
        if portrayed and self.shared.rig:
            seed = int(narration.key[:8], 16)
            others = self._find_others(spoken.value)
            face = Face(portrayed.engine, portrayed.version, seed, settings.portrait, others)
        return tuple(
            (
                view,
                ViewSettings(
                    layout,
                    self.look.theme,
                    settings.video.rate,
                    settings.language,
                    face,
                    captions.find_profile(settings.captions, settings.language)
                    if layout.captions
                    else None,
                    spoken,
                    self.speakers.of_slide(spoken.value),
                ),
            )
            for view, layout in self.layouts.items()
        )

    @property
    def _presenter_name(self) -> str:
        return find_presenter_name(self.lesson, self.shared.course.presenter, self.settings)

    @property
    def speakers(self) -> CaptionSpeakers:
        """Who speaks in the lesson, as its captions and its transcript name them."""
        presenter = self.shared.course.presenter
        unnamed = self._presenter_name or (presenter.name if presenter else "")
        return captions.assign_colours(list_speakers(self.lesson, unnamed), unnamed)

    def _find_others(self, slide: Slide) -> tuple[int, ...]:
        """The numbers of the utterances that the presenter does not say."""
        name = self._presenter_name
        return tuple(n for n, u in enumerate(slide.utterances) if not is_presented(u, name))

    def _time(self, slides: tuple[Keyed[Slide], ...]) -> TimedLesson:
        return TimedLesson(
            self.lesson.title,
            self.settings.language,
            captions.find_profile(self.settings.captions, self.settings.language),
            self.settings.video.rate,
            slides,
            tuple(s.value.title for s in slides),
            tuple(s.value.number for s in slides),
            self.speakers,
        )

    def _plan_videos(self, slides: tuple[SlidePlan, ...], timed: TimedLesson) -> list[Task]:
        portrayed = self.shared.portrayed
        seconds = sum(_estimate_seconds(s.slide) for s in slides)
        return [
            plan_video(
                view,
                # The lip-readable video has its captions in the picture already.
                VideoSettings(timed, self._make_metadata(), captions_shown=view == "lecture"),
                {
                    NARRATIONS: tuple(s.narration for s in slides),
                    CHECKED: tuple(s.checked for s in slides),
                    SEGMENTS: tuple(s.segment.output(view) for s in slides if s.segment),
                },
                portrayed.gate if portrayed else None,
                f"{self.lesson.id}/{view}.mp4",
                Place(self.lesson.path),
                seconds,
            )
            for view in self.layouts
        ]

    def _make_metadata(self) -> tuple[tuple[str, str], ...]:
        settings, portrayed = self.settings, self.shared.portrayed
        found = {"title": self.lesson.title, "album": self._course_title}
        if portrayed:
            found.update(portrayed.metadata)
        elif settings.voice != RECORDING:
            found["comment"] = find_words(settings.language)["provenance.voice"]
            found["synthetic"] = "voice"
        named = {
            "artist": settings.author,
            "copyright": settings.license,
            "publisher": settings.publisher,
        }
        return tuple({**found, **{k: v for k, v in named.items() if v}}.items())

    @property
    def _course_title(self) -> str:
        return self.shared.course.find_title(self.settings.language)

    def _list_others(self, format: str) -> tuple[tuple[str, str], ...]:
        """The lesson's other languages, each with the name of its transcript in this format."""
        if self.shared.wanted.slide is not None:
            return ()
        tracks = self.shared.course.find_tracks(self.lesson.id)
        return tuple(
            (track.language, f"transcript{track.id[len(self.lesson.group) :]}.{format}")
            for track in tracks
            if track.id != self.lesson.id
        )

    def _plan_texts(
        self, slides: tuple[SlidePlan, ...], spoken: TimedLesson, timed: TimedLesson
    ) -> list[Task]:
        wanted, name, place = self.shared.wanted, self.lesson.id, Place(self.lesson.path)
        checked = tuple(s.checked for s in slides)
        tasks: list[Task] = []
        if "captions" in wanted.parts:
            tasks += [
                plan_captions(CaptionSettings(spoken, format), checked, name, place)
                for format in wanted.formats
            ]
            tasks += [
                plan_chapters(ChapterSettings(spoken, format), checked, name, place)
                for format in CHAPTER_FORMATS
            ]
        if "transcript" in wanted.parts:
            keyed = Keyed(self.lesson, make_key(self.lesson.title))
            title = self._course_title
            tag = self.shared.course.find_title_language(self.lesson)
            tasks += [
                plan_transcript(
                    TranscriptSettings(keyed, timed, title, tag, format, self._list_others(format)),
                    checked,
                    name,
                    place,
                )
                for format in wanted.documents
            ]
        return tasks


def make_provenance_line(settings: Settings, portrayed: Portrayed | None) -> str:
    """What every picture of every video says about who speaks, in the language of the lesson. The
    English line is the consent record's own."""
    words = find_words(settings.language)
    if portrayed and words.language == ENGLISH:
        return portrayed.statement
    if portrayed:
        record = words.fill("provenance.record", code=portrayed.code)
        return f"{words[f'provenance.{portrayed.basis}']} · {record}"
    return words["provenance.voice"] if settings.voice not in (RECORDING, SILENT) else ""


def _estimate_seconds(slide: Slide) -> float:
    """An estimate of the slide's duration in seconds."""
    words = sum(len(t.spoken.split()) for u in slide.utterances for t in u.tokens)
    return 2 + words * SECONDS_A_WORD if words else slide.hold_ms / 1000
