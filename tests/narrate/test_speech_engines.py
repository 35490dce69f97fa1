"""Finding voices, and the errors for unknown ones, missing ones, and other languages."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_voices import pretend_piper, write_piper
from voice_rules import (
    LONG,
    SHORT,
    assert_level,
    assert_one_word_slower,
    assert_paced,
    assert_silent_without_words,
    assert_timed,
    utterance,
)

from lessons.model import Slide, Token, Utterance
from narrate.cli import main
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.speech import ENGINES, narrate_slide, open_voice, voice_version, voices
from narrate.speech.base import Capability, pick_voice, speaks
from narrate.speech.calibration import MOST_DB, choose_calibration_text, compute_gain
from narrate.speech.narration import USUAL_SPEED
from narrate.vocabulary import Speech, Word


def test_importing_loads_no_engine() -> None:
    code = (
        "import sys, narrate.speech as s; s.voices(); s.voice_version('hibari', 'en-US');"
        "print([m for m in ('hibari', 'onnxruntime', 'scipy', 'faster_whisper', 'ctranslate2')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_engine_lists_voices_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    found = voices()
    assert {info.engine for info in found} == set(ENGINES)
    ready = {info.id for info in found if info.available}
    assert {"hibari/heart", "silent"} <= ready
    for info in found:
        assert info.licence and info.languages and info.sample_rate > 0
        assert info.available == (not info.missing)


@pytest.mark.parametrize(
    ("name", "language", "problem", "remedy"),
    [
        ("parrot", "en-US", "parrot", "hibari"),
        ("hibari/nobody", "en-US", "hibari/nobody", "hibari/heart"),
        ("hibari", "de-DE", "de-DE", "en-US"),
        ("hibari/emma", "en-GB", "not installed", "narrate models fetch hibari/emma"),
        ("kokoro/ff_siwis", "fr", "not installed", "narrate models fetch voices"),
        ("piper", "de-DE", "not installed", "de_DE-thorsten-medium"),
        ("coqui", "en-US", "not installed", "config.json"),
    ],
)
def test_refusals_say_what_to_do(
    name: str,
    language: str,
    problem: str,
    remedy: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    with pytest.raises(VoiceError) as caught:
        open_voice(name, language)
    assert problem in caught.value.message
    assert remedy in caught.value.remedy


def test_versions_tell_voices_apart() -> None:
    assert voice_version("hibari", "en-US") == voice_version("hibari/heart", "en-US")
    assert voice_version("hibari", "en-US") != voice_version("silent", "en-US")


def test_languages_match_by_tag_or_primary_language() -> None:
    assert speaks(("en-US",), "en-US") and speaks(("en-US",), "en") and speaks(("de",), "de-AT")
    assert speaks(("*",), "eu")
    assert not speaks(("en-US",), "en-GB") and not speaks(("en-US",), "de")


def test_an_installed_voice_is_preferred() -> None:
    british = [info for info in voices() if info.engine == "hibari" and "en-GB" in info.languages]
    assert pick_voice(british, "hibari", "", "en-GB").id == "hibari/emma"
    assert pick_voice(voices(), "hibari", "heart", "en").available


def test_a_refusal_names_slide_and_line() -> None:
    class Mute:
        info = voices()[0]
        version = "mute"

        def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
            raise VoiceError("No.", remedy="Ask another.")

    utterance = Utterance((Token("a", "a", 0, 1),), 0, line=12)
    slide = Slide(4, "", (), (utterance,), line=10)
    with pytest.raises(VoiceError) as caught:
        narrate_slide(slide, lambda _: Mute())
    assert (caught.value.place.slide, caught.value.place.line) == (4, 12)
    with pytest.raises(VoiceError, match="speed 3"):
        narrate_slide(slide, lambda _: open_voice("silent", "en"), speed=3.0)


@pytest.mark.parametrize(
    ("capabilities", "speed", "utterance_rate", "asked"),
    [
        ({"rate"}, None, 1.0, USUAL_SPEED),
        ({"rate"}, 1.2, 0.5, 1.2),
        (set(), None, 1.0, 1.0),  # a voice with only one pace uses it unless another is asked for
        (set(), 0.8, 1.0, 0.8),
    ],
)
def test_voices_that_can_change_their_rate_speak_at_the_usual_speed(
    capabilities: set[Capability], speed: float | None, utterance_rate: float, asked: float
) -> None:
    rates: list[float] = []

    class Heard:
        info = replace(voices()[0], capabilities=frozenset(capabilities))
        version = "heard"

        def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
            rates.append(rate)
            return Speech(np.zeros(48, np.float32), (Word("a", 0, 48),), ())

    utterance = Utterance((Token("a", "a", 0, 1),), 0, line=12, rate=utterance_rate)
    slide = Slide(4, "", (), (utterance,), line=10)
    narrate_slide(slide, lambda _: Heard(), speed=speed)
    assert rates == [asked]


@pytest.mark.parametrize("name", ["silent", "hibari/heart"])
def test_every_voice_follows_the_rules(name: str) -> None:
    voice = open_voice(name, "en-US")
    for text in (utterance(SHORT), utterance(LONG)):
        assert_timed(voice.speak(text), text)
    assert_paced(voice)
    assert_one_word_slower(voice)
    assert_silent_without_words(voice)
    if name != "silent":
        assert_level(voice)


def test_each_voice_is_brought_to_the_level_by_its_own_speech() -> None:
    noise = np.random.default_rng(0).normal(0, 0.01, 3 * SAMPLE_RATE).astype(np.float32)
    assert compute_gain(noise * 4) == pytest.approx(compute_gain(noise) - 12, abs=0.2)
    assert compute_gain(noise * 0) == 0.0
    assert compute_gain(noise * 0.06) == MOST_DB
    assert (
        choose_calibration_text("de")
        != choose_calibration_text("en-GB")
        == choose_calibration_text("en-US")
    )


def test_voices_are_listed_by_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    pretend_piper(monkeypatch)
    write_piper(tmp_path)
    cut = write_piper(tmp_path, "en_US-cut-low")
    cut.write_bytes(cut.read_bytes()[:-9])
    assert main(["voices", "--language", "en"]) == 0
    listed = capsys.readouterr().out
    for told in (
        "hibari/heart",
        "24 kHz",
        "times from the engine",
        "GPL-3.0 (engine)",
        "supports speed",
    ):
        assert told in listed
    assert "piper/en_US-cut-low is damaged (it is cut short)" in listed
    assert main(["voices", "--language", "de"]) == 0
    assert "hibari" not in capsys.readouterr().out
    assert main(["voices", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    whole, broken = rows["piper/en_US-tiny-low"], rows["piper/en_US-cut-low"]
    assert whole["available"] and whole["problem"] == "" and not broken["available"]
    assert set(whole) == {
        "id", "engine", "languages", "licence", "model_licence", "sample_rate", "capabilities",
        "times", "missing", "problem", "available",
    }  # fmt: skip
