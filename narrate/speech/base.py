"""What a voice is, and how to add an engine.

An engine is one file in this folder with a class that satisfies `VoiceEngine`, and one line in
`narrate.speech.ENGINES`:

    class Parrot:
        name = "parrot"

        def voices(self) -> list[VoiceInfo]: ...  # quick: loads no model
        def version(self, voice: str, language: str) -> str: ...  # quick: goes into cache keys
        def open(self, voice: str, language: str) -> Voice: ...  # loads; VoiceError says what to do

A `Voice` turns one `Utterance` into `Speech`: exactly one `Word` for each token, in order and
within the sound, and phones if the engine knows them. Heavy imports belong inside `open` and
`speak`.

`VoiceInfo.capabilities` names what a script may ask of the voice. Anything else is refused before
the build starts (`narrate.speech.voice_choice`), so `speak` need not check for it:

    rate       `Utterance.rate` and the course's speed: the whole utterance faster or slower
    phones     `Token.phones`: a word pronounced as IPA says. An engine that knows only some symbols
               also has `find_unknown_sounds` (`ChecksPhones`)
    word-rate  `Token.rate`: single words faster or slower than their sentence
    emphasis   `Token.emphasis`: strong, moderate or reduced words

Engines handle neither pauses nor `Token.language`: words in another language reach a voice that
speaks it as an utterance of their own (`narrate.speech.language_runs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from foundation.languages import same_language
from foundation.near_words import find_near
from foundation.problem import Place
from lessons.model import Token, Utterance
from narrate.errors import UnreadableError, VoiceError
from narrate.vocabulary import Speech, Word

Capability = Literal["rate", "phones", "word-rate", "emphasis"]
CAPABILITIES: frozenset[Capability] = frozenset({"rate", "phones", "word-rate", "emphasis"})
"""All that a script may ask for."""
CAPABILITY_NAMES: dict[Capability, str] = {
    "rate": "speed",
    "phones": "pronunciation in IPA",
    "word-rate": "speed of single words",
    "emphasis": "emphasis",
}
"""What `narrate voices` calls them."""

MOST_LISTED = 12  # voices in a message
SERVERS = "server"
"""The engine whose voices are those of the speech servers in the user's own settings. It is only
used where somebody names it: asking a server costs money, and tells it the text."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """What `narrate voices` shows. `id` is what a course writes: `engine/voice`.

    `languages` are BCP 47 tags, or `*` for all. `sample_rate` is the engine's own in Hz; speech is
    always delivered at `clock.SAMPLE_RATE`. `capabilities` names what a script may ask of the voice
    (see above). `times` says where word times come from: `engine`, `estimated` (from the length of
    the text), `recognition`, or `words` (from the engine, which gives no phones). `missing` is
    empty if the voice can speak now; otherwise it says what to do, and `problem` says what is wrong
    ("is not installed"). `licence` is the engine's, `model_licence` the voice model's if that is
    another one.
    """

    id: str
    engine: str
    languages: tuple[str, ...]
    licence: str
    sample_rate: int
    capabilities: frozenset[Capability] = frozenset({"rate"})
    times: str = "engine"
    missing: str = ""
    problem: str = "is not installed"
    model_licence: str = ""

    @property
    def available(self) -> bool:
        return not self.missing


class Voice(Protocol):
    """An open voice. `version` changes whenever its sound may change."""

    @property
    def info(self) -> VoiceInfo: ...

    @property
    def version(self) -> str: ...

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        """The sound of one utterance without silence around it. `rate` multiplies the
        utterance's own."""


class VoiceEngine(Protocol):
    @property
    def name(self) -> str: ...

    def voices(self) -> list[VoiceInfo]: ...

    def version(self, voice: str, language: str) -> str: ...

    def open(self, voice: str, language: str) -> Voice: ...


@runtime_checkable
class ChecksPhones(Protocol):
    """An engine that knows, before it loads a model, which symbols of some IPA it cannot say."""

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]: ...


