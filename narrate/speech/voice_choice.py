"""Which voices say an utterance, and whether they can do what the script asks of them.

This is checked before the build starts, so that nothing that a script asks for is silently ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from foundation.problem import Place
from lessons.course.settings import Settings
from lessons.course.voice_map import VoiceMap
from lessons.model import Token, Utterance
from narrate.errors import VoiceError
from narrate.speech.base import (
    Capability,
    ChecksPhones,
    VoiceEngine,
    VoiceInfo,
    make_unknown_sounds_error,
    pick_voice,
)
from narrate.speech.language_runs import split_into_runs
from narrate.speech.narration import LEAST_RATE, MOST_RATE, USUAL_SPEED

_ASKED: dict[Capability, str] = {
    "rate": "another speed",
    "phones": "a pronunciation in IPA",
    "word-rate": "single words faster or slower",
    "emphasis": "emphasis",
}
_INSTEAD: dict[Capability, str] = {
    "rate": "Remove the speed",
    "phones": "Write it as a respelling (<sub>, or 'word: respelling' in the lexicon)",
    "word-rate": "Put <prosody> around whole sentences",
    "emphasis": "Remove <emphasis>",
}


def find_demands(
    utterance: Utterance, speed: float | None = None
) -> Iterator[tuple[Capability, Token]]:
    """The capabilities that an utterance needs, each with the first token that needs it."""
    tokens = [token for token in utterance.tokens if token.spoken]
    if tokens and (utterance.rate != 1.0 or speed not in (None, 1.0)):
        yield "rate", tokens[0]
    asks: list[tuple[Capability, Callable[[Token], bool]]] = [
        ("phones", lambda token: token.phones is not None),
        ("word-rate", lambda token: token.rate != 1.0),
        ("emphasis", lambda token: bool(token.emphasis)),
    ]
    for capability, asked in asks:
        token = next(filter(asked, tokens), None)
        if token is not None:
            yield capability, token


def require_capabilities(
    utterance: Utterance, engine: VoiceEngine, info: VoiceInfo, language: str, speed: float | None
) -> None:
    """Raise VoiceError, with the line, if the utterance asks what the voice cannot do. Loads no
    model."""
    for capability, token in find_demands(utterance, speed):
        if capability not in info.capabilities:
            where = "" if capability == "rate" else f", which the script asks for '{token.written}'"
            raise VoiceError(
                f"The voice '{info.id}' does not support {_ASKED[capability]}{where}.",
                remedy=f"{_INSTEAD[capability]}, or choose another voice: `narrate voices` "
                "lists what each voice can do.",
                place=Place(line=utterance.line),
            )
    pace = USUAL_SPEED if speed is None else speed
    for token in utterance.tokens:
        rate = pace * utterance.rate * token.rate
        if not LEAST_RATE - 1e-9 <= rate <= MOST_RATE + 1e-9:
            raise VoiceError(
                f"At the course's speed ({pace:g}), the speed of '{token.written}' is {rate:.2g}, "
                f"which is not between {LEAST_RATE:g} and {MOST_RATE:g}.",
                remedy="Change `speed`, or the rate of this sentence or word.",
                place=Place(line=utterance.line),
            )
    pronounced = [token for token in utterance.tokens if token.phones is not None]
    if pronounced and isinstance(engine, ChecksPhones):
        voice = info.id.partition("/")[2]
        for token in pronounced:
            assert token.phones is not None
            if unknown := engine.find_unknown_sounds(token.phones, voice, language):
                raise make_unknown_sounds_error(token, info.id, unknown, utterance.line)


def find_versions(
    utterance: Utterance,
    voice_map: VoiceMap,
    speed: float | None,
    engine_of: Callable[[str], VoiceEngine],
) -> tuple[str, ...]:
    """See `narrate.speech.versions_for`."""
    found: list[str] = []
    for run, _ in split_into_runs(utterance):
        language = run.language or voice_map.language
        name = voice_map.speaker(run.language, run.voice)
        engine_name, _, voice = name.partition("/")
        engine = engine_of(engine_name)
        try:
            found.append(engine.version(voice, language))
        except VoiceError as error:
            foreign = language.lower() != voice_map.language.lower()
            place = Place(line=utterance.line)
            if foreign and not run.voice and "does not speak" in error.message:
                remedy = (
                    f"Name a voice for it in course.yaml: 'voices: {{{language}: …}}'. "
                    "`narrate voices` lists them by language."
                )
                raise VoiceError(error.message, remedy=remedy, place=place) from error
            error.within(place)
            raise
        info = _describe_voice(engine, voice, language)
        require_capabilities(run, engine, info, language, speed)
    return tuple(dict.fromkeys(found))


def lacks_times(
    utterance: Utterance, voice_map: VoiceMap, engine_of: Callable[[str], VoiceEngine]
) -> bool:
    """See `narrate.speech.lacks_times`."""
    for run, _ in split_into_runs(utterance):
        language = run.language or voice_map.language
        engine, _, voice = voice_map.speaker(run.language, run.voice).partition("/")
        if _describe_voice(engine_of(engine), voice, language).times in ("recognition", "words"):
            return True
    return False


def _describe_voice(engine: VoiceEngine, voice: str, language: str) -> VoiceInfo:
    try:
        return pick_voice(engine.voices(), engine.name, voice, language)
    except VoiceError:  # a voice that is not listed, such as a variant of espeak's
        return replace(engine.voices()[0], id=f"{engine.name}/{voice}" if voice else engine.name)


def voice_map_of(settings: Settings, full_name: Callable[[str, str], str]) -> VoiceMap:
    """The voices of a lesson's settings."""
    return VoiceMap.of(settings, full_name)
