"""What speaks where the voice that a lesson asks for cannot.

A lesson may be in any language, and other people's lessons name voices that nobody has here.
Neither loses the lesson: the best voice for the language reads it, and where there is none, the
slides stand in silence as long as it takes to read their captions. The `voice` that a person wrote
in course.yaml, on the command line or in the user's own settings is another matter: it is heard in
all of the course, so one that does not exist or is not here is an error. A plug-in that does not
work is none: whoever wrote its name cannot mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from foundation.frozen_mapping import FrozenMapping
from foundation.languages import name_language, same_language
from foundation.problem import Place, Problem
from lessons.course.recordings import VOICE as RECORDING
from lessons.course.settings import DEFAULTS, Settings
from lessons.course.voice_map import VoiceMap
from lessons.model import Finding, Lesson, Severity, Utterance
from narrate.errors import PluginError, VoiceError
from narrate.speech.base import SERVERS, VoiceEngine, VoiceInfo, pick_voice, speaks
from narrate.speech.foreign_scripts import name_scripts
from narrate.speech.language_runs import split_into_runs
from narrate.speech.speaker_voices import (
    change_utterances,
    name_speakers,
    release_voices,
    settle_speakers,
)
from narrate.speech.voice_choice import require_capabilities

SILENT = "silent"
LAST_RESORT = "espeak"
"""The engine that speaks most languages, and none of them well."""
RULE = "voice-missing"

_OWN_VOICE = " The lesson's own voice reads this note."

EngineOf = Callable[[str], VoiceEngine]


@dataclass(slots=True)
class VoiceFallback:
    """Finds voices for a lesson. `engines` are the names of all, the best first, and `engine_of`
    opens one. `findings` grows."""

    engines: Sequence[str]
    engine_of: EngineOf
    findings: list[Finding] = field(default_factory=list)

    def settle(self, lesson: Lesson, settings: Settings) -> tuple[Lesson, Settings]:
        """The lesson and its settings with voices that can speak it. What stays unusable was named
        by a person, and is an error when the build is planned."""
        lesson = name_speakers(lesson, self.engines)
        if settings.voice == RECORDING:
            return lesson, settings
        lesson = self._settle_notes(release_voices(lesson, settings, self), settings)
        lesson = change_utterances(lesson, lambda u: name_scripts(u, settings.language))
        self._tell_of_unknown_engines(lesson, settings)
        runs: dict[str, list[Utterance]] = {settings.language: []}
        for utterance in _all_utterances(lesson):
            for run, _ in split_into_runs(utterance):
                if not run.voice:
                    runs.setdefault(run.language or settings.language, []).append(run)
        for language, spoken in runs.items():
            settings = self._settle_language(lesson, settings, language, spoken)
        return settle_speakers(lesson, settings, self), settings

    def _settle_notes(self, lesson: Lesson, settings: Settings) -> Lesson:
        """The lesson without the voices in its notes that cannot be used."""
        refused: dict[tuple[str, str], bool] = {}
        for slide in lesson.slides:
            for utterance in slide.utterances:
                asked = _find_asked(utterance, settings)
                if asked is None or asked in refused:
                    continue
                error = self.find_problem(*asked)
                refused[asked] = error is not None
                if error is not None:
                    place = Place(lesson.path, utterance.line, slide.number)
                    self.report(error.message + _OWN_VOICE, error.remedy, place)
        if not any(refused.values()):
            return lesson

        def settle(utterance: Utterance) -> Utterance:
            asked = _find_asked(utterance, settings)
            return replace(utterance, voice=None) if asked and refused[asked] else utterance

        return change_utterances(lesson, settle)

    def _settle_language(
        self, lesson: Lesson, settings: Settings, language: str, spoken: Sequence[Utterance]
    ) -> Settings:
        """The settings with a voice that can speak a language."""
        name = VoiceMap.of(settings).speaker(language)
        error = self.find_problem(name, language)
        if error is None:
            self._tell_of_accent(lesson, spoken, name, language)
            return settings
        known = isinstance(error, PluginError) or self._speaks_somehow(name, language)
        if known and _is_demanded(lesson, settings, name, error):
            return settings
        chosen = self._choose(language, spoken, settings.speed)
        place = _find_place(lesson, settings, language, spoken)
        place = _find_naming(settings, name, error) or place
        if chosen != SILENT and not _is_named(settings, name, language):
            self._tell_of_better(chosen, language, place)
            return _with_voice(settings, name, language, chosen)
        message = error.message
        if not known:
            message = f"There is no voice here for {name_language(language)}."
        message += _tell_choice(chosen, language, whole=language == settings.language)
        remedy = error.remedy if known else self._find_remedy(language)
        self.report(message, remedy, place)
        return _with_voice(settings, name, language, chosen)

    def _tell_of_better(self, chosen: str, language: str, place: Place) -> None:
        """A note where the last resort reads a language for which a better voice can be had."""
        if chosen.partition("/")[0] != LAST_RESORT:
            return
        better = next(self._list_missing(language), None)
        if better is not None:
            name = name_language(language)
            message = f"The voice {chosen!r} reads {name}. {better.id!r} speaks it better."
            remedy = f"`narrate voices --language {language}` lists all. {better.missing}"
            self.report(message, remedy, place, "note")

    def _tell_of_unknown_engines(self, lesson: Lesson, settings: Settings) -> None:
        """Findings on voices in `voices` whose engine does not exist and that nothing in the lesson
        asks for; for the others there is one that says who speaks instead."""
        asked = {settings.language}
        for utterance in _all_utterances(lesson):
            asked.update(run.language for run, _ in split_into_runs(utterance) if run.language)
        used = {VoiceMap.of(settings).speaker(language) for language in asked}
        for tag, name in settings.voices.items():
            if name.partition("/")[0] not in self.engines and name not in used:
                error = self.find_problem(name, tag)
                if error is not None:
                    place = settings.place_of(f"voices.{tag}", "voices")
                    self.report(error.message, error.remedy, place)

    def _speaks_somehow(self, name: str, language: str) -> bool:
        """Whether a language is not what keeps a voice from speaking."""
        engine, _, voice = name.partition("/")
        if engine not in self.engines:
            return True
        infos = [i for i in self.engine_of(engine).voices() if not voice or i.id == name]
        return not infos or any(_speaks_nearly(info, language) for info in infos)

    def find_problem(self, name: str, language: str) -> VoiceError | None:
        engine, _, voice = name.partition("/")
        try:
            self.engine_of(engine).version(voice, language)
        except VoiceError as error:
            return error
        return None

    def _choose(self, language: str, spoken: Sequence[Utterance], speed: float | None) -> str:
        """The best voice that is ready to speak a language and can do what the script asks."""
        return next(self.list_capable(language, spoken, speed), SILENT)

    def list_capable(
        self, language: str, spoken: Sequence[Utterance], speed: float | None
    ) -> Iterator[str]:
        """The voices that are ready to speak a language and can do what the script asks, the best
        first."""
        for info, engine in self._list_ready(language):
            if _is_capable(spoken, engine, info, language, speed):
                yield info.id

    def find_default(self, language: str) -> str:
        """The voice that speaks a language where nobody names one; empty if none is here."""
        if self.find_problem(DEFAULTS.voice, language) is None:
            return self.name_voice(DEFAULTS.voice, language)
        return next(self.list_capable(language, (), None), "")

    def name_voice(self, name: str, language: str) -> str:
        """The full name of a voice. An unknown name stays as it is."""
        engine, _, voice = name.partition("/")
        try:
            return pick_voice(self.engine_of(engine).voices(), engine, voice, language).id
        except VoiceError:
            return name

    def _list_ready(self, language: str) -> Iterator[tuple[VoiceInfo, VoiceEngine]]:
        """The voices that can speak a language now; those with another region's accent last."""
        near: list[tuple[VoiceInfo, VoiceEngine]] = []
        for name in self.engines:
            if name in (RECORDING, SILENT, SERVERS):
                continue
            engine = self.engine_of(name)
            for info in engine.voices():
                if not info.available:
                    continue
                if speaks(info.languages, language):
                    yield info, engine
                elif _speaks_nearly(info, language):
                    near.append((info, engine))
        yield from near

    def _find_remedy(self, language: str) -> str:
        """How to get a voice for a language."""
        found = next(self._list_missing(language), None)
        if found is not None:
            return found.missing
        return (
            f"Get a voice for it, such as one of Piper's or espeak-ng's, and write "
            f"'voices: {{{language}: …}}' in course.yaml. `narrate voices` lists what is here."
        )

    def _list_missing(self, language: str) -> Iterator[VoiceInfo]:
        """The voices for a language that are not here, the best first, those of the last resort
        left out unless there is no other."""
        last: list[VoiceInfo] = []
        for name in self.engines:
            for info in self.engine_of(name).voices() if name != SERVERS else ():
                if info.missing and speaks(info.languages, language):
                    if name != LAST_RESORT:
                        yield info
                    else:
                        last.append(info)
        yield from last

    def _tell_of_accent(
        self, lesson: Lesson, spoken: Sequence[Utterance], name: str, language: str
    ) -> None:
        engine, _, voice = name.partition("/")
        try:
            info = pick_voice(self.engine_of(engine).voices(), engine, voice, language)
        except VoiceError:  # a voice that is not listed, such as a variant of espeak's
            return
        if not spoken or speaks(info.languages, language):
            return
        message = f"The voice {info.id!r} speaks {', '.join(info.languages)} and reads {language}."
        remedy = f"`narrate voices --language {language}` lists voices that speak it."
        self.report(message, remedy, Place(lesson.path, 1), "note")

    def report(
        self,
        message: str,
        remedy: str,
        place: Place,
        severity: Severity = "warning",
        rule: str = RULE,
    ) -> None:
        finding = Finding(rule, severity, Problem(message, remedy, place))
        if finding not in self.findings:
            self.findings.append(finding)


