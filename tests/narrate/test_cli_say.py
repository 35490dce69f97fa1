"""`narrate say` as a person and a program meet it."""

from __future__ import annotations

import io
import json
import sys
import wave
from pathlib import Path
from typing import Any

import pytest

from narrate import player, speech
from narrate.cli import main
from narrate.speech.espeak_library import find_library

LEXICON = "Huygens: HOY gens\n/v(\\d+)/: version \\1\nhibari:\n  Fizeau: {ipa: ˈfizoʊ}\n"

pytestmark = pytest.mark.usefixtures("settings_elsewhere")


@pytest.fixture
def lexicon(tmp_path: Path) -> str:
    path = tmp_path / "words.yaml"
    path.write_text(LEXICON)
    return str(path)


def _said(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["say", "--json", *arguments]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def test_every_word_with_its_sounds_times_and_entry(
    lexicon: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = _said(capsys, "--lexicon", lexicon, "Ask **Huygens’s** v2 of Fizeau.")
    words = {w["written"]: w for w in said["words"]}
    assert list(words) == ["Ask", "Huygens’s", "v2", "of", "Fizeau."]
    assert words["Huygens’s"]["entry"] == {"key": "Huygens", "line": 1}
    assert words["v2"]["spoken"] == "version two" and words["v2"]["entry"]["line"] == 2
    assert words["Fizeau."]["given"] == "ˈfizoʊ" and words["Fizeau."]["ipa"] == "fˈizoʊ"
    assert words["Ask"]["entry"] is None and words["Ask"]["ipa"] == "ˈæsk"
    assert said["voices"] == ["hibari/heart"]
    times = [t for w in said["words"] for t in (w["start"], w["end"])]
    assert times == sorted(times) and 0 < times[-1] <= said["seconds"]
    for word in said["words"]:
        assert all(word["start"] <= p["start"] < word["end"] for p in word["phones"])


def test_what_the_table_shows_comes_back_through_the_lexicon(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _said(capsys, "Photographs of rivers")["words"][0]
    (tmp_path / "l.yaml").write_text(f"Photographs: {{ipa: {before['ipa']}}}\n")
    after = _said(capsys, "--lexicon", str(tmp_path / "l.yaml"), "Photographs of rivers")
    assert after["words"][0]["ipa"] == before["ipa"] and after["words"][0]["given"]


def test_a_table_for_people(lexicon: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = (
        'Ask [Huygens] <emphasis level="strong">now</emphasis> <prosody rate="80%">or so</prosody>.'
    )
    assert main(["say", "--mute", "--lexicon", lexicon, line]) == 0
    told = capsys.readouterr().out
    assert "[Huygens]" in told and "lexicon line 1: Huygens" in told
    assert "strong emphasis" in told and "rate 0.8" in told and "s by hibari/heart" in told


def test_a_file_is_written_and_its_length_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "line.wav"
    assert main(["say", "Hello", "there.", "--out", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    with wave.open(str(path)) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(said["seconds"], abs=1e-3)
    assert said["out"] == str(path)


def test_standard_input_and_several_paragraphs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in ([], ["-"]):
        monkeypatch.setattr(sys, "stdin", io.StringIO("One.\n\nTwo. Three.\n"))
        said = _said(capsys, "--voice", "silent", *arguments)
        assert [w["utterance"] for w in said["words"]] == [0, 1, 2]


def test_a_course_s_settings_and_lexicon(
    small_course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small_course / "lexicon.yaml").write_text("light: LITE\n")
    said = _said(capsys, "--course", str(small_course), "light")
    assert said["voices"] == ["silent"] and said["words"][0]["entry"]["key"] == "light"
    own = _said(capsys, "--course", str(small_course), "--voice", "hibari", "light")
    assert own["voices"] == ["hibari/heart"]


def test_speech_features_that_a_voice_does_not_support_are_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = 'A <prosody pitch="high">b</prosody>.'
    assert main(["say", "--mute", line]) == 0
    assert main(["say", "--mute", "--fail-on", "error", line]) == 1
    assert "not supported: pitch" in capsys.readouterr().err
    foreign = '<lang xml:lang="de">Licht</lang> here'
    assert main(["say", "--mute", "--voice", "hibari", foreign]) == 1
    assert "voices: {de" in capsys.readouterr().err
    assert main(["say", "--mute", "…"]) == 1
    assert "There is nothing to say in this text" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--out", "x.mp3", "a"], ["--out", "no/such/x.wav", "a"], ["--language", "?", "a"],
     ["--speed", "9", "a"]],
)  # fmt: skip
def test_bad_flags(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["say", *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_folder_is_no_sound_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "line.wav").mkdir()
    assert main(["say", "--out", str(tmp_path / "line.wav"), "a"]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_lines_may_end_as_on_any_system(capsys: pytest.CaptureFixture[str]) -> None:
    said = _said(capsys, "one\r\rtwo\r\nthree")
    assert [w["written"] for w in said["words"]] == ["one", "two", "three"]


def test_a_player_is_found_or_its_lack_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played = tmp_path / "played"
    good = (sys.executable, "-c", f"import sys; open({str(played)!r}, 'w').write(sys.argv[1])")
    bad = (sys.executable, "-c", "import sys; sys.exit('no device')")
    monkeypatch.setattr(player, "PLAYERS", (("no-such-player",), bad, good))
    assert main(["say", "Hello."]) == 0
    assert played.read_text().endswith(".wav") and not Path(played.read_text()).exists()
    monkeypatch.setattr(player, "PLAYERS", (bad,))
    assert main(["say", "Hello."]) == 1
    assert "no device" in capsys.readouterr().err
    monkeypatch.setattr(player, "PLAYERS", (("no-such-player",),))
    assert main(["say", "Hello."]) == 1
    told = capsys.readouterr()
    assert "no-such-player" in told.err and "--out" in told.err and "Hello." in told.out


def test_a_language_is_spoken_by_the_voice_that_is_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: speech.ENGINES[name] for name in ("hibari", "espeak", "silent")}
    monkeypatch.setattr(speech, "ENGINES", few)
    if find_library():
        assert _said(capsys, "--language", "fr", "Bonjour les amis.")["voices"] == ["espeak"]
    assert main(["say", "--language", "fr", "--voice", "hibari", "--mute", "Bonjour."]) == 1
    assert "does not speak fr" in capsys.readouterr().err


def test_a_language_that_nothing_here_speaks_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: speech.ENGINES[name] for name in ("hibari", "silent")}
    monkeypatch.setattr(speech, "ENGINES", few)
    assert main(["say", "--language", "fr", "--mute", "Bonjour."]) == 1
    assert "no voice here for French" in capsys.readouterr().err
