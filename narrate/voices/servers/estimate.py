"""How many characters will be sent to speech servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lessons.course.voice_map import VoiceMap
from lessons.model import Utterance
from narrate.speech.base import SERVERS
from narrate.speech.language_runs import split_into_runs
from narrate.voices.contract_voice import list_said, make_request


def count_characters(utterances: Iterable[Utterance], voices: VoiceMap) -> Counter[str]:
    """The characters of some utterances that each server is asked to say, by its name; empty where
    the voices do not name it (`server`, for the first one)."""
    found: Counter[str] = Counter()
    for utterance in utterances:
        for run, _ in split_into_runs(utterance):
            engine, _, voice = voices.speaker(run.language, run.voice).partition("/")
            said = list_said(run)
            if engine == SERVERS and said:
                language = run.language or voices.language
                text = make_request(run, said, language, 1.0).text
                found[voice.partition("/")[0]] += len(text)
    return found
