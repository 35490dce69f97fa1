"""The conformance test for voices: `narrate voices --test NAME`, or in tests of one's own:

from narrate.voices.conformance import examine_voice

def test_my_voice():
    assert [o for o in examine_voice("parrot/polly") if not o.passed] == []
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from narrate.errors import NarrateError, VoiceError
from narrate.speech import open_voice, voices
from narrate.speech.base import SERVERS, speaks
from narrate.voices.conformance.checks import CHECKS, UnfitError
from narrate.voices.conformance.trial import Trial

_USUAL_LANGUAGE = "en-US"
NOT_OF_SERVERS = frozenset({"the same bytes each time"})
"""A server may say a sentence in another way each time: what it said first is kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found. A check that does not count for this voice passes."""

    check: str
    passed: bool
    found: str


def examine_voice(name: str, language: str = "") -> Iterator[Outcome]:
    """Examine a voice, such as `parrot` or `parrot/polly`, in one of its languages.

    Gives one outcome for each check, in order; if the voice cannot be opened, only that. What a
    speech server is asked counts against its limits. Raises VoiceError if there is no such voice.
    """
    language = language or _find_language(name)
    try:
        trial = Trial.of(open_voice(name, language), language)
    except NarrateError as error:
        yield Outcome("opens", False, f"{error.message} {error.remedy}".strip())
        return
    info = trial.voice.info
    yield Outcome("opens", True, f"{info.id} in {language}, version {trial.voice.version!r}")
    for check, examine in CHECKS.items():
        try:
            yield Outcome(check, True, examine(trial))
        except UnfitError as error:
            excused = info.engine == SERVERS and check in NOT_OF_SERVERS
            told = f"{error} That is fine for a server." if excused else str(error)
            yield Outcome(check, excused, told)
        except NarrateError as error:
            yield Outcome(check, False, error.message)


def _find_language(name: str) -> str:
    """The first language of a voice, or of the first voice of an engine."""
    engine = name.partition("/")[0]
    own = [v for v in voices() if v.engine == engine]
    named = [v for v in own if v.id == name or v.id.startswith(f"{name}/")]
    if not own or ("/" in name and not named and engine != "espeak"):
        raise VoiceError(
            f"There is no voice {name!r}.",
            remedy="`narrate voices` lists them.",
        )
    languages = (named or own)[0].languages
    return _USUAL_LANGUAGE if speaks(languages, _USUAL_LANGUAGE) else languages[0]
