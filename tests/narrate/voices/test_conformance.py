"""The conformance test: sound voices pass it, and each fault fails the check that is about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plugin_folder import TONE, change, install

from narrate.cli import main
from narrate.cli.exit_status import DONE, FAILED
from narrate.errors import VoiceError
from narrate.voices.conformance import examine_voice
from narrate.voices.conformance.checks import CHECKS

pytestmark = pytest.mark.usefixtures("settings_elsewhere")

START = "    sounds, phones, here = [], [], 0.0\n"
END = "    return Said(np.concatenate(sounds).astype(np.float32), RATE, phones=phones)"
TIMED = "    return Said(sound, RATE, phones=phones)"

FAULTS = {
    "another sound each time": (
        (START, START + "    speak.count = getattr(speak, 'count', 0) + 1\n"),
        (END, "    sound = np.concatenate(sounds).astype(np.float32)\n"
              "    sound[:40] *= speak.count % 7 / 7\n" + TIMED),
    ),
    "no words beyond the fiftieth": (
        ("enumerate(say.words)", "enumerate(say.words[:50])"),
    ),
    "one sentence is faint": (
        (END, "    sound = np.concatenate(sounds).astype(np.float32)\n"
              "    sound *= 0.3 if 'eye' in say.text else 1\n" + TIMED),
    ),
    "late times": (
        (END, "    sound = np.concatenate(sounds).astype(np.float32)\n"
              "    phones = [p._replace(start=min(p.start + 0.2, here), end=min(p.end + 0.2, here))"
              " for p in phones]\n" + TIMED),
    ),
    "a pause inside of words": (
        ("here += len(sounds[-1]) / RATE\n", "phones[-1] = phones[-1]._replace(end=here + 0.3); "
         "here += 0.3\n"),
    ),
    "always the same speed": (("/ say.rate", "/ 1"),),
    "phones by other names": (('PhoneTime("a"', 'PhoneTime("AA1"'),),
    "no long texts": (
        (START, "    if len(say.words) > 99:\n        raise MemoryError('too long')\n" + START),
    ),
    "no short texts": (
        (START, "    if len(say.text) < 6:\n        say.words[1]\n" + START),
    ),
    "no unusual characters": (
        (START, "    say.text.encode('latin-1')\n" + START),
    ),
}  # fmt: skip
FAILING = {
    "another sound each time": {"the same bytes each time"},
    "no words beyond the fiftieth": {"a long sentence"},
    "one sentence is faint": {"level"},
    "late times": {"times"},
    "a pause inside of words": {"times"},
    "always the same speed": {"speed"},
    "phones by other names": {"phones"},
    "no long texts": {"a long sentence"},
    "no short texts": {"a short sentence"},
    "no unusual characters": {"unusual characters"},
}


def find_failed(name: str) -> set[str]:
    return {outcome.check for outcome in examine_voice(name) if not outcome.passed}


def test_a_sound_plugin_passes_every_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", monkeypatch)
    outcomes = list(examine_voice("tone"))
    assert [o for o in outcomes if not o.passed] == []
    assert [o.check for o in outcomes] == ["opens", *CHECKS]


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_fails_the_check_that_is_about_it(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "site", monkeypatch, change(*FAULTS[fault]))
    assert find_failed("tone") == FAILING[fault]


def test_every_check_is_failed_by_something() -> None:
    named = {check for checks in FAILING.values() for check in checks}
    # A plug-in is never asked for nothing, nor can it change the number or the order of words:
    # these two are about engines of our own.
    assert set(CHECKS) - named == {"one word for each token, in order", "nothing to say"}


def test_a_plugin_that_does_not_open_has_one_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = change(("        return speak", "        raise OSError('no model')"))
    install(tmp_path / "site", monkeypatch, source)
    (outcome,) = examine_voice("tone/one")
    assert not outcome.passed and "no model" in outcome.found


def test_the_usual_voice_passes_and_a_voice_without_sound_does_not() -> None:
    assert find_failed("hibari") == set()
    assert find_failed("silent") == {"level"}


def test_there_must_be_such_a_voice() -> None:
    for name in ("parrot", "hibari/nobody"):
        with pytest.raises(VoiceError, match="There is no voice"):
            list(examine_voice(name))


def test_the_command_prints_outcomes_and_tells_by_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(tmp_path / "a", monkeypatch)
    assert main(["voices", "--test", "tone"]) == DONE
    assert capsys.readouterr().out.rstrip().endswith("All checks passed.")
    source = change(*FAULTS["always the same speed"])
    install(tmp_path / "b", monkeypatch, source, module="same_speed", package="a-package")
    assert main(["voices", "--test", "tone"]) == FAILED
    shown = capsys.readouterr().out
    assert "FAILED  speed: 1.00 times as long at 0.7 as at 1.4" in shown
    assert shown.rstrip().endswith("1 of 11 checks failed.")
    assert main(["voices", "--test", "tone", "--json"]) == FAILED
    data = json.loads(capsys.readouterr().out)
    assert not data["passed"] and len(data["outcomes"]) == 1 + len(CHECKS)


def test_the_sources_of_faults_differ_from_the_sound_one() -> None:
    assert all(change(*lines) != TONE for lines in FAULTS.values())