def _is_named(settings: Settings, name: str, language: str) -> bool:
    """Whether somebody wrote that this voice shall speak this language, rather than that it is the
    default, or the voice of the lesson's own language."""
    if name == settings.voice:
        return language == settings.language and "voice" in settings.model_fields_set
    return "voices" in settings.model_fields_set


def _with_voice(settings: Settings, name: str, language: str, chosen: str) -> Settings:
    if language == settings.language and name == settings.voice:
        return settings.model_copy(update={"voice": chosen})
    voices = FrozenMapping({**settings.voices, language: chosen})
    return settings.model_copy(update={"voices": voices})


def _tell_choice(chosen: str, language: str, *, whole: bool) -> str:
    if chosen != SILENT:
        return f" The voice {chosen!r} reads {'it' if whole else name_language(language)}."
    if whole:
        return " So it is not spoken; its captions are shown as long as it takes to read them."
    return " So its words are in the captions, and are not spoken."


def _find_asked(utterance: Utterance, settings: Settings) -> tuple[str, str] | None:
    """The voice that a note names, and the language that it has to speak. Those of speakers are
    settled after it."""
    if not utterance.voice or utterance.speaker:
        return None
    return utterance.voice, utterance.language or settings.language


def _all_utterances(lesson: Lesson) -> Iterator[Utterance]:
    for slide in lesson.slides:
        yield from slide.utterances


