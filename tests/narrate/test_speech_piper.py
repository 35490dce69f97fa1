"""Piper: a voice of a few operations tests the engine, and a real one tests that it speaks."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tiny_voices import PIPER_IDS, piper_model, pretend_piper, write_piper
from voice_rules import (
    LONG,
    MODELS,
    SHORT,
    assert_all_rules,
    assert_known,
    assert_level,
    assert_one_word_slower,
    assert_paced,
    assert_same_in_another_process,
    assert_timed,
    real_models,
    utterance,
    with_token,
)

from narrate.errors import ModelError, VoiceError
from narrate.speech import Voice, open_voice, piper, vits, voice_version, voices
from narrate.speech.onnx_inputs import add_input, free_input_length, read_nodes, read_output_names
from narrate.speech.phoneme_text import NOT_SAID


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    return tmp_path


@pytest.fixture
def tiny(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    pretend_piper(monkeypatch)
    write_piper(folder)
    piper._open.cache_clear()
    return open_voice("piper/en_US-tiny-low", "en-US")


def test_all_rules_of_voices(tiny: Voice) -> None:
    assert_all_rules(tiny, "Straße, x-ray… (a) “b”?")


def test_the_noise_is_always_the_same_and_is_there(tiny: Voice) -> None:
    first, second = (tiny.speak(utterance(SHORT)).samples for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first.std() > 0.01


def test_a_word_is_said_by_its_ipa(tiny: Voice) -> None:
    text = with_token(utterance("my data here"), 1, phones="ˈpɪz.ə")
    speech = tiny.speak(text)
    assert_timed(speech, text)
    word = speech.words[1]
    inside = [p for p in speech.phones if word.start <= p.start < word.end]
    assert [(p.symbol, p.stress) for p in inside] == [("p", 0), ("ɪ", 1), ("z", 0), ("ə", 0)]
    unread = with_token(text, 1, spoken="…")
    assert [p.symbol for p in tiny.speak(unread).phones] == [p.symbol for p in speech.phones]
    with pytest.raises(VoiceError, match="ʘ"):
        tiny.speak(with_token(text, 1, phones="ʘ"))
    assert piper.PiperEngine().find_unknown_sounds("ˈpɪʘ", "", "en-US") == ["ʘ"]


def test_a_word_that_cannot_be_read_is_an_error(tiny: Voice) -> None:
    with pytest.raises(VoiceError, match="cannot read '日本'") as caught:
        tiny.speak(utterance("in 日本 now"))
    assert caught.value.place.line == 7


def test_emphasis_lengthens_and_raises_and_stresses(tiny: Voice) -> None:
    text = utterance("We saw the green house again.")

    def said(emphasis: str) -> tuple[int, float, int]:
        speech = tiny.speak(with_token(text, 3, emphasis=emphasis))
        word = speech.words[3]
        inside = speech.samples[word.start : word.end]
        stress = [p.stress for p in speech.phones if word.start <= p.start < word.end]
        level = 10 * np.log10((inside**2).mean())
        return word.end - word.start, float(level), max(stress)

    reduced, usual, strong = said("reduced"), said(""), said("strong")
    assert reduced[0] < usual[0] < strong[0]
    assert reduced[1] < usual[1] - 1 < strong[1] - 2
    assert (usual[2], strong[2]) == (0, 1)


def test_words_that_flow_together_have_their_own_phones(tiny: Voice) -> None:
    assert isinstance(tiny, piper.PiperVoice)
    text = vits.make_phoneme_text(utterance("most of the sea"), tiny._read, PIPER_IDS, voice="x")
    pairs = [(s, t) for s, t in zip(text.symbols, text.tokens, strict=True) if t != NOT_SAID]
    assert pairs == [*((c, 0) for c in "most"), *((c, 1) for c in "əv"),
                     *((c, 2) for c in "the"), *((c, 3) for c in "sea")]  # fmt: skip


def test_lengths_have_the_exact_sum_and_are_never_zero() -> None:
    usual = np.array([1, 2, 9, 1, 5, 4], np.float32)
    for pace in (0.5, 0.8, 1.0, 1.6):
        hops = vits.compute_whole_hops(usual, np.full(6, pace))
        assert hops.min() >= 1
        assert hops.sum() == pytest.approx(usual.sum() / pace, abs=1)
    assert (vits.compute_whole_hops(usual, np.ones(6)) == usual).all()
    assert vits.compute_whole_hops(usual, np.full(6, 20.0)).tolist() == [1] * 6


def test_versions_follow_the_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_piper(monkeypatch)
    path = write_piper(folder)
    before = voice_version("piper", "en-US")
    beside = path.with_name(f"{path.name}.json")
    beside.write_text(beside.read_text() + "\n")
    assert voice_version("piper", "en-US") != before


def test_damaged_files_are_reported_in_the_listing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_piper(monkeypatch)
    write_piper(folder, "en_US-whole-low")
    cut = write_piper(folder, "en_US-cut-low")
    cut.write_bytes(cut.read_bytes()[:-300])
    write_piper(folder, "en_US-empty-low").write_bytes(b"")
    write_piper(folder, "en_US-text-low").write_text("Not a model, but a page of text.")
    bad = write_piper(folder, "en_US-bad-low")
    bad.with_name(f"{bad.name}.json").write_text('{"audio": ')
    alone = write_piper(folder, "en_US-alone-low")
    alone.with_name(f"{alone.name}.json").unlink()
    chinese = write_piper(folder, "zh_CN-pinyin-low")
    beside = chinese.with_name(f"{chinese.name}.json")
    beside.write_text(beside.read_text().replace('"audio"', '"phoneme_type": "pinyin", "audio"'))
    rows = {v.id: v for v in voices() if v.engine == "piper"}
    assert [i for i, v in rows.items() if v.available] == ["piper/en_US-whole-low"]
    assert "cut short" in rows["piper/en_US-cut-low"].problem
    assert str(cut) in rows["piper/en_US-cut-low"].missing
    assert "empty" in rows["piper/en_US-empty-low"].problem
    assert "en_US-bad-low.onnx.json" in rows["piper/en_US-bad-low"].missing
    assert "en_US-alone-low.onnx.json" in rows["piper/en_US-alone-low"].missing
    assert "pinyin" in rows["piper/zh_CN-pinyin-low"].problem
    with pytest.raises(VoiceError, match="is damaged"):
        open_voice("piper/en_US-cut-low", "en-US")
    assert open_voice("piper", "en-US").info.id == "piper/en_US-whole-low"


def test_another_model_is_not_a_piper_voice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_piper(monkeypatch)
    path = write_piper(folder)
    path.write_bytes(piper_model().replace(b"Ceil", b"Sign"))
    with pytest.raises(ModelError, match="durations") as caught:
        open_voice("piper", "en-US")
    assert caught.value.place.path == str(path) and caught.value.remedy


def test_the_licence_is_the_model_cards_if_the_card_is_the_voices(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_piper(monkeypatch)
    card = write_piper(folder).with_name("MODEL_CARD")
    card.write_text("# Model card for tiny (low)\n\n## Dataset\n\n* License: CC0\n")
    write_piper(folder, "en_US-other-low")
    rows = {v.id: v for v in voices() if v.engine == "piper"}
    assert rows["piper/en_US-tiny-low"].model_licence == "CC0"
    assert rows["piper/en_US-other-low"].model_licence == "see its MODEL_CARD"


def test_inner_tensors_become_inputs() -> None:
    model = piper_model()
    assert read_output_names(model) == ["output"]
    assert "Ceil" in {node.operator for node in read_nodes(model)}
    with pytest.raises(ValueError, match="no single operation"):
        add_input(model, "nothing")
    with pytest.raises(ValueError, match="no input"):
        free_input_length(model, "scales")
    for broken in (model[:-1], model[:50], b"\xff" * 20):
        with pytest.raises(ValueError):
            read_nodes(broken)


def test_voices_in_packages_are_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_piper(monkeypatch)
    packages = folder / "site-packages"
    made = write_piper(folder, "en_US-packed-low")
    inside = packages / "some_piper_voice" / "data"
    inside.parent.mkdir(parents=True)
    made.parent.rename(inside)
    monkeypatch.syspath_prepend(str(packages))
    assert open_voice("piper/en_US-packed-low", "en-US").info.available


@real_models("piper/en_US-joe-medium.onnx")
@pytest.mark.skipif(find_spec("piper") is None, reason="the extra piper is not installed")
def test_a_real_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARRATE_MODELS", str(MODELS))
    voice = open_voice("piper/en_US-joe-medium", "en-US")
    text = utterance(LONG)
    speech = voice.speak(text)
    assert_timed(speech, text)
    assert_known(phone.symbol for phone in speech.phones)
    assert_paced(voice)
    assert_level(voice)
    assert_one_word_slower(voice)
    assert_same_in_another_process(voice, "piper/en_US-joe-medium")
