"""Which voice says what, and errors for what a voice cannot do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from voice_rules import utterance, with_token

from lessons.course.settings import Settings
from lessons.course.voice_map import VoiceMap
from lessons.model import Slide, Token, Utterance
from narrate import speech
from narrate.cli import main
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.speech import full_name, narrate_slide, open_voice, silent, versions_for, voice_map_of
from narrate.speech.base import CAPABILITIES, Capability, Voice
from narrate.speech.language_runs import GAP_MS, speak, split_into_runs


def _utterance(text: str, **fields: Any) -> Utterance:
    """A sentence whose second word has these fields of a token."""
    return with_token(utterance(text), 1, **fields)


@pytest.fixture
def capabilities(monkeypatch: pytest.MonkeyPatch) -> Callable[[frozenset[Capability]], None]:
    def only(names: frozenset[Capability]) -> None:
        monkeypatch.setattr(silent, "_INFO", replace(silent._INFO, capabilities=names))

    return only


ASKED: Sequence[tuple[Capability, dict[str, object]]] = (
    ("phones", {"phones": "ˈhaʊɡənz"}),
    ("word-rate", {"rate": 0.8}),
    ("emphasis", {"emphasis": "strong"}),
)


@pytest.mark.parametrize(("capability", "fields"), ASKED)
def test_a_request_that_a_voice_does_not_support_is_an_error(
    capabilities: Callable[[frozenset[Capability]], None],
    capability: Capability,
    fields: dict[str, object],
) -> None:
    utterance = _utterance("Ask Huygens.", **fields)
    voice_map = VoiceMap("silent")
    assert versions_for(utterance, voice_map) == (silent.SilentVoice.version,)
    capabilities(CAPABILITIES - {capability})
    with pytest.raises(VoiceError) as caught:
        versions_for(utterance, voice_map)
    assert (
        caught.value.place.line == 7 and "Huygens." in caught.value.message and caught.value.remedy
    )


def test_a_speed_that_a_voice_does_not_support_is_an_error(
    capabilities: Callable[[frozenset[Capability]], None],
) -> None:
    plain = _utterance("Ask Huygens.")
    capabilities(frozenset())
    assert versions_for(plain, VoiceMap("silent")) and versions_for(plain, VoiceMap("silent"), 1.0)
    for said, speed in ((plain, 0.9), (replace(plain, rate=1.2), None)):
        with pytest.raises(VoiceError, match="another speed"):
            versions_for(said, VoiceMap("silent"), speed)


def test_the_speeds_of_course_sentence_and_word_are_multiplied() -> None:
    with pytest.raises(VoiceError, match=r"0\.36"):
        versions_for(_utterance("Ask Huygens.", rate=0.6), VoiceMap("silent"), 0.6)


def test_sounds_that_a_voice_does_not_know_are_found_before_it_is_loaded() -> None:
    assert versions_for(_utterance("Ask Huygens.", phones="ˈhɔɪɡənz"), VoiceMap("hibari"))
    with pytest.raises(VoiceError) as caught:
        versions_for(_utterance("Ask Huygens.", phones="ǃxóõ"), VoiceMap("hibari"))
    assert "ǃ" in caught.value.message and caught.value.place.line == 7


def test_words_in_another_language_need_a_voice() -> None:
    utterance = _utterance("The Licht is", language="de")
    with pytest.raises(VoiceError) as caught:
        versions_for(utterance, VoiceMap("hibari"))
    assert "voices: {de" in caught.value.remedy and caught.value.place.line == 7
    one, two = versions_for(utterance, VoiceMap("hibari", voices={"de": "silent"}))
    assert one.startswith("hibari") and two == silent.SilentVoice.version
    # The silent voice speaks every language.
    assert versions_for(utterance, VoiceMap("silent")) == (silent.SilentVoice.version,)


def test_the_voice_map_of_settings() -> None:
    voice_map = voice_map_of(Settings(voice="hibari", voices={"de": "espeak"}))
    assert voice_map.voice_id() == "hibari/heart" and voice_map.speaker("de") == "espeak"
    assert full_name("nobody", "en-US") == "nobody"


def test_a_sentence_is_split_into_runs_of_one_language() -> None:
    utterance = replace(_utterance("The Licht is red"), voice="silent")
    assert split_into_runs(utterance) == [(utterance, range(4))]
    mixed = _utterance("The Licht, is red", language="de")
    runs = split_into_runs(replace(mixed, voice="silent"))
    assert [(run.language, run.voice, places) for run, places in runs] == [
        (None, "silent", range(1)),
        ("de", None, range(1, 2)),
        (None, "silent", range(2, 4)),
    ]
    assert all(token.language is None for run, _ in runs for token in run.tokens)


def test_runs_are_joined_in_order_with_gaps_and_no_clicks() -> None:
    voice = open_voice("hibari", "en-US")
    asked: list[str | None] = []

    def voice_for(utterance: Utterance) -> Voice:
        asked.append(utterance.language)
        return voice

    utterance = _utterance("Say Licht in the water.", language="de")
    speech = speak(utterance, voice_for, 1.0)
    assert asked == [None, "de", None]
    assert [w.written for w in speech.words] == utterance.written.split()
    assert [w.token for w in speech.words] == list(range(5))
    assert all(a.end <= b.start for a, b in pairwise(speech.words))
    assert all(a.end <= b.start for a, b in pairwise(speech.phones))
    for before, after in ((0, 1), (1, 2)):
        end, start = speech.words[before].end, speech.words[after].start
        assert GAP_MS <= (start - end) * 1000 / SAMPLE_RATE < 150
        assert not speech.samples[end:start].all()  # digital silence between them
    # No step at a join is larger than those within the words.
    steps = np.abs(np.diff(speech.samples))
    quiet = np.flatnonzero(speech.samples == 0)
    edges = quiet[(quiet > 10) & (quiet < len(steps) - 10)]
    assert max(steps[edges - 1].max(), steps[edges].max()) < 0.02 < steps.max()


def test_a_run_that_says_nothing_has_no_length() -> None:
    utterance = replace(
        _utterance("Look ☞ there.", language="de"),
        tokens=(
            Token("Look", "Look", 0, 4),
            Token("☞", "", 5, 6, language="de"),
            Token("there.", "there.", 7, 13),
        ),
    )
    slide = Slide(1, "", (), (utterance,), 1)
    narration = narrate_slide(slide, lambda _: open_voice("silent", "en"))
    assert [w.end > w.start for w in narration.words] == [True, False, True]
    nothing = replace(utterance, tokens=tuple(replace(t, spoken="") for t in utterance.tokens))
    assert len(speak(nothing, lambda _: open_voice("silent", "en"), 1.0).samples) == 0


def test_a_check_names_file_line_and_slide(
    small_course: Path,
    edit: Callable[[Path, str, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = {name: speech.ENGINES[name] for name in ("hibari", "recording", "silent")}
    monkeypatch.setattr(speech, "ENGINES", few)  # whatever else is installed
    edit(small_course / "course.yaml", "silent", "hibari")
    edit(
        small_course / "01-first.md",
        "- Beta is second.",
        "- <lang xml:lang='fr'>B</lang> is second.",
    )
    assert main(["check", str(small_course), "--fail-on", "voice-missing"]) == 1
    told = capsys.readouterr().out
    assert "01-first.md:12 (slide 2): warning" in told and "voices: {fr" in told
    edit(small_course / "course.yaml", "hibari", "hibari\nvoices: {fr: silent}")
    main(["check", str(small_course)])
    assert "voices: {fr" not in capsys.readouterr().out


def test_the_lexicon_is_read_for_the_voice_that_speaks(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "lexicon.yaml").write_text(
        "silent:\n  Alpha: AL fa\nhibari/heart:\n  Alpha: never\n"
    )
    main(["check", str(small_course)])
    told = capsys.readouterr().out
    assert "lexicon.yaml:4: note" in told and "lexicon.yaml:2" not in told