def _speaks_nearly(info: VoiceInfo, language: str) -> bool:
    """Whether a voice speaks a language, in whatever region's way."""
    return "*" in info.languages or any(same_language(tag, language) for tag in info.languages)


def _is_capable(
    spoken: Sequence[Utterance],
    engine: VoiceEngine,
    info: VoiceInfo,
    language: str,
    speed: float | None,
) -> bool:
    try:
        engine.version(info.id.partition("/")[2], language)
        for utterance in spoken:
            require_capabilities(utterance, engine, info, language, speed)
    except VoiceError:
        return False
    return True


def _is_demanded(lesson: Lesson, settings: Settings, name: str, error: VoiceError) -> bool:
    """Whether a person named this voice outside of the lesson for all of it, and it is not here."""
    if name != settings.voice or isinstance(error, PluginError):
        return False
    written = "voice" in settings.model_fields_set
    return written and settings.place_of("voice").path != lesson.path


def _find_naming(settings: Settings, name: str, error: VoiceError) -> Place | None:
    """The line that names a voice, if it is this line that has to be mended."""
    keys = [f"voices.{tag}" for tag, voice in settings.voices.items() if voice == name]
    if isinstance(error, PluginError) and name == settings.voice:
        keys.append("voice")
    place = settings.place_of(*keys, "voices") if keys else None
    return place if place and place.path else None


def _find_place(
    lesson: Lesson, settings: Settings, language: str, spoken: Sequence[Utterance]
) -> Place:
    """Where the lesson asks for what cannot be spoken."""
    if language != settings.language and spoken:
        line = spoken[0].line
        slides = [s.number for s in lesson.slides if any(u.line == line for u in s.utterances)]
        return Place(lesson.path, line, slides[0] if slides else None)
    place = settings.place_of("voice", "language")
    return place if place.path == lesson.path else Place(lesson.path, 1)
