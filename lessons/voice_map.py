"""Which voice says what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _as_named(name: str, language: str) -> str:
    return name


@dataclass(frozen=True, slots=True)
class VoiceMap:
    """`voice` says what is in the lesson's own `language`; `voices` name one for each further
    language by its tag. `full_name` turns a voice as a course names it (an engine, or
    engine/voice) into engine/voice for a language, for the lexicon's sections."""

    voice: str = "hibari"
    language: str = "en-US"
    voices: Mapping[str, str] = field(default_factory=dict)
    full_name: Callable[[str, str], str] = _as_named

    def speaker(self, language: str | None = None, named: str | None = None) -> str:
        """The voice for a language: the one that is `named` for the sentence, else the one that
        `voices` names for the language (or for the same without its region), else `voice`."""
        if named:
            return named
        wanted = (language or self.language).lower()
        tags = {tag.lower(): name for tag, name in self.voices.items()}
        if wanted in tags:
            return tags[wanted]
        primary = wanted.partition("-")[0]
        near = [tag for tag in tags if tag.partition("-")[0] == primary]
        if wanted != self.language.lower():
            for tag in sorted(near, key=lambda tag: ("-" in tag, tag)):
                if "-" not in tag or "-" not in wanted:
                    return tags[tag]
        return self.voice

    def voice_id(self, language: str | None = None, named: str | None = None) -> str:
        """The full name of the `speaker`."""
        return self.full_name(self.speaker(language, named), language or self.language)
