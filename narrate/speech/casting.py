"""Which voices say an utterance, and whether they can do what the script asks of them.

Looked at before anything is built: nothing that a script asks for is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lessons.cast import Cast
from lessons.model import Token, Utterance
from narrate.errors import VoiceError
from narrate.settings import Settings
from narrate.speech.base import ChecksPhones, Engine, Honour, VoiceInfo, pick
from narrate.speech.narration import LEAST_RATE, MOST_RATE, USUAL_SPEED
from narrate.speech.runs import runs_of

_ASKED: dict[Honour, str] = {
    "rate": "another speed",
    "phones": "a pronunciation in IPA",
    "word-rate": "single words faster or slower",
    "emphasis": "emphasis",
}
_INSTEAD: dict[Honour, str] = {
    "rate": "Take the speed out",
    "phones": "Write it as a respelling (<sub>, or 'word: respelling' in the lexicon)",
    "word-rate": "Let <prosody> hold whole sentences",
    "emphasis": "Take <emphasis> out",
}


def demands(utterance: Utterance, speed: float | None = None) -> Iterator[tuple[Honour, Token]]:
    """What an utterance asks of its voice, each with a token that asks for it."""
    tokens = [token for token in utterance.tokens if token.spoken]
    if tokens and (utterance.rate != 1.0 or speed not in (None, 1.0)):
        yield "rate", tokens[0]
    asks: list[tuple[Honour, Callable[[Token], bool]]] = [
        ("phones", lambda token: token.phones is not None),
        ("word-rate", lambda token: token.rate != 1.0),
        ("emphasis", lambda token: bool(token.emphasis)),
    ]
    for honour, asked in asks:
        token = next(filter(asked, tokens), None)
        if token is not None:
            yield honour, token


def require_honoured(
    utterance: Utterance, engine: Engine, info: VoiceInfo, language: str, speed: float | None
) -> None:
    """Raise VoiceError, with the line, for what the voice cannot do. Loads nothing."""
    for honour, token in demands(utterance, speed):
        if honour not in info.honours:
            what = "" if honour == "rate" else f", as is asked of '{token.written}'"
            raise VoiceError(
                f"The voice '{info.id}' does not do {_ASKED[honour]}{what}.",
                remedy=f"{_INSTEAD[honour]}, or take another voice: `narrate voices` tells what "
                "each honours.",
                line=utterance.line,
            )
    pace = USUAL_SPEED if speed is None else speed
    for token in utterance.tokens:
        rate = pace * utterance.rate * token.rate
        if not LEAST_RATE - 1e-9 <= rate <= MOST_RATE + 1e-9:
            raise VoiceError(
                f"The speed of '{token.written}' comes to {rate:.2g}: with the course's "
                f"({pace:g}), it is outside {LEAST_RATE:g} to {MOST_RATE:g}.",
                remedy="Change `speed`, or the rate of this sentence or word.",
                line=utterance.line,
            )
    if isinstance(engine, ChecksPhones):
        voice = info.id.partition("/")[2]
        for token in utterance.tokens:
            if token.phones is None:
                continue
            if unknown := engine.unknown_sounds(token.phones, voice, language):
                raise VoiceError(
                    f"The pronunciation '{token.phones}' of '{token.written}' has sounds that the "
                    f"voice '{info.id}' does not know: {' '.join(unknown)}.",
                    remedy="Write it with other IPA symbols, or as a respelling.",
                    line=utterance.line,
                )


def versions_of(
    utterance: Utterance,
    cast: Cast,
    speed: float | None,
    engine_of: Callable[[str], Engine],
) -> tuple[str, ...]:
    """See `narrate.speech.versions_for`."""
    found: list[str] = []
    for run, _ in runs_of(utterance):
        language = run.language or cast.language
        name = cast.speaker(run.language, run.voice)
        engine_name, _, voice = name.partition("/")
        engine = engine_of(engine_name)
        try:
            found.append(engine.version(voice, language))
        except VoiceError as error:
            error.line = utterance.line
            foreign = language.lower() != cast.language.lower()
            if foreign and not run.voice and "does not speak" in error.problem:
                error.remedy = (
                    f"Name a voice for it in course.yaml: 'voices: {{{language}: …}}'. "
                    "`narrate voices` lists them by language."
                )
            raise
        try:
            info = pick(engine.voices(), engine_name, voice, language)
        except VoiceError:  # more voices than it lists, as espeak's variants: like its others
            info = replace(engine.voices()[0], id=name)
        require_honoured(run, engine, info, language, speed)
    return tuple(dict.fromkeys(found))


def cast_of(settings: Settings, full_name: Callable[[str, str], str]) -> Cast:
    """The voices of a lesson's settings."""
    return Cast(settings.voice, settings.language, settings.voices, full_name)
