"""A single line that is spoken by itself (`narrate say`), to tune how its words are pronounced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from foundation.problem import Place
from lessons.course.settings import Settings
from lessons.markdown.line import Line, read_line
from lessons.model import Lesson, Slide, Token, Utterance
from lessons.speakable import Lexicon, LexiconEntry
from narrate.errors import VoiceError
from narrate.speech import (
    Voice,
    lacks_times,
    narrate_slide,
    open_voice,
    settle_voices,
    versions_for,
    voice_map_of,
)
from narrate.speech.voice_fallback import SILENT
from narrate.vocabulary import Narration, SpokenPhone, Word

TAIL_MS = 200  # of silence: some players stop a little before the last sample


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A written word, how it is said, and when, in samples of the narration. `entry` is the lexicon
    entry that decided its pronunciation. `phones` are empty if the voice does not tell them."""

    token: Token
    word: Word
    phones: tuple[SpokenPhone, ...]
    entry: LexiconEntry | None

    @property
    def ipa(self) -> str:
        marks = {1: "ˈ", 2: "ˌ"}
        return "".join(marks.get(p.stress, "") + p.symbol for p in self.phones)


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A spoken line, the names of the voices that said it, and its words."""

    line: Line
    voices: tuple[str, ...]
    narration: Narration
    words: tuple[SaidWord, ...]


Timer = Callable[[Slide, Narration], Narration]
"""Finds the times that a voice does not tell."""


def say_line(
    text: str,
    settings: Settings,
    lexicon: Lexicon | None = None,
    find_times: Timer = lambda slide, narration: narration,
    *,
    named: bool = True,
) -> SaidLine:
    """Read and speak a text. `find_times` is asked if a voice does not tell when it says its words.
    Unless the voice is `named`, the best one that is here speaks, as in a lesson. Raises
    ScriptError and VoiceError."""
    line = read_line(text, voice_map_of(settings), lexicon)
    if not named:
        settings, line = _settle(text, settings, line, lexicon)
    voice_map = voice_map_of(settings)
    if not any(utterance.spoken for utterance in line.utterances):
        raise VoiceError(
            "There is nothing to say in this text.", remedy="Write words, numbers or signs."
        )
    for utterance in line.utterances:
        versions_for(utterance, voice_map, settings.speed)
    used: dict[str, None] = {}

    def voice_for(utterance: Utterance) -> Voice:
        language = utterance.language or settings.language
        voice = open_voice(voice_map.speaker(utterance.language, utterance.voice), language)
        used[voice.info.id] = None
        return voice

    last = replace(line.utterances[-1], pause_ms=0)
    utterances = (*line.utterances[:-1], last)
    slide = Slide(1, "", (), utterances, 1)
    narration = narrate_slide(slide, voice_for, speed=settings.speed, lead_ms=0, tail_ms=TAIL_MS)
    if any(lacks_times(utterance, voice_map) for utterance in utterances):
        narration = find_times(slide, narration)
    words = []
    for word in narration.words:
        token = utterances[word.utterance].tokens[word.token]
        phones = tuple(p for p in narration.phones if word.start <= p.start < word.end)
        words.append(SaidWord(token, word, phones, line.entries.get(token.start)))
    return SaidLine(line, tuple(used), narration, tuple(words))


def _settle(
    text: str, settings: Settings, line: Line, lexicon: Lexicon | None
) -> tuple[Settings, Line]:
    """The settings with voices that can speak the text here, and the text as they read it. Raises
    VoiceError if nothing here speaks its language."""
    lesson = Lesson("line", "", "", "script", (Slide(1, "", (), line.utterances, 1),), settings)
    _, settled, findings = settle_voices(lesson, settings)
    if settled.voice == SILENT != settings.voice:
        raise VoiceError(findings[-1].message, remedy=findings[-1].remedy)
    line = read_line(text, voice_map_of(settled), lexicon)  # the lexicon has sections of voices
    slide = Slide(1, "", (), line.utterances, 1)
    lesson, settled, _ = settle_voices(replace(lesson, slides=(slide,)), settled)
    told = tuple(finding.at(Place()) for finding in findings)
    return settled, replace(
        line, utterances=lesson.slides[0].utterances, findings=(*line.findings, *told)
    )
