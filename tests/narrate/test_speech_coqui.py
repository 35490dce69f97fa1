"""Coqui, with untrained models of random weights that its own code makes."""

from __future__ import annotations

import hashlib
import json
import warnings
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from voice_rules import (
    LONG,
    SHORT,
    assert_known,
    assert_one_word_slower,
    assert_paced,
    assert_silent_without_words,
    assert_timed,
    utterance,
    with_token,
)

from narrate.errors import ModelError, VoiceError
from narrate.speech import Voice, coqui, open_voice, voice_version, voices

needs_coqui = pytest.mark.skipif(
    find_spec("TTS") is None, reason="the extra coqui (torch, 7 GB) is not installed"
)
VITS = {"model": "vits", "audio": {"sample_rate": 22_050}, "languages": ["de-de"]}


def _write(folder: Path, name: str, settings: object, weights: bytes | None = b"x") -> Path:
    place = folder / "coqui" / name
    place.mkdir(parents=True)
    (place / "config.json").write_text(
        settings if isinstance(settings, str) else json.dumps(settings)
    )
    if weights is not None:
        (place / "model.pth").write_bytes(weights)
    return place


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    return tmp_path


def test_listings_tell_what_a_model_can_do_and_what_is_wrong(folder: Path) -> None:
    _write(folder, "de-letters", VITS)
    _write(folder, "de-phones", {**VITS, "use_phonemes": True, "phoneme_language": "de"})
    _write(folder, "en-tacotron", {"model": "tacotron2", "audio": {"sample_rate": 22_050}})
    _write(folder, "en-clone", {"model": "xtts", "audio": {"sample_rate": 24_000}})
    _write(folder, "en-vectors", {**VITS, "model_args": {"use_d_vector_file": True}})
    _write(folder, "en-bad", '{"model": ')
    _write(folder, "en-none", VITS, None)
    whole = folder / "zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("data.pkl", b"1234567890" * 100)
    _write(folder, "en-cut", VITS, whole.read_bytes()[:-30])
    rows = {v.id.partition("/")[2]: v for v in voices() if v.engine == "coqui"}
    assert rows["de-letters"].languages == ("de-DE",) and rows["de-phones"].languages == ("de",)
    assert rows["de-letters"].times == "engine" and "phones" not in rows["de-letters"].capabilities
    assert "phones" in rows["de-phones"].capabilities and "rate" in rows["de-phones"].capabilities
    assert rows["en-tacotron"].times == "recognition" and not rows["en-tacotron"].capabilities
    assert "from a recording" in rows["en-clone"].problem
    assert "from a recording" in rows["en-vectors"].problem
    assert "config.json" in rows["en-bad"].missing and "damaged" in rows["en-bad"].problem
    assert ".pth" in rows["en-none"].missing
    assert "cut short" in rows["en-cut"].problem
    for row in rows.values():
        assert row.licence == "MPL-2.0" and row.model_licence
    for name in ("en-clone", "en-bad", "en-none", "en-cut"):
        with pytest.raises(VoiceError) as caught:
            open_voice(f"coqui/{name}", "en")
        assert caught.value.remedy


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two VITS models of the smallest size, one that reads phonemes and one letters."""
    folder = tmp_path_factory.mktemp("models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other people's
        import torch
        from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
        from TTS.tts.models.vits import Vits

        for name, phonemes in (("en-phones", True), ("en-letters", False)):
            torch.manual_seed(0)
            arguments = VitsArgs(
                hidden_channels=16,
                hidden_channels_ffn_text_encoder=32,
                num_layers_text_encoder=1,
                num_layers_flow=1,
                num_layers_posterior_encoder=1,
                upsample_initial_channel_decoder=32,
                init_discriminator=False,
            )
            config = VitsConfig(
                model_args=arguments,
                use_phonemes=phonemes,
                phonemizer="espeak" if phonemes else None,
                phoneme_language="en-us" if phonemes else None,
                text_cleaner="basic_cleaners",
            )
            model = Vits(config)
            place = folder / "coqui" / name
            place.mkdir(parents=True)
            model.config.save_json(str(place / "config.json"))
            torch.save({"model": model.state_dict()}, place / "model.pth")
    return folder


@pytest.fixture
def opened(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Voice]]:
    monkeypatch.setenv("NARRATE_MODELS", str(models))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield {
            name: coqui._open.__wrapped__(info, voice_version(info.id, "en"))
            for name, info in ((v.id, v) for v in voices() if v.engine == "coqui")
        }


@needs_coqui
def test_a_vits_model_gives_its_own_times(opened: dict[str, Voice]) -> None:
    for voice in opened.values():
        for text in (utterance(SHORT), utterance(LONG)):
            speech = voice.speak(text)
            assert_timed(speech, text)
            assert all(word.confidence == 1.0 for word in speech.words)
        assert_paced(voice)
        assert_one_word_slower(voice)
        assert_silent_without_words(voice)


@needs_coqui
def test_only_models_that_read_phonemes_give_phones(opened: dict[str, Voice]) -> None:
    phones, letters = opened["coqui/en-phones"], opened["coqui/en-letters"]
    speech = phones.speak(with_token(utterance("my data here"), 1, phones="ˈtʃɛ.ɹi"))
    word = speech.words[1]
    said = [p.symbol for p in speech.phones if word.start <= p.start < word.end]
    assert said == ["tʃ", "ɛ", "ɹ", "i"]
    assert_known(p.symbol for p in phones.speak(utterance(LONG)).phones)
    assert letters.speak(utterance(LONG)).phones == ()
    with pytest.raises(VoiceError, match="cannot read '日本'"):
        letters.speak(utterance("in 日本 now"))


@needs_coqui
def test_the_same_bytes(opened: dict[str, Voice]) -> None:
    import torch

    voice = opened["coqui/en-phones"]
    first = hashlib.sha256(voice.speak(utterance(SHORT)).samples.tobytes()).hexdigest()
    torch.manual_seed(7)
    torch.set_num_threads(2)
    voice.speak(utterance(LONG))
    assert hashlib.sha256(voice.speak(utterance(SHORT)).samples.tobytes()).hexdigest() == first
    assert np.abs(voice.speak(utterance(SHORT)).samples).max() > 0


@needs_coqui
def test_a_model_that_does_not_load_says_why(
    models: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = json.loads((models / "coqui" / "en-letters" / "config.json").read_text())
    settings["model_args"]["hidden_channels"] = 32
    place = _write(folder, "en-other", settings, None)
    weights = (models / "coqui" / "en-letters" / "model.pth").read_bytes()
    (place / "model.pth").write_bytes(weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ModelError, match="en-other does not load") as caught:
            open_voice("coqui/en-other", "en")
    assert "espeak-ng" in caught.value.remedy
