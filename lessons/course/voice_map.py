"""Which voice speaks which language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from foundation.languages import primary
from lessons.course.settings import DEFAULTS, Settings

NameVoice = Callable[[str, str], str]
"""Turns a voice as a course gives it (an engine, or engine/voice) and a language into the full name
engine/voice."""


def keep_name(name: str, language: str) -> str:
    """The name as it is, for callers that do not know the engines."""
    return name


@dataclass(frozen=True, slots=True)
class VoiceMap:
    """`voice` speaks the lesson's own `language`; `voices` gives a voice for each further language
    by its tag. `name_voice` gives full names, as the sections of the lexicon have them."""

    voice: str = DEFAULTS.voice
    language: str = DEFAULTS.language
    voices: Mapping[str, str] = field(default_factory=dict)
    name_voice: NameVoice = keep_name

    @classmethod
    def of(cls, settings: Settings, name_voice: NameVoice = keep_name) -> VoiceMap:
        """The voices that a lesson's settings name."""
        return cls(settings.voice, settings.language, settings.voices, name_voice)

    def speaker(self, language: str | None = None, named: str | None = None) -> str:
        """The voice for a language: `named` if the sentence names a voice, else the voice that
        `voices` gives for the language (or for the same language without a region), else `voice`.
        """
        if named:
            return named
        wanted = (language or self.language).lower()
        tags = {tag.lower(): name for tag, name in self.voices.items()}
        if wanted in tags:
            return tags[wanted]
        near = [tag for tag in tags if primary(tag) == primary(wanted)]
        if wanted != self.language.lower():
            for tag in sorted(near, key=lambda tag: ("-" in tag, tag)):
                if "-" not in tag or "-" not in wanted:
                    return tags[tag]
        return self.voice

    def voice_id(self, language: str | None = None, named: str | None = None) -> str:
        """The full name of the `speaker`."""
        return self.name_voice(self.speaker(language, named), language or self.language)
