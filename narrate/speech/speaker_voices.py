"""The voices of speakers: those that a course declares, and others for whom it names none.

A speaker without a voice gets one of the lesson's language that nobody else in the lesson has, as
long as there are enough, and a finding says what to write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from foundation.near_words import find_near
from foundation.problem import Place
from foundation.shortening import shorten
from lessons.course.settings import Settings
from lessons.course.speakers import Speakers, fold_name, looks_like_name, show_name
from lessons.course.voice_map import VoiceMap
from lessons.model import Lesson, Severity, Utterance
from narrate.errors import VoiceError

UNDECLARED = "speaker-undeclared"
MOST_TOLD = 10
"""Speakers without a voice of whom a lesson tells. Whoever has more needs no list of them."""


class Voices(Protocol):
    """What is asked of the voices that are here (`narrate.speech.voice_fallback`)."""

    def find_problem(self, name: str, language: str) -> VoiceError | None: ...

    def list_capable(
        self, language: str, spoken: Sequence[Utterance], speed: float | None
    ) -> Iterator[str]: ...

    def name_voice(self, name: str, language: str) -> str: ...

    def report(
        self, message: str, remedy: str, place: Place, severity: Severity = ..., rule: str = ...
    ) -> None: ...


def name_speakers(lesson: Lesson, engines: Collection[str]) -> Lesson:
    """The lesson, its notes by somebody who is no voice (`say(voice=alex)`) by a speaker of that
    name."""

    def name(utterance: Utterance) -> Utterance:
        voice = utterance.voice
        if voice is None or utterance.speaker or not _names_somebody(voice, engines):
            return utterance
        return replace(utterance, voice=None, speaker=show_name(voice))

    return change_utterances(lesson, name)


def _names_somebody(voice: str, engines: Collection[str]) -> bool:
    engine = voice.partition("/")[0].lower()
    mistyped = engine not in engines and find_near(engine, engines, nearest=0.8)
    return engine not in engines and not mistyped and looks_like_name(voice)


def change_utterances(lesson: Lesson, change: Callable[[Utterance], Utterance]) -> Lesson:
    """The lesson with its utterances changed; the same one if none is."""
    slides = tuple(
        replace(s, utterances=tuple(change(u) for u in s.utterances)) for s in lesson.slides
    )
    return lesson if slides == lesson.slides else replace(lesson, slides=slides)


def release_voices(lesson: Lesson, settings: Settings, voices: Voices) -> Lesson:
    """The lesson, sentences in another language without the voices of their speakers where those do
    not speak it: `voices` in the course says who does."""
    unfit: dict[tuple[str, str], bool] = {}

    def release(utterance: Utterance) -> Utterance:
        voice, language = utterance.voice, utterance.language
        if not (utterance.speaker and voice and language) or language == settings.language:
            return utterance
        if (voice, language) not in unfit:
            unfit[voice, language] = voices.find_problem(voice, language) is not None
        return replace(utterance, voice=None) if unfit[voice, language] else utterance

    return change_utterances(lesson, release)


Part = tuple[str, str, str | None]
"""A speaker, without case, a language, and the voice that the course names for the speaker."""


def settle_speakers(lesson: Lesson, settings: Settings, voices: Voices) -> Lesson:
    """The lesson, every speaker in it with a voice that can speak here. `settings` name the
    lesson's own voice, which can."""

    def find_part(utterance: Utterance) -> Part:
        speaker = fold_name(utterance.speaker or "")
        return speaker, utterance.language or settings.language, utterance.voice

    parts: dict[Part, list[Utterance]] = {}
    for slide in lesson.slides:
        for utterance in slide.utterances:
            if utterance.speaker:
                parts.setdefault(find_part(utterance), []).append(utterance)
    if not parts:
        return lesson
    cast = _Cast(lesson, settings, voices)
    chosen = cast.choose(parts)

    def settle(utterance: Utterance) -> Utterance:
        if not utterance.speaker:
            return utterance
        return replace(utterance, voice=chosen[find_part(utterance)])

    return change_utterances(lesson, settle)


