"""Speech: utterances become sound with the times of words and phones. There is one file for each
engine.

A voice is named `engine` or `engine/voice`: `hibari`, `hibari/heart`, `silent`, ...
"""

from __future__ import annotations

import sys
from importlib import import_module

from foundation.near_words import find_near
from lessons.course.settings import DEFAULTS, Settings
from lessons.course.voice_map import VoiceMap
from lessons.model import Finding, Lesson, Utterance
from narrate.errors import VoiceError
from narrate.speech import voice_choice
from narrate.speech.base import SERVERS, Voice, VoiceEngine, VoiceInfo, pick_voice
from narrate.speech.narration import LEAD_MS, TAIL_MS, narrate_slide
from narrate.speech.voice_fallback import VoiceFallback

__all__ = [
    "DEFAULT_VOICE",
    "ENGINES",
    "LEAD_MS",
    "SERVERS",
    "TAIL_MS",
    "Voice",
    "VoiceEngine",
    "VoiceInfo",
    "find_default_voice",
    "full_name",
    "lacks_times",
    "list_engines",
    "narrate_slide",
    "open_voice",
    "require_engine",
    "settle_voices",
    "versions_for",
    "voice_map_of",
    "voice_version",
    "voices",
]

DEFAULT_VOICE = DEFAULTS.voice

# Each engine's class, which is imported only when it is used.
ENGINES: dict[str, str] = {
    "hibari": "narrate.speech.hibari:HibariEngine",
    "kokoro": "narrate.speech.kokoro.engine:KokoroEngine",
    "piper": "narrate.speech.piper:PiperEngine",
    "coqui": "narrate.speech.coqui:CoquiEngine",
    "espeak": "narrate.speech.espeak:EspeakEngine",
    "recording": "narrate.speech.recorded_narration:RecordingEngine",
    "silent": "narrate.speech.silent:SilentEngine",
}
_SERVERS = "narrate.voices.servers.engine"
_PLUGINS = "narrate.voices.plugins"


def list_engines() -> tuple[str, ...]:
    """The names of all engines: the built-in ones, the best first, then the user's speech servers
    and voice plug-ins. A plug-in never takes the name of another engine."""
    plugins: list[str] = import_module(_PLUGINS).list_names((*ENGINES, SERVERS))
    return (*ENGINES, SERVERS, *plugins)


def require_engine(voice: str) -> None:
    """Raise VoiceError if the engine of a voice, such as `hibari/heart`, does not exist."""
    name = voice.partition("/")[0]
    if name not in ENGINES and name not in (known := list_engines()):
        near = find_near(name, known)
        raise VoiceError(
            f"There is no voice engine '{name}'.",
            remedy=(f"Did you mean {near!r}? " if near else "")
            + f"The engines are {', '.join(known)}; `narrate voices` lists their voices.",
        )


def _open_engine(name: str) -> VoiceEngine:
    require_engine(name)
    engine: VoiceEngine
    if name in ENGINES:
        module, _, attribute = ENGINES[name].partition(":")
        loaded = sys.modules.get(module) or import_module(module)
        engine = getattr(loaded, attribute)()
    elif name == SERVERS:
        engine = import_module(_SERVERS).open_engine()
    else:
        engine = import_module(_PLUGINS).open_engine(name, (*ENGINES, SERVERS))
    return engine


def voices() -> list[VoiceInfo]:
    """Every voice of every engine, whether it can speak now or not. Loads no model."""
    return [info for name in list_engines() for info in _open_engine(name).voices()]


def open_voice(name: str, language: str) -> Voice:
    """Load a voice, e.g. `open_voice("hibari/heart", "en-US")`.

    Raises `VoiceError` if the voice is unknown, does not speak the language, or is not installed
    (the error says what to install), and `ModelError` if its model is damaged.
    """
    engine, _, voice = name.partition("/")
    return _open_engine(engine).open(voice, language)


def voice_version(name: str, language: str) -> str:
    """The version of the voice that `open_voice(name, language)` returns, without loading its
    model."""
    engine, _, voice = name.partition("/")
    return _open_engine(engine).version(voice, language)


def full_name(name: str, language: str) -> str:
    """The full name of a voice: `hibari/heart` for `hibari`. An unknown name stays as it is."""
    engine, _, voice = name.partition("/")
    try:
        return pick_voice(_open_engine(engine).voices(), engine, voice, language).id
    except VoiceError:
        return name


def voice_map_of(settings: Settings) -> VoiceMap:
    """The voices that a lesson's settings name."""
    return voice_choice.voice_map_of(settings, full_name)


def settle_voices(
    lesson: Lesson, settings: Settings
) -> tuple[Lesson, Settings, tuple[Finding, ...]]:
    """A lesson and its settings with voices that can speak it here, and findings about those that
    were asked for and cannot. Loads no model."""
    fallback = VoiceFallback(list_engines(), _open_engine)
    lesson, settings = fallback.settle(lesson, settings)
    return lesson, settings, tuple(fallback.findings)


def find_default_voice(language: str) -> str:
    """The voice that speaks a language where nobody names one; empty if none is here. Loads no
    model."""
    return VoiceFallback(list_engines(), _open_engine).find_default(language)


def versions_for(
    utterance: Utterance, voice_map: VoiceMap, speed: float | None = None
) -> tuple[str, ...]:
    """The versions of all voices that say an utterance. Loads no model.

    Raises VoiceError, with the line, if a voice is missing, if no voice speaks a language, or if
    the script asks something of a voice that it cannot do.
    """
    return voice_choice.find_versions(utterance, voice_map, speed, _open_engine)


def lacks_times(utterance: Utterance, voice_map: VoiceMap) -> bool:
    """Whether a voice that says a part of an utterance does not tell when it says words and phones,
    so that they have to be found in its sound. Loads no model."""
    return voice_choice.lacks_times(utterance, voice_map, _open_engine)
