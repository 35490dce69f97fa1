"""What a voice is, and how to add an engine.

An engine is one file in this folder with a class that satisfies `VoiceEngine`, and one line in
`narrate.speech.ENGINES`:

    class Parrot:
        name = "parrot"

        def voices(self) -> list[VoiceInfo]: ...  # cheap: looks, loads nothing
        def version(self, voice: str, language: str) -> str: ...  # cheap: goes into cache keys
        def open(self, voice: str, language: str) -> Voice: ...  # loads; VoiceError says what to do

A `Voice` turns one `Utterance` into `Speech`: exactly one `Word` a token, in order, within the
sound, and phones where the engine knows them. Heavy imports belong inside `open` and `speak`.

What a script may ask for is in `VoiceInfo.capabilities`; what is not named there is refused before
anything is built (`narrate.speech.voice_choice`), so `speak` need not look for it:

    rate       `Utterance.rate` and the course's speed: the whole utterance faster or slower
    phones     `Token.phones`: a word said by IPA. An engine that knows only some symbols also has
               `find_unknown_sounds` (`ChecksPhones`)
    word-rate  `Token.rate`: single words faster or slower than their sentence
    emphasis   `Token.emphasis`: strong, moderate or reduced words

`Token.language` is no engine's business: words in another language are handed to a voice that
speaks it as an utterance of their own (`narrate.speech.narration`). Neither are pauses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from foundation.problem import Place
from lessons.model import Token, Utterance
from narrate.errors import VoiceError
from narrate.vocabulary import Speech, Word

Capability = Literal["rate", "phones", "word-rate", "emphasis"]
CAPABILITIES: frozenset[Capability] = frozenset({"rate", "phones", "word-rate", "emphasis"})
"""All that a script may ask."""

SOUND_VERSION = 2
"""Of what engines share (`level`, `timing`, `landmarks`, `parts`, `kokoro_text`, `calibration`,
`vits`, `ipa`, `emphasis`, and the limiter and the meter that they use): raise it when sound or
times change there. The version of every engine that makes sound holds it."""


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """What `narrate voices` shows. `id` is what a course writes: `engine/voice`.

    `languages` are BCP 47 tags. `sample_rate` is the engine's own in Hz; speech always comes at
    `clock.SAMPLE_RATE`. `capabilities` names what a script may ask of it (see above). `times` tells
    where word times come from: `engine`, `estimated` (from the text's length) or `recognition`.
    `missing` is empty if the voice can speak here and now, and else says what to do; `problem`
    tells then what is wrong ("is not installed"). `licence` is the engine's, `model_licence` the
    voice model's where that is another's.
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
    """An opened voice. `version` changes whenever its sound could."""

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
    """An engine that can say before it is loaded which sounds of some IPA it does not know."""

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]: ...


def speaks(languages: Sequence[str], language: str) -> bool:
    """Whether a voice of `languages` will do for `language`: the same tag, or the same primary
    language where one of the two names no region."""
    wanted = language.replace("_", "-").lower()
    for offered in (tag.lower() for tag in languages):
        if wanted == offered:
            return True
        short = "-" not in wanted or "-" not in offered
        if short and wanted.split("-")[0] == offered.split("-")[0]:
            return True
    return False


def pick_voice(voices: Sequence[VoiceInfo], engine: str, voice: str, language: str) -> VoiceInfo:
    """The voice of that name, or the engine's first for the language if `voice` is empty."""
    known = ", ".join(info.id for info in voices)
    named = [info for info in voices if not voice or info.id == f"{engine}/{voice}"]
    if not named:
        raise VoiceError(
            f"There is no voice '{engine}/{voice}'.",
            remedy=f"The voices of {engine} are: {known}." if known else "",
        )
    fit = [info for info in named if speaks(info.languages, language)]
    if not fit:
        tags = sorted({tag for info in named for tag in info.languages})
        raise VoiceError(
            f"The voice '{engine}{'/' + voice if voice else ''}' does not speak {language}.",
            remedy=f"It speaks {', '.join(tags)}. `narrate voices` lists all languages.",
        )
    ready = [info for info in fit if info.available]
    return (ready or fit)[0]


def require_ready(info: VoiceInfo) -> None:
    """Raise what a person must do before this voice can speak."""
    if info.missing:
        raise VoiceError(f"The voice '{info.id}' {info.problem}.", remedy=info.missing)


def make_unreadable_error(token: Token, voice: str, line: int) -> VoiceError:
    """Nothing may go unsaid in silence."""
    return VoiceError(
        f"The voice '{voice}' cannot read '{token.written}'.",
        remedy="Write how it is said (<sub>, or in the lexicon), or take another voice.",
        place=Place(line=line),
    )


def place_words(
    utterance: Utterance, spans: Sequence[tuple[int, int] | None], total: int
) -> tuple[Word, ...]:
    """One `Word` a token from the samples at which each is said; `None` for a token that is not,
    which gets a place of no length after the word before it (or before the word after it)."""
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