@dataclass(slots=True)
class _Cast:
    """Chooses the voices of a lesson. `taken` are those that somebody has and `able` those that can
    say all that needs one, by language."""

    lesson: Lesson
    settings: Settings
    voices: Voices
    taken: dict[str, list[str]] = field(default_factory=dict)
    able: dict[str, list[str]] = field(default_factory=dict)
    told: dict[str, None] = field(default_factory=dict)

    def choose(self, parts: dict[Part, list[Utterance]]) -> dict[Part, str | None]:
        """The voice for each part; None for the lesson's own."""
        chosen: dict[Part, str | None] = {}
        problems: dict[Part, VoiceError | None] = {}
        for part in parts:
            _, language, voice = part
            problems[part] = self.voices.find_problem(voice, language) if voice else None
            self.taken.setdefault(language, [self._find_own(language)])
            if voice and problems[part] is None:
                chosen[part] = voice
                self.taken[language].append(self.voices.name_voice(voice, language))
        declared = Speakers.of(self.settings)
        unvoiced = {part: spoken for part, spoken in parts.items() if part not in chosen}
        for part, spoken in unvoiced.items():
            name, language, voice = part
            if not voice and declared.find(name):
                chosen[part] = None  # see `release_voices`
                continue
            chosen[part] = self._find_other(language, unvoiced)
            self._tell(part, spoken[0], chosen[part], problems[part])
        if len(self.told) > MOST_TOLD:
            self._tell_of_many()
        return chosen

    def _find_own(self, language: str) -> str:
        return self.voices.name_voice(VoiceMap.of(self.settings).speaker(language), language)

    def _find_other(self, language: str, unvoiced: dict[Part, list[Utterance]]) -> str | None:
        """A voice that nobody has, or else the one after the last that was taken; None if there is
        but the lesson's own."""
        if language not in self.able:
            spoken = [u for part, said in unvoiced.items() if part[1] == language for u in said]
            found = self.voices.list_capable(language, spoken, self.settings.speed)
            self.able[language] = list(found)
        able, taken = self.able[language], self.taken[language]
        people = {_name_person(name) for name in taken}
        free = [name for name in able if _name_person(name) not in people]
        others = [name for name in able if _name_person(name) != _name_person(taken[0])]
        if not others:
            return None
        chosen = free[0] if free else others[len(taken) % len(others)]
        taken.append(chosen)
        return chosen

    def _tell(
        self, part: Part, first: Utterance, found: str | None, error: VoiceError | None
    ) -> None:
        key, language, _ = part
        name = shorten(first.speaker or "", 60)
        reads = f"the voice {found!r} reads" if found else "the lesson's own voice reads"
        if error is not None:
            place = self.settings.place_of(f"speakers.{self._find_written(key)}", "speakers")
            place = place if place.path else self._find_place(first)
            message = f"{error.message} So {reads} the lines of {name!r} in {language}."
            remedy = f"Write another voice for {name!r} in course.yaml, or: {error.remedy}"
            self.voices.report(message, remedy, place)
            return
        self.told[key] = None
        if len(self.told) > MOST_TOLD:
            return
        line = f"'speakers: {{{_quote(name)}: {found or 'NAME'}}}'"
        remedy = f"Write {line} in course.yaml, with whatever voice you like; "
        self.voices.report(
            f"The course names no voice for the speaker {name!r}, so {reads} these lines.",
            remedy + f"`narrate voices --language {language}` lists them.",
            self._find_place(first),
            rule=UNDECLARED,
        )

    def _tell_of_many(self) -> None:
        self.voices.report(
            f"The lesson has {len(self.told)} speakers for whom the course names no voice; only "
            f"the first {MOST_TOLD} are listed.",
            "Write them in course.yaml: 'speakers: {NAME: VOICE, …}'.",
            Place(self.lesson.path, 1),
            rule=UNDECLARED,
        )

    def _find_written(self, key: str) -> str:
        """The name of a speaker as the settings have it."""
        return next((name for name in self.settings.speakers if fold_name(name) == key), key)

    def _find_place(self, utterance: Utterance) -> Place:
        for slide in self.lesson.slides:
            if any(u is utterance for u in slide.utterances):
                return Place(self.lesson.path, utterance.line, slide.number)
        return Place(self.lesson.path, utterance.line)


def _name_person(voice: str) -> str:
    """Whose voice this is: hibari/heart and kokoro/af_heart are the same person's."""
    return voice.rpartition("/")[2].rpartition("_")[2]


def _quote(name: str) -> str:
    """A name as a key of YAML."""
    lower = name.lower() if name[1:] == name[1:].lower() else name
    plain = all(char.isalnum() or char in " -." for char in lower) and lower[:1].isalpha()
    return lower if plain else '"' + lower.replace("\\", "\\\\").replace('"', '\\"') + '"'
