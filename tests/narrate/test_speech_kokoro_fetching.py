"""The styles of speakers are brought completely, checked, and from anywhere."""

from __future__ import annotations

import hashlib
import io
import tarfile
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import pytest

from narrate.errors import ModelError, UsageError
from narrate.models import Opener
from narrate.speech.kokoro import catalogue, fetching
from narrate.speech.kokoro.files import STYLE_BYTES

CONTENT = {"af_one": b"1" * STYLE_BYTES, "ff_two": b"2" * STYLE_BYTES}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NARRATE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("npm_config_registry", "https://npm.example.org/")
    speakers = {
        name: catalogue.Speaker(hashlib.sha256(style).hexdigest(), 0.0)
        for name, style in CONTENT.items()
    }
    monkeypatch.setattr(fetching, "published_speakers", lambda: speakers)
    return tmp_path / "models/kokoro"


def pack(content: dict[str, bytes], prefix: str = "package/voices/") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name, style in content.items():
            info = tarfile.TarInfo(f"{prefix}{name}.bin")
            info.size = len(style)
            tar.addfile(info, io.BytesIO(style))
        link = tarfile.TarInfo("package/voices/link.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return data.getvalue()


def serve(
    monkeypatch: pytest.MonkeyPatch, archive: bytes, digest: str = ""
) -> tuple[list[str], Opener]:
    asked: list[str] = []
    monkeypatch.setattr(fetching, "PACKAGE_SHA256", digest or hashlib.sha256(archive).hexdigest())
    monkeypatch.setattr(fetching, "PACKAGE_BYTES", len(archive))

    def opener(address: str) -> AbstractContextManager[BinaryIO]:
        asked.append(address)
        return io.BytesIO(archive)

    return asked, opener


def test_the_package_is_fetched_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, opener = serve(monkeypatch, pack(CONTENT))
    assert fetching.fetch_speakers(opener=opener) == 2
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        f"{name}.bin": style for name, style in CONTENT.items()
    }
    assert fetching.fetch_speakers(opener=opener) == 0
    assert asked == ["https://npm.example.org/" + catalogue.PACKAGE_PATH]


def test_a_registry_of_ones_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "https://npm.example.org/all")
    asked, opener = serve(monkeypatch, pack(CONTENT))
    fetching.fetch_speakers(opener=opener)
    assert asked == ["https://npm.example.org/all/" + catalogue.PACKAGE_PATH]


def test_a_damaged_style_is_brought_again(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "copy.tgz"
    source.write_bytes(pack(CONTENT))
    fetching.fetch_speakers(source)
    (folder / "ff_two.bin").write_bytes(b"x")
    assert fetching.fetch_speakers(source) == 1
    assert (folder / "ff_two.bin").read_bytes() == CONTENT["ff_two"]


@pytest.mark.parametrize("inside", ["", "node_modules/kokoro-js/voices"])
def test_a_folder_will_do(folder: Path, tmp_path: Path, inside: str) -> None:
    place = tmp_path / "own" / inside
    place.mkdir(parents=True)
    for name, style in CONTENT.items():
        (place / f"{name}.bin").write_bytes(style)
    assert fetching.fetch_speakers(tmp_path / "own") == 2


def test_names_with_paths_stay_in_the_folder(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "copy.tgz"
    source.write_bytes(pack(CONTENT, prefix="../../../../"))
    fetching.fetch_speakers(source)
    assert sorted(p.name for p in folder.iterdir()) == ["af_one.bin", "ff_two.bin"]
    assert not list(tmp_path.glob("*.bin"))


def test_other_styles_are_refused(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "copy.tgz"
    source.write_bytes(pack({**CONTENT, "ff_two": b"3" * STYLE_BYTES}))
    with pytest.raises(ModelError, match=r"1 of 2 voices .*ff_two") as caught:
        fetching.fetch_speakers(source)
    assert "npm pack" in caught.value.remedy
    assert [p.name for p in folder.iterdir()] == ["af_one.bin"]  # what is right is kept


@pytest.mark.parametrize("cut", [0, 10, 1000, -100])
def test_an_archive_cut_short(folder: Path, tmp_path: Path, cut: int) -> None:
    source = tmp_path / "copy.tgz"
    source.write_bytes(pack(CONTENT)[:cut])
    with pytest.raises(ModelError, match=r"cannot be read|of 2 voices"):
        fetching.fetch_speakers(source)
    assert not list(folder.glob("*new*"))


def test_what_is_not_the_package_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, opener = serve(monkeypatch, pack(CONTENT), digest="0" * 64)
    with pytest.raises(ModelError, match="digest differs") as caught:
        fetching.fetch_speakers(opener=opener)
    assert "--from kokoro-js-1.2.1.tgz" in caught.value.remedy
    assert not folder.exists()


def test_no_connection_says_what_to_do(folder: Path) -> None:
    def opener(address: str) -> AbstractContextManager[BinaryIO]:
        raise OSError("no route to host")

    with pytest.raises(ModelError, match="no route") as caught:
        fetching.fetch_speakers(opener=opener)
    assert "npm pack kokoro-js@1.2.1" in caught.value.remedy


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file or folder"):
        fetching.fetch_speakers(tmp_path / "nothing.tgz")


def test_without_npm_the_error_says_what_brings_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("npm_config_registry")
    monkeypatch.setattr("narrate.speech.kokoro.fetching.shutil.which", lambda name: None)
    with pytest.raises(ModelError, match="npm is not installed") as caught:
        fetching.fetch_speakers()
    assert "--from kokoro-js-1.2.1.tgz" in caught.value.remedy