def speaks(languages: Sequence[str], language: str) -> bool:
    """Whether a voice that speaks `languages` can speak `language`: a tag is the same, or the
    primary language is and one of the two names no region. `*` stands for every language."""
    if "*" in languages:
        return True
    wanted = language.replace("_", "-").lower()
    for offered in (tag.lower() for tag in languages):
        names_no_region = "-" not in wanted or "-" not in offered
        if wanted == offered or (names_no_region and same_language(wanted, offered)):
            return True
    return False


def pick_voice(voices: Sequence[VoiceInfo], engine: str, voice: str, language: str) -> VoiceInfo:
    """The voice of that name, or the engine's first one for the language if `voice` is empty.
    A name may leave out its end: `server/studio` is the first of `server/studio/…`. Voices that can
    speak now come before others. A voice may read its language as another region
    writes it, if it is named or if the engine has no other for it. Raises VoiceError."""
    named = [info for info in voices if not voice or info.id == f"{engine}/{voice}"]
    named = named or [info for info in voices if info.id.startswith(f"{engine}/{voice}/")]
    if not named:
        known = _list_voices(voices, language)
        near = find_near(f"{engine}/{voice}", [info.id for info in voices])
        raise VoiceError(
            f"There is no voice '{engine}/{voice}'.",
            remedy=(f"Did you mean {near!r}? " if near else "")
            + (f"The voices of {engine} are: {known}." if known else ""),
        )
    fit = [info for info in named if speaks(info.languages, language)]
    fit = fit or [i for i in named if any(same_language(tag, language) for tag in i.languages)]
    if not fit:
        tags = sorted({tag for info in named for tag in info.languages})
        raise VoiceError(
            f"The voice '{engine}{'/' + voice if voice else ''}' does not speak {language}.",
            remedy=f"It speaks {', '.join(tags)}. `narrate voices` lists all languages.",
        )
    ready = [info for info in fit if info.available]
    return (ready or fit)[0]


def _list_voices(voices: Sequence[VoiceInfo], language: str) -> str:
    """The names of some voices, those that speak a language before the others."""
    fit = [info for info in voices if speaks(info.languages, language)]
    names = [info.id for info in dict.fromkeys([*fit, *voices])]
    return ", ".join([*names[:MOST_LISTED], *("…" for _ in names[MOST_LISTED:][:1])])


def require_ready(info: VoiceInfo) -> None:
    """Raise VoiceError, with what must be done first, if the voice cannot speak now."""
    if info.missing:
        raise VoiceError(f"The voice '{info.id}' {info.problem}.", remedy=info.missing)


def make_unreadable_error(token: Token, voice: str, line: int) -> UnreadableError:
    """The error for a word that a voice would leave out: no word is left out silently."""
    return UnreadableError(
        f"The voice '{voice}' cannot read '{token.written}'.",
        remedy="Write how it is said (with <sub>, or in the lexicon), or choose another voice.",
        place=Place(line=line),
    )


def make_unknown_sounds_error(
    token: Token, voice: str, unknown: Sequence[str], line: int
) -> VoiceError:
    """The error for a pronunciation with `unknown` symbols."""
    return VoiceError(
        f"The pronunciation '{token.phones}' of '{token.written}' has sounds that the voice "
        f"'{voice}' does not know: {' '.join(unknown)}.",
        remedy="Write it with the IPA symbols of the voice's language, or as a respelling.",
        place=Place(line=line),
    )


def place_words(
    utterance: Utterance, spans: Sequence[tuple[int, int] | None], total: int
) -> tuple[Word, ...]:
    """One `Word` for each token, from the samples between which each is said. A token that is not
    said (None) gets no length and is placed after the word before it, or before the first word."""
    words: list[Word] = []
    first = next((span[0] for span in spans if span is not None), 0)
    here = min(first, total)
    for index, (token, span) in enumerate(zip(utterance.tokens, spans, strict=True)):
        start, end = (here, here) if span is None else span
        start = min(max(start, here), total)
        end = min(max(end, start), total)
        words.append(Word(token.written, start, end, token=index))
        here = end
    return tuple(words)
