"""Models: they are found, fetched completely or not at all, and refused if they are damaged."""

from __future__ import annotations

import hashlib
import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import pytest

from narrate import models
from narrate.errors import ModelError, UsageError

CONTENT = b"weights" * 1000


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> models.ModelInfo:
    info = models.ModelInfo(
        "hibari/emma",
        "voice",
        "Apache-2.0",
        len(CONTENT),
        hashlib.sha256(CONTENT).hexdigest(),
        source="emma.onnx",
    )
    monkeypatch.setattr(models, "list_models", lambda: [info])
    return info


def _serving(content: bytes) -> models.Opener:
    def opener(address: str) -> AbstractContextManager[BinaryIO]:
        assert address.startswith("https://") and address.endswith("emma.onnx")
        return io.BytesIO(content)

    return opener


def test_the_embedded_models_are_listed_and_present() -> None:
    found = {info.id: info for info in models.list_models()}
    for name in ("hibari/heart", "whisper/base"):
        path = found[name].path
        assert path is not None and path.exists() and found[name].licence
    assert found["hibari/emma"].path is None and found["hibari/emma"].source


def test_the_users_own_are_listed(folder: Path) -> None:
    (folder / "whisper" / "small").mkdir(parents=True)
    (folder / "whisper" / "small" / "model.bin").write_bytes(b"12345")
    (info,) = [info for info in models.list_models() if info.id == "whisper/small"]
    assert info.bytes == 5 and models.find_whisper("small") == info.path
    assert models.compute_whisper_digest("small") == hashlib.sha256(b"12345").hexdigest()


def test_the_embedded_model_is_the_one_expected() -> None:
    files = models.load_embedded_whisper()
    assert hashlib.sha256(files["model.bin"]).hexdigest() == models.EMBEDDED_WHISPER
    assert set(files) == {"model.bin", "config.json", "tokenizer.json", "vocabulary.json"}


def test_another_model_in_its_place_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part"
    part.write_bytes(b"not the model")
    monkeypatch.setattr(models, "find_package_file", lambda *_: part)
    with pytest.raises(ModelError, match="not the one expected") as caught:
        models.load_embedded_whisper()
    assert "pip install" in caught.value.remedy
    monkeypatch.setattr(models, "find_package_file", lambda *_: None)
    with pytest.raises(ModelError, match="not installed"):
        models.load_embedded_whisper()


def test_an_unknown_recognition_model_says_how_to_get_it() -> None:
    with pytest.raises(ModelError) as caught:
        models.find_whisper("enormous")
    assert "narrate models fetch whisper/enormous" in caught.value.remedy


def test_a_model_is_fetched_completely(folder: Path, offered: models.ModelInfo) -> None:
    path = models.fetch("hibari/emma", opener=_serving(CONTENT))
    assert path == folder / "hibari" / "emma.onnx"
    assert path.read_bytes() == CONTENT
    assert models.find_model_file("hibari", "emma.onnx") == path
    assert [p.name for p in path.parent.iterdir()] == ["emma.onnx"]


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"x" * 10_000_000, b""])
def test_a_file_that_is_not_the_model_is_not_kept(
    folder: Path, offered: models.ModelInfo, content: bytes
) -> None:
    with pytest.raises(ModelError, match="digest differs"):
        models.fetch("hibari/emma", opener=_serving(content))
    assert list((folder / "hibari").iterdir()) == []


def test_a_missing_connection_is_reported(offered: models.ModelInfo) -> None:
    def opener(address: str) -> AbstractContextManager[BinaryIO]:
        raise OSError("no route")

    with pytest.raises(ModelError, match="no route") as caught:
        models.fetch("hibari/emma", opener=opener)
    assert "by hand" in caught.value.remedy


def test_an_unknown_model_lists_those_that_can_be_fetched(offered: models.ModelInfo) -> None:
    with pytest.raises(UsageError) as caught:
        models.fetch("parrot/polly")
    assert "hibari/emma" in caught.value.remedy


def test_a_model_on_this_machine_is_not_fetched_again() -> None:
    path = models.fetch("hibari/heart", opener=_serving(b""))
    assert path.name == "hibari.onnx"
