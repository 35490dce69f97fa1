"""Voice plug-ins: found, named, refused, and never able to break anything else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plugin_folder import TONE, change, install

from lessons.course.settings import DEFAULTS
from lessons.model import Token, Utterance
from narrate.cli import main
from narrate.clock import SAMPLE_RATE
from narrate.errors import PluginError, UnreadableError
from narrate.loudness import loudness
from narrate.speech import (
    ENGINES,
    lacks_times,
    list_engines,
    open_voice,
    voice_map_of,
    voice_version,
    voices,
)
from narrate.vocabulary import SpokenPhone
from narrate.voices import calling, discovery

pytestmark = pytest.mark.usefixtures("settings_elsewhere")


def utterance(text: str, **settings: float) -> Utterance:
    tokens = tuple(Token(word, word, 0, 0) for word in text.split())
    return replace(Utterance(tokens, 0, 7), **settings)  # type: ignore[arg-type]


def test_a_plugin_speaks_like_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", monkeypatch)
    assert list_engines()[-1] == "tone"
    (info,) = [info for info in voices() if info.engine == "tone"]
    assert (info.id, info.languages, info.times) == ("tone/one", ("en", "de"), "engine")
    voice = open_voice("tone", "de")
    speech = voice.speak(utterance("Eins, — zwei"))
    assert [(w.token, w.written) for w in speech.words] == [(0, "Eins,"), (1, "—"), (2, "zwei")]
    starts = [round(w.start / SAMPLE_RATE, 2) for w in speech.words]
    assert starts == pytest.approx([0, 0.3, 0.6], abs=0.02)
    assert speech.words[1].start == speech.words[1].end
    assert speech.phones[0] == SpokenPhone("a", 0, speech.words[0].end, 1)
    long = voice.speak(utterance("One two three four five six."))
    assert loudness([long.samples]) == pytest.approx(-16, abs=0.5)
    assert not voice.speak(utterance("… —")).samples.size


def test_the_rate_reaches_the_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", monkeypatch)
    voice = open_voice("tone/one", "en")
    usual, slow = (len(voice.speak(utterance("One two"), rate=r).samples) for r in (1.0, 0.5))
    assert slow == pytest.approx(2 * usual, rel=0.05)
    assert len(voice.speak(utterance("One two", rate=0.5)).samples) == slow


def test_the_version_is_of_the_package_and_of_the_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "a", monkeypatch, release="1.2")
    first = voice_version("tone", "en")
    assert "tone-package 1.2, 1," in first
    install(
        tmp_path / "b",
        monkeypatch,
        change(('version = "1"', 'version = "2"')),
        module="other_voice",
        package="a-package",
        release="1.2",
    )
    assert "a-package 1.2, 2," in voice_version("tone", "en")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("hibari", "its name is that of a built-in engine"),
        ("server", "its name is that of a built-in engine"),
        ("Tone/x", "its name is not made of small letters"),
    ],
)
def test_a_plugin_takes_no_name_that_is_not_its_own(
    name: str,
    problem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = list_engines()
    install(tmp_path / "site", monkeypatch, "raise SystemExit('never imported')", name=name)
    assert list_engines() == before
    (found,) = [p for p in discovery.find_plugins((*ENGINES, "server")) if p.name == name]
    assert found.problem.startswith(problem)
    assert open_voice("hibari", "en-US").info.engine == "hibari"
    main(["doctor"])
    assert problem in capsys.readouterr().out


def test_of_two_plugins_with_one_name_the_first_package_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "b", monkeypatch, package="zebra", module="zebra_voice")
    install(tmp_path / "a", monkeypatch, package="ant", module="ant_voice", release="9")
    assert "ant 9" in voice_version("tone", "en")
    used, unused = [p for p in discovery.find_plugins(()) if p.name == "tone"]
    assert (used.distribution, unused.distribution) == ("ant", "zebra")
    assert "the plug-in of ant" in unused.problem


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("class Other: pass", "AttributeError"),
        ("class Plugin: pass", "needs version, voices and open"),
        (change(('version = "1"', "version = 1")), "has the version 1, which is not text"),
        (change(("return [Voice", "return 3 or [Voice")), "TypeError"),
        (change(("return [Voice", "return [] or [][:0] and [Voice")), "must list its voices"),
        (change(('"MIT", RATE', '"MIT", "loud"')), "describes a voice wrongly"),
        (change(('("en", "de")', '("en", "deutsch!")')), "describes a voice wrongly"),
        (change(('"one"', '"a b"')), "'a b' is not a name"),
        (change(('{"rate"}', '{"sings"}')), "its abilities are ['sings']"),
        (change(('TIMES = "phones"', 'TIMES = "all"')), "describes a voice wrongly"),
    ],
)
def test_a_plugin_that_does_not_load_is_listed_with_its_reason(
    source: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    install(tmp_path / "site", monkeypatch, source)
    (info,) = [info for info in voices() if info.engine == "tone"]
    assert not info.available and reason in info.problem
    assert "narrate voices --test tone" in info.missing
    with pytest.raises(PluginError, match="'tone'"):
        open_voice("tone", "en")
    assert main(["voices"]) == 0
    shown = capsys.readouterr().out
    assert "hibari/heart" in shown and "tone cannot be used" in shown


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('raise KeyError("x")', "failed while it was speaking (KeyError: 'x')"),
        ("raise SystemExit", "(SystemExit)"),
        ("return None", "gave empty instead of sound"),
        ("return np.zeros(4)", "instead of sound"),
        ("return Said(np.zeros(9000, np.float32), RATE)", "gave silence"),
        ("return Said(np.full(9000, np.nan, np.float32), RATE)", "not numbers"),
        ("return Said(np.full(9000, 9e3, np.float32), RATE)", "beyond full scale"),
        ("return Said(np.ones((2, 9000), np.float32), RATE)", "2 x 9000"),
        ("return Said(np.ones(9000, np.int16), RATE)", "int16"),
        ("return Said(np.ones(9000, np.float32), 100)", "100 samples in a second"),
        ("return Said(np.ones(9000, np.float32), 16e3)", "16000.0 samples in a second"),
        ("return Said(np.ones(RATE * 90, np.float32), RATE)", "90 s of sound"),
        ("return Said(np.ones(RATE, np.float32), RATE, words=[])", "0 times of words for 2"),
        ("return Said(np.ones(RATE, np.float32), RATE, words=[(0, 1), (0.2, 0.3)])", "before"),
        ("return Said(np.ones(RATE, np.float32), RATE, words=[(0, 1), (1, 3)])", "outside"),
        ("return Said(np.ones(RATE, np.float32), RATE, words=[(.2, .1), (.3, .4)])", "an end"),
        ("return Said(np.ones(RATE, np.float32), RATE, words=[(0, float('nan')), (0, 1)])",
         "not a number"),
        ("return Said(np.ones(RATE, np.float32), RATE, phones=[PhoneTime('a', 0, 1, 0)])",
         "no phone of “two.”"),
        ("return Said(np.ones(RATE, np.float32), RATE, phones=[PhoneTime('', 0, 1, 0)])",
         "the symbol of phone 1"),
        ("return Said(np.ones(RATE, np.float32), RATE, phones=[PhoneTime('a', 0, 1, 7)])",
         "word 7, which there is not"),
        ("return Said(np.ones(RATE, np.float32), RATE, phones=[PhoneTime('a', 0, 1, 0, 9)])",
         "the stress 9"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_an_error_that_names_it(
    line: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first text is that by which the level is measured.
    broken = f'    if say.text == "One two.":\n        {line}\n    sounds, phones'
    install(tmp_path / "site", monkeypatch, change(("    sounds, phones", broken)))
    voice = open_voice("tone", "en")
    assert voice.speak(utterance("All is well.")).samples.size
    with pytest.raises(PluginError) as caught:
        voice.speak(utterance("One two."))
    assert reason in caught.value.message and caught.value.remedy
    assert caught.value.place.line == 7


def test_what_a_plugin_cannot_say_is_said_in_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = '    if "no" in say.text:\n        raise CannotSayError("I know no no.", "Say yes.")\n'
    source = change(("    sounds, phones", f"{line}    sounds, phones"))
    install(tmp_path / "site", monkeypatch, source)
    with pytest.raises(UnreadableError) as caught:
        open_voice("tone", "en").speak(utterance("no"))
    assert caught.value.message == "The voice plug-in 'tone' says: I know no no."
    assert caught.value.remedy == "Say yes."


def test_a_plugin_that_hangs_is_left_and_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = '    if say.text == "wait":\n        import threading; threading.Event().wait()\n'
    source = change(("    sounds, phones", f"{line}    sounds, phones"))
    install(tmp_path / "site", monkeypatch, source)
    voice = open_voice("tone", "en")
    with monkeypatch.context() as patch:
        patch.setattr("narrate.voices.contract_voice.SPEAKING_SECONDS", 0.2)
        patch.setattr("narrate.voices.contract_voice.SPEAKING_SECONDS_A_CHARACTER", 0.0)
        with pytest.raises(PluginError, match="did not return within"):
            voice.speak(utterance("wait"))
    with pytest.raises(PluginError, match="not asked again"):
        voice.speak(utterance("fine"))


def test_a_plugin_that_hangs_while_it_is_loaded_does_not_stop_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "import threading; threading.Event().wait()"
    install(tmp_path / "site", monkeypatch, source, module="hung_voice")
    monkeypatch.setattr("narrate.voices.contract_engine.LISTING_SECONDS", 0.2)
    (info,) = [info for info in voices() if info.engine == "tone"]
    assert "did not return" in info.problem


def test_a_plugin_without_times_has_words_to_be_timed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = change(('TIMES = "phones"', 'TIMES = "none"'), (", phones=phones)", ")"))
    install(tmp_path / "site", monkeypatch, source)
    speech = open_voice("tone", "en").speak(utterance("One, two"))
    assert [w.confidence for w in speech.words] == [0.0, 0.0] and not speech.phones
    settings = DEFAULTS.model_copy(update={"voice": "tone"})
    assert lacks_times(utterance("One"), voice_map_of(settings))
    assert not lacks_times(utterance("One"), voice_map_of(DEFAULTS))


def test_listing_imports_a_plugin_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, f"print('imported')\n{TONE}")
    code = (
        "from narrate.speech import list_engines, voice_version, voices\n"
        "list_engines(); voice_version('hibari', 'en-US'); print('now'); voices()"
    )
    path = {"PYTHONPATH": f"{Path.cwd()}:{tmp_path / 'site'}"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=path
    )
    assert done.stdout.split() == ["now", "imported"]


def test_the_list_as_data_has_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path / "site", monkeypatch)
    assert main(["voices", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["tone/one"]["available"] and rows["tone/one"]["capabilities"] == ["rate"]


def test_a_call_gives_the_result_and_what_was_raised() -> None:
    caller = calling.Caller("The voice plug-in 'x'", "Do it.")
    assert caller.call("counting", lambda: 3, 5) == 3
    with pytest.raises(PluginError, match=r"while it was counting \(ZeroDivisionError"):
        caller.call("counting", lambda: 1 // 0, 5)
    assert np.isfinite(caller.call("counting", lambda: 4.0, 5))
